import { expect, test } from "vitest";
import { dueAt } from "../../src/images/pace.ts";

const due = (...pushes: readonly (readonly [since: number, pushed: number])[]) =>
  dueAt(
    pushes.map(([since, pushed]) => ({ since, pushed })),
    { now: 100, quiet: 10 },
  );

test("changes are due when the last push is the quiet time ago", () => {
  expect(due([95, 95])).toBe(105);
  expect(due([95, 95], [98, 98])).toBe(108);
  expect(due([20, 20])).toBe(30);
});

test("changes do not wait for ever while pushes go on", () => {
  expect(due([42, 99])).toBe(102);
  expect(due([30, 99])).toBe(90);
});

test("changes do not wait for the future", () => {
  expect(due([500, 500])).toBe(110);
});
