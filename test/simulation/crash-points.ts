import { kindOf, type Operation } from "../../src/aws/call.ts";
import type { History } from "./events.ts";
import { type Moments, momentsOf } from "./moments.ts";
import type { Fate } from "./process.ts";
import { type Run, run } from "./run.ts";
import { isFromMemory } from "./turnstile.ts";

/** A call of a history, and what befalls it. */
export interface CrashPoint {
  /** How many calls came before: of those that are made in any case, or of its own operation. */
  readonly at: number;
  readonly operation: Operation;
  readonly fate: Exclude<Fate, "lives">;
}

interface CrashPoints {
  readonly calm: Run;
  readonly points: readonly CrashPoint[];
}

/** How a read can end: it has no effect, before which or after which something could happen. */
const ofReads: readonly CrashPoint["fate"][] = [
  { dies: "before" },
  { error: "TimeoutError", when: "before" },
];

/** How a write can end: before its effect, after it, with it still to come; dead or only deaf. */
const ofWrites: readonly CrashPoint["fate"][] = [
  { dies: "before" },
  { dies: "after" },
  { dies: "early", arrives: 4000 },
  { error: "TimeoutError", when: "before" },
  { error: "TimeoutError", when: "after" },
  { error: "TimeoutError", when: "early", arrives: 4000 },
];

/** A calm run, in which nothing comes from memory, and every end that each of its calls can have. */
export async function crashPointsOf(history: History): Promise<CrashPoints> {
  const moments = momentsOf();
  const calm = await run(history, { cold: true, moments });
  const before = new Map<Operation | "any", number>();
  const isNew = newDeaths(moments);
  const points = calm.calls.flatMap((operation, index) => {
    const counted = isFromMemory(operation) ? operation : "any";
    const at = before.get(counted) ?? 0;
    before.set(counted, at + 1);
    const fates = kindOf(operation) === "read" ? ofReads : ofWrites;
    return fates.filter((fate) => isNew(fate, index)).map((fate) => ({ at, operation, fate }));
  });
  return { calm, points };
}

/** Whether a call's end is none that was there before: dead at the same moment is dead alike. */
export function newDeaths({ all }: Moments): (fate: CrashPoint["fate"], call: number) => boolean {
  const died = new Set<string | undefined>();
  return (fate, call) => {
    if (!("dies" in fate) || fate.dies === "early") return true;
    const moment = all[call]?.[fate.dies];
    if (died.has(moment)) return false;
    died.add(moment);
    return true;
  };
}

/** The same history, with that. */
const struck = (history: History, { at: skip, fate, operation }: CrashPoint): History => {
  const at = isFromMemory(operation) ? operation : "any";
  return { ...history, events: [{ do: "fate", at, skip, fate }, ...history.events] };
};

/** What is wrong with it: it has to end as the calm run did. */
export async function wrongsOf(
  history: History,
  point: CrashPoint,
  calm: Run,
): Promise<readonly string[]> {
  const cold = isFromMemory(point.operation);
  const { end, wrongs } = await run(struck(history, point), { cold });
  return end === calm.end ? wrongs : [...wrongs, `D1 ends ${end}, and calmly ${calm.end}`];
}
