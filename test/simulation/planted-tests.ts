import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

/** A history in which a planted bug shows. */
interface Trace<H> {
  /** Which rule is broken: `S4`, `L1`, … */
  readonly rule: string;
  readonly history: H;
}

interface Planting<H, B> {
  readonly planted: ReadonlyMap<string, B>;
  /** JSON: for each bug one history under which it shows. */
  readonly traces: URL;
  readonly wrongsUnder: (history: H, bug: B) => Promise<readonly string[]>;
  /** With nothing wrong with the product. */
  readonly wrongsWithout: (history: H) => Promise<readonly string[]>;
}

/** Goes through the stored history of each planted bug. */
export function plantedTests<H extends { readonly events: readonly unknown[] }, B>(
  planting: Planting<H, B>,
): void {
  const { planted, wrongsUnder, wrongsWithout } = planting;
  const stored: Readonly<Record<string, Trace<H>>> = JSON.parse(
    readFileSync(planting.traces, "utf8"),
  );

  // Some bugs never come to rest: that takes its time.
  describe.for(Object.entries(stored))("%s", { timeout: 600_000 }, ([name, { history, rule }]) => {
    test("shows in its history", async () => {
      const bug = planted.get(name);
      if (bug === undefined) throw new Error(`No bug is called ${name}.`);
      const rules = (await wrongsUnder(history, bug)).map((wrong) => wrong.split(" ")[0]);
      expect(rules).toContain(rule);
      expect(history.events.length).toBeLessThanOrEqual(25);
    });

    test("and without it, nothing is wrong with that history", async () => {
      expect(await wrongsWithout(history)).toEqual([]);
    });
  });

  test("each bug has a history", () => {
    expect([...planted.keys()].filter((name) => stored[name] === undefined)).toEqual([]);
  });
}
