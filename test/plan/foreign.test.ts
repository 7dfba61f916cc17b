import { describe, expect, test } from "vitest";
import { stamped, stampOutput } from "../../src/link/digests.ts";
import type { ObservedStack } from "../../src/model/observed.ts";
import type { RecordedStack } from "../../src/model/record.ts";
import type { Template } from "../../src/model/template.ts";
import {
  foreignChange,
  isKnown,
  lastOperation,
  settledIn,
  takenBy,
} from "../../src/plan/foreign.ts";
import { base, baseIn, digestOfBase, laid, one, queue, target, web, webIn } from "./laid.ts";

const deployed = { base: baseIn("UPDATE_COMPLETE"), "s-web": webIn("UPDATE_COMPLETE") };

/** What somebody has made of the template that is deployed. */
const changedTo = (change: Partial<Template>): string | undefined =>
  foreignChange(one("base", deployed), { ...stamped(base, digestOfBase), ...change });

describe("what somebody else changed", () => {
  test("is nothing where the template is ours", () => {
    expect(changedTo({})).toBeUndefined();
    expect(changedTo({ Metadata: { Theirs: "a" } })).toBeUndefined();
  });

  test.for<[string, Partial<Template>]>([
    ["Resources.More", { Resources: { ...base.template.Resources, More: queue } }],
    ["Resources.Jobs", { Resources: { Jobs: { ...queue, Properties: { DelaySeconds: 1 } } } }],
    ["Resources.Jobs", { Resources: {} }],
    ["Outputs.JobsRef", { Outputs: {} }],
    ["Parameters.A", { Parameters: { A: { Type: "String" } } }],
    ["Conditions.A", { Conditions: { A: "a" } } as Partial<Template>],
    ["Mappings.A", { Mappings: { A: {} } } as Partial<Template>],
    ["the template", { Description: "theirs" }],
  ])("is named: %s", ([named, change]) => {
    expect(changedTo(change)).toBe(named);
  });

  test("is named in order, and at length only five times", () => {
    const named = (...ids: readonly string[]) =>
      changedTo({ Resources: Object.fromEntries([...ids, "Jobs"].map((id) => [id, queue])) });
    expect(named("E", "D", "C", "B", "A")).toBe(
      "Resources.A, Resources.B, Resources.C, Resources.D, Resources.E",
    );
    expect(named("F", "E", "D", "C", "B", "A")).toBe(
      "Resources.A, Resources.B, Resources.C, Resources.D, Resources.E and 1 more",
    );
  });

  test("may be a parameter's value, which is not said", () => {
    const parameters = { JobsRef: "secret" };
    const stacks = { ...deployed, "s-web": webIn("UPDATE_COMPLETE", { parameters }) };
    expect(foreignChange(one("s-web", stacks), web.template)).toBe("the value of JobsRef");
    expect(foreignChange(one("s-web", deployed), web.template)).toBeUndefined();
  });

  test("may be our tags, but not those beside them, nor tags that nobody told", () => {
    const ours = { ...base, tags: { team: "shop", stage: "dev" } };
    const tagged = (tags: Readonly<Record<string, string>> | undefined) => {
      const stack = { ...deployed.base, ...(tags && { tags }) };
      const bundle = { digest: "b", target, stacks: [ours, web] };
      return foreignChange(one("base", { ...deployed, base: stack }, { bundle }), ours.template);
    };
    expect(tagged({ team: "shop", stage: "prod", theirs: "x" })).toBe("the tag stage");
    expect(tagged({})).toBe("the tag team, the tag stage");
    expect(tagged({ team: "shop", stage: "dev", theirs: "x" })).toBeUndefined();
    expect(tagged(undefined)).toBeUndefined();
  });

  test("is not known of what is not there, or waits", () => {
    expect(foreignChange(one("base", {}), { ...base.template, Resources: {} })).toBeUndefined();
    const waiting = one("s-web", { "s-web": webIn("UPDATE_COMPLETE") });
    expect(foreignChange(waiting, base.template)).toBeUndefined();
  });
});

