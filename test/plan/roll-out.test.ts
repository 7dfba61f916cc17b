import { describe, expect, test } from "vitest";
import { emptyRecord } from "../../src/model/record.ts";
import { told } from "../../src/plan/roll-out.ts";
import {
  approved,
  comparisonOf,
  deployed,
  differing,
  now,
  rolled,
  verdictsOf,
  writes,
} from "./roll-outs.ts";
import { arnOf, changeSetIn, stackIn, unitOf, wantedName } from "./situations.ts";

// What may be done about a plan, with everything that can stand before it.

const at = (milliseconds: number) => new Date(Date.parse(now) + milliseconds).toISOString();

describe("what differs", () => {
  test("is asked for, and nobody is asked", () => {
    const { approval, conclusion, gates, letGo, plan, steps, verdicts } = rolled({});
    expect({ approval, gates, letGo }).toEqual({
      approval: { kind: "unneeded" },
      gates: [],
      letGo: undefined,
    });
    expect(steps.map(({ kind }) => kind)).toEqual(["create-change-set"]);
    expect(verdicts).toHaveLength(1);
    expect(conclusion.state).toBe("reconciling");
    expect(plan).toMatchObject({ changes: [], riskier: [], callouts: [], gates: [], settings: [] });
    expect(Object.keys(plan)).not.toContain("doomed");
    expect(Object.keys(plan)).not.toContain("drift");
    expect(Object.keys(plan)).not.toContain("lookups");
    expect(Object.keys(plan)).not.toContain("approvedLast");
  });

  test("comes after what is left of something older", () => {
    const older = { ...changeSetIn("CREATE_COMPLETE", "AVAILABLE"), id: "older" };
    const changeSets = new Map([["base", { wanted: undefined, older }]]);
    expect(writes(rolled({ observed: { changeSets } }))).toEqual(["delete-change-set base"]);
  });

  test("waits while anything that tasks need is missing, whoever approves", () => {
    const missing = new Map([["base", { reason: "ImageMissing", message: "no image" } as const]]);
    expect(verdictsOf(rolled({ others: { missing } }))).toEqual(["base stalled ImageMissing"]);
    expect(verdictsOf(approved({ others: { missing } }))).toEqual(["base stalled ImageMissing"]);
  });
});

describe("after a cancellation", () => {
  const changeSets = new Map([
    ["base", { wanted: changeSetIn("CREATE_COMPLETE", "AVAILABLE"), older: undefined }],
  ]);

  test.for([
    [-14_999, []],
    [-15_000, ["execute-change-set base"]],
  ] as const)("%d ms ago: %j", ([ago, expected]) => {
    const record = { ...emptyRecord, cancelledAt: at(ago) };
    expect(writes(rolled({ observed: { changeSets }, others: { record } }))).toEqual(expected);
  });

  test("that never was, a change set is executed", () => {
    expect(writes(rolled({ observed: { changeSets } }))).toEqual(["execute-change-set base"]);
  });
});

describe("what others and the clock keep from going on", () => {
  const unmet = [{ reason: "Needs", message: "waits for test" }];
  const shut = {
    ...comparisonOf(differing).desired.rules,
    windows: [
      [{ kind: "deny", cron: "0 0 * * *", seconds: 3600, timezone: "UTC", overrun: false }],
    ] as const,
  };

  test("holds what differs and writes nothing", () => {
    const { conclusion, gates, plan, steps } = rolled({
      desired: { rules: shut },
      others: { unmet },
    });
    expect(gates.map(({ reason }) => reason)).toEqual(["Needs", "WindowClosed"]);
    expect(plan.gates).toEqual(gates.map(({ message }) => message));
    expect(steps).toEqual([]);
    expect(conclusion.state).toBe("held");
  });

  test("is nothing to what is deployed, all of it", () => {
    expect(rolled({ unit: deployed, others: { unmet } }).gates).toEqual([]);
    const named = { ...deployed.goal, unit: "s-web" };
    const observed = { units: [{ ...deployed, goal: named, desired: named }, differing] };
    expect(rolled({ observed, others: { unmet } }).gates).toEqual(unmet);
  });

  test.for([
    [true, []],
    [false, ["Needs"]],
  ] as const)("keeps no way back to what was verified: %s", ([wasVerified, expected]) => {
    const goesBack = { wasVerified };
    const { gates } = rolled({ desired: { goesBack }, others: { unmet } });
    expect(gates.map(({ reason }) => reason)).toEqual(expected);
  });

  test("lets a roll-out that began before go on where the window does", () => {
    const windows = [[{ ...shut.windows[0][0], overrun: true }]];
    const { bundle } = comparisonOf(differing).desired;
    const began = (of: string) => ({ ...emptyRecord, began: { bundle: of, at: at(-60_000) } });
    const gatesOf = (of: string) =>
      rolled({ desired: { rules: { ...shut, windows } }, others: { record: began(of) } }).gates;
    expect(gatesOf(bundle.digest)).toEqual([]);
    expect(gatesOf("another")).toHaveLength(1);
  });
});

