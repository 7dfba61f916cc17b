import { expect, test } from "vitest";
import { later } from "../../src/compile/x/registry.ts";
import { errorsOf } from "./from-text.ts";

const web = (more: string, own = ""): string =>
  `services: { web: { image: "web:1"${own} } }\nx-vpc: {}\n${more}\n`;

test.for(Object.keys(later))("%s is refused by name, and with a way out", (key) => {
  expect(errorsOf(web(`${key}: { a: {} }`))).toEqual([
    expect.stringMatching(new RegExp(`^not-supported-yet ${key}: ${key} is not .* \\(.+\\.\\)$`)),
  ]);
});

test.for(["SetupIAMForKCL: true", "SetupIAMForKCL: { DynamoDB: true }"])(
  "consumers of a stream say which table is theirs: %s",
  (macros) => {
    expect(errorsOf(web(`x-kinesis: { s: { MacroParameters: { ${macros} } } }`))).toEqual([
      expect.stringContaining("cannot-honour x-kinesis.s.MacroParameters.SetupIAMForKCL"),
    ]);
  },
);

test("nothing is refused where nothing is asked", () => {
  expect(errorsOf(web("x-kinesis: { s: { MacroParameters: { SetupIAMForKCL: false } } }"))).toEqual(
    [],
  );
});
