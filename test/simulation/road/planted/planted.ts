import { forgetAll } from "../../../../src/memo.ts";
import type { Planted } from "../../planted/bug.ts";
import { historyOf } from "../histories.ts";
import { type History, run } from "../run.ts";
import { instanceBugs } from "./instances.ts";
import { promotionBugs } from "./promotion.ts";
import { wordBugs } from "./words.ts";

/** Every planted bug of the road, by name. */
export const planted: ReadonlyMap<string, Planted> = new Map(
  Object.entries({ ...promotionBugs, ...instanceBugs, ...wordBugs }),
);

/** What is wrong with a history under a bug, which finds nothing in memory and leaves nothing. */
export async function wrongsUnder(history: History, { bug }: Planted): Promise<readonly string[]> {
  const { wrongs } = await run(history, { bug, cold: true });
  forgetAll();
  return wrongs;
}

/** The first seed of a range under which a bug shows; undefined: it does not. */
export async function firstSeed(
  one: Planted,
  { count, from }: { readonly from: number; readonly count: number },
): Promise<number | undefined> {
  for (let seed = from; seed < from + count; seed += 1) {
    if ((await wrongsUnder(historyOf(seed), one)).length > 0) return seed;
  }
  return undefined;
}
