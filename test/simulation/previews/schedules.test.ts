import { expect, test } from "vitest";
import { historyOf } from "./histories.ts";
import { run } from "./run.ts";

/** As many as a test run has time for. */
const seeds = 40;

test("however branches come and go, nothing that should not", { timeout: 900_000 }, async () => {
  const failures: string[] = [];
  for (let seed = 0; seed < seeds; seed += 1) {
    const history = historyOf(seed);
    const wrongs = await run(history);
    if (wrongs.length > 0) failures.push(`${seed}: ${wrongs} in ${JSON.stringify(history)}`);
  }
  expect(failures).toEqual([]);
});
