import { describe, expect, test } from "vitest";
import { kindOf } from "../../../src/aws/call.ts";
import { type CrashPoint, crashPointsOf, wrongsOf } from "./crash-points.ts";
import { run } from "./run.ts";
import { roads } from "./workloads.ts";

/** Of reads, which are many and alike, every so many here; `npm run simulate -- --all` takes each. */
const everySoMany = 64;

/** What arrives when nobody waits for it any more is for that one too. */
const isTaken = ({ at, fate, operation }: CrashPoint): boolean =>
  kindOf(operation) === "read" ? at % everySoMany === 0 : !("arrives" in fate);

/** Goes through the calls of some of the workloads. */
export function crashPointTests(isMine: (index: number) => boolean): void {
  const mine = [...roads].filter((_, index) => isMine(index));
  describe.for(mine)("%s", ([, history]) => {
    test("wherever a process dies, it ends as if none had", { timeout: 900_000 }, async () => {
      const calm = await run(history);
      expect(calm.wrongs).toEqual([]);
      const points = crashPointsOf(calm).filter(isTaken);
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
