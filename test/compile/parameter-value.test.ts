import { describe, expect, test } from "vitest";
import { errorsOf, graphOf, only } from "./from-text.ts";

const parameter = (definition: string): string =>
  `services: { web: { image: "web:1" } }\nx-vpc: {}\nx-ssm_parameter: { p: { ${definition} } }\n`;

const heldBy = (value: string, macros: string): string =>
  only(
    graphOf(
      parameter(`Properties: { Value: ${JSON.stringify(value)} }, MacroParameters: { ${macros} }`),
    ),
    "AWS::SSM::Parameter",
  ).Value;

describe("the value of a parameter", () => {
  test.for([
    ["is checked and stays", '{ "a": 1 }', "ValidateJson: true", '{ "a": 1 }'],
    ["loses its spaces", '{ "a": [1, 2] }', "MinimizeJson: true", '{"a":[1,2]}'],
    ["is YAML, and stays", "a: [1]", "ValidateYaml: true", "a: [1]"],
    ["is YAML, and becomes JSON", "a: { b: yes }", "RenderToJson: true", '{"a":{"b":"yes"}}'],
    ["is encoded last", "a: 1", "RenderToJson: true, EncodeToBase64: true", "eyJhIjoxfQ=="],
    [
      "may be no JSON where that is let be",
      "plain",
      "MinimizeJson: true, IgnoreInvalidJson: true",
      "plain",
    ],
  ] as const)("%s", ([, value, macros, made]) => {
    expect(heldBy(value, macros)).toBe(made);
  });

  test.for([
    [
      "no JSON",
      "plain",
      "ValidateJson: true",
      "MacroParameters.ValidateJson: the value is not JSON",
    ],
    [
      "no YAML",
      "a: [",
      "ValidateYaml: true",
      "MacroParameters.ValidateYaml: the value is not YAML",
    ],
    ["what Parameter Store refuses", "{{ a }}", "", ": the value has {{…}} in it"],
    ["too much", "x".repeat(8193), "", ": the value has 8193 bytes, of 4096"],
  ] as const)("is refused where it is %s", ([, value, macros, said]) => {
    const text = parameter(
      `Properties: { Value: ${JSON.stringify(value)} }, MacroParameters: { ${macros} }`,
    );
    expect(errorsOf(text)).toEqual([
      expect.stringContaining(`x-ssm_parameter.p${said.startsWith(":") ? "" : "."}${said}`),
    ]);
  });

  test("has to be somewhere, and in one place", () => {
    expect(errorsOf(parameter("Properties: { Type: String }"))).toEqual([
      expect.stringContaining("missing-key x-ssm_parameter.p: Properties.Value is missing"),
    ]);
  });
});
