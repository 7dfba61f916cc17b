import { expect, test } from "vitest";
import { historyOf } from "./histories.ts";
import { run } from "./run.ts";

/** As many as a test run has time for. */
const seeds = 150;

test("whatever is a step to what is asked for leads there", { timeout: 900_000 }, async () => {
  const failures: string[] = [];
  for (let seed = 0; seed < seeds; seed += 1) {
    const history = historyOf(seed);
    const wrongs = await run(history);
    if (wrongs.length > 0) failures.push(`${seed}: ${wrongs} in ${JSON.stringify(history)}`);
  }
  expect(failures).toEqual([]);
});
