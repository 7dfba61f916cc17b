import { describe, expect, test } from "vitest";
import type { Lease } from "../../src/model/lease.ts";
import { isOverdue, type Remnant, teardownOf } from "../../src/promote/teardown.ts";

const ends = "2026-01-01T00:00:00.000Z";
const past = (seconds: number): string => new Date(Date.parse(ends) + seconds * 1000).toISOString();
const lease: Lease = {
  v: 1,
  application: "myapps",
  environment: "test",
  instance: "main-1a2b3c",
  revision: "1a2b3c",
  reference: "main",
  target: { account: "1", region: "eu-west-1" },
  prefix: "trueup",
  began: ends,
  ends,
  latest: ends,
  reason: "Expired",
  kept: false,
  failures: {},
  leaked: [],
};
const stack = (unit: string, status = "CREATE_COMPLETE"): Remnant => ({
  id: `id-${unit}`,
  name: `trueup-${unit}`,
  status,
  unit,
});
const doomed = (stacks: readonly Remnant[], given = lease, now = past(1)) =>
  teardownOf(given, stacks, now).deletions.map(({ giveUp, stack: { unit } }) =>
    giveUp ? `${unit}, given up` : unit,
  );

describe("what is deleted next", () => {
  test("is what nothing else needs: first what watches, then services, then what they share", () => {
    const all = [stack("base"), stack("s-a"), stack("s-b"), stack("watch")];
    expect(doomed(all)).toEqual(["watch"]);
    expect(doomed(all.slice(0, 3))).toEqual(["s-a", "s-b"]);
    expect(doomed(all.slice(0, 1))).toEqual(["base"]);
    expect(doomed([stack("all")])).toEqual(["all"]);
  });

  test("waits for what goes before it, whatever that is at", () => {
    expect(doomed([stack("base"), stack("s-a", "DELETE_IN_PROGRESS")])).toEqual([]);
    expect(doomed([stack("base"), stack("s-a", "UPDATE_ROLLBACK_IN_PROGRESS")])).toEqual([]);
  });

  test.for([
    ["CREATE_IN_PROGRESS", true],
    ["REVIEW_IN_PROGRESS", true],
    ["ROLLBACK_COMPLETE", true],
    ["UPDATE_ROLLBACK_FAILED", true],
    ["UPDATE_IN_PROGRESS", false],
    ["ROLLBACK_IN_PROGRESS", false],
    ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", false],
    ["DELETE_IN_PROGRESS", false],
  ] as const)("a stack that is %s: %s", ([status, expected]) => {
    expect(doomed([stack("base", status)])).toEqual(expected ? ["base"] : []);
  });
});

test("a deletion that fails is asked for again five times, a minute apart, and then gives up", () => {
  let given = lease;
  const asked: string[] = [];
  for (let seconds = 1; seconds < 600; seconds += 20) {
    const { deletions, lease: next } = teardownOf(
      given,
      [stack("base", "DELETE_FAILED")],
      past(seconds),
    );
    asked.push(...deletions.map(({ giveUp }) => `${seconds} ${giveUp}`));
    given = next;
    if (deletions.some(({ giveUp }) => giveUp)) break;
  }
  expect(asked).toEqual(["1 false", "61 false", "121 false", "181 false", "241 false", "301 true"]);
});

test("only what failed to be deleted has failed", () => {
  const stacks = [stack("s-a", "DELETE_FAILED"), stack("s-b")];
  const { deletions, lease: next } = teardownOf(lease, stacks, past(1));
  expect(deletions).toHaveLength(2);
  expect(next.failures).toEqual({ "id-s-a": { count: 1, at: past(1) } });
});

describe("a lease of which nothing is left", () => {
  test("is closed only when nothing can come any more", () => {
    const { deletions, lease: early } = teardownOf(lease, [], past(300));
    expect(deletions).toEqual([]);
    expect([early.gone, early.closed]).toEqual([past(300), undefined]);
    const late = teardownOf(early, [], past(600)).lease;
    expect([late.gone, late.closed]).toEqual([past(300), past(600)]);
  });

  test("is not gone when something came after all", () => {
    const early = teardownOf(lease, [], past(300)).lease;
    const { deletions, lease: next } = teardownOf(early, [stack("base")], past(400));
    expect(deletions).toHaveLength(1);
    expect(next.gone).toBeUndefined();
  });

  test("is overdue while something is left for long", () => {
    expect(isOverdue(lease, past(5400))).toBe(false);
    expect(isOverdue(lease, past(5401))).toBe(true);
    expect(isOverdue({ ...lease, gone: ends }, past(5401))).toBe(false);
  });
});
