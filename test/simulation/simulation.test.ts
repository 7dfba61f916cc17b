import { expect, test } from "vitest";
import { live } from "./scenario.ts";

const seeds = Array.from({ length: 80 }, (_, index) => index + 1);

test.for(seeds)("whatever happens in the history of seed %d, it ends well", async (seed) => {
  const { history, wrongs } = await live(seed);
  expect({ history, wrongs }).toEqual({ history, wrongs: [] });
});

test("the same seed is the same history, call by call", async () => {
  // What a warm process remembers is content-addressed; both of these have it all.
  await live(3);
  const [once, again] = [await live(3), await live(3)];
  expect(again.history).toEqual(once.history);
  expect(again.calls).toEqual(once.calls);
});
