import { kindOf, type Operation } from "../../../src/aws/call.ts";
import { newDeaths } from "../crash-points.ts";
import { momentsOf } from "../moments.ts";
import type { Fate } from "../process.ts";
import { isFromMemory } from "../turnstile.ts";
import { type History, type Run, run } from "./run.ts";

/** A call of a story, and how its process dies. */
export interface CrashPoint {
  /** How many calls came before: of those that are made in any case, or of its own operation. */
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
  const calm = await run(history, { cold: true, moments });
  const isNew = newDeaths(moments);
  const before = new Map<Operation | "any", number>();
  const points = calm.calls.flatMap((operation, index) => {
    const counted = isFromMemory(operation) ? operation : "any";
    const at = before.get(counted) ?? 0;
    before.set(counted, at + 1);
    const fates = fatesOf(operation).filter((fate) => isNew(fate, index));
    return fates.map((fate) => ({ at, operation, fate }));
  });
  return { calm, points };
}

/** What is wrong with it: it has to end as the calm run did. */
export async function wrongsOf(
  history: History,
  { at: skip, fate, operation }: CrashPoint,
  calm: Run,
): Promise<readonly string[]> {
  const cold = isFromMemory(operation);
  const struck = { do: "fate", skip, fate, ...(cold ? { at: operation } : {}) } as const;
  const { end, wrongs } = await run({ ...history, events: [struck, ...history.events] }, { cold });
  return end === calm.end ? wrongs : [...wrongs, `D1 ends ${end}, and calmly ${calm.end}`];
}
