import { describe, expect, test } from "vitest";
import { goalDigest } from "../../src/link/digests.ts";
import type { ObservedStack } from "../../src/model/observed.ts";
import { changeSetClassOf, stackClassOf, stackStatuses } from "../../src/model/phases.ts";
import { emptyRecord } from "../../src/model/record.ts";
import { decide, type Situation } from "../../src/plan/decide.ts";
import { changeSetPrefix, type Unit } from "../../src/plan/units.ts";
import {
  arnOf,
  brief,
  changeSetIn,
  situationOf,
  stackIn,
  unitOf,
  wantedName,
  withChangeSets,
} from "./situations.ts";

const decided = (situation: Situation): string => brief(decide(situation)[0]);

const available = changeSetIn("CREATE_COMPLETE", "AVAILABLE");
const noChanges = "The submitted information didn't contain changes. Submit different information.";
const failedHere = { changeSetId: arnOf(wantedName) };
const otherFailed = { changeSetId: arnOf(`${changeSetPrefix("e".repeat(64))}new`) };

test.for([
  { stack: undefined, sets: {}, expected: "act create-change-set" },
  { stack: stackIn("REVIEW_IN_PROGRESS"), sets: {}, expected: "act create-change-set" },
  {
    stack: stackIn("REVIEW_IN_PROGRESS"),
    sets: { wanted: available },
    expected: "act execute-change-set",
  },
  { stack: stackIn("CREATE_COMPLETE"), sets: {}, expected: "act create-change-set" },
  {
    stack: stackIn("UPDATE_COMPLETE"),
    sets: { wanted: available },
    expected: "act execute-change-set",
  },
  { stack: stackIn("UPDATE_COMPLETE", failedHere), sets: {}, expected: "act create-change-set" },
  { stack: stackIn("UPDATE_ROLLBACK_COMPLETE"), sets: {}, expected: "act create-change-set" },
  {
    stack: stackIn("UPDATE_ROLLBACK_COMPLETE", failedHere),
    sets: {},
    expected: "stalled RolledBack",
  },
  {
    stack: stackIn("UPDATE_COMPLETE"),
    sets: { older: available },
    expected: "act delete-change-set",
  },
  {
    stack: stackIn("UPDATE_COMPLETE"),
    sets: { wanted: changeSetIn("CREATE_IN_PROGRESS", "UNAVAILABLE") },
    expected: "waiting change-set",
  },
  {
    stack: stackIn("UPDATE_COMPLETE"),
    sets: { wanted: changeSetIn("CREATE_COMPLETE", "EXECUTE_IN_PROGRESS") },
    expected: "waiting stack",
  },
  {
    stack: stackIn("UPDATE_COMPLETE"),
    sets: { wanted: changeSetIn("FAILED", "UNAVAILABLE", "Parameters: [X] must have values") },
    expected: "stalled ChangeSetFailed",
  },
  {
    stack: stackIn("UPDATE_COMPLETE"),
    sets: { wanted: changeSetIn("FAILED", "UNAVAILABLE", noChanges) },
    expected: "stalled NoChanges",
  },
  { stack: stackIn("UPDATE_IN_PROGRESS"), sets: {}, expected: "waiting stack" },
  { stack: stackIn("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"), sets: {}, expected: "waiting stack" },
  { stack: stackIn("ROLLBACK_COMPLETE", otherFailed), sets: {}, expected: "act delete-stack" },
  { stack: stackIn("ROLLBACK_COMPLETE"), sets: {}, expected: "stalled RolledBack" },
  { stack: stackIn("ROLLBACK_COMPLETE", failedHere), sets: {}, expected: "stalled RolledBack" },
  { stack: stackIn("UPDATE_ROLLBACK_FAILED"), sets: {}, expected: "act continue-rollback" },
  { stack: stackIn("UPDATE_FAILED"), sets: {}, expected: "stalled StackStuck" },
  { stack: stackIn("DELETE_FAILED"), sets: {}, expected: "stalled StackStuck" },
  { stack: stackIn("A_STATUS_OF_TOMORROW"), sets: {}, expected: "stalled StatusUnknown" },
])("$stack.status with $sets: $expected", ({ expected, sets, stack }) => {
  expect(decided(situationOf(unitOf(stack), withChangeSets(sets)))).toBe(expected);
});

