import { expect, test } from "vitest";
import type { GivenConsent } from "../../src/model/gates.ts";
import type { RecordedDoom } from "../../src/model/record.ts";
import type { Template } from "../../src/model/template.ts";
import { doomedIn, keptBy, letGo, objectionToLeaving, skipsBy } from "../../src/plan/doomed.ts";
import { stackIn } from "./situations.ts";

const templateOf = (...ids: readonly string[]): Template => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Resources: Object.fromEntries(ids.map((id) => [id, { Type: "AWS::SQS::Queue" }])),
});

const leavingAs = (...units: readonly string[]) =>
  units.map((unit) => ({ unit, stack: stackIn("CREATE_COMPLETE", { id: `arn:${unit}` }) }));

const setOf = (units: readonly string[], ids: readonly string[] = ["Jobs"]): RecordedDoom => {
  const templates = new Map(units.map((unit) => [unit, templateOf(...ids)]));
  const doomed = doomedIn(leavingAs(...units), templates);
  if (doomed === undefined) throw new Error("Nothing is doomed.");
  return doomed;
};

const all = setOf(["s-a", "s-b"]);

const known = (before: RecordedDoom | undefined, consents: readonly GivenConsent[] = []) => ({
  before,
  consents,
  approvers: [],
  rule: { required: 1, expiresSeconds: undefined },
  now: "2026-01-01T00:00:00.000Z",
});

const consentTo = (doomed: string | undefined): GivenConsent => ({
  doomed,
  skip: {},
  reason: "",
  user: "ann",
  at: "2026-01-01T00:00:00.000Z",
});

test("what is let go is let go to the end, as it gets less", () => {
  expect(letGo(all, known(undefined))).toBeUndefined();
  expect(letGo(all, known(undefined, [consentTo(all.digest)]))).toEqual(all);
  expect(letGo(all, known(undefined, [consentTo(undefined)]))).toBeUndefined();
  expect(letGo(setOf(["s-b"]), known(all))).toEqual(all);
  expect(letGo(undefined, known(all, [consentTo(all.digest)]))).toBeUndefined();
});

test.for([
  ["another stack", setOf(["s-a", "s-b", "s-c"])],
  ["another resource in one of them", setOf(["s-a", "s-b"], ["Jobs", "More"])],
] as const)("%s is not let go with it", ([, more]) => {
  expect(letGo(more, known(all, [consentTo(all.digest)]))).toBeUndefined();
});

test("as many leave as prune lets, and none of an environment that left", () => {
  const reason = (units: readonly string[], most: number, isOrphaned = false) =>
    objectionToLeaving(leavingAs(...units), all, { isOrphaned, most })?.reason;
  expect(reason(["s-a"], 1)).toBeUndefined();
  expect(reason(["s-a", "watch"], 1)).toBeUndefined();
  expect(reason(["s-a", "s-b"], 1)).toBe("PruneBudget");
  expect(reason(["s-a"], 0)).toBe("PruneBudget");
  expect(reason(["s-a"], 9, true)).toBe("Orphaned");
});

test("a doomed set is every stack by its id, with what is in it", () => {
  expect(doomedIn([], new Map())).toBeUndefined();
  const [first, second] = [setOf(["s-a"], ["A", "B"]), setOf(["s-a"], ["B", "A"])];
  expect(Object.keys(first.stacks)).toEqual(["arn:s-a"]);
  expect(first).toEqual(second);
  const other = new Map([["s-a", { ...templateOf(), Resources: { A: { Type: "AWS::X::Y" } } }]]);
  const digests = [
    first,
    setOf(["s-b"], ["A", "B"]),
    doomedIn(leavingAs("s-a"), other),
    doomedIn(leavingAs("s-a"), new Map()),
    setOf(["s-a"], ["A"]),
  ].map((doomed) => doomed?.digest);
  expect(new Set(digests).size).toBe(digests.length);
});

test("what keeps stacks from leaving names them, and what watches them is not counted", () => {
  const held = objectionToLeaving(leavingAs("s-a", "watch", "s-b"), all, {
    isOrphaned: false,
    most: 1,
  });
  expect(held?.message).toContain("2 stacks would be deleted at once (s-a, s-b)");
  expect(held?.message).toContain(all.digest.slice(0, 12));
  expect(held?.message).not.toContain(all.digest);
});

test("a rollback is continued without what those say who may, the newest of them", () => {
  const skip = (user: string, of: Readonly<Record<string, readonly string[]>>): GivenConsent => ({
    ...consentTo(undefined),
    user,
    skip: of,
  });
  const said = [
    skip("ann", { one: ["A"], two: ["B"] }),
    skip("ann", { one: ["C"] }),
    skip("eve", { one: ["E"], three: ["E"] }),
  ];
  expect([...skipsBy(said, [["ann"]])]).toEqual([
    ["one", ["C"]],
    ["two", ["B"]],
  ]);
});

test("a stack keeps what its template retains", () => {
  const kept = (DeletionPolicy?: string) => ({
    Type: "AWS::S3::Bucket",
    ...(DeletionPolicy === undefined ? {} : { DeletionPolicy }),
  });
  const Resources = {
    A: kept("Retain"),
    B: kept("RetainExceptOnCreate"),
    C: kept("Delete"),
    D: kept(),
    E: kept("Snapshot"),
  };
  const template = { ...templateOf(), Resources } as Template;
  expect([...keptBy(new Map([["base", template]]))]).toEqual([["base", ["A", "B"]]]);
});
