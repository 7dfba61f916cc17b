import { describe, expect, test } from "vitest";
import type { Verified } from "../../src/model/verification.ts";
import { latest } from "../../src/promote/latest.ts";

const verdict = (revision: string, since: string, more: Partial<Verified> = {}) =>
  ({ revision, since, at: since, run: 1, verdict: "passed", ...more }) as Verified;
const aside = { aside: true } as const;
const order = (...verdicts: readonly Verified[]) => latest(verdicts).map((one) => one.revision);

describe("verdicts", () => {
  test("stand by when their revision was followed, whoever had others verified beside it", () => {
    expect(order(verdict("a", "1"), verdict("b", "2"))).toEqual(["b", "a"]);
    const beside = verdict("c", "3", aside);
    expect(order(verdict("a", "1"), beside, verdict("b", "2"))).toEqual(["b", "a", "c"]);
    expect(order(beside, verdict("a", "1"))).toEqual(["a", "c"]);
    expect(order(verdict("d", "1", aside), beside)).toEqual(["c", "d"]);
  });

  test("keep the place that their revision had, and take none that it never had", () => {
    const again = verdict("a", "9", { ...aside, run: 2 });
    expect(latest([verdict("a", "1"), again])).toEqual([verdict("a", "1", { at: "9", run: 2 })]);
    expect(latest([verdict("a", "1", aside), again])).toEqual([again]);
  });
});
