import { kindOf, type Operation } from "../../src/aws/call.ts";
import type { History } from "./events.ts";
import type { Fate } from "./process.ts";
import { type Run, run } from "./run.ts";

/** A call of a history, and what befalls it. */
export interface CrashPoint {
  /** How many calls came before. */
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

/** Every call of a calm run with every end that it can have. */
export const crashPointsOf = ({ calls }: Run): readonly CrashPoint[] =>
  calls.flatMap((operation, at) =>
    (kindOf(operation) === "read" ? ofReads : ofWrites).map((fate) => ({ at, operation, fate })),
  );

/** The same history, with that. */
const struck = (history: History, { at, fate }: CrashPoint): History => ({
  ...history,
  events: [{ do: "fate", at: "every", skip: at, fate }, ...history.events],
});

/** What is wrong with it: it has to end as the calm run did. */
export async function wrongsOf(
  history: History,
  point: CrashPoint,
  calm: Run,
): Promise<readonly string[]> {
  const { end, wrongs } = await run(struck(history, point), { cold: true });
  return end === calm.end ? wrongs : [...wrongs, `D1 ends ${end}, and calmly ${calm.end}`];
}
