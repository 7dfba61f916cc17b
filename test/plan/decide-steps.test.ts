import { describe, expect, test } from "vitest";
import { emptyRecord } from "../../src/model/record.ts";
import { decide, type Situation } from "../../src/plan/decide.ts";
import { changeSetPrefix, type Unit } from "../../src/plan/units.ts";
import {
  arnOf,
  brief,
  changeSetIn,
  driftedUnit,
  situationOf,
  stackIn,
  unitOf,
  wantedName,
  withChangeSets,
} from "./situations.ts";

// What exactly is asked for, and in which order stacks leave.

const available = changeSetIn("CREATE_COMPLETE", "AVAILABLE");
const executing = changeSetIn("CREATE_COMPLETE", "EXECUTE_IN_PROGRESS");
const computing = changeSetIn("CREATE_IN_PROGRESS", "UNAVAILABLE");
const empty = changeSetIn("FAILED", "UNAVAILABLE", "No updates are to be performed.");
const rests = stackIn("UPDATE_COMPLETE");
const named = (unit: Unit, name: string): Unit => {
  const goal = { ...unit.goal, unit: name };
  return { ...unit, goal, desired: goal };
};
const decided = (unit: Unit, more?: Partial<Situation>) => decide(situationOf(unit, more))[0];
const all = (situation: Situation) => decide(situation).map((one) => `${one.unit} ${brief(one)}`);

describe("a change set is asked for", () => {
  test.for([
    [undefined, "CREATE"],
    ["REVIEW_IN_PROGRESS", "CREATE"],
    ["UPDATE_COMPLETE", "UPDATE"],
    ["UPDATE_ROLLBACK_COMPLETE", "UPDATE"],
  ] as const)("of a stack that is %s: %s", ([status, type]) => {
    const unit = unitOf(status === undefined ? undefined : stackIn(status));
    const verdict = decided(unit);
    if (verdict?.kind !== "act") throw new Error("Nothing is asked for.");
    expect(verdict.step).toEqual({
      kind: "create-change-set",
      unit: "base",
      stack: unit.desired,
      type,
      name: wantedName,
      digest: "d".repeat(64),
      parameters: {},
      revertsDrift: false,
    });
  });

  test("to put back drift", () => {
    expect(decided(driftedUnit(rests))).toMatchObject({ step: { revertsDrift: true } });
    const again = { kind: "foreign", of: "since" } as const;
    const drifted = driftedUnit(rests);
    const foreign = { ...drifted, applied: { ...drifted.applied, again } } as Unit;
    expect(decided(foreign)).toMatchObject({ step: { revertsDrift: false } });
  });

  test("not where a provider does not give what it should", () => {
    const unit = unitOf(rests);
    const lacking = { ...unit, applied: { ...unit.applied, missing: ["a.B"] } } as Unit;
    expect(decided(lacking)).toMatchObject({ reason: "OutputMissing", message: "It needs a.B." });
  });
});

describe("an older change set", () => {
  test.for([
    [unitOf(rests, true), available, "act delete-change-set"],
    [unitOf(rests, true), computing, "waiting change-set"],
    [unitOf(rests, true), executing, "deployed"],
    [unitOf(rests), computing, "waiting change-set"],
    [unitOf(rests), executing, "act create-change-set"],
  ] as const)("goes first, unless it was executed", ([unit, older, expected]) => {
    expect(brief(decided(unit, withChangeSets({ older })))).toBe(expected);
  });
});

describe("a change set that came to nothing", () => {
  const record = {
    ...emptyRecord,
    failures: { [empty.id]: { revision: "r0", requestedAt: undefined, message: "" } },
  };

  test("is removed and tried again for another revision", () => {
    const sets = withChangeSets({ wanted: empty });
    const verdict = decided(unitOf(rests), { ...sets, record });
    expect(verdict).toMatchObject({
      kind: "act",
      step: { kind: "delete-change-set", unit: "base", id: empty.id },
    });
    expect(decided(unitOf(rests), sets)).toMatchObject({ reason: "NoChanges", failure: empty.id });
  });

  test("is removed where it was to put back drift", () => {
    const verdict = decided(driftedUnit(rests), withChangeSets({ wanted: empty }));
    expect(brief(verdict)).toBe("act delete-change-set");
  });
});

