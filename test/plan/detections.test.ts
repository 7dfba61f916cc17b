import { describe, expect, test } from "vitest";
import type { DriftDetection, DriftMemory } from "../../src/model/record.ts";
import type { Condition } from "../../src/model/status.ts";
import {
  agreedIn,
  driftMemory,
  dueAfter,
  isAbout,
  isUnderWay,
  tickOf,
  toDetect,
} from "../../src/plan/detections.ts";
import { lastOperation } from "../../src/plan/foreign.ts";
import type { Verdict } from "../../src/plan/steps.ts";
import { arnOf, driftedUnit, stackIn, unitOf } from "./situations.ts";

const now = "2026-01-01T12:00:00.000Z";
const stack = stackIn("UPDATE_COMPLETE");
const detection: DriftDetection = {
  id: "d-1",
  at: now,
  after: lastOperation(stack),
  found: [{ logicalId: "A", type: "AWS::X::Y", deleted: false, paths: [] }],
};

test("a detection is not about another stack, though a revert of it failed", () => {
  const changeSetId = arnOf(`trueup-${"d".repeat(20)}-drift-1`);
  const reverted = (id: string) => stackIn("UPDATE_ROLLBACK_COMPLETE", { id, changeSetId });
  expect(isAbout(detection, reverted(stack.id))).toBe(true);
  expect(isAbout(detection, reverted("arn:other"))).toBe(false);
});

describe("the slow clock", () => {
  const memory: DriftMemory = { due: now, reverts: true, units: {} };
  const ready: Condition = {
    type: "Ready",
    status: "True",
    reason: "",
    message: "",
    since: "",
    observedRevision: "r1",
  };
  const tick = (of: DriftMemory | undefined, conditions: readonly Condition[], at = now) =>
    tickOf(of, { before: { conditions }, now: at });

  test("ticks where drift is put right, and nothing is the matter", () => {
    expect(tick(memory, [ready])).toBe(`drift-${now}`);
    expect(tick(memory, [{ ...ready, type: "Healthy", status: "False" }, ready])).toBeDefined();
    expect(tick(memory, [{ ...ready, status: "False" }])).toBeUndefined();
    expect(tick(memory, [{ ...ready, type: "Healthy" }])).toBeUndefined();
    expect(tick(memory, [])).toBeUndefined();
    expect(tick(memory, [ready], "2026-01-01T11:59:59.999Z")).toBeUndefined();
    expect(tick({ due: now, units: {} }, [ready])).toBeUndefined();
    expect(tick(undefined, [ready])).toBeUndefined();
  });
});

test("the time at which one is looked at is its own, and the same in every release", () => {
  expect(dueAfter("shop/dev", 3600, now)).toBe("2026-01-01T12:46:49.106Z");
  expect(dueAfter("shop/prod", 86_400, now)).toBe("2026-01-02T03:08:35.690Z");
});