describe("a stack that is called like ours", () => {
  const owner = "trueup:environment";
  const ours = { ...base, tags: { [owner]: "shop/dev", team: "shop" } };
  const stranger = baseIn("CREATE_COMPLETE", { outputs: {}, tags: { team: "shop" } });
  const settled = { id: stranger.id, lastUpdated: "earlier", changeSet: undefined };
  const known: RecordedStack = {
    name: base.name,
    changeSet: undefined,
    wrote: undefined,
    recoveries: 0,
  };

  const taken = (stack: ObservedStack, stacks: Readonly<Record<string, RecordedStack>> = {}) => {
    const unit = one("base", { base: stack });
    return [...takenBy([{ ...unit, desired: ours }], { stacks })];
  };

  test("and has nothing of ours is somebody else's, and is left alone", () => {
    const message = expect.stringMatching(/^There is a stack app-base already .* left alone\./);
    expect(taken(stranger)).toEqual([["base", { reason: "StackTaken", message }]]);
    expect(taken({ ...stranger, tags: { [owner]: "shop/prod" } })).toHaveLength(1);
    expect(taken({ ...stranger, changeSetId: "arn/theirs/1" })).toHaveLength(1);
  });

  test.for<[string, Partial<ObservedStack>]>([
    ["our stamp", { outputs: { [stampOutput]: "d" } }],
    ["our change set", { changeSetId: `arn/trueup-${"e".repeat(20)}-new/1` }],
    ["our tags, if others changed those of people", { tags: { [owner]: "shop/dev" } }],
    ["nothing yet, since it was never executed", { status: "REVIEW_IN_PROGRESS" }],
  ])("is ours where it has %s", ([, changes]) => {
    expect(taken({ ...stranger, ...changes })).toEqual([]);
  });

  test("is not known to be somebody else's where nobody told its tags", () => {
    const { tags: _, ...untold } = stranger;
    expect(taken(untold)).toEqual([]);
  });

  test("is ours where the record knows it, and not where it knows another", () => {
    expect(taken(stranger, { base: { ...known, settled } })).toEqual([]);
    expect(
      taken(stranger, { base: { ...known, settled: { ...settled, id: "arn:1" } } }),
    ).toHaveLength(1);
    expect(taken(stranger, { base: known })).toHaveLength(1);
  });

  test("is nobody's where it is not there", () => {
    const unit = one("base", {});
    expect(takenBy([{ ...unit, desired: ours }], { stacks: {} }).size).toBe(0);
  });
});

describe("what is known to be ours", () => {
  const stack = baseIn("UPDATE_COMPLETE", { changeSetId: "arn:c" });
  const settled = { id: stack.id, lastUpdated: stack.lastUpdated, changeSet: "arn:c" };

  test("is so until the next operation", () => {
    expect(lastOperation(stack)).toEqual(settled);
    expect(isKnown(settled, stack)).toBe(true);
    expect(isKnown(undefined, stack)).toBe(false);
    expect(isKnown(settled, { ...stack, changeSetId: "arn:d" })).toBe(false);
    expect(isKnown(settled, { ...stack, lastUpdated: "later" })).toBe(false);
    expect(isKnown(settled, { ...stack, id: "arn:other" })).toBe(false);
  });

  test("is remembered of what is deployed and not somebody else's", () => {
    const all = settledIn(laid(deployed), new Map());
    expect([...all]).toEqual([
      ["base", lastOperation(deployed.base)],
      ["s-web", lastOperation(deployed["s-web"])],
    ]);
    const some = settledIn(laid(deployed), new Map([["base", "Resources.Jobs"]]));
    expect([...some.keys()]).toEqual(["s-web"]);
    const moving = { ...deployed, base: baseIn("UPDATE_IN_PROGRESS") };
    expect(settledIn(laid(moving), new Map()).size).toBe(0);
    expect(settledIn(laid({}), new Map()).size).toBe(0);
  });
});
