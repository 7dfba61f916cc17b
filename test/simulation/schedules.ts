import { expect, test } from "vitest";
import { liveRange } from "./range.ts";
import { sometimes, wanted } from "./sometimes.ts";

/**
 * Lives through the histories of a range of seeds, as tests. Each is a schedule: a start in any
 * state, at least one change to deploy, what goes wrong on the way, and a calm end that has to be
 * the right one.
 */
export function schedules(from: number, count: number): void {
  const seen = sometimes();

  test(`${count} histories from seed ${from} on end well`, { timeout: 3_600_000 }, async () => {
    const lived = await liveRange({ from, count, sometimes: seen });
    expect(lived.failures).toEqual([]);
    expect(lived.determinism).toEqual({ run: count / 100, mismatches: 0 });
  });

  test("all that must come about sometimes has come about", () => {
    expect(wanted.filter((name) => !seen.hits.has(name))).toEqual([]);
  });
}
