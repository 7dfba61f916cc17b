import { expect, test } from "vitest";
import type { GivenConsent } from "../../src/model/gates.ts";
import type { RecordedDoom } from "../../src/model/record.ts";
import type { Template } from "../../src/model/template.ts";
import { doomedIn, letGo, objectionToLeaving } from "../../src/plan/doomed.ts";
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
