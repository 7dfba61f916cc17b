// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are what is tested.
import { describe, expect, test } from "vitest";
import { later } from "../../src/compile/x/registry.ts";
import { errorsOf, graphOf, only, saidOf } from "./from-text.ts";

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

// What has another shape than is asked for is said to have, and is not taken for something near it.

test.for([
  ["x-s3: { b: { MacroParameters: { EnableAcceleration: [true] } } }", "EnableAcceleration"],
  ["x-vpc: { Properties: { SingleNat: [true] } }", "SingleNat"],
] as const)("a list of one is not that one: %s", ([text, key]) => {
  const file = text.startsWith("x-vpc")
    ? `services: { web: { image: "web:1" } }\n${text}`
    : web(text);
  expect(errorsOf(file)).toEqual([
    expect.stringMatching(`^wrong-type .*${key}: must be true or false`),
  ]);
});

describe("a load balancer", () => {
  const balancer = (listener: string, service = "", ingress = "") =>
    `services: { web: { image: "web:1", ports: ["80"] } }
x-vpc: { Properties: { SingleNat: true } }
x-elbv2:
  lb:
    Properties: { Scheme: internal }
    MacroParameters: { Ingress: { ExtSources: [{ IPv4: 10.0.0.0/8, Name: inside ${ingress} }] } }
    Listeners: [{ Port: 80, Targets: [{ name: "web:web:80", access: /a }], ${listener} }]
    Services: { "web:web:80": { port: 80 ${service} } }
`;

  test.for([
    ["Redirect: HTTP_TO_HTTPS, Redirectx: 1", "unknown-key DefaultActions[0].Redirectx"],
    ["Redirect: HTTP_TO_HTTP", "unknown-value DefaultActions[0].Redirect"],
    ["Redirect: [HTTP_TO_HTTPS]", "unknown-value DefaultActions[0].Redirect"],
  ])("says of an action with a name what is wrong with it: %s", ([action, said = ""]) => {
    const [code, path] = said.split(" ");
    expect(saidOf(balancer(`DefaultActions: [{ ${action} }]`))).toEqual([
      `error ${code} x-elbv2.lb.Listeners[0].${path}`,
    ]);
  });

  test("takes no list for a port or a health check", () => {
    const check = ", healthcheck: ['80:HTTP:/health:200']";
    expect(saidOf(balancer("", check))).toEqual([
      "error wrong-type x-elbv2.lb.Services.web:web:80.healthcheck",
    ]);
    expect(saidOf(balancer("", "", ", Ports: [[80]]"))).toEqual([
      "error wrong-type x-elbv2.lb.MacroParameters.Ingress.ExtSources[0].Ports[0]",
    ]);
  });
});

test("a key that only CloudFormation can name is none of the file", () => {
  const queue =
    "{ Properties: { KmsMasterKeyId: '${AWS::Region}' }, Services: { web: { Access: RO } } }";
  const nodes = [...graphOf(web(`x-sqs: { jobs: ${queue} }`)).nodes.values()];
  const { properties } = nodes.find(({ id }) => id === "WebTaskPolicy") ?? {};
  expect(JSON.stringify(properties)).toContain('"key/",{"Ref":"AWS::Region"}');
});

test("a port without a protocol is one of TCP", () => {
  const ports = ', ports: [{ target: 80, protocol: "" }]';
  expect(
    only(graphOf(web("", ports)), "AWS::ECS::TaskDefinition").ContainerDefinitions[0],
  ).toMatchObject({
    PortMappings: [{ ContainerPort: 80, Protocol: "tcp" }],
  });
});
