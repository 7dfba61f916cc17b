import { describe, expect, test } from "vitest";
import type { Vote } from "../../src/model/gates.ts";
import type { RecordedApproval } from "../../src/model/record.ts";
import { type Asked, approvalOf, risksOf } from "../../src/plan/approval.ts";
import { approvalRule, loosened } from "../../src/plan/gates.ts";
import { isMeant, principalOf } from "../../src/plan/principals.ts";
import { tally } from "../../src/plan/votes.ts";

const sts = "arn:aws:sts::123456789012:assumed-role";
const iam = "arn:aws:iam::123456789012";
const sso = `${sts}/AWSReservedSSO_Release_0123456789abcdef`;

test.for<[string, string]>([
  [`${iam}:user/ann`, `${iam}:user/ann`],
  [`${sts}/release/ann`, `${iam}:role/release`],
  [`${sso}/ann@example.com`, `${sso}/ann@example.com`],
  // Looks reserved and is not: anybody may make a role of this name.
  [`${sts}/AWSReservedSSO_Release/ann`, `${iam}:role/AWSReservedSSO_Release`],
  ["arn:aws:sts::123456789012:federated-user/ann", "arn:aws:sts::123456789012:federated-user"],
  ["", ""],
])("%s votes as %s", ([arn, principal]) => {
  expect(principalOf(arn)).toBe(principal);
});

test.for([
  [`${iam}:role/release`, true],
  [`${iam}:role/team/a/release`, true],
  [`${sts}/release/*`, true],
  [`${sts}/release/ann`, true],
  [`${iam}:role/rel*`, true],
  ["*", true],
  [`${iam}:role/team/*`, false],
  [`${iam}:role/releas`, false],
  [`${iam}:user/release`, false],
  ["arn:aws:iam::999999999999:role/release", false],
  ["", false],
] as const)("the role release is meant by %s: %s", ([pattern, expected]) => {
  expect(isMeant(principalOf(`${sts}/release/ann`), pattern)).toBe(expected);
});

test("of Identity Center a session is meant by itself", () => {
  const principal = principalOf(`${sso}/ann@example.com`);
  expect(isMeant(principal, `${sso}/ann@example.com`)).toBe(true);
  expect(isMeant(principal, `${sts}/AWSReservedSSO_Release_*/*`)).toBe(true);
  expect(isMeant(principal, `${sso}/bob@example.com`)).toBe(false);
});

const at = "2026-01-01T00:00:00.000Z";
const later = "2026-01-02T00:00:00.000Z";
const digest = "a".repeat(64);
const offer = { digest, at, requestedAt: undefined };
const vote = (user: string, more: Partial<Vote> = {}): Vote => ({
  verdict: "approved",
  digest,
  reason: "",
  user,
  at: later,
  ...more,
});

const counted = (votes: readonly Vote[], required = 1): string => {
  const rule = { required, expiresSeconds: undefined };
  const result = tally({ rule, offer, approvers: [["*"], ["ann", "bob"]], votes, now: later });
  return result.kind === "granted" ? `granted by ${result.votes.length}` : result.reason;
};

test.for<[string, readonly Vote[], number, string]>([
  ["nobody", [], 1, "AwaitingApproval"],
  ["one", [vote("ann")], 1, "granted by 1"],
  ["one of two", [vote("ann"), vote("ann")], 2, "AwaitingApproval"],
  ["two", [vote("bob"), vote("ann")], 2, "granted by 2"],
  ["somebody", [vote("eve")], 1, "AwaitingApproval"],
  ["another plan", [vote("ann", { digest: "b".repeat(64) })], 1, "AwaitingApproval"],
  [
    "before it was offered",
    [vote("ann", { at: "2025-12-31T00:00:00.000Z" })],
    1,
    "AwaitingApproval",
  ],
  ["one rejection", [vote("ann"), vote("bob", { verdict: "rejected" })], 1, "Rejected"],
  ["somebody's rejection", [vote("ann"), vote("eve", { verdict: "rejected" })], 1, "granted by 1"],
  ["both at once", [vote("ann"), vote("ann", { verdict: "rejected" })], 1, "Rejected"],
  [
    "a rejection taken back",
    [vote("ann"), vote("ann", { verdict: "rejected", at })],
    1,
    "granted by 1",
  ],
])("%s: %s of %i come to %s", ([, votes, required, expected]) => {
  expect(counted(votes, required)).toBe(expected);
});

