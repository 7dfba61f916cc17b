import fc from "fast-check";
import { expect, test } from "vitest";
import { outcome, workload, writesAfter } from "./three-uses.ts";
import { testWorld } from "./world.ts";

/** How one event travels: each copy with its delay in milliseconds; no copies: it is lost. */
const travel = fc.oneof(
  { weight: 3, arbitrary: fc.constant([0]) },
  { weight: 2, arbitrary: fc.constant([]) },
  {
    weight: 2,
    arbitrary: fc.array(fc.integer({ min: 0, max: 900_000 }), { minLength: 1, maxLength: 3 }),
  },
);

const calm = testWorld();
await workload(calm);
const expected = await outcome(calm);

test("doubled, late, reordered or lost events change nothing but time", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(travel, { minLength: 1, maxLength: 40 }), async (ways) => {
      const scene = testWorld({ deliver: (_, count) => ways[count % ways.length] ?? [0] });
      await workload(scene);
      // What was lost, the sweep finds.
      await scene.driver.settle({ at: scene.world.now + 7_200_000 });
      expect(await outcome(scene)).toEqual(expected);
      expect(await writesAfter(scene)).toBe(0);
    }),
    { numRuns: 20, seed: 1 },
  );
}, 300_000);

test("with no event at all, the sweep alone brings it there", async () => {
  const scene = testWorld({ deliver: () => [] });
  await workload(scene);
  await scene.driver.settle({ at: scene.world.now + 86_400_000 });
  expect(await outcome(scene)).toEqual(expected);
});
