import { describe, expect, test } from "vitest";
import { type CrashPoint, crashPointsOf, wrongsOf } from "./crash-points.ts";
import { roads } from "./workloads.ts";

// All of it is for `npm run simulate -- --all`: the tests leave out what they have no time for.

/** What arrives when nobody waits for it any more is left out. */
const isTaken = ({ fate }: CrashPoint): boolean => !("arrives" in fate);

/** Left out, too: the longest, and those whose turns others take as well. */
const leftOut: ReadonlySet<string> = new Set([
  "a choice and its release",
  "a revision in another account",
  "a revision that fails its test",
  "a revision that is good",
  "a window that opens",
  "more revisions than there may be instances",
]);

/** Goes through the calls of some of the workloads. */
export function crashPointTests(isMine: (index: number) => boolean): void {
  const mine = [...roads]
    .filter(([name]) => !leftOut.has(name))
    .filter((_, index) => isMine(index));
  describe.for(mine)("%s", ([, history]) => {
    test("wherever a process dies, it ends as if none had", { timeout: 900_000 }, async () => {
      const { calm, points } = await crashPointsOf(history);
      expect(calm.wrongs).toEqual([]);
      expect(points.length).toBeGreaterThan(50);
      const failures: string[] = [];
      for (const point of points.filter(isTaken)) {
        const wrongs = await wrongsOf(history, point, calm);
        const { at, fate, operation } = point;
        if (wrongs.length > 0)
          failures.push(`${at} ${operation} ${JSON.stringify(fate)}: ${wrongs}`);
      }
      expect(failures).toEqual([]);
    });
  });
}
