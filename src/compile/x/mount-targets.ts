import type { Data } from "../../compose/project.ts";
import type { Value } from "../../model/template.ts";
import { idInSubnet, pascal } from "../ids.ts";
import { asMapping } from "../read.ts";
import type { Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import { storageSubnets } from "./storage-subnets.ts";

/** Where a file system is reached, by tasks in the same zone. */
interface MountTarget {
  readonly id: string;
  readonly subnet: Value;
}

/** One in each of the subnets. */
export const mountTargets = (
  name: string,
  group: string | undefined,
  scope: Scope,
): readonly MountTarget[] =>
  storageSubnets(group, ["volumes", name], scope).map((subnet, index) => ({
    id: idInSubnet(`${pascal(name)}MountTarget`, subnet, index),
    subnet,
  }));

/** EFS lets what is in one zone be mounted from there alone, and tasks run in all of their zones. */
export function refuseOneZone(
  name: string,
  given: Data | undefined,
  targets: readonly MountTarget[],
  report: Report,
): void {
  const key = "AvailabilityZoneName";
  if (asMapping(given)[key] === undefined || targets.length < 2) return;
  report.error({
    code: "cannot-honour",
    path: ["volumes", name, "x-efs", "Properties", key],
    message: "a file system of one zone is mounted in that zone alone, and tasks run in several",
    help: "Remove it, or name a group of one subnet as Settings.Subnets and for the tasks.",
  });
}
