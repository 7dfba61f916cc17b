import { expect, test } from "vitest";
import type { Event } from "./events.ts";
import { historyOf } from "./histories.ts";
import { run } from "./run.ts";

/** As many as a test run has time for. */
const seeds = 40;

test("whatever happens on the road, nothing that should not", { timeout: 900_000 }, async () => {
  const failures: string[] = [];
  for (let seed = 0; seed < seeds; seed += 1) {
    const history = historyOf(seed);
    const { wrongs } = await run(history);
    if (wrongs.length > 0) failures.push(`${seed}: ${wrongs} in ${JSON.stringify(history)}`);
  }
  expect(failures).toEqual([]);
});

test("what the controller commits counts, though somebody commits right after it", async () => {
  const sound = { note: "d", failsIn: "nowhere", extra: false, leaks: false } as const;
  const events: readonly Event[] = [
    { do: "push", change: sound },
    { do: "race", at: "ecr:DescribeImages", skip: 2, change: { note: "f" }, tag: "1.0.2" },
    { do: "wait", minutes: 4 },
    { do: "push", change: { ...sound, failsIn: "test" } },
  ];
  const rules = { approval: true, byDay: false, needs: false, elsewhere: false };
  const { wrongs } = await run({ seed: 240003450, rules, events, end: "mended" });
  expect(wrongs).toEqual([]);
});
