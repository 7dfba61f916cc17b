import { describe, expect, test } from "vitest";
import type { Settings } from "../../src/model/gates.ts";
import {
  type EnvironmentRecord,
  emptyRecord,
  type RecordedApproval,
} from "../../src/model/record.ts";
import type { Approval } from "../../src/plan/approval.ts";
import { type Passed, recalled, remember, withRecoveries } from "../../src/plan/remember.ts";
import type { Step, Verdict } from "../../src/plan/steps.ts";
import { base, baseIn, queue, web } from "./laid.ts";

const now = "2026-01-02T00:00:00.000Z";
const target = { account: "123456789012", region: "eu-west-1" };
const settings: Settings = { approval: undefined, target, windows: [] };
const here = { revision: "r1", bundle: "b1" };

const passedWith = (more: Partial<Passed> = {}): Passed => ({
  bundle: { digest: "b1", target, stacks: [base] },
  intent: "i1",
  drift: undefined,
  revision: "r1",
  leaving: [],
  verdicts: [],
  conclusion: { state: "reconciling", reason: "", message: "" },
  settled: new Map(),
  approval: { kind: "unneeded" },
  letGo: undefined,
  gates: [],
  rules: { settings, floor: undefined, approvers: [], windows: [] },
  now,
  failures: {},
  ...more,
});

const kept = (record: Partial<EnvironmentRecord>, more?: Partial<Passed>) =>
  remember({ ...emptyRecord, ...record }, passedWith(more));

const acting = (step: Step): Verdict => ({ kind: "act", unit: step.unit, step, message: "" });
const deployed: Verdict = { kind: "deployed", unit: "base" };
const created: Step = {
  kind: "create-change-set",
  unit: "base",
  stack: base,
  type: "UPDATE",
  name: "trueup-c",
  digest: "d1",
  parameters: {},
  revertsDrift: false,
};
const creates = { verdicts: [acting(created)] };
const gates = [{ reason: "Suspended", message: "" }];
const ready = { conclusion: { state: "ready", reason: "", message: "" } } as const;

describe("what is being rolled out", () => {
  test("is remembered ahead of the first write for it, with when it began", () => {
    expect(kept({}, creates)).toMatchObject({ intent: here, began: { bundle: "i1", at: now } });
  });

  test("began when it did, as it goes on", () => {
    const began = { bundle: "i1", at: "2026-01-01T00:00:00.000Z" };
    expect(kept({ intent: here, began }, creates).began).toEqual(began);
    const other = { intent: { ...here, bundle: "b0" }, began };
    expect(kept(other, creates).began).toEqual({ bundle: "i1", at: now });
  });

  test("is nothing new while nothing is written", () => {
    const intent = { revision: "r0", bundle: "b0" };
    for (const quiet of [{ ...creates, gates }, { verdicts: [deployed] }, {}]) {
      const { began, intent: is, stacks } = kept({ intent }, quiet);
      expect({ began, is }).toEqual({ began: undefined, is: intent });
      expect(stacks.base).toMatchObject({ changeSet: undefined, wrote: undefined });
    }
  });

  test("is over when all is deployed", () => {
    const { deployed: is, intent } = kept({ intent: here }, { ...ready, verdicts: [deployed] });
    expect([is, intent]).toEqual([here, undefined]);
    expect(kept({ deployed: here }, creates).deployed).toBe(here);
  });

  test("is wanted since the revision was first seen", () => {
    expect(kept({}).wanted).toEqual({ revision: "r1", since: now });
    const wanted = { revision: "r1", since: "2026-01-01T00:00:00.000Z" };
    expect(kept({ wanted }).wanted).toEqual(wanted);
    const older = { ...wanted, revision: "r0" };
    const ahead = { since: "2027-01-01T00:00:00.000Z", revision: "r0" };
    expect(kept({ wanted: ahead }).wanted?.since).toBe("2027-01-01T00:00:00.001Z");
    expect(kept({ wanted: older }).wanted).toEqual({ revision: "r1", since: now });
  });
});

const before = { name: "app-base", changeSet: "c0", wrote: "w0", recoveries: 1 };
const stackAfter = (verdict: Verdict | undefined, more: object = {}) =>
  kept(
    { stacks: { base: { ...before, ...more } } },
    { verdicts: verdict === undefined ? [] : [verdict] },
  ).stacks.base;
const id = "arn:x";

