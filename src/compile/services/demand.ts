import { isMapping } from "../read.ts";
import type { Scope } from "../scope.ts";
import { mebibytes } from "../units.ts";
import type { Member } from "./family.ts";

/** What one container asks for: CPU units, and memory in MiB. */
export interface Demand {
  /** The greater of what it may have at most and what it has at least; 0: nothing is said. */
  readonly cpu: number;
  /** Whether `cpu` is what it may have at most. */
  readonly capped: boolean;
  readonly limit: number | undefined;
  readonly reservation: number | undefined;
}

/** `deploy.resources`, or the older keys of compose for the same. */
export function demandOf({ service, path }: Member, scope: Scope): Demand {
  const deploy = isMapping(service.deploy) ? service.deploy : {};
  const resources = isMapping(deploy.resources) ? deploy.resources : {};
  const limits = isMapping(resources.limits) ? resources.limits : {};
  const reservations = isMapping(resources.reservations) ? resources.reservations : {};
  const size = (value: unknown, key: "limits" | "reservations"): number | undefined => {
    if (value === undefined || value === null) return undefined;
    const read = mebibytes(value);
    if (read !== undefined) return Math.max(read, 6);
    const at = [...path, "deploy", "resources", key, "memory"];
    const message = `${String(value)} is no size`;
    scope.report.error({ code: "wrong-type", path: at, message });
    return undefined;
  };
  const most = Number(limits.cpus ?? service.cpus ?? 0);
  const limit = size(limits.memory ?? service.mem_limit, "limits");
  const reservation = size(reservations.memory ?? service.mem_reservation, "reservations");
  if (limit !== undefined && reservation !== undefined && reservation > limit) {
    const message = `${reservation} MiB are reserved, of ${limit} at most`;
    const at = [...path, "deploy", "resources", "reservations", "memory"];
    scope.report.error({ code: "out-of-bounds", path: at, message });
  }
  return {
    cpu: Math.round(Math.max(most, Number(reservations.cpus ?? 0)) * 1024),
    capped: most > 0,
    limit,
    reservation,
  };
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
