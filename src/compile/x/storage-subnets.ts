import type { Value } from "../../model/template.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";

/** Where what holds data is: in the group of subnets that its settings name, if they name one. */
export function storageSubnets(
  group: string | undefined,
  path: Path,
  scope: Scope,
): readonly Value[] {
  const name = group ?? "StorageSubnets";
  const subnets = scope.network().subnets(name);
  if (subnets === undefined)
    scope.report.error({ code: "unknown-subnets", path, message: `there are no subnets ${name}` });
  return subnets ?? [];
}
