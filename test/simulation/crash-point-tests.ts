import { describe, expect, test } from "vitest";
import { crashPointsOf, wrongsOf } from "./crash-points.ts";
import { histories } from "./workloads.ts";

/** Goes through every call of some of the workloads. */
export function crashPointTests(isMine: (index: number) => boolean): void {
  const mine = [...histories].filter((_, index) => isMine(index));
  describe.for(mine)("%s", ([, history]) => {
    test("whatever call fails, and however, it ends as if none had", {
      timeout: 900_000,
    }, async () => {
      const { calm, points } = await crashPointsOf(history);
      expect(calm.wrongs).toEqual([]);
      expect(points.length).toBeGreaterThan(50);
      const failures: string[] = [];
      for (const point of points) {
        const wrongs = await wrongsOf(history, point, calm);
        const { at, fate, operation } = point;
        if (wrongs.length > 0)
          failures.push(`${at} ${operation} ${JSON.stringify(fate)}: ${wrongs}`);
      }
      expect(failures).toEqual([]);
    });
  });
}