describe("a digest that failed", () => {
  const failed = unitOf(stackIn("ROLLBACK_COMPLETE", failedHere));
  const record = {
    ...emptyRecord,
    failures: { [arnOf(wantedName)]: { revision: "r1", requestedAt: "t1", message: "" } },
  };

  test.for([
    { revision: "r1", requestedAt: "t1", expected: "stalled RolledBack" },
    { revision: "r2", requestedAt: "t1", expected: "act delete-stack" },
    { revision: "r1", requestedAt: "t2", expected: "act delete-stack" },
  ])("at $revision, asked by $requestedAt: $expected", ({ expected, ...asked }) => {
    expect(decided(situationOf(failed, { record, ...asked }))).toBe(expected);
  });

  test.for([
    { revision: "r1", requestedAt: "t1", after: "by-hand", expected: "stalled RolledBack" },
    { revision: "r2", requestedAt: "t1", after: "by-hand", expected: "act create-change-set" },
    { revision: "r1", requestedAt: "t2", after: "by-hand", expected: "act create-change-set" },
    {
      revision: "r1",
      requestedAt: "t1",
      after: `${changeSetPrefix("e".repeat(64))}new`,
      expected: "act create-change-set",
    },
  ])(
    "at $revision, asked by $requestedAt, after $after: $expected",
    ({ after, expected, ...asked }) => {
      const reverted = stackIn("UPDATE_ROLLBACK_COMPLETE", { changeSetId: arnOf(after) });
      expect(decided(situationOf(unitOf(reverted), { record, ...asked }))).toBe(expected);
      const cancelled = { ...record, cancelled: [arnOf(wantedName)] };
      const given = { record: cancelled, ...asked };
      expect(decided(situationOf(unitOf(reverted), given))).toBe("act create-change-set");
    },
  );

  test("is not tried again when the record is lost", () => {
    expect(decided(situationOf(failed, { revision: "r2" }))).toBe("stalled RolledBack");
  });
});

describe("whatever the statuses", () => {
  const changeSets = [
    undefined,
    ...["CREATE_PENDING", "CREATE_COMPLETE", "FAILED", "DELETE_FAILED", "NEW_WORD"].flatMap(
      (status) =>
        ["UNAVAILABLE", "AVAILABLE", "EXECUTE_IN_PROGRESS", "EXECUTE_FAILED", "OBSOLETE"].map(
          (executionStatus) => changeSetIn(status, executionStatus),
        ),
    ),
  ];
  const stacks = [undefined, ...[...stackStatuses, "NEW_WORD"].map((status) => stackIn(status))];
  const product = stacks.flatMap((stack) =>
    changeSets.flatMap((wanted) => changeSets.map((older) => ({ stack, wanted, older }))),
  );

  test("there is a verdict, and only an executable change set is executed, on a stack at rest", () => {
    for (const { older, stack, wanted } of product) {
      const [verdict] = decide(situationOf(unitOf(stack), withChangeSets({ older, wanted })));
      expect(verdict).toBeDefined();
      if (verdict?.kind !== "act" || verdict.step.kind !== "execute-change-set") continue;
      expect(wanted && changeSetClassOf(wanted)).toBe("executable");
      expect(older === undefined || changeSetClassOf(older) === "executed").toBe(true);
      expect(["absent", "review", "settled", "reverted"]).toContain(stackClassOf(stack?.status));
    }
  });

  test("only a first create that failed is deleted, where nothing hangs", () => {
    for (const { older, stack, wanted } of product) {
      const [verdict] = decide(situationOf(unitOf(stack), withChangeSets({ older, wanted })));
      if (verdict?.kind !== "act" || verdict.step.kind !== "delete-stack") continue;
      expect(stackClassOf(stack?.status)).toBe("dead");
    }
  });

  test("a unit that is deployed is never written to, but for what an older intent left", () => {
    for (const { older, stack, wanted } of product) {
      const [verdict] = decide(situationOf(unitOf(stack, true), withChangeSets({ older, wanted })));
      if (verdict?.kind === "act") expect(verdict.step.kind).toBe("delete-change-set");
    }
  });

  test("an objection keeps every change set from being asked for or executed", () => {
    const objections = new Map([["base", { reason: "DataAtRisk", message: "" } as const]]);
    for (const { older, stack, wanted } of product) {
      const more = { ...withChangeSets({ older, wanted }), objections };
      const [verdict] = decide(situationOf(unitOf(stack), more));
      if (verdict?.kind !== "act") continue;
      expect(["create-change-set", "execute-change-set"]).not.toContain(verdict.step.kind);
    }
  });
});

