import { forgetAll } from "../../../src/memo.ts";
import type { History } from "../events.ts";
import { historyOf } from "../histories.ts";
import { run } from "../run.ts";
import { starts } from "../starts.ts";
import type { Planted } from "./bug.ts";
import { changeSetBugs } from "./change-sets.ts";
import { memoryBugs } from "./memory.ts";
import { peopleBugs } from "./people.ts";
import { stackBugs } from "./stacks.ts";

/** Every planted bug, by name. */
export const planted: ReadonlyMap<string, Planted> = new Map(
  Object.entries({ ...changeSetBugs, ...memoryBugs, ...peopleBugs, ...stackBugs }),
);

/** What is wrong with a history under a bug. */
export async function wrongsUnder(history: History, one: Planted): Promise<readonly string[]> {
  const { bug, poisons = false } = one;
  const { wrongs } = await run(history, { bug, cold: poisons });
  if (poisons) forgetAll();
  return wrongs;
}

/** The first seed of a range under which a bug shows; undefined: it does not. */
export async function firstSeed(
  one: Planted,
  { count, from }: { readonly from: number; readonly count: number },
): Promise<number | undefined> {
  const worlds = [...(await starts()).keys()];
  for (let seed = from; seed < from + count; seed += 1) {
    if ((await wrongsUnder(historyOf(seed, worlds), one)).length > 0) return seed;
  }
  return undefined;
}
