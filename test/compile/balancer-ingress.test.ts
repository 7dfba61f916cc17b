import { describe, expect, test } from "vitest";
import { graphOf, nodesOf, only, saidOf } from "./from-text.ts";

// Who reaches a load balancer, and listeners that are added to one that others made.

const listenerType = "AWS::ElasticLoadBalancingV2::Listener";

const file = (ingress: string, balancer: string): string => `services:
  mqtt:
    image: mqtt@sha256:${"0".repeat(64)}
    ports: ["1883", "9001"]
    x-network: { Ingress: { ${ingress} } }
x-vpc: { Properties: { SingleNat: true } }
x-elbv2:
  edge: { ${balancer} }
`;

/** Rules of the load balancer's own group: who, and which port. */
const openings = (text: string) =>
  nodesOf(graphOf(text), "AWS::EC2::SecurityGroupIngress")
    .filter(({ id }) => id.startsWith("Edge"))
    .map(({ properties: { CidrIp, FromPort, IpProtocol } }) => [CidrIp, FromPort, IpProtocol]);

describe("a network load balancer without Ingress", () => {
  const plain = (lines = "") =>
    `Properties: { Type: network }, ${lines} Listeners: [{ Port: 443, Protocol: TCP, Targets: [{ name: "mqtt:mqtt:1883" }] }], Services: { "mqtt:mqtt:1883": { protocol: TCP } }`;
  const any = "ExtSources: [{ IPv4: 0.0.0.0/0, Name: any }]";

  test("lets in whom its targets let in, on its own port", () => {
    const text = file(any, plain());
    expect(openings(text)).toEqual([["0.0.0.0/0", 443, "tcp"]]);
    expect(saidOf(text)).toEqual([]);
  });

  test("but not those who may reach other ports of theirs alone", () => {
    const only = (port: number) =>
      file(`ExtSources: [{ IPv4: 10.0.0.0/8, Name: in, Ports: [${port}] }]`, plain());
    expect(openings(only(1883))).toEqual([["10.0.0.0/8", 443, "tcp"]]);
    expect(openings(only(9001))).toEqual([]);
    expect(saidOf(only(9001))).toEqual(["warning unreachable x-elbv2.edge"]);
  });

  test("and is unreachable where they let nobody in", () => {
    expect(saidOf(file("Myself: true", plain()))).toEqual(["warning unreachable x-elbv2.edge"]);
  });

  test("of groups that services share, those of each service", () => {
    const shared =
      'Properties: { Type: network }, Listeners: [{ Port: 443, Protocol: TCP, Targets: [{ name: all }] }], TargetGroups: { all: { Port: 1883, Protocol: TCP, Services: [{ Name: "mqtt:mqtt" }] } }';
    expect(openings(file(any, shared))).toEqual([["0.0.0.0/0", 443, "tcp"]]);
  });

  test("with Ingress lets in whom that says, and nobody else", () => {
    const own = "MacroParameters: { Ingress: { ExtSources: [{ IPv4: 10.0.0.0/8 }] } },";
    expect(openings(file(any, plain(own)))).toEqual([["10.0.0.0/8", 443, "tcp"]]);
  });

  test("of the other type has nothing to do with that", () => {
    const web = plain().replace("network", "application").replaceAll("TCP", "HTTP");
    expect(openings(file(any, web))).toEqual([]);
  });
});

describe("listeners for a load balancer that others made", () => {
  const arn = (kind: string) =>
    `arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/${kind}/lb/1`;
  const answers = (kind: string, SecurityGroups = "sg-1") => ({
    lookups: new Map([["x-elbv2.edge", { Arn: arn(kind), SecurityGroups }]]),
  });
  const looked = (protocol: string, more = "") =>
    file(
      "Myself: true",
      `Lookup: { loadbalancer: { Tags: { a: b } } }, ${more} Listeners: [{ Port: 8443, Protocol: ${protocol}, Targets: [{ name: "mqtt:mqtt:1883", access: / }] }], Services: { "mqtt:mqtt:1883": { protocol: ${protocol} } }`,
    );
  const ingress = "MacroParameters: { Ingress: { ExtSources: [{ IPv4: 10.0.0.0/8 }] } },";

  test.for([
    ["app", "HTTP"],
    ["net", "TCP"],
  ])(
    "%s: are made on it, and its group lets the tasks be reached",
    ([kind = "", protocol = ""]) => {
      const graph = graphOf(looked(protocol), answers(kind));
      expect(only(graph, listenerType)).toMatchObject({
        LoadBalancerArn: arn(kind),
        Port: 8443,
        Protocol: protocol,
      });
      const rules = nodesOf(graph, "AWS::EC2::SecurityGroupIngress");
      expect(rules.map(({ properties }) => properties.SourceSecurityGroupId)).toContain("sg-1");
      expect(rules.map(({ properties }) => properties.GroupId)).not.toContain("sg-1");
    },
  );

  test("let in whom Ingress says by a rule of its group", () => {
    const graph = graphOf(looked("HTTP", ingress), answers("app"));
    const rules = nodesOf(graph, "AWS::EC2::SecurityGroupIngress").map(
      ({ properties }) => properties,
    );
    expect(rules).toContainEqual(
      expect.objectContaining({ GroupId: "sg-1", CidrIp: "10.0.0.0/8", FromPort: 8443 }),
    );
  });

  test("cannot do so where it has no group", () => {
    expect(saidOf(looked("TCP", ingress), answers("net", ""))).toEqual([
      "warning no-effect x-elbv2.edge.MacroParameters.Ingress",
    ]);
  });

  test("have a port that none of those there has", () => {
    const text = looked("HTTP").replace(
      "Lookup: { loadbalancer: { Tags: { a: b } } }",
      "Lookup: { loadbalancer: { Tags: { a: b } }, Listeners: { 8443: { Tags: { a: b } } } }",
    );
    expect(saidOf(text, { lookups: "placeholder" })).toContain(
      "error same-port x-elbv2.edge.Listeners[0]",
    );
  });
});
