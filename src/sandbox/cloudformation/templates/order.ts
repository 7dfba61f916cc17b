import { invalid } from "../errors.ts";

/** The ids, dependencies first; a circle is CloudFormation's error. */
export function inOrder(
  dependencies: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const done = new Set<string>();
  const visit = (id: string, trail: readonly string[]): void => {
    if (done.has(id)) return;
    if (trail.includes(id)) {
      const circle = trail.slice(trail.indexOf(id)).toSorted();
      throw invalid(`Circular dependency between resources: [${circle.join(", ")}]`);
    }
    for (const next of dependencies[id] ?? []) visit(next, [...trail, id]);
    done.add(id);
  };
  for (const id of Object.keys(dependencies).toSorted()) visit(id, []);
  return [...done];
}
