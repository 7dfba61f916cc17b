import { describe, expect, test } from "vitest";
import type { Vote } from "../../src/model/gates.ts";
import type { RecordedApproval } from "../../src/model/record.ts";
import { type Asked, approvalOf, risksOf } from "../../src/plan/approval.ts";
import { isMeant, principalOf } from "../../src/plan/principals.ts";
import { endOf, tally } from "../../src/plan/votes.ts";

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
  [`${sts}/release/ann/more`, `${iam}:role/release`],
  [
    "arn:aws-cn:sts::123456789012:assumed-role/release/ann",
    "arn:aws-cn:iam::123456789012:role/release",
  ],
  // What only looks like one of these in part stands for itself.
  [`x${sts}/release/ann`, `x${sts}/release/ann`],
  [`${sts}/release/ann\nx`, `${sts}/release/ann\nx`],
  [
    "xarn:aws:sts::123456789012:federated-user/ann",
    "xarn:aws:sts::123456789012:federated-user/ann",
  ],
  [
    "arn:aws:sts::123456789012:federated-user/a\nb",
    "arn:aws:sts::123456789012:federated-user/a\nb",
  ],
  [
    `${sts}/xAWSReservedSSO_A_0123456789abcdef/ann`,
    `${iam}:role/xAWSReservedSSO_A_0123456789abcdef`,
  ],
  [
    `${sts}/AWSReservedSSO_A_0123456789abcdef0/ann`,
    `${iam}:role/AWSReservedSSO_A_0123456789abcdef0`,
  ],
  ["", ""],
])("%s votes as %s", ([arn, principal]) => {
  expect(principalOf(arn)).toBe(principal);
});