describe("an approval", () => {
  const rule = { required: 1, expiresSeconds: undefined };
  const { rules } = comparisonOf(differing).desired;
  const gated = { rules: { ...rules, settings: { ...rules.settings, approval: rule } } };

  test("is waited for with nothing written, and is all that is waited for", () => {
    const waits = rolled({ desired: gated });
    expect(waits.approval).toMatchObject({ kind: "withheld", reason: "AwaitingApproval", rule });
    expect([waits.steps, waits.gates.length, waits.conclusion.state]).toEqual([[], 1, "held"]);
    const goes = approved({ desired: gated });
    expect(goes.approval.kind).toBe("approved");
    expect(writes(goes)).toEqual(["create-change-set base"]);
  });

  test("keeps the plan it was given for, as waves go by", () => {
    const first = approved({ desired: gated });
    if (first.approval.kind !== "approved") throw new Error("It is not approved.");
    const { by } = first.approval;
    const record = { ...emptyRecord, approval: by };
    const changed = stackIn("UPDATE_COMPLETE", { changeSetId: arnOf(wantedName) });
    const second = rolled({ unit: unitOf(changed), desired: gated, others: { record } });
    expect(second.approval).toEqual({ kind: "approved", by, isNew: false });
    expect(second.plan).toMatchObject({ digest: by.plan, approvedLast: by.plan });
  });

  test("is not asked of what is deployed, unless its settings are to be let through", () => {
    expect(rolled({ unit: deployed, desired: gated }).approval.kind).toBe("unneeded");
    const before = { ...rules.settings, approval: { ...rule, required: 2 } };
    const record = { ...emptyRecord, settings: before };
    const opened = rolled({ unit: deployed, desired: gated, others: { record } });
    expect(opened.approval.kind).toBe("withheld");
    expect(opened.plan.settings).toEqual(["approval: 2 → 1"]);
  });

  test("is asked of all that is not deployed, what waits too", () => {
    const { applied: _, ...rest } = differing;
    for (const unit of [differing, { ...rest, applied: undefined }])
      expect(rolled({ desired: gated, observed: { units: [deployed, unit] } }).approval.kind).toBe(
        "withheld",
      );
  });

  test("is not asked for the way back to what was verified", () => {
    const back = (wasVerified: boolean) =>
      rolled({ desired: { ...gated, goesBack: { wasVerified } } }).approval.kind;
    expect([back(true), back(false)]).toEqual(["unneeded", "withheld"]);
  });
});

test("a failure is told by its causes in place of CloudFormation's summary", () => {
  const change = changeSetIn("FAILED", "UNAVAILABLE", "of CloudFormation");
  const changeSets = new Map([["base", { wanted: change, older: undefined }]]);
  const rollOut = rolled({ observed: { changeSets } });
  expect(rollOut.conclusion.message).toBe("base: of CloudFormation.");
  const failure = { revision: "r1", requestedAt: undefined, message: "the cause" };
  const failures = { [change.id]: failure } as Parameters<typeof told>[1];
  const { conclusion, steps, verdicts } = told(rollOut, failures);
  expect(conclusion).toMatchObject({ state: "stalled", message: "base: the cause." });
  expect(verdicts).toMatchObject([{ kind: "stalled", message: "the cause" }]);
  expect(steps).toEqual([]);
  expect(told(rollOut, {})).toEqual(rollOut);
});

describe("where nothing is wanted and nothing is left", () => {
  const nothing = { units: [], leaving: [] };
  const ways: readonly { isOrphaned?: boolean; leftAt?: string }[] = [
    { isOrphaned: true },
    { leftAt: now },
  ];

  test.for(ways)("it is destroyed: %o", (desired) => {
    const rollOut = rolled({ desired, observed: nothing });
    expect(rollOut.conclusion).toMatchObject({ state: "ready", reason: "Destroyed" });
    expect(told(rollOut, {})).toEqual(rollOut);
  });

  test.for(ways)("and not before: %o", (desired) => {
    expect(rolled({ desired }).conclusion.reason).not.toBe("Destroyed");
  });

  test("an environment that wants nothing of its own is deployed", () => {
    expect(rolled({ observed: nothing }).conclusion.reason).toBe("Deployed");
  });
});