describe("a stack", () => {
  test("is named before it is there, and while it leaves", () => {
    const leaving = [{ unit: "s-web", stack: baseIn("DELETE_IN_PROGRESS", { name: web.name }) }];
    expect(kept({}, { leaving }).stacks).toMatchObject({
      base: { name: base.name, changeSet: undefined, wrote: undefined, recoveries: 0 },
      "s-web": { name: web.name },
    });
    const gone = { ...before, doubtful: "2026-01-01T23:59:00.000Z" };
    expect(Object.keys(kept({ stacks: { gone } }).stacks)).toEqual(["base"]);
  });

  test.for<[Step, object]>([
    [created, { changeSet: "trueup-c", wrote: "create-change-set trueup-c" }],
    [
      { kind: "execute-change-set", unit: "base", id },
      { changeSet: "c0", wrote: `execute-change-set ${id}` },
    ],
    [
      { kind: "delete-change-set", unit: "base", id },
      { changeSet: "c0", wrote: `delete-change-set ${id}` },
    ],
    [
      { kind: "delete-stack", unit: "base", id, attempt: 0 },
      { changeSet: "c0", wrote: `delete-stack ${id}` },
    ],
    [
      { kind: "cancel-update", unit: "base", id, operation: "o" },
      { changeSet: "c0", wrote: `cancel-update ${id}` },
    ],
    [
      { kind: "continue-rollback", unit: "base", id, skip: [], operation: "o" },
      { changeSet: "c0", wrote: `continue-rollback ${id}`, continued: now },
    ],
  ])("has what was written for it: %j", ([step, expected]) => {
    expect(stackAfter(acting(step))).toMatchObject({ recoveries: 1, ...expected });
  });

  test("knows the last four steps until it is deployed, whatever is written then", () => {
    const step = { ...created, toward: "goal" };
    const steps = { one: "g", two: "g", three: "g", four: "g" };
    const known = { two: "g", three: "g", four: "g", "trueup-c": "goal" };
    const from = (verdict: Verdict, more: object = { steps }) =>
      kept({ stacks: { base: { ...before, ...more } } }, { verdicts: [verdict] }).stacks.base
        ?.steps;
    expect(from(acting(step))).toEqual(known);
    expect(from(acting(step), {})).toEqual({ "trueup-c": "goal" });
    expect(from(acting(created))).toEqual(steps);
    expect(from(acting({ kind: "execute-change-set", unit: "base", id }))).toEqual(steps);
    expect(from({ unit: "base", kind: "waiting", for: "stack", message: "" })).toEqual(steps);
    expect(from({ unit: "base", kind: "deployed" })).toBeUndefined();
  });

  test("was continued as often as that was answered", () => {
    const record = kept({ stacks: { base: before, "s-web": before } });
    const step = { kind: "continue-rollback", unit: "base", id, skip: [], operation: "o" } as const;
    const gone = { ...step, unit: "gone" };
    const { stacks } = withRecoveries(record, [step, { ...created, unit: "s-web" }, gone]);
    expect(Object.entries(stacks).map(([unit, { recoveries }]) => [unit, recoveries])).toEqual([
      ["base", 2],
      ["s-web", 1],
    ]);
  });

  test("that is being rolled back on is so since it was asked for, until it is deployed", () => {
    const continued = "2026-01-01T00:00:00.000Z";
    const cancel = acting({ kind: "cancel-update", unit: "base", id: "arn", operation: "o" });
    expect(stackAfter(cancel, { continued })?.continued).toBe(continued);
    expect(stackAfter(deployed, { continued })?.continued).toBeUndefined();
  });

  test("that is deployed has recovered; that waits is as it was", () => {
    expect(stackAfter(deployed)).toMatchObject({ ...before, recoveries: 0 });
    expect(stackAfter(undefined)).toMatchObject(before);
    const waits = { kind: "waiting", unit: "base", for: "stack", message: "" } as const;
    expect(stackAfter(waits)).toMatchObject(before);
  });
});

