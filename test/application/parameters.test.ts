import { describe, expect, test } from "vitest";
import { readParameters } from "../../src/application/parameters.ts";
import { readApplication } from "../../src/application/read.ts";

const complaints = (text: string): readonly string[] => {
  const read = readParameters("params/prod.json", text);
  if (read.kind === "read") return [];
  return read.diagnostics.map(
    ({ code, column, line, path }) => `${line}:${column} ${code} ${path}`,
  );
};

const parameters = { VpcId: "vpc-1", AppSubnets: "subnet-1,subnet-2" };

describe("a file of parameters", () => {
  test.for([
    [
      "CloudFormation's list",
      [
        { ParameterKey: "VpcId", ParameterValue: "vpc-1" },
        { ParameterKey: "AppSubnets", ParameterValue: "subnet-1,subnet-2" },
      ],
    ],
    ["a template configuration", { Parameters: parameters }],
  ] as const)("may be %s", ([, written]) => {
    const text = JSON.stringify(written, undefined, 2);
    expect(readParameters("params/prod.json", text)).toEqual({ kind: "read", parameters });
  });

  test.for([
    ["", "1:1 missing "],
    ['{\n  "Parameters": { "VpcID": "vpc-1" }\n}', "2:19 unknown-key Parameters.VpcID"],
    ['{ "Parameters": {}, "Tags": {} }', "1:21 unknown-key Tags"],
    [`{ "Parameters": { "VpcId": "\${VPC}" } }`, "1:28 malformed Parameters.VpcId"],
    ['{ "Parameters": { "VpcId": "{{resolve:ssm:x}}" } }', "1:28 malformed Parameters.VpcId"],
    [
      '[{ "ParameterKey": "VpcId", "UsePreviousValue": true, "ParameterValue": "vpc-1" }]',
      "1:29 unknown-key [0].UsePreviousValue",
    ],
    [
      '[{ "ParameterKey": "VpcId", "ParameterValue": "a" },\n { "ParameterKey": "VpcId", "ParameterValue": "b" }]',
      "2:20 duplicate-key [1].ParameterKey",
    ],
    ['[{ "ParameterKey": "Cluster", "ParameterValue": "a" }]', "1:20 malformed [0].ParameterKey"],
  ] as const)("%s is refused where it is wrong", ([text, complaint]) => {
    expect(complaints(text)).toContain(complaint);
  });
});

describe("parameters of an environment", () => {
  const given = (written: string) => {
    const text = `application: a\nenvironments: { dev: { on: { branch: main }, parameters: ${written} } }\n`;
    const read = readApplication("trueup.yaml", text);
    return read.kind === "read" ? read.application.environments.dev?.parameters : read.diagnostics;
  };

  test("are a map, with lists joined", () => {
    expect(given("{ VpcId: vpc-1, AppSubnets: [subnet-1, subnet-2] }")).toEqual({
      values: parameters,
    });
  });

  test("are never resolved by CloudFormation", () => {
    const written = [
      '{ ClusterName: "{{resolve:ssm:x}}" }',
      '{ AppSubnets: ["{{resolve:ssm:x}}"] }',
    ];
    expect(written.map(given)).toEqual([
      [expect.objectContaining({ code: "malformed" })],
      [expect.objectContaining({ code: "malformed" })],
    ]);
  });

  test("are a path", () => {
    expect(given("params/prod.json")).toEqual({ file: "params/prod.json" });
  });

  test("are those of another environment", () => {
    expect(given("{ from: platform/prod }")).toEqual({ from: "platform/prod" });
  });
});
