import { expect, test } from "vitest";
import { outcome, workload, writesAfter } from "./three-uses.ts";
import { testWorld } from "./world.ts";

/**
 * Every call of the controller is a point where its process can die. Wherever it does, the end is
 * that of the calm run, and then nothing is written any more.
 */
export async function crashEverywhere(end: "dies before" | "dies after"): Promise<void> {
  const calm = testWorld();
  await workload(calm);
  const expected = await outcome(calm);
  const points = calm.calls.map((operation, count) => ({ operation, count }));

  test("the calm run is ready and rests", async () => {
    expect(expected.conditions).toEqual([
      ["Ready", "True", "Deployed", expect.any(String)],
      ["Healthy", "True", "Running", expect.any(String)],
    ]);
    expect(expected.stacks.map(({ changeSets, rests }) => [rests, changeSets])).toEqual(
      Array(4).fill([true, 0]),
    );
    expect(await writesAfter(calm)).toBe(0);
  });

  test.for(points)(
    `$operation, call $count, and the process ${end}: the same end`,
    async (point) => {
      const scene = testWorld({ fate: (at) => (at === point.count ? end : "lives") });
      await workload(scene);
      expect(await outcome(scene)).toEqual(expected);
      expect(await writesAfter(scene)).toBe(0);
    },
  );
}