describe("a stack that", () => {
  test("is deployed waits for a change set whose creation nobody answered", () => {
    const asked = { wrote: "create-change-set c0" };
    expect(stackAfter(deployed, asked)?.doubtful).toBe(now);
    const before = { ...asked, doubtful: "earlier" };
    expect(stackAfter(deployed, before)?.doubtful).toBe("earlier");
    expect(stackAfter(acting(created), before)?.doubtful).toBeUndefined();
    expect(stackAfter(deployed, { wrote: "execute-change-set c0" })?.doubtful).toBeUndefined();
    expect(stackAfter(deployed, { wrote: "create-change-set c1" })?.doubtful).toBeUndefined();
  });

  test("is not there, and nobody wants, may be there, or come yet, for a minute", () => {
    const asked = {
      name: "app-s-old",
      changeSet: "c0",
      wrote: "create-change-set c0",
      recoveries: 0,
    };
    const stays = (more: object, after?: Partial<Passed>) =>
      kept({ stacks: { "s-old": { ...asked, ...more } } }, after).stacks["s-old"];
    const ago = (seconds: number) => new Date(Date.parse(now) - seconds * 1000).toISOString();
    expect(stays({})).toMatchObject({ ...asked, doubtful: now });
    expect(stays({ doubtful: ago(59) })).toMatchObject({ ...asked, doubtful: ago(59) });
    expect(stays({ doubtful: ago(60) })).toBeUndefined();
    expect(stays({ wrote: "execute-change-set c0" })?.doubtful).toBe(now);
    expect(stays({ wrote: "delete-stack c0", doubtful: ago(60) })).toBeUndefined();
    // It came.
    const stack = { id, name: asked.name } as Passed["leaving"][number]["stack"];
    expect(stays({}, { leaving: [{ unit: "s-old", stack }] })?.doubtful).toBeUndefined();
  });
});

describe("of a stack, what", () => {
  test("was tried to delete it is counted, until another is there", () => {
    const step: Step = { kind: "delete-stack", unit: "base", id, attempt: 0 };
    const deletion = { tries: 2, at: "2026-01-01T00:00:00.000Z" };
    expect(stackAfter(acting(step))?.deletion).toEqual({ tries: 1, at: now });
    expect(stackAfter(acting(step), { deletion })?.deletion).toEqual({ tries: 3, at: now });
    expect(stackAfter(acting(created), { deletion })?.deletion).toEqual(deletion);
    expect(stackAfter(undefined, { deletion })?.deletion).toEqual(deletion);
    expect(stackAfter(deployed, { deletion })?.deletion).toBeUndefined();
  });

  test("a rollback left out is kept, until it is deployed", () => {
    const go = (...skip: readonly string[]): Verdict =>
      acting({ kind: "continue-rollback", unit: "base", id, skip, operation: "o" });
    const skipped = { operation: "o0", resources: ["A"] };
    expect(stackAfter(go("B"), { skipped })?.skipped).toEqual({ operation: "o", resources: ["B"] });
    expect(stackAfter(go(), { skipped })?.skipped).toEqual(skipped);
    expect(stackAfter(acting(created), { skipped })?.skipped).toEqual(skipped);
    expect(stackAfter(undefined, { skipped })?.skipped).toEqual(skipped);
    expect(stackAfter(deployed, { skipped })?.skipped).toBeUndefined();
  });

  test("was found to be ours last is kept", () => {
    const settled = { id, lastUpdated: now, changeSet: undefined };
    const found = new Map([["base", settled]]);
    expect(kept({}, { settled: found }).stacks.base?.settled).toBe(settled);
    expect(stackAfter(undefined, { settled })?.settled).toBe(settled);
  });

  test("holds data is as it was found, less what an operation of ours takes out", () => {
    const stacks = [{ ...web, template: { ...web.template, Resources: { Other: queue } } }, base];
    const bundle = { digest: "b1", target, stacks };
    const found = new Map([["base", { id, lastUpdated: now, changeSet: undefined }]]);
    const holdsOf = (more: Partial<Passed>, holds?: readonly string[]) =>
      kept({ stacks: { base: { ...before, holds } } }, { bundle, ...more }).stacks.base?.holds;
    expect(holdsOf({ settled: found }, ["Table"])).toEqual(["Jobs"]);
    const plain = { ...base, template: { ...base.template, Resources: {} } };
    const empty = { bundle: { ...bundle, stacks: [plain] } };
    expect(holdsOf({ ...empty, settled: found }, ["Table"])).toBeUndefined();
    const executes = { verdicts: [acting({ kind: "execute-change-set", unit: "base", id })] };
    expect(holdsOf(executes, ["Jobs", "Table"])).toEqual(["Jobs"]);
    expect(holdsOf({ ...empty, ...executes }, ["Table"])).toBeUndefined();
    expect(holdsOf(executes)).toBeUndefined();
    expect(holdsOf({ ...executes, gates }, ["Jobs", "Table"])).toEqual(["Jobs", "Table"]);
    expect(holdsOf({ verdicts: [acting(created)] }, ["Table"])).toEqual(["Table"]);
  });

  test("holds data is not looked up again after the same operation", () => {
    const settled = { id, lastUpdated: now, changeSet: undefined };
    const bundle = { digest: "b1", target, stacks: [base] };
    const holdsOf = (holds: readonly string[] | undefined) =>
      kept(
        { stacks: { base: { ...before, holds, settled } } },
        { bundle, settled: new Map([["base", settled]]) },
      ).stacks.base?.holds;
    expect(holdsOf(["Table"])).toEqual(["Table"]);
    expect(holdsOf(undefined)).toBeUndefined();
  });

  test("was written is its own, also where another comes first", () => {
    const other: Verdict = { ...acting(created), unit: "s-web" };
    expect(kept({}, { verdicts: [other, deployed] }).stacks.base?.wrote).toBeUndefined();
  });

  test("is new has had no deletion and left nothing out", () => {
    const fresh = kept({}, creates).stacks.base;
    expect([fresh?.deletion, fresh?.skipped]).toEqual([undefined, undefined]);
    const deletes = acting({ kind: "delete-stack", unit: "base", id, attempt: 0 });
    expect(kept({}, { verdicts: [deletes] }).stacks.base?.deletion?.tries).toBe(1);
    const goes = { kind: "continue-rollback", unit: "base", id, skip: [], operation: "o" } as const;
    expect(kept({}, { verdicts: [acting(goes)] }).stacks.base?.skipped).toBeUndefined();
  });

  test("is remembered where the record was lost is its name alone", () => {
    const { stacks } = recalled(emptyRecord, [{ unit: "base", name: "app-base" }]);
    const none = { changeSet: undefined, wrote: undefined, recoveries: 0 };
    expect(stacks).toEqual({ base: { ...none, name: "app-base" } });
  });
});

