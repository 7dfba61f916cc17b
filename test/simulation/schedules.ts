import { expect, test } from "vitest";
import { liveRange } from "./range.ts";
import { sometimes, wanted } from "./sometimes.ts";

/** Lives through the histories of a range of seeds, as tests. */
export function schedules(from: number, count: number): void {
  const seen = sometimes();

  test(`${count} histories from seed ${from} on end well`, { timeout: 1_800_000 }, async () => {
    const lived = await liveRange({ from, count, sometimes: seen });
    expect(lived.failures).toEqual([]);
    expect(lived.determinism).toEqual({ run: count / 100, mismatches: 0 });
  });

  // Fewer are too few for all of it.
  test.runIf(count >= 2500)("all that must come about sometimes has come about", () => {
    expect(wanted.filter((name) => !seen.hits.has(name))).toEqual([]);
  });
}