describe("an update that is under way for something older", () => {
  const ours = { changeSetId: arnOf(`${changeSetPrefix("e".repeat(64))}new`) };
  const since = "2026-01-01T00:00:00.000Z";
  const busyWith = (...types: readonly string[]) =>
    new Map([
      ["base", types.map((type) => ({ logicalId: type.split("::")[2] ?? "", type, since }))],
    ]);
  const hanging = busyWith("AWS::ECS::Service");
  const deciding = (
    status: string,
    from: Partial<ObservedStack>,
    underWay: Situation["underWay"],
  ) => decide(situationOf(unitOf(stackIn(status, from)), { underWay }))[0];

  test.for<[string, Partial<ObservedStack>, Situation["underWay"], string]>([
    ["UPDATE_IN_PROGRESS", ours, hanging, "act cancel-update"],
    ["CREATE_IN_PROGRESS", ours, hanging, "act delete-stack"],
    ["UPDATE_ROLLBACK_IN_PROGRESS", ours, hanging, "waiting stack"],
    ["UPDATE_IN_PROGRESS", failedHere, hanging, "waiting stack"],
    ["UPDATE_IN_PROGRESS", { changeSetId: arnOf("somebodys") }, hanging, "waiting stack"],
    ["UPDATE_IN_PROGRESS", {}, hanging, "waiting stack"],
    ["UPDATE_IN_PROGRESS", ours, new Map(), "waiting stack"],
    ["UPDATE_IN_PROGRESS", ours, busyWith("AWS::RDS::DBInstance"), "waiting stack"],
    [
      "UPDATE_IN_PROGRESS",
      ours,
      busyWith("AWS::ECS::Service", "AWS::RDS::DBInstance"),
      "waiting stack",
    ],
  ])("%s from %o, busy with %o: %s", ([status, from, underWay, expected]) => {
    expect(brief(deciding(status, from, underWay))).toBe(expected);
  });

  test("is waited for where it is a step to what is wanted now, and to nothing else", () => {
    const unit = unitOf(stackIn("UPDATE_IN_PROGRESS", ours));
    const name = `${changeSetPrefix("e".repeat(64))}new`;
    const toward = goalDigest(unit.goal);
    const given = (steps: Readonly<Record<string, string>>) => {
      const base = { name: "n", changeSet: "c", wrote: undefined, recoveries: 0, steps };
      const record = { ...emptyRecord, stacks: { base } };
      return decided(situationOf(unit, { record, underWay: hanging }));
    };
    expect(given({ [name]: toward })).toBe("waiting stack");
    expect(given({ [name]: "another" })).toBe("act cancel-update");
    expect(given({ another: toward })).toBe("act cancel-update");
  });

  test("a change set says what it is a step to, unless it brings that", () => {
    const stack = stackIn("UPDATE_COMPLETE");
    const unit = unitOf(stack);
    const step = { ...unit, desired: { ...unit.desired, tags: { more: "1" } } };
    const asked = (one: Unit) => decide(situationOf(one))[0];
    const toward = goalDigest(unit.goal);
    expect(asked(step)).toMatchObject({ step: { kind: "create-change-set", toward } });
    expect(asked(unit)).not.toHaveProperty("step.toward");
  });

  test("a cancelled digest did not fail; nothing is executed while its call may still arrive", () => {
    const record = { ...emptyRecord, cancelled: [arnOf(wantedName)] };
    const stack = stackIn("UPDATE_ROLLBACK_COMPLETE", failedHere);
    expect(decided(situationOf(unitOf(stack), { record }))).toBe("act create-change-set");
    const more = { record, fenced: true, ...withChangeSets({ wanted: available }) };
    expect(decided(situationOf(unitOf(stack), more))).toBe("waiting change-set");
  });
});