describe("what was broken off", () => {
  const cancel = (late?: string): Verdict =>
    acting({
      kind: "cancel-update",
      unit: "base",
      id: "arn:x",
      operation: "o1",
      ...(late === undefined ? {} : { late }),
    });

  test("for something newer did not fail, and is fenced off", () => {
    const { cancelled, cancelledAt } = kept({ cancelled: ["o0"] }, { verdicts: [cancel()] });
    expect([cancelled, cancelledAt]).toEqual([["o0", "o1"], now]);
  });

  test("since it was late did fail, and is fenced off", () => {
    const { cancelled, cancelledAt } = kept({}, { verdicts: [cancel("late")] });
    expect([cancelled, cancelledAt]).toEqual([[], now]);
  });

  test("is nothing while a gate holds, or where something else is done", () => {
    for (const quiet of [{ verdicts: [cancel()], gates }, creates, {}]) {
      const { cancelled, cancelledAt } = kept({ cancelledAt: "before" }, quiet);
      expect([cancelled, cancelledAt]).toEqual([[], "before"]);
    }
  });

  test("is remembered once, and as much as matters", () => {
    const before = Array.from({ length: 20 }, (_, index) => `o-${index}`);
    const { cancelled } = kept({ cancelled: before }, { verdicts: [cancel()] });
    expect(cancelled).toEqual([...before.slice(1), "o1"]);
    expect(kept({ cancelled: ["o1"] }, { verdicts: [cancel()] }).cancelled).toEqual(["o1"]);
  });

  test("stands beside what failed, the newest of it", () => {
    const failure = { revision: "r1", requestedAt: undefined, message: "" };
    const before = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`f-${at}`, failure]));
    const { failures } = kept({ failures: before }, { failures: { new: failure } });
    expect(Object.keys(failures)).toEqual([...Object.keys(before).slice(1), "new"]);
  });
});

