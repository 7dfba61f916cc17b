import { describe, expect, test } from "vitest";
import { isImage, isOfRepository, readImage } from "../../src/cli/trace-image.ts";
import { commitsIn, toldOf } from "../../src/cli/trace-ledger.ts";
import { readQuestion } from "../../src/cli/trace-question.ts";
import type { LedgerEntry } from "../../src/model/ledger.ts";

const digest = `sha256:${"a".repeat(64)}`;
const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

test.for([
  ["shop-base-a0f97084", { kind: "stack", stack: "shop-base-a0f97084" }],
  [
    "arn:aws-cn:cloudformation:cn-north-1:123456789012:stack/shop-base-a0f97084/1f2e",
    { kind: "stack", stack: "shop-base-a0f97084" },
  ],
  [
    "shop-base-a0f97084/JobsQueue",
    { kind: "resource", stack: "shop-base-a0f97084", logicalId: "JobsQueue" },
  ],
  ["a0f9708", { kind: "commit", digits: "a0f9708" }],
  ["f".repeat(40), { kind: "commit", digits: "f".repeat(40) }],
  ["web:1.0", { kind: "image", image: { repository: "web", tag: "1.0" } }],
  ["team/apps/x-web:1.0", { kind: "image", image: { repository: "team/apps/x-web", tag: "1.0" } }],
  [`web@${digest}`, { kind: "image", image: { repository: "web", digest } }],
  [`@${digest}`, { kind: "image", image: { digest } }],
  ["sha256:aaaaaaaaaaaa", { kind: "image", image: { digest: "sha256:aaaaaaaaaaaa" } }],
  [
    `${registry}/web:1@${digest}`,
    { kind: "image", image: { repository: `${registry}/web`, tag: "1", digest } },
  ],
  [
    "localhost:5000/web:1",
    { kind: "image", image: { repository: "localhost:5000/web", tag: "1" } },
  ],
  ...["services.web", "x-sqs.jobs", "x-vpc", "x-elbv2.public.Listeners[0]", "services.a/b"].map(
    (path) => {
      const place = { application: "shop", environment: "dev.main-1a2b" };
      return [`shop/dev.main-1a2b/${path}`, { kind: "path", place, path }] as const;
    },
  ),
  [
    "shop/dev/x-elbv2.public.Services.web:web:80",
    { kind: "path", path: "x-elbv2.public.Services.web:web:80" },
  ],
] as const)("%s is read by its form", ([word, question]) => {
  expect(readQuestion(word)).toMatchObject(question);
});

test.for([
  ["shop/dev", "is nothing that can be traced"],
  ["shop/dev/web", "is nothing that can be traced"],
  ["", "is nothing that can be traced"],
  ["arn:aws:sqs:eu-west-1:123456789012:jobs", "is the ARN of no stack"],
  ["web@sha256:aaaa", "is nothing that can be traced"],
] as const)("%s is nothing: %s", ([word, why]) => {
  expect(() => readQuestion(word)).toThrow(why);
});

describe("an image that runs", () => {
  const image = `${registry}/team/web:1.4.0@${digest}`;
  test.for([
    ["team/web:1.4.0", true],
    [`${registry}/team/web:1.4.0`, true],
    [`team/web:1.4.0@${digest}`, true],
    ["@sha256:aaaaaaaaaaaa", true],
    ["web:1.4.0", false],
    ["other.example.com/team/web:1.4.0", false],
    ["team/web:1.4", false],
    ["team/web:1.4.0@sha256:bbbbbbbbbbbb", false],
  ] as const)("is meant by %s: %s", ([word, expected]) => {
    const asked = readImage(word);
    expect(asked && isImage(image, asked)).toBe(expected);
  });

  test("without a digest is not known to be of one", () => {
    const asked = readImage(`web@${digest}`);
    expect(asked && isImage("web:1", asked)).toBe(false);
    expect(asked && isOfRepository("web:1", asked)).toBe(true);
  });
});

describe("the ledger", () => {
  const [a, b] = ["a".repeat(40), "b".repeat(40)] as const;
  const entry = (second: number, revision: string, ...conditions: LedgerEntry["conditions"]) => ({
    v: 1 as const,
    at: `2026-01-01T00:00:0${second}.000Z`,
    revision,
    plan: undefined,
    steps: [],
    conditions,
    votes: [],
  });
  const is = (type: "Ready" | "Verified") =>
    ({ type, status: "True", reason: "Because", message: "" }) as const;
  const votes = [
    { verdict: "approved", digest: "d", reason: "", user: "arn:ann", at: "2026-01-01T00:00:05Z" },
  ] as const;
  const entries: readonly LedgerEntry[] = [
    entry(0, a),
    entry(1, a, is("Ready")),
    entry(2, b, is("Ready")),
    entry(3, a),
    { ...entry(4, a), votes },
    entry(5, a, is("Ready")),
    entry(6, a, is("Ready"), is("Verified")),
  ];

  test("tells since when of the last time that a commit was wanted, and who approved it", () => {
    expect(toldOf(a, entries, true)).toEqual({
      desired: "2026-01-01T00:00:03.000Z",
      deployed: "2026-01-01T00:00:05.000Z",
      verified: "2026-01-01T00:00:06.000Z",
      votes,
    });
    expect(toldOf(b, entries, true).desired).toBe("2026-01-01T00:00:02.000Z");
    expect(toldOf(b, entries, true).verified).toBeUndefined();
  });

  test("says nothing of what it does not have, or what began before it does", () => {
    expect(toldOf("c".repeat(40), entries, true)).toMatchObject({ votes: [] });
    expect(toldOf("c".repeat(40), entries, true).desired).toBeUndefined();
    expect(toldOf(a, entries.slice(0, 2), true).desired).toBe("2026-01-01T00:00:00.000Z");
    expect(toldOf(a, entries.slice(0, 2), false).desired).toBeUndefined();
  });

  test("has its commits from the newest, each once", () => {
    expect(commitsIn(entries)).toEqual([a, b]);
    expect(commitsIn([entry(0, "")])).toEqual([]);
  });
});
