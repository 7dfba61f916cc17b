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

describe.for([...traces])("%s", ([name, { history, rule }]) => {
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

/** Planted, and not found yet: what the simulator should still learn to see. */
const unseen = [
  "an older template",
  "forgets what it broke off",
  "loses a message when it crashes",
  "drops keys that were not queued",
  "never comes back by itself",
  "goes on writing its status",
  "reads the file and the tip apart",
  "gives up on a conflict",
  "remembers the registry",
  "takes an unreachable file for an empty one",
  "takes an unreachable branch for a missing one",
  "takes any vote for every plan",
  "queues behind what hangs",
  "takes an error for absence",
];

test("all others but those that are known to escape have a history", () => {
  expect([...planted.keys()].filter((name) => !traces.has(name)).sort()).toEqual(unseen.toSorted());
  expect(traces.size).toBeGreaterThanOrEqual(39);
});
