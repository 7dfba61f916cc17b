import { describe, expect, test } from "vitest";
import { emptyRecord } from "../../src/model/record.ts";
import { decide, type Situation } from "../../src/plan/decide.ts";
import { remedied } from "../../src/plan/decide-busy.ts";
import { arnOf, brief, situationOf, stackIn, unitOf, wantedName } from "./situations.ts";

// Where a stack stands that does not go on by itself.

describe("a failed rollback is continued without nothing", () => {
  const operation = arnOf(wantedName);
  const stack = stackIn("UPDATE_ROLLBACK_FAILED", { changeSetId: operation });
  const continued = (recoveries: number, more: Partial<Situation> = {}) => {
    const recorded = { name: stack.name, changeSet: undefined, wrote: undefined, recoveries };
    const record = { ...emptyRecord, stacks: { base: recorded }, ...more.record };
    return decide(situationOf(unitOf(stack), { ...more, record }))[0];
  };
  const step = { kind: "continue-rollback", unit: "base", id: stack.id, operation, skip: [] };

  test("three times, whatever people consent to", () => {
    const skips = new Map([["base", ["Service"]]]);
    expect(continued(0, { skips })).toMatchObject({ step });
    expect(continued(2, { skips })).toMatchObject({ step });
    expect(brief(continued(3))).toBe("stalled StackStuck");
  });

  test("and once more for another revision", () => {
    const failure = { revision: "r0", requestedAt: undefined, message: "" };
    const stacks = { base: { name: "b", changeSet: undefined, wrote: undefined, recoveries: 3 } };
    const record = { ...emptyRecord, stacks, failures: { [operation]: failure } };
    expect(continued(3, { record })).toMatchObject({ step });
  });
});

describe("what stands in the way", () => {
  test("is said as CloudFormation says it, with one full stop", () => {
    const reason = " 1.5 GB are too few. It failed. ";
    expect(remedied(stackIn("UPDATE_COMPLETE", { reason }))).toBe(
      "The stack is UPDATE_COMPLETE: 1.5 GB are too few. It failed.",
    );
  });

  test("is said without help where there is none", () => {
    expect(remedied(stackIn("UPDATE_COMPLETE"))).toBe("The stack is UPDATE_COMPLETE.");
  });
});

test.for([
  ["busy", "waiting stack"],
  ["stuck", "stalled StatusUnknown"],
  ["dead", "stalled StatusUnknown"],
] as const)(
  "without a stack, what is %s is not written to as if it were there: %s",
  ([phase, expected]) => {
    expect(brief(decide(situationOf({ ...unitOf(undefined), phase }))[0])).toBe(expected);
  },
);
