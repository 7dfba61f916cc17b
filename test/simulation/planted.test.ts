import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { History } from "./events.ts";
import { planted, wrongsUnder } from "./planted/planted.ts";
import { run } from "./run.ts";

interface Trace {
  /** Which rule is broken: `S4`, `L1`, … */
  readonly rule: string;
  readonly history: History;
}

/** One history for each bug under which it shows. */
const traces = new Map(
  Object.entries(
    JSON.parse(readFileSync(new URL("planted/traces.json", import.meta.url), "utf8")) as Readonly<
      Record<string, Trace>
    >,
  ),
);

// Some bugs never come to rest: that takes its time.
describe.for([...traces])("%s", { timeout: 600_000 }, ([name, { history, rule }]) => {
  test("shows in its history", async () => {
    const bug = planted.get(name);
    if (bug === undefined) throw new Error(`No bug is called ${name}.`);
    const rules = (await wrongsUnder(history, bug)).map((wrong) => wrong.split(" ")[0]);
    expect(rules).toContain(rule);
    expect(history.events.length).toBeLessThanOrEqual(25);
  });

  test("and without it, nothing is wrong with that history", async () => {
    expect((await run(history, { cold: true })).wrongs).toEqual([]);
  });
});

test("each bug has a history", () => {
  expect([...planted.keys()].filter((name) => !traces.has(name))).toEqual([]);
});
