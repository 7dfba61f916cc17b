import type { Properties } from "../../model/template.ts";
import type { Scope } from "../scope.ts";
import { type Demand, demandOf, sum } from "./demand.ts";
import type { Family } from "./family.ts";

const range = (from: number, to: number, step: number): readonly number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);

interface Size {
  readonly cpu: number;
  readonly memory: number;
}

const sizesWith = (cpu: number, memories: readonly number[]): readonly Size[] =>
  memories.map((memory) => ({ cpu, memory }));

/** What Fargate sells: CPU units, and the memory in MiB that each can have, the smallest first. */
const sizes: readonly Size[] = [
  ...sizesWith(256, [512, 1024, 2048]),
  ...sizesWith(512, range(1024, 4096, 1024)),
  ...sizesWith(1024, range(2048, 8192, 1024)),
  ...sizesWith(2048, range(4096, 16_384, 1024)),
  ...sizesWith(4096, range(8192, 30_720, 1024)),
  ...sizesWith(8192, range(16_384, 61_440, 4096)),
  ...sizesWith(16_384, range(32_768, 122_880, 8192)),
  ...sizesWith(32_768, [61_440, 122_880, 249_856]),
];

export interface Sizes {
  /** Properties of the task definition. */
  readonly task: Properties;
  /** Container → its share, as properties of its definition. */
  readonly containers: ReadonlyMap<string, Properties>;
}

/**
 * The smallest Fargate size that holds what the application's containers ask for. Sidecars take
 * their share of what that leaves: 32 CPU units of a daemon must not double the bill.
 */
export function sizesOf(family: Family, scope: Scope): Sizes {
  const demands = family.members.map((member) => demandOf(member, scope));
  const cpu = sum(demands.map((demand) => demand.cpu));
  const memory = sum(demands.map(({ limit, reservation }) => limit ?? reservation ?? 0));
  const task = fargateSize(cpu, memory);
  if (task === undefined) {
    const path = [...family.path, "deploy", "resources"];
    const message = `${cpu / 1024} CPUs and ${memory} MiB are more than a Fargate task can have`;
    const help = "At most 32 CPUs, and 244 GiB of memory.";
    scope.report.error({ code: "too-big", path, message, help });
    return { task: {}, containers: new Map() };
  }
  const shares = new Map(
    family.members.map((member, index) => {
      const demand = demands[index] ?? nothing;
      return [member.container, shareOf(demand, task.memory, family.members.length)] as const;
    }),
  );
  for (const sidecar of family.sidecars) {
    const left = task.memory - sum([...shares.values()].map(reserved));
    const spare = task.cpu - sum([...shares.values()].map(({ Cpu }) => Number(Cpu ?? 0)));
    warnOfLess(sidecar, { spare, left }, family, scope);
    shares.set(sidecar.container, {
      ...(sidecar.cpu <= spare ? { Cpu: sidecar.cpu } : {}),
      ...(left >= 16 ? { MemoryReservation: Math.min(sidecar.memory, left) } : {}),
    });
  }
  const bought = { Cpu: String(task.cpu), Memory: String(task.memory) };
  return { task: bought, containers: shares };
}

/** Says where a sidecar gets less than its file says. */
function warnOfLess(
  { asked, container }: Family["sidecars"][number],
  { spare, left }: { readonly spare: number; readonly left: number },
  { name }: Family,
  { report }: Scope,
): void {
  if (asked === undefined) return;
  for (const [key, given, rest, unit] of [
    ["cpu", asked.cpu, spare, "CPU units"],
    ["memory", asked.memory, left, "MiB"],
  ] as const) {
    if (given === undefined || given <= rest) continue;
    const message = `${name} has ${rest} ${unit} to spare, and ${container} takes what there is`;
    const help = "Give its services less than the whole task has.";
    report.warn({ code: "no-effect", path: [...asked.path, key], message, help });
  }
}

const nothing: Demand = { cpu: 0, capped: false, limit: undefined, reservation: undefined };

const fargateSize = (cpu: number, memory: number): Size | undefined =>
  sizes.find((size) => size.cpu >= cpu && size.memory >= memory);

/** A lone container has the whole task; several are told apart by their shares. */
function shareOf({ cpu, limit, reservation }: Demand, task: number, members: number): Properties {
  return {
    ...(members > 1 && cpu > 0 ? { Cpu: cpu } : {}),
    ...(limit !== undefined && limit < task ? { Memory: limit } : {}),
    ...(reservation !== undefined && reservation < (limit ?? task)
      ? { MemoryReservation: reservation }
      : {}),
  };
}

const reserved = ({ MemoryReservation, Memory }: Properties): number =>
  Number(MemoryReservation ?? Memory ?? 0);