describe("a unit that left the repository", () => {
  const stack = stackIn("CREATE_COMPLETE");
  const leaving = [{ unit: "s-old", stack }];

  test("goes when everything else has arrived", () => {
    const [, verdict] = decide(situationOf(unitOf(stack, true), { leaving }));
    expect(brief(verdict)).toBe("act delete-stack");
  });

  test("stays while something else has not", () => {
    const [, verdict] = decide(situationOf(unitOf(stack), { leaving }));
    expect(brief(verdict)).toBe("waiting unit");
  });
});

describe("a rollback that failed again and again", () => {
  const stack = stackIn("UPDATE_ROLLBACK_FAILED", failedHere);
  const recorded = { name: stack.name, changeSet: undefined, wrote: undefined, recoveries: 3 };
  const skips = new Map([["base", ["Service"]]]);
  const operation = arnOf(wantedName);
  const skipping = (more: Partial<Situation>): string => {
    const record = { ...emptyRecord, stacks: { base: recorded } };
    const [verdict] = decide(situationOf(unitOf(stack), { record, ...more }));
    return verdict?.kind === "act" && verdict.step.kind === "continue-rollback"
      ? `without ${verdict.step.skip.join()}`
      : brief(verdict);
  };
  const tried = (resources: readonly string[]) => ({
    record: {
      ...emptyRecord,
      stacks: { base: { ...recorded, skipped: { operation, resources } } },
    },
  });

  test("is continued without what people name, once", () => {
    expect(skipping({})).toBe("stalled StackStuck");
    expect(skipping({ skips })).toBe("without Service");
    expect(skipping({ skips, ...tried(["Service"]) })).toBe("stalled StackStuck");
    expect(skipping({ skips, ...tried(["Role"]) })).toBe("without Service");
    expect(skipping({ skips: new Map([["another", ["Service"]]]) })).toBe("stalled StackStuck");
  });

  test("leaves a stack that is not deployed, whatever its stamp says, until another operation", () => {
    const rests = unitOf(stackIn("UPDATE_ROLLBACK_COMPLETE", failedHere), true);
    expect(decided(situationOf(rests, tried(["Service"])))).toBe("stalled RollbackSkipped");
    const later = unitOf(stackIn("UPDATE_COMPLETE", otherFailed), true);
    expect(decided(situationOf(later, tried(["Service"])))).toBe("deployed");
  });
});

test("a create is not given up where that would leave something behind", () => {
  const ours = { changeSetId: arnOf(`${changeSetPrefix("e".repeat(64))}new`) };
  const underWay = new Map([
    ["base", [{ logicalId: "Service", type: "AWS::ECS::Service", since: "" }]],
  ]);
  const unit = unitOf(stackIn("CREATE_IN_PROGRESS", ours));
  expect(decided(situationOf(unit, { underWay }))).toBe("act delete-stack");
  const keeps = new Map([["base", ["Table"]]]);
  expect(decided(situationOf(unit, { underWay, keeps }))).toBe("waiting stack");
});

test("what is wanted is not deleted any further, whoever began and whoever asks", () => {
  const stack = stackIn("DELETE_FAILED", failedHere);
  const failures = { [arnOf(wantedName)]: { revision: "r1", requestedAt: "t1", message: "" } };
  const record = { ...emptyRecord, failures };
  const asked = (requestedAt: string, of = unitOf(stack)) =>
    decided(situationOf(of, { record, requestedAt }));
  expect(asked("t1")).toBe("stalled StackStuck");
  expect(asked("t2")).toBe("stalled StackStuck");
});
