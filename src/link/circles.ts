/** What needs itself, by whatever way: CloudFormation makes none of it. */
export const circular = (needs: ReadonlyMap<string, readonly string[]>): readonly string[] =>
  [...needs.keys()].filter((id) => comesBack(id, needs));

function comesBack(start: string, needs: ReadonlyMap<string, readonly string[]>): boolean {
  const open = [...(needs.get(start) ?? [])];
  const seen = new Set<string>();
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === start) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(needs.get(id) ?? []));
  }
  return false;
}
