import { expect, test } from "vitest";
import { later } from "../../src/compile/x/registry.ts";
import { errorsOf, saidOf } from "./from-text.ts";

const web = (more: string, own = ""): string =>
  `services: { web: { image: "web:1"${own} } }\nx-vpc: {}\n${more}\n`;

test.for(Object.keys(later))("%s is refused by name, and with a way out", (key) => {
  expect(errorsOf(web(`${key}: { a: {} }`))).toEqual([
    expect.stringMatching(new RegExp(`^not-supported-yet ${key}: ${key} is not .* \\(.+\\.\\)$`)),
  ]);
});

test("a lookup that is not built is refused with a way out", () => {
  expect(errorsOf(web("x-elasticache: { c: { Lookup: { Tags: { a: b } } } }"))).toEqual([
    expect.stringMatching(
      /^not-supported-yet x-elasticache.c.Lookup: .* not supported yet \(.+\.\)$/,
    ),
  ]);
});

test.for(["SetupIAMForKCL: { web: true }", "SetupIAMForKCL: { web: { DynamoDB: true } }"])(
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
  const nothing = "MacroParameters: {}, Settings: {}";
  const event = `Properties: { ScheduleExpression: rate(1 day) }, Services: { web: {} }, ${nothing}`;
  expect(errorsOf(web(`x-events: { e: { ${event} } }`))).toEqual([]);
});

const onEvent = (own: string, rest = "") =>
  `services: { web: { image: "web:1", ports: ["80"]${own} } }
x-vpc: { Properties: { SingleNat: true } }
x-events: { nightly: { Properties: { ScheduleExpression: rate(1 day) }, Services: { web: { DeleteDefaultService: true } } } }
${rest}`;

test("who runs on events alone is told of what asks for a service, and of nothing else", () => {
  expect(saidOf(onEvent(""))).toEqual([]);
  expect(saidOf(onEvent(", x-scaling: { Range: 1-3 }"))).toEqual([
    "warning no-service x-events.nightly.Services.web",
  ]);
  const named = onEvent(
    ", x-network: { x-cloudmap: ns }",
    "x-cloudmap: { ns: { Name: a.internal } }",
  );
  expect(saidOf(named)).toEqual(["warning no-service x-events.nightly.Services.web"]);
});
