type Needs = ReadonlyMap<string, readonly string[]>;

/** What needs itself, by whatever way: CloudFormation makes none of it. */
export function circular(needs: Needs): readonly string[] {
  const before = new Set<string>();
  // In every circle there is one that needs what comes after it: where none does, there is no circle.
  const late = [...needs].filter(([id, needed]) => {
    const isLate = needed.some((one) => needs.has(one) && !before.has(one));
    before.add(id);
    return isLate;
  });
  return late.some(([id]) => comesBack(id, needs))
    ? [...needs.keys()].filter((id) => comesBack(id, needs))
    : [];
}

function comesBack(start: string, needs: Needs): boolean {
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
