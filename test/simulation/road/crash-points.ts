import { kindOf, type Operation } from "../../../src/aws/call.ts";
import { newDeaths } from "../crash-points.ts";
import { momentsOf } from "../moments.ts";
import type { Fate } from "../process.ts";
import { type History, type Run, run } from "./run.ts";

/** A call of a story, and how its process dies. */
export interface CrashPoint {
  /** How many calls came before. */
  readonly at: number;
  readonly operation: Operation;
  readonly fate: Exclude<Fate, "lives">;
}

/** A read has no effect after which anything could die that would not die before the next call. */
const fatesOf = (operation: Operation): readonly CrashPoint["fate"][] =>
  kindOf(operation) === "read"
    ? [{ dies: "before" }]
    : [{ dies: "before" }, { dies: "after" }, { dies: "early", arrives: 4000 }];

interface CrashPoints {
  readonly calm: Run;
  readonly points: readonly CrashPoint[];
}

/** A calm run, and every way to die at each of its calls. */
export async function crashPointsOf(history: History): Promise<CrashPoints> {
  const moments = momentsOf();
  const calm = await run(history, { moments });
  const isNew = newDeaths(moments);
  const points = calm.calls.flatMap((operation, at) =>
    fatesOf(operation)
      .filter((fate) => isNew(fate, at))
      .map((fate) => ({ at, operation, fate })),
  );
  return { calm, points };
}

/** What is wrong with it: it has to end as the calm run did. */
export async function wrongsOf(
  history: History,
  { at, fate }: CrashPoint,
  calm: Run,
): Promise<readonly string[]> {
  const events = [{ do: "fate", skip: at, fate } as const, ...history.events];
  const { end, wrongs } = await run({ ...history, events });
  return end === calm.end ? wrongs : [...wrongs, `D1 ends ${end}, and calmly ${calm.end}`];
}
