import { describe, expect, test } from "vitest";
import { stackDigest, stamped, stampOutput } from "../../src/link/digests.ts";
import { inPack, together } from "../../src/link/packs.ts";
import type { DesiredStack } from "../../src/model/bundle.ts";
import type { ObservedStack } from "../../src/model/observed.ts";
import { type Output, ref, type Template } from "../../src/model/template.ts";
import { outputsAfter } from "../../src/plan/diff-outputs.ts";
import { expand } from "../../src/plan/expand.ts";
import { forecastsOf } from "../../src/plan/forecast.ts";
import { steadyOutputs } from "../../src/plan/steady.ts";
import { expanded } from "../../src/plan/target.ts";
import type { Unit } from "../../src/plan/units.ts";
import { stackIn } from "./situations.ts";

// `ARef` and `ORef` are in one pack, `BRef` is in another.
const [a, b, c] = ["ARef", "BRef", "ORef"].map((item) => [item, inPack(item)] as const) as [
  readonly [string, string],
  readonly [string, string],
  readonly [string, string],
];

const packOf = ([, name]: readonly [string, string]): string => name.split("/")[0] ?? "";

/** A stack whose outputs are security groups, each with a description that only a new one can change. */
const groups = (...described: readonly (readonly [item: string, text: string])[]): Template => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Resources: Object.fromEntries(
    described.map(([item, GroupDescription]) => [
      item.replace(/Ref$/, ""),
      { Type: "AWS::EC2::SecurityGroup", Properties: { GroupDescription } },
    ]),
  ),
  Outputs: together(
    described.map(([item]): [string, Output] => [
      inPack(item),
      { Value: ref(item.replace(/Ref$/, "")) },
    ]),
  ),
});

const stackOf = (template: Template): DesiredStack => ({
  name: "stack",
  unit: "base",
  template,
  parameters: {},
  tags: {},
  capabilities: [],
  dependsOn: [],
  origins: {},
});

const joined = (...items: readonly string[]): Readonly<Record<string, string>> => {
  const packs = Map.groupBy(items, (item) => inPack(item).split("/")[0] ?? "");
  return Object.fromEntries(
    [...packs].map(([pack, all]) => [
      pack,
      all
        .toSorted()
        .map((item) => `${item}=sg-${item}`)
        .join(","),
    ]),
  );
};

test("the items stand as the tests below suppose", () => {
  expect(packOf(a)).toBe(packOf(c));
  expect(packOf(a)).not.toBe(packOf(b));
});

describe("what a stack gives after its roll-out", () => {
  const deployed = {
    template: groups(["ARef", "one"], ["BRef", "one"], ["ORef", "one"]),
    parameters: {},
    outputs: joined("ARef", "BRef", "ORef"),
  };

  test("is told item by item: one that is replaced leaves its neighbour alone", () => {
    const desired = groups(["ARef", "one"], ["BRef", "one"], ["ORef", "two"]);
    expect(outputsAfter(stackOf(desired), {}, deployed)).toEqual({
      [a[1]]: "sg-ARef",
      [b[1]]: "sg-BRef",
      [c[1]]: `{base.${c[1]}}`,
    });
  });

  test("has a new item that nobody knows yet", () => {
    const before = {
      ...deployed,
      template: groups(["ARef", "one"]),
      outputs: joined("ARef"),
    };
    expect(outputsAfter(stackOf(groups(["ARef", "one"], ["ORef", "one"])), {}, before)).toEqual({
      [a[1]]: "sg-ARef",
      [c[1]]: `{base.${c[1]}}`,
    });
  });

  test("is steady item by item", () => {
    const desired = groups(["ARef", "one"], ["BRef", "one"], ["ORef", "two"]);
    const outputs = { ...deployed.outputs, [stampOutput]: "d".repeat(64) };
    const steady = steadyOutputs({
      desired: stackOf(desired),
      parameters: {},
      stack: stackIn("UPDATE_COMPLETE", { outputs }),
      template: deployed.template,
      touched: undefined,
    });
    expect(steady).toEqual(new Set([a[1], b[1]]));
  });
});

describe("an item that leaves while somebody imports it", () => {
  const desired = groups(["ARef", "one"], ["BRef", "one"]);
  const deployed = groups(["ARef", "one"], ["BRef", "one"], ["ORef", "one"]);

  test("is kept beside those that stay", () => {
    const template = expand(desired, deployed, new Set(["ARef", "BRef", "ORef"]));
    expect(template?.Resources).toEqual(deployed.Resources);
    expect(template?.Outputs).toEqual(deployed.Outputs);
  });

  test("is kept where its whole pack would go", () => {
    const template = expand(groups(["ARef", "one"]), deployed, new Set(["ARef", "BRef"]));
    expect(template?.Outputs).toEqual(groups(["ARef", "one"], ["BRef", "one"]).Outputs);
  });

  test("goes when nobody does", () => {
    expect(expand(desired, deployed, new Set(["ARef", "BRef"]))).toBeUndefined();
  });

  test("is let be, once deployed, until those who import it have moved", () => {
    const target = { account: "123456789012", region: "eu-west-1" };
    const goal = stackOf(desired);
    const imported = new Set(["ARef", "BRef", "ORef"]);
    const digest = stackDigest({ ...goal, template: deployed }, {}, target);
    const template = stamped({ origins: {}, template: deployed }, digest);
    const stack = stackIn("UPDATE_COMPLETE", { outputs: { [stampOutput]: digest } });
    const taken = () => new Set<string>();
    const asked = expanded(goal, { stack, template, imported, taken }, target);
    expect(asked.template).toEqual(deployed);
    // It is not expanded anew.
    expect(asked.origins).toBe(goal.origins);
  });
});

test("what waits is planned with its own item of what a stack gives", () => {
  const template: Template = {
    AWSTemplateFormatVersion: "2010-09-09",
    Parameters: { ARef: { Type: "String" } },
    Resources: {
      Service: { Type: "AWS::ECS::Service", Properties: { SecurityGroups: [ref("ARef")] } },
    },
  };
  const goal: DesiredStack = {
    ...stackOf(template),
    unit: "s-a",
    parameters: { ARef: { output: ["base", a[1]] } },
  };
  const provider = stackOf(groups(["ARef", "one"], ["ORef", "one"]));
  const resting = (unit: DesiredStack, stack: Partial<ObservedStack>): Unit => ({
    goal: unit,
    desired: unit,
    stack: stackIn("UPDATE_COMPLETE", stack),
    phase: "settled",
    waitsFor: [],
    applied: undefined,
  });
  const applied = { parameters: {}, digest: "", changeSet: "", deployed: true, missing: [] };
  const planned = (group: string) =>
    forecastsOf(
      {
        units: [
          { ...resting(provider, { outputs: joined("ARef", "ORef") }), applied },
          resting(goal, { parameters: { ARef: group } }),
        ],
        leaving: [],
        templates: new Map([["s-a", template]]),
      },
      new Map(),
    ).get("s-a")?.planned;
  expect(planned("sg-ARef")).toEqual([]);
  expect(planned("sg-other")).toMatchObject([{ logicalId: "Service", action: "modify" }]);
});
