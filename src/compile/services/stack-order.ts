import type { Path, Report } from "../report.ts";
import type { Family } from "./family.ts";

type Families = ReadonlyMap<string, Family>;

/** Takes what goes in a circle out of the order: families that wait for each other start together. */
export function breakCircles(families: Families, report: Report): void {
  const suspects = waitingInCircles(families);
  const circular = [...families.values()].flatMap((family) =>
    [...family.after].flatMap(([name, path]) => {
      const other = families.get(name);
      if (other === undefined || !suspects.has(family.name) || !suspects.has(name)) return [];
      return comesAfter(other, family, families) ? [{ family, name, path }] : [];
    }),
  );
  for (const { family, name, path } of circular) {
    family.after.delete(name);
    warnOf(family, name, path, report);
  }
}

/** Families that are in a circle, or that wait for one that is. */
function waitingInCircles(families: Families): ReadonlySet<string> {
  const suspects = new Map<string, boolean>();
  const visit = (name: string): boolean => {
    const seen = suspects.get(name);
    if (seen !== undefined) return seen;
    // Whoever comes back here before it is settled has come in a circle.
    suspects.set(name, true);
    const suspect = [...(families.get(name)?.after.keys() ?? [])].some(visit);
    suspects.set(name, suspect);
    return suspect;
  };
  return new Set([...families.keys()].filter(visit));
}

/** Whether a family waits for another, by however many in between. */
export function comesAfter(family: Family, other: Family, families: Families): boolean {
  const seen = new Set<string>();
  const reaches = (name: string): boolean => {
    if (name === other.name) return true;
    if (seen.has(name)) return false;
    seen.add(name);
    return [...(families.get(name)?.after.keys() ?? [])].some(reaches);
  };
  return reaches(family.name);
}

function warnOf({ name }: Family, other: string, path: Path, report: Report): void {
  const message = `${name} does not wait for ${other}, which waits for ${name}: they are deployed side by side`;
  const help =
    "Give the services one ecs.task.family, or drop one of the dependencies, if one has to be there first.";
  report.warn({ code: "circle", path, message, help });
}