describe("a change set is not asked for", () => {
  test("while CloudFormation would take none, until something else is wanted", () => {
    const refused = { revision: "r1", requestedAt: undefined, message: "It is too large." };
    const record = { ...emptyRecord, failures: { [wantedName]: refused } };
    expect(decided(unitOf(rests), { record })).toEqual({
      kind: "stalled",
      unit: "base",
      reason: "ChangeSetFailed",
      message: "It is too large.",
      failure: wantedName,
    });
    const other = decided(unitOf(rests), { record, revision: "r2" });
    expect(brief(other)).toBe("act create-change-set");
  });

  test("while another stack has what this one is to have", () => {
    const awaited = new Map([["base", "It waits for s-a."]]);
    const verdict = decided(unitOf(rests), { awaited, ...withChangeSets({ wanted: available }) });
    expect(verdict).toEqual({
      kind: "waiting",
      unit: "base",
      for: "unit",
      message: "It waits for s-a.",
    });
  });

  test.for(["UPDATE_COMPLETE", "UPDATE_ROLLBACK_FAILED", "ROLLBACK_COMPLETE", "A_NEW_WORD"])(
    "where the stack is somebody else's, be it %s: nothing is done to it",
    (status) => {
      const taken = { reason: "StackTaken", message: "It is theirs." } as const;
      const verdict = decided(unitOf(stackIn(status)), { objections: new Map([["base", taken]]) });
      expect(verdict).toEqual({ kind: "stalled", unit: "base", ...taken });
    },
  );
});

describe("what is deployed", () => {
  test("is not where somebody else changed it", () => {
    const foreign = new Map([["base", "Resources.A"]]);
    expect(decided(unitOf(rests, true), { foreign })).toMatchObject({
      reason: "ForeignTemplate",
      message: expect.stringMatching(/^Somebody else changed Resources\.A\. .*selfHeal: revert/),
    });
  });
});

describe("what waits", () => {
  const waiting = (...waitsFor: readonly string[]): Unit =>
    named({ ...unitOf(rests), applied: undefined, waitsFor }, "s-web");
  const stuck = unitOf(stackIn("UPDATE_FAILED"));

  test.for<[Unit, readonly string[], string]>([
    [unitOf(rests), ["base"], "s-web waiting unit"],
    [stuck, ["base"], "s-web stalled UnitBlocked"],
    [stuck, ["none"], "s-web waiting unit"],
    [stuck, ["none", "base"], "s-web stalled UnitBlocked"],
  ])("waits no more when what it waits for is stalled", ([provider, waitsFor, expected]) => {
    const situation = { ...situationOf(provider), units: [provider, waiting(...waitsFor)] };
    expect(all(situation)[1]).toBe(expected);
  });
});

describe("stacks that left the repository", () => {
  const leaving = (...units: readonly string[]) =>
    units.map((unit) => ({ unit, stack: stackIn("UPDATE_COMPLETE", { id: `arn:${unit}` }) }));
  const here = unitOf(rests, true);

  test.for([
    [
      ["base", "s-a", "watch"],
      ["base waiting unit", "s-a waiting unit", "watch act delete-stack"],
    ],
    [
      ["base", "s-a", "s-b"],
      ["base waiting unit", "s-a act delete-stack", "s-b act delete-stack"],
    ],
    [["all"], ["all act delete-stack"]],
  ] as const)("go after what imports from them: %j", ([units, expected]) => {
    const [, ...gone] = all(situationOf(named(here, "s-z"), { leaving: leaving(...units) }));
    expect(gone).toEqual(expected);
  });

  test("stay while one of the others has not arrived", () => {
    const units = [here, named(unitOf(rests), "s-web")];
    const situation = { ...situationOf(here), units, leaving: leaving("s-a") };
    expect(all(situation).at(-1)).toBe("s-a waiting unit");
  });

  const gone = (status: string, more: Partial<Situation> = {}, reason?: string) =>
    decide(
      situationOf(here, {
        leaving: [{ unit: "s-a", stack: stackIn(status, { id: "arn:s-a", reason }) }],
        ...more,
      }),
    )[1];

  test.for([
    ["UPDATE_IN_PROGRESS", "waiting stack"],
    ["DELETE_IN_PROGRESS", "waiting stack"],
    ["REVIEW_IN_PROGRESS", "act delete-stack"],
    ["CREATE_COMPLETE", "act delete-stack"],
    ["DELETE_FAILED", "stalled StackStuck"],
  ] as const)("that are %s: %s", ([status, expected]) => {
    expect(brief(gone(status))).toBe(expected);
  });

  test("are late when their operation is", () => {
    const late = gone("DELETE_IN_PROGRESS", { now: "2026-01-01T02:00:00.000Z" });
    expect(brief(late)).toBe("stalled DeadlineExceeded");
  });

  test("are asked to go with how often they were, and again what passes", () => {
    expect(gone("CREATE_COMPLETE")).toMatchObject({ step: { attempt: 0, id: "arn:s-a" } });
    const none = { name: "s-a", changeSet: undefined, wrote: undefined, recoveries: 0 };
    const deletion = { tries: 2, at: "2026-01-01T00:00:00.000Z" };
    const record = { ...emptyRecord, stacks: { "s-a": { ...none, deletion } } };
    const clinging = new Map([["s-a", new Set(["Names"])]]);
    const reason = "The following resource(s) failed to delete: [Names]. ";
    const again = gone("DELETE_FAILED", { record, clinging }, reason);
    expect(again).toMatchObject({ kind: "act", step: { attempt: 2 } });
    const bare = { ...emptyRecord, stacks: { "s-a": none } };
    expect(gone("CREATE_COMPLETE", { record: bare })).toMatchObject({ step: { attempt: 0 } });
  });
});

