import { shown } from "../../compose/shown.ts";
import { suggestion } from "../nearest.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import { type Family, knownNames, membersNamed } from "./family.ts";

/** Says that a name means no service, but for one whose profile is off: that asks for nothing. */
export function refuseUnknown(name: string, path: Path, scope: Scope): void {
  if (isOff(name, scope)) return;
  const message = `there is no service or family ${shown(name)}`;
  const help = suggestion(name, knownNames(scope.families));
  scope.report.error({ code: "unknown-service", path, message, help });
}

/** The families that a name means, each once; none, and said so: there is no such service. */
export function familiesNamed(name: string, path: Path, scope: Scope): readonly Family[] {
  const families = new Set(membersNamed(name, scope.families).map(({ family }) => family));
  if (families.size === 0) refuseUnknown(name, path, scope);
  return [...families];
}

/** Whether a name, or a part of `family:container:port`, is of a service whose profile is off. */
export const isOff = (name: string, { project }: Pick<Scope, "project">): boolean =>
  project.off.length > 0 && name.split(":").some((part) => project.off.includes(part));
