import { kindOf, type Operation } from "../../src/aws/call.ts";
import type { History } from "./events.ts";
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

/** Every call of a calm run, in which nothing came from memory, with every end that it can have. */
export function crashPointsOf({ calls }: Run): readonly CrashPoint[] {
  const before = new Map<Operation | "any", number>();
  return calls.flatMap((operation) => {
    const counted = isFromMemory(operation) ? operation : "any";
    const at = before.get(counted) ?? 0;
    before.set(counted, at + 1);
    const fates = kindOf(operation) === "read" ? ofReads : ofWrites;
    return fates.map((fate) => ({ at, operation, fate }));
  });
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
