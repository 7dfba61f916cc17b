import { describe, expect, test } from "vitest";
import { emptyRecord } from "../../src/model/record.ts";
import { noRequests } from "../../src/model/requests.ts";
import type { Condition } from "../../src/model/status.ts";
import { circumstancesDigest, isAtRest } from "../../src/plan/rest.ts";
import { emptyStatus } from "../../src/plan/statuses.ts";
import { stackIn } from "./situations.ts";

describe("circumstances", () => {
  const stack = stackIn("UPDATE_COMPLETE", { changeSetId: "arn:c" });
  const seen = {
    basis: { files: ["a"], of: undefined },
    requests: noRequests,
    record: emptyRecord,
    status: emptyStatus,
    stacks: new Map([
      ["base", stack],
      ["s-web", undefined],
    ]),
  };
  const digest = circumstancesDigest(seen);
  const of = (changes: Partial<typeof stack>) => ({
    stacks: new Map([...seen.stacks, ["base", { ...stack, ...changes }] as const]),
  });

  test.for<[string, Partial<typeof seen>]>([
    ["what is desired follows from something else", { basis: { files: ["b"], of: undefined } }],
    ["somebody asks", { requests: { ...noRequests, requestedAt: "t" } }],
    ["the record is another", { record: { ...emptyRecord, leftAt: "t" } }],
    ["something else was said", { status: { ...emptyStatus, requestedAt: "t" } }],
    ["a stack is another", of({ id: "arn:other" })],
    ["a stack is in another state", of({ status: "UPDATE_IN_PROGRESS" })],
    ["a stack was updated", of({ lastUpdated: "later" })],
    ["another change set was executed", of({ changeSetId: "arn:d" })],
    ["a stack is not there", { stacks: new Map([["base", undefined]]) }],
  ])("are others when %s", ([, changes]) => {
    expect(circumstancesDigest({ ...seen, ...changes })).not.toBe(digest);
  });

  test("are the same as they are read back, in any order, whenever it last rested", () => {
    const basis = { files: ["a"] } as unknown as typeof seen.basis;
    const stacks = new Map([...seen.stacks].toReversed());
    const record = { ...emptyRecord, rested: digest };
    expect(circumstancesDigest({ ...seen, basis, stacks, record })).toBe(digest);
  });
});

describe("an environment is at rest", () => {
  const condition = (type: Condition["type"], status: Condition["status"]): Condition => ({
    type,
    status,
    reason: "",
    message: "",
    since: "",
    observedRevision: "r1",
  });
  const passed: Parameters<typeof isAtRest>[0] = {
    desired: { bundle: { digest: "b1" }, revision: "r1", verify: [] },
    record: emptyRecord,
    rollOut: { conclusion: { state: "ready", reason: "", message: "" }, steps: [] },
    status: { ...emptyStatus, conditions: [condition("Ready", "True")] },
  };
  const saying = (...conditions: readonly Condition[]) => ({
    status: { ...emptyStatus, conditions },
  });
  const step = { kind: "delete-change-set", unit: "base", id: "x" } as const;

  test.for<[string, Partial<typeof passed>, boolean]>([
    ["there is nothing to do", {}, true],
    ["there is a step", { rollOut: { ...passed.rollOut, steps: [step] } }, false],
    [
      "it is held",
      { rollOut: { steps: [], conclusion: { ...passed.rollOut.conclusion, state: "held" } } },
      false,
    ],
    ["it is looked at again", { status: { ...passed.status, nextLook: "later" } }, false],
    ["somebody is still to be told", { status: { ...passed.status, untold: [] } as never }, false],
    ["it is healthy", saying(condition("Ready", "True"), condition("Healthy", "True")), true],
    ["it is not healthy", saying(condition("Ready", "True"), condition("Healthy", "False")), false],
    ["it has drifted and that is reported", saying(condition("Drifted", "True")), true],
    ["it has not drifted", saying(condition("Drifted", "False")), true],
    ["it is held at a revision", saying(condition("Held", "True")), false],
    ["it is on its way", saying(condition("Reconciling", "True")), false],
    ["it is stalled", saying(condition("Stalled", "True")), false],
  ])("when %s: %s", ([, changes, expected]) => {
    expect(isAtRest({ ...passed, ...changes })).toBe(expected);
  });

  const verify = { ...passed.desired, verify: [{}] };
  const verdict = { revision: "r1", bundle: "b1" };
  test.for<[string, object, boolean]>([
    ["nothing is on record", {}, false],
    ["it is on record", { verdict }, true],
    ["that of another revision is", { verdict: { ...verdict, revision: "r0" } }, false],
    ["that of another bundle is", { verdict: { ...verdict, bundle: "b0" } }, false],
    ["it goes on", { verdict, verification: {} }, false],
  ])("which is verified when %s: %s", ([, more, expected]) => {
    const record = { ...emptyRecord, ...more };
    expect(isAtRest({ ...passed, desired: verify, record })).toBe(expected);
  });
});
