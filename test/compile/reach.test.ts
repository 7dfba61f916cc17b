import { describe, expect, test } from "vitest";
import { graphOf, nodesOf } from "./from-text.ts";
import { said } from "./one-service.ts";

// Who is let in at a family's tasks, and on which ports.

/** `protocol port` of each rule at a group of tasks, sorted. */
const rulesOf = (text: string): readonly string[] =>
  nodesOf(graphOf(text), "AWS::EC2::SecurityGroupIngress")
    .map(({ properties }) => `${properties.IpProtocol} ${properties.FromPort}`)
    .sort();

const file = (server: string, rest = "") => `services:
  client: { image: "c:1" }
  server:
    image: "s:1"
${server.replaceAll(/^(?=.)/gm, "    ")}
x-vpc: { Properties: { SingleNat: true } }
${rest}`;

describe("a port that is named without its protocol", () => {
  test.for([
    ['["53:53/udp"]', "53", ["udp 53"]],
    ['["53:53/udp", "53:53"]', "53", ["tcp 53", "udp 53"]],
    ['["53:53/udp", "53:53"]', "53/udp", ["udp 53"]],
    ['["53:53/udp"]', "8080", ["tcp 8080"]],
  ] as const)("has that of the service: %s, %s", ([ports, named, rules]) => {
    const ingress = `{ Services: [{ Name: client, Ports: ["${named}"] }] }`;
    const server = `ports: ${ports}\nx-network: { Ingress: ${ingress} }`;
    expect(rulesOf(file(server))).toEqual(rules);
  });

  test("has that of the listener of a load balancer", () => {
    const balancer = `x-elbv2:
  lb:
    Properties: { Type: network, Scheme: internal }
    MacroParameters: { Ingress: { ExtSources: [{ IPv4: 10.0.0.0/8, Name: in, Ports: [514] }] } }
    Listeners: [{ Port: 514, Protocol: UDP, Targets: [{ name: "server:server:514" }] }]
    Services: { "server:server:514": { port: 514, protocol: UDP, healthcheck: "80:HTTP:/:200" } }
`;
    expect(rulesOf(file('ports: ["514:514/udp"]', balancer))).toEqual([
      "tcp 80",
      "udp 514",
      "udp 514",
    ]);
  });
});

describe("where the proxy of a mesh listens in place of a port", () => {
  const mesh = "x-cloudmap: { mesh: { Name: mesh.internal } }\n";
  const server = (connect: string, ingress: string) => `ports: ["8080", "9090"]
x-network:
  Ingress: ${ingress}
  x-ecs_connect: { ${connect} }`;
  const macros =
    "MacroParameters: { x-cloudmap: mesh, service_ports: { tcp_8080: { IngressPortOverride: 18080 }, tcp_9090: { DnsName: other } } }";
  const own =
    "Properties: { Namespace: mesh.internal, Services: [{ PortName: tcp_8080, IngressPortOverride: 18080 }] }";

  test.for([
    [macros, "{ Services: [{ Name: client }] }", ["tcp 18080", "tcp 8080", "tcp 9090"]],
    [own, "{ Services: [{ Name: client }] }", ["tcp 18080", "tcp 8080", "tcp 9090"]],
    [macros, "{ Services: [{ Name: client, Ports: [8080] }] }", ["tcp 18080", "tcp 8080"]],
    [macros, "{ Services: [{ Name: client, Ports: [9090] }] }", ["tcp 9090"]],
    [macros, "{ Myself: true }", ["tcp 18080", "tcp 8080", "tcp 9090"]],
  ] as const)("whoever may reach the port is let in: %s %s", ([connect, ingress, rules]) => {
    expect(rulesOf(file(server(connect, ingress), mesh))).toEqual(rules);
  });
});

describe("tasks in subnets that are chosen", () => {
  const chosen = (group: string, own = "", vpc = "SingleNat: true") =>
    said(`services: { web: { image: "web@sha256:${"0".repeat(64)}", networks: [n] ${own} } }
networks: { n: { x-vpc: ${group} } }
x-vpc: { Properties: { ${vpc} } }
`);

  test.for(["PublicSubnets", "StorageSubnets"])("have no way out of %s", (group) => {
    expect(chosen(group)).toEqual(["warning no-way services.web.networks"]);
  });

  test("have none of AppSubnets without a gateway", () => {
    expect(chosen("AppSubnets")).toEqual([]);
    expect(chosen("AppSubnets", "", "DisableNat: true")).toEqual([
      "warning no-way services.web.networks",
    ]);
  });

  test("reach what they need by an address of their own, by endpoints, or from their instance", () => {
    expect(chosen("PublicSubnets", ", x-network: { AssignPublicIp: true }")).toEqual([]);
    const endpoints = "SingleNat: true, Endpoints: { AwsServices: [{ service: ecr.api }] }";
    expect(chosen("StorageSubnets", "", endpoints)).toEqual([]);
    const instance = ", deploy: { labels: { ecs.compute.platform: EC2 } }";
    expect(chosen("StorageSubnets", instance)).toEqual([]);
  });
});

test("a service waits once for what several of its containers mount", () => {
  const one = (name: string, user: number) =>
    `  ${name}: { image: "${name}:1", user: "${user}", volumes: ["files:/files"], deploy: { labels: { ecs.task.family: web } } }\n`;
  const text = `services:\n${one("a", 500)}${one("b", 600)}volumes: { files: { x-efs: {} } }
x-vpc: { Properties: { SingleNat: true } }
x-events: { hourly: { Properties: { ScheduleExpression: rate(1 hour) }, Services: { web: {} } } }
`;
  for (const type of ["AWS::ECS::Service", "AWS::Events::Rule"]) {
    const [made] = nodesOf(graphOf(text), type);
    const targets = made?.dependsOn?.filter((id) => id.includes("MountTarget"));
    expect(targets).toEqual(["FilesMountTarget1", "FilesMountTarget2"]);
  }
});
