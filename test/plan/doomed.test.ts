import { describe, expect, test } from "vitest";
import type { GivenConsent } from "../../src/model/gates.ts";
import type { RecordedDoom } from "../../src/model/record.ts";
import type { Template } from "../../src/model/template.ts";
import {
  doomedIn,
  keptBy,
  letGo,
  listedAs,
  objectionToLeaving,
  skipsBy,
} from "../../src/plan/doomed.ts";
import { stackIn, unitOf } from "./situations.ts";

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

const known = (
  before: RecordedDoom | undefined,
  consents: readonly GivenConsent[] = [],
  listed = { digest: all.digest, at: "2026-01-01T00:00:00.000Z" },
) => ({
  before,
  consents,
  listed,
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
  const consent = consentTo(all.digest);
  expect(letGo(all, known(undefined))).toBeUndefined();
  const said = [consentTo(undefined), consent];
  expect(letGo(all, known(undefined, said))).toEqual({ doomed: all, consents: [consent] });
  expect(letGo(all, known(undefined, [consentTo(undefined)]))).toBeUndefined();
  expect(letGo(setOf(["s-b"]), known(all))).toEqual({ doomed: all, consents: [] });
  expect(letGo(undefined, known(all, [consent]))).toBeUndefined();
});

test("what was said before it was listed, or by those who may not, lets nothing go", () => {
  const consent = consentTo(all.digest);
  const later = { digest: all.digest, at: "2026-01-01T00:01:00.001Z" };
  expect(letGo(all, known(undefined, [consent], later))).toBeUndefined();
  const knowing = { digest: all.digest, at: consent.at, after: consent.at };
  expect(letGo(all, known(undefined, [consent], knowing))).toBeUndefined();
  const eve = { ...consent, user: "eve" };
  const approvers = [["ann"]];
  expect(letGo(all, { ...known(undefined, [eve]), approvers })).toBeUndefined();
  const both = { ...known(undefined, [eve, consent]), approvers };
  expect(letGo(all, both)?.consents).toEqual([consent]);
});

test("everybody's word by which it goes is told, and nobody's that did not count", () => {
  const [early, now] = ["2025-12-31T23:00:00.000Z", "2026-01-01T00:00:00.000Z"];
  const ann = consentTo(all.digest);
  const bob = { ...ann, user: "bob" };
  const before = { ...ann, at: early };
  const rule = { required: 2, expiresSeconds: undefined };
  const said = { ...known(undefined, [before, ann, bob]), rule, now };
  expect(letGo(all, said)?.consents).toEqual([ann, bob]);
  expect(letGo(all, { ...said, listed: undefined })).toBeUndefined();
});

test("a set waits for as long as it takes, however soon plans expire", () => {
  const consent = { ...consentTo(all.digest), at: "2026-02-01T00:00:00.000Z" };
  const late = { ...known(undefined, [consent]), now: consent.at };
  const rule = { required: 1, expiresSeconds: 3600 };
  expect(letGo(all, { ...late, rule })?.consents).toEqual([consent]);
});

test("a set is listed since it is the one that is doomed", () => {
  const [now, later] = ["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"];
  const listed = { digest: all.digest, at: now };
  expect(listedAs(all, undefined, { now, consents: [] })).toEqual(listed);
  const consents = [{ ...consentTo(all.digest), at: later }, consentTo("b".repeat(64))];
  expect(listedAs(all, listed, { now: later, consents })).toBe(listed);
  expect(listedAs(all, undefined, { now, consents })).toEqual({ ...listed, after: later });
  const other = setOf(["s-b"]);
  expect(listedAs(other, listed, { now: later, consents })).toEqual({
    digest: other.digest,
    at: later,
  });
  expect(listedAs(undefined, listed, { now: later, consents })).toBeUndefined();
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

describe("a rollback is continued without", () => {
  const at = "2026-01-01T00:00:00.000Z";
  const skip = (user: string, of: Readonly<Record<string, readonly string[]>>): GivenConsent => ({
    ...consentTo(undefined),
    user,
    skip: of,
  });
  const failed = (name: string, lastUpdated = at) => {
    const one = unitOf(stackIn("UPDATE_ROLLBACK_FAILED", { name, lastUpdated }));
    return { ...one, goal: { ...one.goal, unit: `s-${name}` } };
  };
  const skipping = (said: readonly GivenConsent[], units = [failed("one"), failed("two")]) =>
    [...skipsBy(said, [["ann"]], units)].map(([unit, { resources }]) => [unit, resources]);

  test("what those say who may, the newest of them", () => {
    const said = [
      skip("ann", { one: ["A"], two: ["B"] }),
      skip("ann", { one: ["C"] }),
      skip("eve", { one: ["E"], three: ["E"] }),
    ];
    expect(skipping(said)).toEqual([
      ["s-one", ["C"]],
      ["s-two", ["B"]],
    ]);
    const [one] = skipsBy(said, [["ann"]], [failed("one")]).values();
    expect(one?.consent).toBe(said[1]);
  });

  test("nothing that was said before it began, nor where there is no stack", () => {
    const said = [skip("ann", { one: ["A"], two: ["B"] })];
    const later = failed("one", "2026-01-01T00:00:00.001Z");
    expect(skipping(said, [later, failed("two")])).toEqual([["s-two", ["B"]]]);
    expect(skipping(said, [unitOf(undefined)])).toEqual([]);
  });
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