describe("what is remembered of drift", () => {
  const next = dueAfter("shop/dev", 3600, now);
  const remembered = (
    before: DriftMemory | undefined,
    more: Partial<Parameters<typeof driftMemory>[1]> = {},
  ) =>
    driftMemory(before, {
      key: "shop/dev",
      bundle: { digest: "b1" },
      selfHeal: "report",
      everySeconds: 3600,
      now,
      detections: { base: detection },
      units: [unitOf(stack)],
      verdicts: [],
      ...more,
    });

  test("is nothing where nobody looks for it", () => {
    expect(remembered({ due: now, units: {} }, { selfHeal: "off" })).toBeUndefined();
  });

  test("is what is looked up otherwise, as long as the same bundle is desired", () => {
    const lookups = { bundle: "b1", changed: ["x-vpc.VpcId is not what it was."] };
    const memory = { due: next, lookups, units: {} };
    expect(remembered(memory)?.lookups).toEqual(lookups);
    expect(remembered(memory, { bundle: { digest: "b2" } })).not.toHaveProperty("lookups");
  });

  test("is when it is looked for next, as soon as is asked for", () => {
    expect(remembered(undefined)).toEqual({ due: next, units: { base: detection } });
    expect(remembered({ due: "2030-01-01T00:00:00.000Z", units: {} })?.due).toBe(next);
    expect(remembered({ due: now, units: {} })?.due).toBe(now);
    expect(remembered(undefined, { selfHeal: "revert" })).toMatchObject({ reverts: true });
    expect(remembered(undefined)).not.toHaveProperty("reverts");
  });

  const removes: Verdict = {
    kind: "act",
    unit: "base",
    step: { kind: "delete-change-set", unit: "base", id: "x" },
    message: "",
  };
  const executes: Verdict = {
    ...removes,
    step: { kind: "execute-change-set", unit: "base", id: "x" },
  };
  const put = { units: [driftedUnit(stack)] };

  test.for<[string, Partial<Parameters<typeof driftMemory>[1]>, boolean]>([
    ["CloudFormation found nothing to put back", { ...put, verdicts: [removes] }, true],
    ["something else is done too", { ...put, verdicts: [executes, removes] }, true],
    ["it is put back", { ...put, verdicts: [executes] }, false],
    ["it waits for others", { units: [{ ...unitOf(stack), applied: undefined }] }, false],
    ["it waits", { ...put, verdicts: [{ kind: "deployed", unit: "base" }] }, false],
    ["another's is removed", { ...put, verdicts: [{ ...removes, unit: "s-a" }] }, false],
    ["it was no revert", { verdicts: [removes] }, false],
  ])("is that it is mended when %s: %s", ([, more, mended]) => {
    const others = { "s-a": detection, base: detection };
    expect(remembered(undefined, { detections: others, ...more })?.units).toEqual({
      "s-a": detection,
      base: mended ? { ...detection, found: [] } : detection,
    });
  });
});

test("what agrees was looked at wholly, and is as declared", () => {
  const { found: _, ...going } = detection;
  const found = agreedIn({
    a: { ...going, found: [] },
    b: detection,
    c: going,
    d: { ...going, found: [], incomplete: "some could not be looked at" },
  });
  expect([...found]).toEqual(["a"]);
});

describe("a look", () => {
  const known = { memory: { due: now, units: {} }, refreshed: false, now };
  const unit = unitOf(stack, true);
  const deployed: Verdict = { kind: "deployed", unit: "base" };
  const doubtful = {
    kind: "stalled",
    unit: "base",
    reason: "RollbackSkipped",
    message: "",
  } as const;
  const looked = (verdict: Verdict, memory: DriftMemory = known.memory, status?: string) => {
    const units = [status === undefined ? unit : unitOf(stackIn(status), true)];
    return toDetect({ ...known, memory, units, verdicts: [verdict] }).length;
  };

  test.for([
    ["CREATE_COMPLETE", 1],
    ["UPDATE_COMPLETE", 1],
    ["UPDATE_ROLLBACK_COMPLETE", 1],
    ["IMPORT_COMPLETE", 0],
    ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", 0],
  ] as const)("is taken at a stack that is %s: %d", ([status, expected]) => {
    expect(looked(deployed, known.memory, status)).toBe(expected);
  });

  test("is taken where all is deployed, or is in doubt", () => {
    expect(looked(doubtful)).toBe(1);
    expect(looked({ ...doubtful, reason: "RolledBack" })).toBe(0);
    expect(looked({ ...deployed, unit: "s-a" })).toBe(0);
    expect(looked(deployed, { ...known.memory, due: "2026-01-02T00:00:00.000Z" })).toBe(0);
    expect(toDetect({ ...known, units: [unitOf(undefined)], verdicts: [deployed] })).toEqual([]);
  });

  test("goes on for an hour at most", () => {
    const { found: _, ...going } = detection;
    expect(isUnderWay(going, "2026-01-01T12:59:59.999Z")).toBe(true);
    expect(isUnderWay(going, "2026-01-01T13:00:00.000Z")).toBe(false);
    expect(isUnderWay(detection, now)).toBe(false);
    expect(isUnderWay(undefined, now)).toBe(false);
  });
});
