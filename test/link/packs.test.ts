import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { base, familyLayer, type Graph, type Node } from "../../src/compile/graph.ts";
import { link } from "../../src/link/link.ts";
import { apart, inPack, outputNamed, parameterOf, together } from "../../src/link/packs.ts";
import type { DesiredStack } from "../../src/model/bundle.ts";
import { ref } from "../../src/model/template.ts";

const settings = {
  prefix: "trueup",
  application: "app",
  environment: "test",
  layout: "per-service",
  target: { account: "123456789012", region: "eu-west-1" },
} as const;

const origin = { file: "compose.yaml", line: 1, column: 1, path: "services.web" };

/** A security group of each family in `base`, and a service in the family's own stack. */
const familiesNamed = (names: readonly string[]): Graph => {
  const nodes = names.flatMap((name): readonly Node[] => {
    const group = `${name}SecurityGroup`;
    const type = "AWS::EC2::SecurityGroup";
    return [
      { id: group, type, layer: base, properties: { GroupDescription: name }, origin },
      {
        id: `${name}Service`,
        type: "AWS::ECS::Service",
        layer: familyLayer(name),
        properties: { SecurityGroups: [ref(group)] },
        origin,
      },
    ];
  });
  return {
    nodes: new Map(nodes.map((node) => [node.id, node])),
    outputs: [],
    order: new Map(),
    tags: {},
  };
};

const stacksOf = (names: readonly string[]): ReadonlyMap<string, DesiredStack> => {
  const linked = link(familiesNamed(names), settings);
  if (linked.kind === "failed") throw new Error(JSON.stringify(linked.diagnostics));
  return new Map(linked.bundle.stacks.map((stack) => [stack.unit, stack]));
};

const many = Array.from({ length: 250 }, (_, at) => `F${at}`);

describe("security groups of families", () => {
  test("share outputs, so that 250 families fit where 200 outputs do", () => {
    const stacks = stacksOf(many);
    expect(stacks.size).toBe(251);
    const outputs = stacks.get("base")?.template.Outputs ?? {};
    expect(Object.keys(outputs).length).toBeLessThanOrEqual(16);
    expect(apart(outputs).size).toBe(250);
  });

  test("come to a family as one parameter each, which is fed by one item", () => {
    const { parameters, template } = stacksOf(["Web", "Api"]).get("s-Web") ?? {};
    const symbol = "WebSecurityGroupRef";
    expect(parameters).toEqual({ [symbol]: { output: ["base", inPack(symbol)] } });
    expect(template?.Parameters).toEqual({ [symbol]: { Type: "String" } });
    expect(template?.Resources.WebService?.Properties).toEqual({ SecurityGroups: [ref(symbol)] });
  });

  test("do not move when families come and go", () => {
    const before = stacksOf(many.slice(0, 100));
    const after = stacksOf(many.slice(50));
    for (const name of many.slice(50, 100))
      expect(after.get(`s-${name}`)).toEqual(before.get(`s-${name}`));
  });

  test("make the same outputs in whatever order the families come", () => {
    const outputs = (names: readonly string[]) =>
      JSON.stringify(stacksOf(names).get("base")?.template.Outputs);
    expect(outputs(many.toReversed())).toBe(outputs(many));
  });
});

describe("a pack", () => {
  const items = fc.uniqueArray(fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,30}$/), {
    maxLength: 40,
  });

  test("is taken apart into what was put together", () => {
    fc.assert(
      fc.property(items, (ids) => {
        const all = [
          ["VpcRef", { Value: ref("Vpc"), Description: "The network" }] as const,
          ...ids.map((id) => [inPack(id), { Value: ref(id) }] as const),
        ];
        expect(apart(together(all))).toEqual(new Map(all));
      }),
    );
  });

  test("gives each item as CloudFormation joins them", () => {
    fc.assert(
      fc.property(items, (ids) => {
        const packs = Map.groupBy(ids, (id) => inPack(id).split("/")[0] ?? "");
        const outputs = Object.fromEntries(
          [...packs].map(([pack, all]) => [pack, all.map((id) => `${id}=sg-${id}`).join(",")]),
        );
        for (const id of ids) expect(outputNamed(outputs, inPack(id))).toBe(`sg-${id}`);
      }),
    );
  });

  test("gives nothing that is not in it, or only begins alike", () => {
    const outputs = { SecurityGroups0: "WebRef=sg-1", VpcRef: "vpc-1" };
    expect(outputNamed(outputs, "SecurityGroups0/We")).toBeUndefined();
    expect(outputNamed(outputs, "SecurityGroups0/ApiRef")).toBeUndefined();
    expect(outputNamed(outputs, "SecurityGroups1/WebRef")).toBeUndefined();
    expect(outputNamed(outputs, "VpcRef")).toBe("vpc-1");
    expect(outputNamed(outputs, "toString")).toBeUndefined();
    expect(outputNamed(outputs, "toString/WebRef")).toBeUndefined();
  });

  test("is named with what it holds, an output alone", () => {
    expect(parameterOf("SecurityGroups0/WebRef")).toBe("WebRef");
    expect(parameterOf("VpcRef")).toBe("VpcRef");
  });
});