describe("an approval that is acted upon", () => {
  const asked: Asked = {
    plan: digest,
    rollOut: "of this bundle",
    stamps: { base: "before", "s-web": "" },
    risks: { "base/Table": "replace" },
    again: [],
  };
  const approval: RecordedApproval = {
    plan: digest,
    rollOut: "of this bundle",
    stamps: { base: ["before", "after"], "s-web": [""] },
    risks: { "base/Table": "replace", "base/Gone": "remove" },
    votes: [vote("ann")],
  };
  const outcome = (more: Partial<Asked>): string => {
    const rule = { required: 1, expiresSeconds: undefined };
    const known = { rule, approvers: [], votes: [], offered: undefined, approval, now: later };
    const found = approvalOf({ ...asked, ...more }, { ...known, requestedAt: undefined });
    return found.kind === "withheld" ? found.reason : found.kind;
  };

  test.for<[string, Partial<Asked>, string]>([
    ["its own roll-out", {}, "approved"],
    ["a later wave", { plan: "b", stamps: { base: "after", "s-web": "" }, risks: {} }, "approved"],
    ["another roll-out", { rollOut: "of a newer bundle" }, "AwaitingApproval"],
    ["a stack that somebody changed", { stamps: { base: "foreign" } }, "AwaitingApproval"],
    ["a stack that nobody approved", { stamps: { "s-new": "" } }, "AwaitingApproval"],
    ["a smaller risk", { risks: { "base/Table": "may-replace" } }, "approved"],
    ["a greater risk", { risks: { "base/Table": "remove" } }, "PlanGrew"],
    ["another risk", { risks: { "s-web/Table": "may-replace" } }, "PlanGrew"],
  ])("covers %s: %s", ([, more, expected]) => {
    expect(outcome(more)).toBe(expected);
  });
});

test("risks are what is planned and what CloudFormation says, by stack and resource", () => {
  const change = { type: "AWS::X::Y", property: "", cause: undefined, stack: "base" } as const;
  expect(
    risksOf(
      [
        { ...change, logicalId: "Added", action: "add", risk: "none" },
        { ...change, logicalId: "Tuned", action: "modify", risk: "none" },
        { ...change, logicalId: "Perhaps", action: "modify", risk: "data" },
        { ...change, logicalId: "Gone", action: "remove", risk: "none" },
        { ...change, logicalId: "Worse", action: "modify", risk: "may-replace" },
      ],
      [{ stack: "base", logicalId: "Worse", planned: "may-replace", reported: "replace" }],
    ),
  ).toEqual({ "base/Perhaps": "may-replace", "base/Gone": "remove", "base/Worse": "replace" });
});

describe("gates", () => {
  const target = { account: "123456789012", region: "eu-west-1" };
  const rule = (required: number, expiresSeconds?: number) => ({ required, expiresSeconds });
  const settings = (required?: number, expires?: number) => ({
    approval: required === undefined ? undefined : rule(required, expires),
    target,
    windows: [],
  });

  test("are the strictest of registration, before and now", () => {
    const rules = { settings: settings(1), floor: rule(2, 60), approvers: [], windows: [] };
    expect(approvalRule(settings(3, 90), rules)).toEqual(rule(3, 60));
    expect(approvalRule(undefined, rules)).toEqual(rule(2, 60));
    expect(approvalRule(undefined, { ...rules, settings: settings(), floor: undefined })).toBe(
      undefined,
    );
  });

  test("that open are named, and so is every move", () => {
    expect(loosened(undefined, settings())).toEqual([]);
    expect(loosened(settings(1), settings(2, 60))).toEqual([]);
    expect(loosened(settings(2), settings(1))).toEqual(["approval: 2 → 1"]);
    expect(loosened(settings(1, 60), settings(1))).toEqual(["approval: 1 within 60s → 1"]);
    const moved = { ...settings(1), target: { ...target, region: "us-east-1", role: "arn" } };
    expect(loosened(settings(1), moved)).toEqual([
      "target.region: eu-west-1 → us-east-1",
      "target.role: none → arn",
    ]);
  });
});
