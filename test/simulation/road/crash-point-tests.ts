import { describe, expect, test } from "vitest";
import { type CrashPoint, crashPointsOf, wrongsOf } from "./crash-points.ts";
import { roads } from "./workloads.ts";

/** What arrives when nobody waits for it any more is for `npm run simulate -- --all`. */
const isTaken = ({ fate }: CrashPoint): boolean => !("arrives" in fate);

/** Goes through the calls of some of the workloads. */
export function crashPointTests(isMine: (index: number) => boolean): void {
  const mine = [...roads].filter((_, index) => isMine(index));
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
