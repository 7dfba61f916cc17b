import type { Properties } from "../../model/template.ts";
import type { Scope } from "../scope.ts";
import { type Demand, demandOf, sum, writtenAt } from "./demand.ts";
import type { Family } from "./family.ts";
import type { Sizes } from "./sizing.ts";

/** ECS places no container that says nothing of memory: MiB that such a one is given room for. */
const leastMemory = 128;

/** CPU units: ECS caps no task lower. */
const leastCpu = 128;

/**
 * What containers on an instance ask for is what they get: no size has to be bought. Docker holds a
 * container to its memory; to its CPUs ECS holds a whole task only, so they cap it where every
 * container says how many it may have.
 */
export function instanceSizes(family: Family, scope: Scope): Sizes {
  const demands = family.members.map((member) => [member, demandOf(member, scope)] as const);
  const areCapped = demands.every(([, { capped }]) => capped);
  for (const [member, { capped }] of areCapped ? [] : demands) {
    if (!capped) continue;
    const message = "CPUs cap whole tasks, and others of this one have no limit: it is a share";
    const at = writtenAt(member, "limits", "cpus");
    scope.report.warn({ code: "no-effect", path: at, message });
  }
  const cpu = sum([...demands.map(([, own]) => own.cpu), ...family.sidecars.map((own) => own.cpu)]);
  return {
    task: areCapped ? { Cpu: String(Math.max(cpu, leastCpu)) } : {},
    containers: new Map([
      ...demands.map(([{ container }, demand]) => [container, shareOf(demand)] as const),
      ...family.sidecars.map(
        ({ container, cpu: Cpu, memory: MemoryReservation }) =>
          [container, { Cpu, MemoryReservation }] as const,
      ),
    ]),
  };
}

function shareOf({ cpu, limit, reservation }: Demand): Properties {
  const least = reservation ?? (limit === undefined ? leastMemory : undefined);
  return {
    ...(cpu > 0 ? { Cpu: cpu } : {}),
    ...(limit === undefined ? {} : { Memory: limit }),
    ...(least !== undefined && least < (limit ?? Number.POSITIVE_INFINITY)
      ? { MemoryReservation: least }
      : {}),
  };
}
