import { expect, test } from "vitest";
import type { Template, Value } from "../../src/model/template.ts";
import { withdrawnBy } from "../../src/plan/handed-out.ts";
import { stackIn, unitOf } from "./situations.ts";

const template = (outputs: Readonly<Record<string, Value>>): Template => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Resources: {},
  Outputs: Object.fromEntries(Object.entries(outputs).map(([name, Value]) => [name, { Value }])),
});

const handing = template({
  VpcId: { Ref: "Vpc" },
  AppSubnets: { "Fn::Join": [",", [{ Ref: "One" }, { Ref: "Two" }]] },
  NamespaceId: { "Fn::GetAtt": ["Zone", "Id"] },
  ClusterName: "given",
  Own: { Ref: "Queue" },
});

const unit = unitOf(stackIn("UPDATE_COMPLETE"));
const { name } = unit.desired;

const found = (changes: readonly (readonly [string, string, string?])[], templateOf = handing) =>
  withdrawnBy(
    {
      plan: {
        changes: changes.map(([logicalId, action, stack = name]) => ({ action, logicalId, stack })),
      },
      steps: [],
    } as never,
    { observed: { units: [unit], leaving: [], templates: new Map([["base", templateOf]]) } },
    ["VpcId", "AppSubnets", "NamespaceId", "ClusterName", "HostedZoneId"],
  );

test.for([
  ["removed", [["Vpc", "remove"]], ["Vpc"]],
  ["made anew", [["Zone", "replace"]], ["Zone"]],
  [
    "one of several",
    [
      ["Two", "remove"],
      ["Queue", "remove"],
    ],
    ["Two"],
  ],
] as const)("what is handed out is withdrawn where it is %s", ([, changes, resources]) => {
  expect(found(changes)).toEqual([{ unit: "base", resources }]);
});

test("what stands in a text that is handed out is, too", () => {
  const cluster = template({ ClusterName: { "Fn::Sub": `\${Cluster}-of-\${Zone.Name}` } });
  expect(found([["Cluster", "replace"]], cluster)).toEqual([
    { unit: "base", resources: ["Cluster"] },
  ]);
  expect(found([["Zone", "remove"]], cluster)).toEqual([{ unit: "base", resources: ["Zone"] }]);
});

test.for([
  ["changed in place", [["Vpc", "modify"]]],
  ["of another stack", [["Vpc", "remove", "other"]]],
  ["not handed out", [["Queue", "remove"]]],
] as const)("it is not where it is %s", ([, changes]) => {
  expect(found(changes)).toEqual([]);
  expect(found(changes, template({}))).toEqual([]);
});

test("all of it is where its stack is deleted, and not before that is asked for", () => {
  const leaving = [{ unit: "base", stack: stackIn("CREATE_COMPLETE") }];
  const going = (kind: string, of = "base", templates = new Map([["base", handing]])) =>
    withdrawnBy(
      {
        plan: { changes: [] },
        steps: [
          { kind: "delete-change-set", unit: "s-a" },
          { kind, unit: of },
        ],
      } as never,
      { observed: { units: [], leaving, templates } },
      ["VpcId", "NamespaceId", "Unknown", "ClusterName"],
    );
  expect(going("delete-stack")).toEqual([{ unit: "base", resources: ["Vpc", "Zone"] }]);
  expect(going("delete-stack", "s-web")).toEqual([]);
  expect(going("delete-change-set")).toEqual([]);
  expect(going("delete-stack", "base", new Map())).toEqual([]);
  const { Outputs: _, ...bare } = handing;
  expect(going("delete-stack", "base", new Map([["base", bare]]))).toEqual([]);
});
