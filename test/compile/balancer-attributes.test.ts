import { describe, expect, test } from "vitest";
import { errorsOf, saidOf } from "./from-text.ts";

// Attributes of load balancers and target groups: what ELB would refuse with the stack half-way.

interface Asked {
  readonly properties?: string;
  readonly macros?: string;
  readonly target?: string;
  readonly type?: "application" | "network";
}

const file = ({ properties = "", macros = "", target = "", type = "application" }: Asked) => `
services:
  web: { image: "web:1", ports: ["80"] }
x-vpc: { Properties: { SingleNat: true } }
x-elbv2:
  lb:
    Properties: { Type: ${type}, ${properties} }
    MacroParameters: { Ingress: { ExtSources: [{ IPv4: 0.0.0.0/0, Name: any }] }, ${macros} }
    Listeners: [{ Port: 80, Targets: [{ name: "web:web:80"${type === "network" ? "" : ", access: /"} }] }]
    Services: { "web:web:80": { port: 80, ${target} } }
`;

const balancer = (attributes: string, type?: Asked["type"]) =>
  file({ properties: `LoadBalancerAttributes: ${attributes}`, ...(type && { type }) });
const group = (attributes: string, type?: Asked["type"]) =>
  file({ target: `TargetGroupAttributes: ${attributes}`, ...(type && { type }) });

const ofBalancer = "x-elbv2.lb.Properties.LoadBalancerAttributes";
const ofGroup = "x-elbv2.lb.Services.web:web:80.TargetGroupAttributes";

describe("an attribute of a load balancer", () => {
  test("that there is not is told with the nearest one, in a list or by name", () => {
    const key = "idle_timeout.timeout_second";
    const told = `unknown attribute ${key} (Did you mean idle_timeout.timeout_seconds?)`;
    expect(errorsOf(balancer(`{ ${key}: 60 }`))).toEqual([
      `unknown-key ${ofBalancer}.${key}: ${told}`,
    ]);
    expect(errorsOf(balancer(`[{ Key: ${key}, Value: "60" }]`))).toEqual([
      `unknown-key ${ofBalancer}[0].Key: ${told}`,
    ]);
  });

  test("may be newer than these", () => {
    expect(saidOf(balancer("{ teleport.enabled: true }"))).toEqual([
      `warning unknown-key ${ofBalancer}.teleport.enabled`,
    ]);
  });

  test("is one of its type", () => {
    expect(errorsOf(balancer("{ idle_timeout.timeout_seconds: 60 }", "network"))).toEqual([
      `unknown-key ${ofBalancer}.idle_timeout.timeout_seconds: idle_timeout.timeout_seconds is for load balancers of the type application (Remove it.)`,
    ]);
    expect(saidOf(balancer("{ secondary_ips.auto_assigned.per_subnet: 1 }"))).toHaveLength(1);
  });

  test.for([
    ["idle_timeout.timeout_seconds: 4001", "1 to 4000"],
    ["idle_timeout.timeout_seconds: 1.5", "1 to 4000"],
    ["client_keep_alive.seconds: 59", "60 to 604800"],
    ["deletion_protection.enabled: yes please", "true, false"],
    ["routing.http.desync_mitigation_mode: strict", "monitor, defensive, strictest"],
  ] as const)("has a value that ELB takes: %s", ([given, takes]) => {
    const [key, value = ""] = given.split(": ");
    const written = Number.isNaN(Number(value)) ? JSON.stringify(value) : value;
    expect(errorsOf(balancer(`{ ${given} }`))).toEqual([
      `unknown-value ${ofBalancer}.${key}: ${key} cannot be ${written} (It takes ${takes}.)`,
    ]);
  });

  test("may be what CloudFormation works out, or any of these", () => {
    const some = `[{ Key: idle_timeout.timeout_seconds, Value: { Ref: "AWS::NoValue" } }, { Key: waf.fail_open.enabled, Value: true }]`;
    expect(saidOf(balancer(some)).filter((line) => line.includes("unknown"))).toEqual([]);
    expect(saidOf(balancer("{ load_balancing.cross_zone.enabled: true }", "network"))).toEqual([]);
  });

  test("may be one of ComposeX's shorthands, within the same bounds", () => {
    expect(saidOf(file({ macros: "timeout_seconds: 0" }))).toEqual([
      "error unknown-value x-elbv2.lb.MacroParameters.timeout_seconds",
    ]);
    expect(saidOf(file({ macros: "timeout_seconds: 4000, http2: false" }))).toEqual([]);
  });
});

describe("an attribute of a target group", () => {
  test.for([
    ["{ stickiness.enable: true }", "unknown-key", ".stickiness.enable"],
    ["{ proxy_protocol_v2.enabled: true }", "unknown-key", ".proxy_protocol_v2.enabled"],
    ["[{ Key: stickiness.typ, Value: 'true' }]", "unknown-key", "[0].Key"],
    ["[{ Key: stickiness.type, Value: cookie }]", "unknown-value", "[0].Value"],
    ["{ slow_start.duration_seconds: 29 }", "unknown-value", ".slow_start.duration_seconds"],
    [
      "{ deregistration_delay.timeout_seconds: 3601 }",
      "unknown-value",
      ".deregistration_delay.timeout_seconds",
    ],
  ] as const)("is one that ELB takes: %s", ([attributes, code, at]) => {
    const errors = saidOf(group(attributes)).filter((line) => line.startsWith("error"));
    expect(errors).toEqual([`error ${code} ${ofGroup}${at}`]);
  });

  test.for([
    ["{ slow_start.duration_seconds: 0, stickiness.type: app_cookie }", "application"],
    ["{ proxy_protocol_v2.enabled: true, stickiness.type: source_ip }", "network"],
    ["{ target_group_health.dns_failover.minimum_healthy_targets.count: off }", "application"],
  ] as const)("is taken as it is: %s", ([attributes, type]) => {
    expect(saidOf(group(attributes, type))).toEqual([]);
  });
});