test("what rolled back says why, which operation it was and how it is tried again", () => {
  const changeSetId = arnOf(wantedName);
  const of = (reason: string | undefined) =>
    decided(unitOf(stackIn("UPDATE_ROLLBACK_COMPLETE", { changeSetId, reason })));
  const again = "It is tried again with trueup reconcile, or at another revision.";
  const failed = { message: `it failed. ${again}`, failure: changeSetId };
  expect(of("it failed")).toMatchObject(failed);
  expect(of("it failed. ")).toMatchObject(failed);
  expect(of(undefined)).toMatchObject({
    message: `The stack is UPDATE_ROLLBACK_COMPLETE. ${again}`,
  });
});

describe("an operation that is under way", () => {
  const ours = { changeSetId: arnOf(`${changeSetPrefix("e".repeat(64))}new`) };
  const late = "2026-01-01T02:00:00.000Z";
  const busy = (type: string) =>
    new Map([["base", [{ logicalId: "It", type, since: "2026-01-01T00:00:00.000Z" }]]]);
  const updating = (more: Partial<Situation>, of: object = ours) =>
    decided(unitOf(stackIn("UPDATE_IN_PROGRESS", of)), more);

  test("is broken off where it is late, and not with data in its hands", () => {
    const service = updating({ now: late, underWay: busy("AWS::ECS::TaskDefinition") });
    expect(service).toMatchObject({ step: { kind: "cancel-update", operation: ours.changeSetId } });
    const data = updating({ now: late, underWay: busy("AWS::RDS::DBInstance") });
    expect(data).toMatchObject({
      reason: "DeadlineExceeded",
      message: expect.stringMatching(/ It is not broken off: It may hold data\.$/),
    });
    expect(brief(updating({ now: late }, {}))).toBe("waiting stack");
    const creating = stackIn("CREATE_IN_PROGRESS", ours);
    expect(decided(unitOf(creating), { now: late })).toMatchObject({
      message: expect.stringMatching(/for more than 60 min\.$/),
    });
  });
});

test.for([
  ["UPDATE_ROLLBACK_FAILED", /^The stack is UPDATE_ROLLBACK_FAILED: why\. Mend what is named/],
  ["DELETE_FAILED", /^The stack is DELETE_FAILED: why\. Empty or release/],
  ["UPDATE_FAILED", /^The stack is UPDATE_FAILED: why\. Roll it back/],
  ["IMPORT_ROLLBACK_FAILED", /^The stack is IMPORT_ROLLBACK_FAILED: why\. Roll it back/],
] as const)("what is %s says what a person can do about it", ([status, expected]) => {
  const none = { name: "s", changeSet: undefined, wrote: undefined, recoveries: 3 };
  const record = { ...emptyRecord, stacks: { base: none } };
  const stack = stackIn(status, { reason: "why" });
  expect(decided(unitOf(stack), { record })).toMatchObject({
    reason: "StackStuck",
    message: expect.stringMatching(expected),
    failure: stack.id,
  });
  const silent = decided(unitOf(stackIn(status)), { record });
  expect(silent).toMatchObject({ message: expect.stringMatching(`^The stack is ${status}\\. `) });
});

describe("what is protected from being deleted", () => {
  const protectedIn = (status: string, more: object = {}) =>
    stackIn(status, { isProtected: true, ...more });
  const told = {
    reason: "TerminationProtected",
    message: expect.stringContaining(
      "--no-enable-termination-protection --stack-name trueup-shop-dev-base-00000000.",
    ),
  };

  test("stalls where it leaves, is left of a first create, or is to be given up", () => {
    const leaving = [{ unit: "s-old", stack: protectedIn("UPDATE_COMPLETE") }];
    expect(decide(situationOf(unitOf(rests, true), { leaving })).at(-1)).toMatchObject(told);
    const other = { changeSetId: arnOf(`${changeSetPrefix("e".repeat(64))}new`) };
    expect(decided(unitOf(protectedIn("ROLLBACK_COMPLETE", other)))).toMatchObject(told);
    const since = "2026-01-01T00:00:00.000Z";
    const underWay = new Map([["base", [{ logicalId: "S", type: "AWS::ECS::Service", since }]]]);
    const creating = unitOf(protectedIn("CREATE_IN_PROGRESS", other));
    expect(decided(creating, { underWay })).toMatchObject(told);
  });
});
