import type { Data } from "../../compose/project.ts";
import { asMapping } from "../read.ts";
import type { Path } from "../report.ts";
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
export function demandOf(member: Member, scope: Scope): Demand {
  const { service } = member;
  const limits = resourcesOf(member, "limits");
  const reservations = resourcesOf(member, "reservations");
  const size = (value: unknown, key: Kind): number | undefined => {
    if (value === undefined || value === null) return undefined;
    const read = mebibytes(value);
    if (read !== undefined) return Math.max(read, 6);
    const message = `${String(value)} is no size`;
    scope.report.error({ code: "wrong-type", path: writtenAt(member, key, "memory"), message });
    return undefined;
  };
  const cpus = (value: unknown, key: Kind): number => {
    const read = Number(value ?? 0);
    if (read >= 0) return read;
    const message = `${read} CPUs are none`;
    scope.report.error({ code: "out-of-bounds", path: writtenAt(member, key, "cpus"), message });
    return 0;
  };
  const most = cpus(limits.cpus ?? service.cpus, "limits");
  const least = cpus(reservations.cpus, "reservations");
  const limit = size(limits.memory ?? service.mem_limit, "limits");
  const reservation = size(reservations.memory ?? service.mem_reservation, "reservations");
  if (limit !== undefined && reservation !== undefined && reservation > limit) {
    const message = `${reservation} MiB are reserved, of ${limit} at most`;
    const at = writtenAt(member, "reservations", "memory");
    scope.report.error({ code: "out-of-bounds", path: at, message });
  }
  return {
    cpu: Math.round(Math.max(most, least) * 1024),
    capped: most > 0,
    limit,
    reservation,
  };
}

type Kind = "limits" | "reservations";

function resourcesOf(
  { service }: Member,
  kind: Kind,
): { readonly [key: string]: Data | undefined } {
  return asMapping(asMapping(asMapping(service.deploy).resources)[kind]);
}

const older = {
  limits: { cpus: "cpus", memory: "mem_limit" },
  reservations: { cpus: undefined, memory: "mem_reservation" },
} as const;

/** Where a demand is written: below `deploy`, or as the older key. */
export function writtenAt(member: Member, kind: Kind, key: "cpus" | "memory"): Path {
  const name = older[kind][key];
  return name === undefined || (resourcesOf(member, kind)[key] ?? undefined) !== undefined
    ? [...member.path, "deploy", "resources", kind, key]
    : [...member.path, name];
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