test.for([
  [`${iam}:role/release`, true],
  [`${iam}:role/team/a/release`, true],
  [`${sts}/release/*`, true],
  [`${sts}/release/ann`, true],
  [`${sts}/release`, true],
  [`${iam}:role/rel*`, true],
  [`x${sts}/release/ann`, false],
  [`*${sts}/release/ann`, false],
  [`${sts}/release/a\nb`, false],
  [`${sts}/release\n`, false],
  [`${iam}:role/team/release/*`, false],
  ["*", true],
  [`${iam}:role/team/*`, false],
  [`${iam}:role/team/rel*`, false],
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

const counted = (votes: readonly Vote[], required = 1, after?: string): string => {
  const rule = { required, expiresSeconds: undefined };
  const result = tally({
    rule,
    offer: { ...offer, after },
    approvers: [["*"], ["ann", "bob"]],
    votes,
    now: later,
  });
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

test.for([
  ["a minute before an offer of a clock that is ahead", "2025-12-31T23:59:00.000Z", undefined, 1],
  ["longer before it than clocks differ", "2025-12-31T23:58:59.999Z", undefined, 0],
  ["so, and known when it was offered", "2025-12-31T23:59:30.000Z", "2025-12-31T23:59:30.000Z", 0],
  ["after what was known", "2025-12-31T23:59:30.001Z", "2025-12-31T23:59:30.000Z", 1],
  ["known when a clock that was behind offered it", at, at, 0],
] as const)("a vote of %s: %s, after %s, counts %d", ([, cast, after, expected]) => {
  const said = expected === 1 ? "granted by 1" : "AwaitingApproval";
  expect(counted([vote("ann", { at: cast })], 1, after)).toBe(said);
});

describe("what is said of a plan that waits", () => {
  const rule = { required: 2, expiresSeconds: 60 };
  const tallied = (votes: readonly Vote[], now: string, expiresSeconds?: number) =>
    tally({ rule: { ...rule, expiresSeconds }, offer, approvers: [["ann", "bob"]], votes, now });
  const name = `Plan ${digest.slice(0, 12)}`;

  test.for<[string, readonly Vote[], string]>([
    ["nobody", [], "has 0: trueup approve."],
    ["one", [vote("ann")], "has 1 (ann): trueup approve."],
    [
      "one, and two who may not",
      [vote("ann"), vote("eve"), vote("eve"), vote("joe")],
      "has 1 (ann); who does not count: eve, joe: trueup approve.",
    ],
  ])("%s", ([, votes, said]) => {
    const message = `${name} needs 2 to approve it and ${said}`;
    const expected = { kind: "withheld", reason: "AwaitingApproval", message };
    expect(tallied(votes, later)).toEqual(expected);
  });

  test("a rejection, by whom and why", () => {
    const votes = [vote("ann"), vote("bob", { verdict: "rejected", reason: "not now" })];
    const message = `${name} was rejected by bob: not now`;
    expect(tallied(votes, later)).toEqual({ kind: "withheld", reason: "Rejected", message });
  });

  test.for([
    ["2026-01-01T00:01:00.000Z", "AwaitingApproval"],
    ["2026-01-01T00:01:00.001Z", "ApprovalExpired"],
  ] as const)("at %s: %s", ([now, reason]) => {
    const found = tallied([vote("ann", { at })], now, 60);
    expect(found).toMatchObject({ kind: "withheld", reason });
    const both = [vote("ann", { at }), vote("bob", { at })];
    expect(tallied(both, now, 60).kind).toBe("granted");
    expect(tallied(both, now).kind).toBe("granted");
  });

  const end = "2026-01-01T00:01:00.000Z";
  const late = "2026-01-01T00:01:00.001Z";
  const no = { verdict: "rejected" } as const;
  test.for<[string, readonly Vote[], string]>([
    ["in time, read late", [vote("ann", { at: end }), vote("bob", { at: end })], "granted"],
    ["one late", [vote("ann", { at: end }), vote("bob", { at: late })], "ApprovalExpired"],
    [
      "in time, and once more late",
      [vote("ann", { at }), vote("ann", { at: late }), vote("bob", { at: end })],
      "granted",
    ],
    ["a late no", [vote("ann", { at }), vote("bob", { at }), vote("ann", { ...no })], "Rejected"],
    [
      "a no, taken back late",
      [vote("ann", { at, ...no }), vote("ann", { at: late }), vote("bob", { at })],
      "ApprovalExpired",
    ],
  ])("votes cast %s: %s", ([, votes, expected]) => {
    const found = tallied(votes, later, 60);
    expect(found.kind === "granted" ? found.kind : found.reason).toBe(expected);
  });

  test.for([
    ["in one order", ["approved", "rejected"]],
    ["in the other", ["rejected", "approved"]],
  ] as const)("of one instant the rejection, %s", ([, verdicts]) => {
    const votes = verdicts.map((verdict) => vote("ann", { verdict }));
    expect(tallied(votes, later)).toMatchObject({ reason: "Rejected" });
  });
});

test("an offer ends as long after it was made as the rule says, or never", () => {
  expect(endOf(offer, { required: 1, expiresSeconds: 60 })).toBe(Date.parse(at) + 60_000);
  expect(endOf(offer, { required: 1, expiresSeconds: undefined })).toBeUndefined();
});

describe("an offer", () => {
  const rule = { required: 1, expiresSeconds: 60 };
  const over = "2026-01-01T00:01:00.001Z";
  const asked: Asked = { plan: digest, rollOut: "r", stamps: {}, risks: {}, again: [] };
  const offerAt = (now: string, requestedAt?: string, expiresSeconds: number | undefined = 60) => {
    const known = { approvers: [], votes: [], approval: undefined, offered: offer, now };
    const given = { ...known, rule: { ...rule, expiresSeconds }, requestedAt };
    const found = approvalOf(asked, given);
    return found.kind === "withheld" ? found.offer : undefined;
  };

  test("stands as long as the plan is the same, also when it is over", () => {
    expect(offerAt(later.replace("02T", "01T"), "asked")).toBe(offer);
    expect(offerAt("2026-01-01T00:01:00.000Z", "asked")).toBe(offer);
    expect(offerAt(over)).toBe(offer);
  });

  test("that is over is made anew when a person asks", () => {
    expect(offerAt(over, "asked")).toEqual({ digest, at: over, requestedAt: "asked" });
  });

  test("that was approved in time, or rejected, is not offered anew because a person asks", () => {
    const known = { approvers: [], approval: undefined, offered: offer, now: over, rule };
    const given = { ...known, requestedAt: "asked" };
    expect(approvalOf(asked, { ...given, votes: [vote("ann", { at })] }).kind).toBe("approved");
    const no = vote("ann", { at, verdict: "rejected" });
    expect(approvalOf(asked, { ...given, votes: [no] })).toMatchObject({ reason: "Rejected" });
  });

  test("that is made knows the newest vote that was cast on its plan before", () => {
    const votes = [
      vote("ann", { at: "2025-12-31T00:00:00.002Z" }),
      vote("ann", { at: "2025-12-31T00:00:00.001Z" }),
      vote("ann", { at: later, digest: "b".repeat(64) }),
    ];
    const known = { approvers: [], approval: undefined, offered: undefined, now: later, rule };
    expect(approvalOf(asked, { ...known, votes, requestedAt: undefined })).toMatchObject({
      offer: { digest, at: later, after: "2025-12-31T00:00:00.002Z" },
    });
  });

  test("that never ends is not", () => {
    const known = { approvers: [], votes: [], approval: undefined, offered: offer, now: later };
    const never = { ...known, rule: { required: 1, expiresSeconds: undefined } };
    expect(approvalOf(asked, { ...never, requestedAt: "asked" })).toMatchObject({ offer });
  });

  test("is made for a plan that is another, or the first", () => {
    const known = { approvers: [], votes: [], approval: undefined, now: later, rule };
    for (const offered of [undefined, { ...offer, digest: "b" }])
      expect(approvalOf(asked, { ...known, offered, requestedAt: "x" })).toMatchObject({
        offer: { digest, at: later, requestedAt: "x" },
        rule,
      });
  });

  test("that enough votes are for is approved for this roll-out, as it stands", () => {
    const known = { approvers: [], approval: undefined, offered: offer, requestedAt: undefined };
    const votes = [vote("ann", { at })];
    const parts = { stamps: { base: "s" }, risks: { "base/A": "remove" } } as const;
    const given = { ...known, votes, now: at, rule };
    const by = { plan: digest, rollOut: "r", stamps: { base: ["s"] }, risks: parts.risks, votes };
    expect(approvalOf({ ...asked, ...parts }, given)).toStrictEqual({
      kind: "approved",
      by,
      isNew: true,
    });
    const again = ["base drift d"];
    expect(approvalOf({ ...asked, ...parts, again }, given)).toStrictEqual({
      kind: "approved",
      by: { ...by, again },
      isNew: true,
    });
  });
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
    ["what costs nothing", { risks: { "s-web/Table": "same" } }, "approved"],
    ["another risk", { risks: { "s-web/Table": "may-replace" } }, "PlanGrew"],
    ["drift that nobody approved to put back", { again: ["base drift d"] }, "AwaitingApproval"],
    [
      "one stack where it was and one that somebody changed",
      { stamps: { base: "before", "s-web": "foreign" } },
      "AwaitingApproval",
    ],
  ])("covers %s: %s", ([, more, expected]) => {
    expect(outcome(more)).toBe(expected);
  });

  test("covers what it was to put back, and says what is more", () => {
    const rule = { required: 1, expiresSeconds: undefined };
    const known = { rule, approvers: [], votes: [], offered: undefined, now: later };
    const put = { ...approval, again: ["base drift d", "base drift e"] };
    const one = { ...asked, again: ["base drift e"] };
    const found = approvalOf(one, { ...known, approval: put, requestedAt: undefined });
    expect(found).toEqual({ kind: "approved", by: put, isNew: false });
    const grown = approvalOf(
      { ...asked, risks: { "base/Table": "remove", "base/More": "replace" } },
      { ...known, approval, requestedAt: undefined },
    );
    expect(grown).toMatchObject({
      message: expect.stringMatching(
        /^What is left would do more than plan a{12}, that was approved: base\/Table \(remove\), base\/More \(replace\)\. Plan a{12} needs 1/,
      ),
    });
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
