import { describe, expect, test } from "vitest";
import { getAtt, join, ref, type Template, type Value } from "../../src/model/template.ts";
import { differences, surer } from "../../src/plan/diff-compare.ts";
import { evaluated, isUnknown } from "../../src/plan/diff-values.ts";

const template: Template = {
  AWSTemplateFormatVersion: "2010-09-09",
  Parameters: { Zone: { Type: "String" }, Later: { Type: "String" } },
  Resources: {},
};

/** What a value comes to where `Zone` is `a` and nobody knows `Later` yet. */
const come = (value: Value): Value | undefined =>
  evaluated({ Type: "AWS::SQS::Queue", Properties: { value } }, template, { Zone: "a" }).value;

const text = (...parts: readonly Value[]): Value => join(parts);

const nothing = ref("AWS::NoValue");
const cidr = getAtt("Vpc", "CidrBlock");

describe("a value is computed as far as can be without AWS:", () => {
  test.for<[what: string, value: Value, expected: Value | undefined]>([
    ["a parameter", ref("Zone"), "a"],
    ["a resource", ref("Vpc"), ref("Vpc")],
    ["nothing", nothing, undefined],
    ["nothing among others", ["x", nothing, "y"], ["x", "y"]],
    [
      "an attribute in one word",
      { "Fn::GetAtt": "Stack.Outputs.Url" },
      getAtt("Stack", "Outputs.Url"),
    ],
    ["a number", 7, 7],
    ["text", join(["x", ref("Zone"), 7], "-"), "x-a-7"],
    ["no text", join([], "-"), ""],
    ["text that is not known as a whole", text("x-", ref("Zone"), "-", cidr), text("x-a-", cidr)],
    ["text that is only what is not known", text("", cidr), cidr],
    ["text within text", join([text(cidr, "x"), "y"], "-"), text(cidr, "x-y")],
    [
      "placeholders",
      { "Fn::Sub": `\${Zone}-\${Vpc.CidrBlock}-\${!Zone}` },
      text("a-", cidr, `-\${Zone}`),
    ],
    ["a placeholder for nothing", { "Fn::Sub": `x\${AWS::NoValue}y` }, "xy"],
    ["placeholders of its own", { "Fn::Sub": [`\${Z}-\${Zone}`, { Z: ref("Zone") }] }, "a-a"],
    ["one of its own for nothing", { "Fn::Sub": [`x\${Z}`, { Z: nothing }] }, "x"],
    ["an item of a list", { "Fn::Select": [1, ["x", ref("Zone")]] }, "a"],
    ["a list from text", { "Fn::Split": [",", text("x,", ref("Zone"))] }, ["x", "a"]],
  ])("%s", ([, value, expected]) => {
    expect(come(value)).toEqual(expected);
  });

  test.for<[what: string, value: Value, expected: Value]>([
    ["of zones", { "Fn::GetAZs": ref("Zone") }, { "Fn::GetAZs": "a" }],
    [
      "of an item of them",
      { "Fn::Select": [0, { "Fn::GetAZs": ref("Zone") }] },
      { "Fn::Select": [0, { "Fn::GetAZs": "a" }] },
    ],
    ["of an item that there is not", { "Fn::Select": [5, ["x"]] }, { "Fn::Select": [5, ["x"]] }],
    ["of text from a list not known", { "Fn::Join": [",", cidr] }, { "Fn::Join": [",", cidr] }],
    ["of a list from text not known", { "Fn::Split": [",", cidr] }, { "Fn::Split": [",", cidr] }],
    ["of no separator", { "Fn::Split": [cidr, "x"] }, { "Fn::Split": [cidr, "x"] }],
    ["of no separator of text", { "Fn::Join": [cidr, ["x"]] }, { "Fn::Join": [cidr, ["x"]] }],
    ["of nothing that is text", { "Fn::Sub": cidr }, { "Fn::Sub": cidr }],
    ["of one argument too few", { "Fn::Join": "x" }, { "Fn::Join": "x" }],
    ["that nobody knows", { "Fn::Tomorrow": ["x", nothing] }, { "Fn::Tomorrow": ["x"] }],
  ])("a function %s stands as it is, for what it is made of", ([, value, expected]) => {
    expect(come(value)).toEqual(expected);
  });

  test("what has parts of its own is no function, whatever they are called", () => {
    const labels = { Ref: "Zone", Team: "shop" };
    expect(come(labels)).toEqual(labels);
    expect(come({})).toEqual({});
  });

  test.for<[what: string, value: Value, unknown: boolean]>([
    ["in text", text("x-", ref("Later")), true],
    ["in a list", ["x", ref("Later")], true],
    ["in a part", { x: "y", z: [ref("Later")] }, true],
    ["nowhere", { x: ["y", cidr] }, false],
  ])("what only a deployment will tell is not known %s", ([, value, unknown]) => {
    expect(isUnknown(come(value))).toBe(unknown);
  });
});

const asksVpc = [{ resource: "Vpc", attribute: undefined }];
const asksCidr = [{ resource: "Vpc", attribute: "CidrBlock" }];

test.for<[what: string, old: Value, now: Value, expected: readonly unknown[]]>([
  ["nothing", { A: { B: [1, { C: 2 }] } }, { A: { B: [1, { C: 2 }] } }, []],
  ["a part", { A: { B: 1, C: 2 } }, { A: { B: 3, C: 2 } }, [["A.B", "yes", []]]],
  [
    "an item, without its place in the list",
    { A: [1, { B: 1 }] },
    { A: [1, { B: 2 }] },
    [["A.B", "yes", []]],
  ],
  [
    "a list that is longer, and what both have",
    { A: [1] },
    { A: [2, { B: 1 }] },
    [
      ["A", "yes", []],
      ["A", "yes", []],
    ],
  ],
  ["a list that is shorter", { A: [1, 2] }, { A: [1] }, [["A", "yes", []]]],
  [
    "what comes, with every part",
    {},
    { A: { B: ref("Vpc") } },
    [
      ["A", "yes", asksVpc],
      ["A.B", "yes", asksVpc],
    ],
  ],
  [
    "what goes, with every part",
    { A: { B: 1 } },
    {},
    [
      ["A", "yes", []],
      ["A.B", "yes", []],
    ],
  ],
  ["what asks the same of the same", { A: ref("Vpc") }, { A: ref("Vpc") }, [["A", "no", asksVpc]]],
  ["what asks something else", { A: ref("Vpc") }, { A: cidr }, [["A", "yes", asksCidr]]],
  ["what asks in text", { A: "x" }, { A: text("x", cidr) }, [["A", "yes", asksCidr]]],
  [
    "what will only be told",
    { A: "x" },
    { A: { "Trueup::Unknown": "Zone" } },
    [["A", "perhaps", []]],
  ],
  ["what was only told", { A: { "Trueup::Unknown": "Zone" } }, { A: "x" }, [["A", "perhaps", []]]],
])("differences are told of %s", ([, old, now, expected]) => {
  const found = differences(old, now);
  expect(found.map(({ asks, certainty, path }) => [path.join("."), certainty, asks])).toEqual(
    expected,
  );
});

test("of two certainties the surer one counts", () => {
  const all = ["no", "perhaps", "yes"] as const;
  const table = all.map((a) => all.map((b) => surer(a, b)));
  expect(table).toEqual([
    ["no", "perhaps", "yes"],
    ["perhaps", "perhaps", "yes"],
    ["yes", "yes", "yes"],
  ]);
});