describe("settings", () => {
  const rule = (required: number) => ({ required, expiresSeconds: undefined });
  const before = { ...settings, approval: rule(1) };
  const moved = { ...before, target: { ...target, region: "us-east-1" } };
  const by: RecordedApproval = { plan: "p", rollOut: "r", stamps: {}, risks: {}, votes: [] };
  const yes: Approval = { kind: "approved", by, isNew: false };
  const letThrough = (
    next: Settings,
    more: Partial<Passed> = {},
    last: Settings | undefined = before,
  ) =>
    kept(
      { settings: last },
      { rules: { settings: next, floor: undefined, approvers: [], windows: [] }, ...more },
    ).settings;

  test("are let through where they open nothing, or are the first", () => {
    const stricter = { ...before, approval: rule(2) };
    expect(letThrough(stricter)).toBe(stricter);
    expect(kept({}).settings).toBe(settings);
    const gated = { settings: moved, floor: undefined, approvers: [], windows: [] };
    expect(kept({}, { rules: gated }).settings).toBe(moved);
  });

  test("that open something are let through when it was approved and is deployed", () => {
    expect(letThrough(settings)).toBe(before);
    expect(letThrough(settings, { approval: yes })).toBe(before);
    expect(letThrough(settings, ready)).toBe(before);
    expect(letThrough(settings, { approval: yes, ...ready })).toBe(settings);
  });

  test("that nobody has to be asked about are let through", () => {
    const free = { ...moved, approval: undefined };
    expect(letThrough(free, {}, settings)).toBe(free);
  });

  test("that open windows wait for one of those before", () => {
    const night = { kind: "deny", cron: "0 0 * * *", timezone: "UTC", overrun: false } as const;
    const shut = { ...settings, windows: [{ ...night, seconds: 3600 }] };
    expect(letThrough(settings, {}, shut)).toBe(shut);
    const noon = "2026-01-02T12:00:00.000Z";
    expect(letThrough(settings, { now: noon }, shut)).toBe(settings);
    const there = { ...shut, target: moved.target };
    expect(letThrough(there, {}, shut)).toBe(there);
  });
});

describe("an approval", () => {
  const by = {
    plan: "p",
    rollOut: "b",
    stamps: { base: ["d0"] },
    risks: {},
    votes: [],
  } satisfies RecordedApproval;
  const approval: Approval = { kind: "approved", by, isNew: true };
  const offer = { digest: "p", at: now, requestedAt: undefined };
  const withheld: Approval = {
    kind: "withheld",
    reason: "AwaitingApproval",
    message: "",
    offer,
    rule: { required: 1, expiresSeconds: undefined },
  };

  test("that is acted upon covers every digest that its roll-out asks for, once", () => {
    const twice = { verdicts: [acting(created), acting({ ...created, unit: "s-web" })], approval };
    expect(kept({}, twice).approval).toEqual({
      ...by,
      stamps: { base: ["d0", "d1"], "s-web": ["d1"] },
    });
    const again: Approval = { ...approval, by: { ...by, stamps: { base: ["d1"] } } };
    expect(kept({}, { ...creates, approval: again }).approval?.stamps).toEqual({ base: ["d1"] });
  });

  test("is used up where that is deployed: it covers nothing that begins where it began", () => {
    const asked = { ...by, stamps: { base: ["d0", "d1", "d2"], "s-web": [""] } };
    const stamps = { base: ["d2"], "s-web": [""] };
    const approved: Approval = { ...approval, by: asked };
    expect(kept({}, { approval: approved, ...ready }).approval?.stamps).toEqual(stamps);
    expect(kept({ approval: asked }, ready).approval?.stamps).toEqual(stamps);
    expect(kept({ approval: asked }).approval).toBe(asked);
  });

  test("covers nothing more by what is not asked for", () => {
    const step = { kind: "execute-change-set", unit: "base", id: "x" } as const;
    expect(kept({}, { verdicts: [acting(step), deployed], approval }).approval).toEqual(by);
    expect(kept({}, { verdicts: [deployed], approval }).approval).toBe(by);
    expect(kept({}, { ...creates, gates, approval }).approval).toBe(by);
    expect(kept({ approval: by }, creates).approval).toBe(by);
    expect(kept({}, ready).approval).toBeUndefined();
  });

  test("that is withheld leaves what was approved before, and its offer", () => {
    const { approval: stays, offered } = kept({ approval: by }, { approval: withheld });
    expect([stays, offered]).toEqual([by, offer]);
    const before = { ...offer, digest: "o" };
    for (const given of [approval, { kind: "unneeded" } as const])
      expect(kept({ offered: before }, { approval: given }).offered).toBeUndefined();
    expect(kept({ approval: by }).approval).toBe(by);
  });
});

test("what others say is kept, what this pass says is taken", () => {
  const others = { rested: "d", verification: {}, verdict: {} } as Partial<EnvironmentRecord>;
  const letGo = { digest: "d", stacks: {} };
  const drift = { due: now, units: {} };
  const listed = { digest: "d", at: now };
  expect(kept({ ...others, listed }).listed).toBeUndefined();
  expect(kept(others, { letGo, listed, drift, leftAt: now })).toMatchObject({
    ...others,
    v: 1,
    doomed: letGo,
    listed,
    drift,
    leftAt: now,
  });
});
