import { describe, expect, test } from "vitest";
import type { Condition, ConditionType, EnvironmentStatus } from "../../src/model/status.ts";
import { noticesBetween } from "../../src/plan/notices.ts";
import { emptyStatus } from "../../src/plan/statuses.ts";

const now = "2026-01-01T00:00:00.000Z";
const revision = "1a2b3c4d5e6f70819293a4b5c6d7e8f901234567";
const former = "ffffffffffffffffffffffffffffffffffffffff";
const about = { application: "myapps", environment: "prod", now, verifies: false };

const condition = (
  type: ConditionType,
  status: Condition["status"],
  reason: string,
  observedRevision = revision,
): Condition => ({
  type,
  status,
  reason,
  message: "password=hunter2",
  since: now,
  observedRevision,
});

const status = (
  conditions: readonly Condition[],
  more: Partial<EnvironmentStatus> = {},
): EnvironmentStatus => ({
  ...emptyStatus,
  revision: { desired: revision, deployed: revision, verified: undefined },
  digest: { bundle: "b", plan: "0123456789abcdef" },
  stacks: [{ name: "trueup-myapps-prod", status: "UPDATE_COMPLETE", digest: "d" }],
  conditions,
  ...more,
});

const ready = condition("Ready", "True", "Deployed");
const passed = condition("Verified", "True", "Passed");
const waits = condition("Approved", "False", "AwaitingApproval");
const stalled = condition("Stalled", "True", "RolledBack");

const texts = (before: EnvironmentStatus, after: EnvironmentStatus, verifies = false) =>
  noticesBetween(before, after, { ...about, verifies }).map(({ text }) => text);

const instances = [{ name: "main-1a2b3c", revision, state: "Failed" }];

describe("a status that is news", () => {
  test.for([
    ["a plan that waits", [waits], "waits for approval of plan 0123456789ab.\ntrueup approve"],
    ["a failure", [stalled], "is stalled: RolledBack.\ntrueup explain"],
    [
      "a failed check",
      [ready, condition("Verified", "False", "Failed")],
      "is deployed and failed its verification.\ntrueup get",
    ],
  ] as const)("of %s is told", ([, conditions, said]) => {
    const [text] = texts(emptyStatus, status(conditions), true);
    expect(text).toBe(`myapps/prod: 1a2b3c4d ${said} myapps/prod`);
  });

  test("of what arrived is told, once it is verified where it has to be", () => {
    const deployed = status([ready]);
    expect(texts(emptyStatus, deployed)).toEqual([
      "myapps/prod: 1a2b3c4d is deployed.\ntrueup get myapps/prod",
    ]);
    expect(texts(emptyStatus, deployed, true)).toEqual([]);
    expect(texts(deployed, status([ready, passed]), true)).toEqual([
      "myapps/prod: 1a2b3c4d is deployed and verified.\ntrueup get myapps/prod",
    ]);
  });

  test("repeats no message, and says nothing but names and reasons", () => {
    const [notice] = noticesBetween(emptyStatus, status([stalled]), about);
    expect(JSON.stringify(notice)).not.toContain("hunter2");
    expect(notice).toMatchObject({ phase: "failed", reason: "RolledBack", revision, at: now });
    expect(notice).not.toHaveProperty("plan");
    const [asked] = noticesBetween(emptyStatus, status([waits]), about);
    expect(asked).toMatchObject({ plan: "0123456789abcdef" });
  });

  test("of a revision that was left for the one before is told, though nobody said that it failed", () => {
    const left = status([ready, condition("Held", "True", "VerificationFailed", former)]);
    const notices = noticesBetween(status([ready]), left, about);
    expect(notices.map(({ phase, revision: of }) => [phase, of])).toEqual([["failed", former]]);
    expect(noticesBetween(left, left, about)).toEqual([]);
  });

  test("is told again of the next revision", () => {
    const before = status([{ ...stalled, observedRevision: former }]);
    expect(texts(before, status([stalled]))).toHaveLength(1);
  });
});

describe("a status that is none", () => {
  test.for([
    ["the same again", status([stalled]), status([{ ...stalled, message: "again" }])],
    ["ready as before", status([ready]), status([ready])],
    ["a rejected plan", emptyStatus, status([condition("Approved", "False", "Rejected")])],
    [
      "not deployed yet",
      emptyStatus,
      status([ready], { revision: { desired: revision, deployed: former, verified: undefined } }),
    ],
    ["not well", emptyStatus, status([ready, condition("Healthy", "False", "Unhealthy")])],
    ["all deleted", status([stalled]), status([ready], { stacks: [] })],
    [
      "of instances that stalled",
      emptyStatus,
      status([condition("Stalled", "True", "InstanceStalled")], { instances }),
    ],
    ["of instances that are ready", emptyStatus, status([ready], { instances })],
    ["of no revision", emptyStatus, status([stalled], { revision: emptyStatus.revision })],
  ] as const)("%s", ([, before, after]) => {
    expect(texts(before, after)).toEqual([]);
  });

  test("verified as another revision", () => {
    const other = { ...passed, observedRevision: former };
    expect(texts(emptyStatus, status([ready, other]), true)).toEqual([]);
  });

  test("but for a revision that is too wrong to get an instance", () => {
    const wrong = status([condition("Stalled", "True", "SourceInvalid")], { instances });
    expect(texts(emptyStatus, wrong)).toHaveLength(1);
  });
});

test("fits in 280 characters with the longest names there are", () => {
  const application = "a".repeat(31);
  const environment = `${"e".repeat(31)}.${"i".repeat(20)}-1a2b3c`;
  for (const one of [waits, { ...stalled, reason: "R".repeat(40) }, ready]) {
    const [notice] = noticesBetween(emptyStatus, status([one]), {
      ...about,
      application,
      environment,
    });
    expect(notice?.text.length).toBeLessThanOrEqual(280);
  }
});
