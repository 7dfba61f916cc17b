import { describe, expect, test } from "vitest";
import type { Graph, Node } from "../../src/compile/graph.ts";
import { link } from "../../src/link/link.ts";
import { apart } from "../../src/link/packs.ts";
import { expand, references } from "../../src/plan/expand.ts";
import { replacementBy } from "../../src/plan/replacement.ts";
import { holdsData } from "../../src/plan/risk.ts";
import { graphOf } from "./from-text.ts";

// What other stacks hold on to cannot be replaced under its own id: CloudFormation would take the
// old one away before they have moved (design-aws 2). What holds data is replaced by consent only.

const settings = {
  prefix: "trueup",
  application: "app",
  environment: "test",
  layout: "per-service" as const,
  target: { account: "123456789012", region: "eu-west-1" },
};

const stacksOf = (graph: Graph) => {
  const linked = link(graph, settings);
  if (linked.kind !== "linked") throw new Error(JSON.stringify(linked.diagnostics));
  return linked.bundle.stacks;
};

/** The resources of `base` that other stacks import something of. */
function shared(graph: Graph): readonly Node[] {
  const base = stacksOf(graph).find(({ unit }) => unit === "base");
  const ids = [...apart(base?.template.Outputs)].flatMap(([, { Value }]) => references(Value));
  return [...new Set(ids)].flatMap((id) => graph.nodes.get(id) ?? []);
}

/** Which of them a change of the file would replace while they keep their id. */
function replacedInPlace(before: string, after: string): readonly string[] {
  const [old, now] = [graphOf(before), graphOf(after)];
  const isReplaced = (id: string): boolean => {
    const [one, other] = [old.nodes.get(id), now.nodes.get(id)];
    if (one === undefined || other === undefined || holdsData(one.type)) return false;
    const keys = Object.keys({ ...one.properties, ...other.properties });
    return keys
      .filter((key) => replacementBy(one.type, [key]) !== "never")
      .some((key) => {
        const [was, is] = [one.properties[key], other.properties[key]];
        return JSON.stringify(was) !== JSON.stringify(is) || references(is ?? "").some(isReplaced);
      });
  };
  return shared(old).flatMap(({ id }) => (isReplaced(id) ? [id] : []));
}

const group = (own: string): string => `services:
  web: { image: "web:1", ports: ["80", "8080"] }
  api: { image: "api:1", ports: ["80", "8080"] }
x-vpc: {}
x-elbv2:
  lb:
    Properties: { Scheme: internal }
    MacroParameters: { Ingress: { ExtSources: [{ IPv4: 10.0.0.0/8, Name: inside }] } }
    Listeners: [{ Port: 80, Targets: [{ name: both, access: / }] }]
    TargetGroups: { both: { ${own}, Services: [{ Name: "web:web" }, { Name: "api:api" }] } }
`;

const balanced = (own: string): string => `services:
  web: { image: "web:1", ports: ["80"] }
x-vpc: {}
x-elbv2:
  lb:
    Properties: { ${own} }
    MacroParameters: { Ingress: { ExtSources: [{ IPv4: 10.0.0.0/8, Name: inside }] } }
    Listeners: [{ Port: 80, Targets: [{ name: "web:web:80", access: / }] }]
    Services: { "web:web:80": { port: 80 } }
`;

const secured = (zone: string): string => `services:
  web: { image: "web:1", ports: ["80"] }
x-vpc: {}
x-route53: { z: { Name: ${zone} } }
x-acm: { cert: { MacroParameters: { DomainNames: [a.shop.example.com], HostedZoneId: x-route53::z } } }
x-elbv2:
  lb:
    Properties: { Scheme: internal, Type: network }
    MacroParameters: { Ingress: { ExtSources: [{ IPv4: 10.0.0.0/8, Name: inside }] } }
    Listeners: [{ Port: 443, Protocol: TLS, Certificates: [{ x-acm: cert }], Targets: [{ name: "web:web:80", access: / }] }]
    Services: { "web:web:80": { port: 80, protocol: TCP } }
`;

const alone = (definitions: string): string =>
  `services: { web: { image: "web:1", ports: ["80:80"], x-network: { x-cloudmap: ns } } }\n${definitions}`;

const namespace = "x-cloudmap: { ns: { Name: app.internal } }";

describe("what other stacks hold on to gets another id where it would be replaced", () => {
  test.for<[what: string, before: string, after: string]>([
    ["the port of a shared group", group("Port: 80"), group("Port: 8080")],
    [
      "the protocol of a shared group",
      group("Port: 80, Protocol: HTTP"),
      group("Port: 80, Protocol: HTTPS"),
    ],
    [
      "the version of a shared group's protocol",
      group("Port: 80, Protocol: HTTP"),
      group("Port: 80, Protocol: HTTP, ProtocolVersion: HTTP2"),
    ],
    [
      "the network",
      group("Port: 80"),
      `${group("Port: 80").replace("x-vpc: {}", "x-vpc: { Properties: { VpcCidr: 10.9.0.0/16 } }")}`,
    ],
    [
      "the scheme of a load balancer",
      balanced("Scheme: internal"),
      balanced("Scheme: internet-facing"),
    ],
    [
      "the name of a load balancer",
      balanced("Scheme: internal"),
      balanced("Scheme: internal, Name: shop"),
    ],
    [
      "the name of a cluster",
      alone(`${namespace}\nx-vpc: {}`),
      alone(`${namespace}\nx-vpc: {}\nx-cluster: { Properties: { ClusterName: shop } }`),
    ],
    [
      "the name of a namespace",
      alone(`${namespace}\nx-vpc: {}`),
      alone("x-cloudmap: { ns: { Name: shop.internal } }\nx-vpc: {}"),
    ],
    ["the zone that proves a certificate", secured("example.com"), secured("shop.example.com")],
  ])("%s", ([, before, after]) => {
    expect(replacedInPlace(before, after)).toEqual([]);
    expect(graphOf(before)).not.toEqual(graphOf(after));
  });
});

test("what is updated in place keeps its id", () => {
  const before = shared(graphOf(group("Port: 80"))).map(({ id }) => id);
  const more = "Port: 80, TargetGroupAttributes: { stickiness.enabled: 'true' }";
  expect(shared(graphOf(group(more))).map(({ id }) => id)).toEqual(before);
});

test("a shared group is there beside its successor until all have moved", () => {
  const [before, after] = [group("Port: 80"), group("Port: 8080")].map((text) =>
    stacksOf(graphOf(text)),
  );
  const [deployed, ...families] = before ?? [];
  const [desired] = after ?? [];
  const imported = families.flatMap(({ template }) => Object.keys(template.Parameters ?? {}));
  if (deployed === undefined || desired === undefined) throw new Error("no base");
  const between = expand(desired.template, deployed.template, new Set(imported));
  const ports = Object.values(between?.Resources ?? {}).flatMap(({ Properties, Type }) =>
    Type === "AWS::ElasticLoadBalancingV2::TargetGroup" ? [Properties?.Port] : [],
  );
  expect(ports.sort()).toEqual([80, 8080]);
});
