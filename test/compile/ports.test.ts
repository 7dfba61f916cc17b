import { describe, expect, test } from "vitest";
import { errorsOf, graphOf, only, saidOf } from "./from-text.ts";

const file = (lines: string) =>
  `services:\n  web: { image: "web:1", ${lines} }\nx-vpc: { Properties: { SingleNat: true } }\n`;
const onBridge = (ports: string) =>
  file(
    `network_mode: bridge, ports: ${ports}, deploy: { labels: { ecs.compute.platform: EC2 }, update_config: { order: stop-first } }`,
  );

const mappings = (text: string) =>
  only(graphOf(text), "AWS::ECS::TaskDefinition").ContainerDefinitions[0].PortMappings;

describe("a port that a container listens on", () => {
  test.for(["80/sctp", "0", "70000", "8002-8000", "http"])("is one that ECS takes: %s", (port) => {
    expect(saidOf(file(`expose: ["${port}"]`))).toEqual([
      "error unknown-value services.web.expose[0]",
    ]);
  });

  test.for([
    ['ports: ["1-1286:1-1286"]', "ports"],
    ['expose: ["1-65535"]', "expose"],
    ['expose: ["1-1000", "2000-2999"], ports: ["80"]', "expose"],
  ] as const)("is one of not too many: %s", ([lines, key]) => {
    expect(saidOf(file(lines)).filter((line) => line.startsWith("error"))).toEqual([
      `error too-big services.web.${key}`,
    ]);
  });

  test("may be one of many, and what ends beyond all ports is not counted", () => {
    expect(mappings(file('expose: ["1-1285"]'))).toHaveLength(1285);
    expect(saidOf(file('expose: ["1-99999999999"]'))).toEqual([
      "error unknown-value services.web.expose[0]",
    ]);
  });

  test("may be written in capital letters", () => {
    expect(mappings(file('expose: ["53/UDP"]'))).toEqual([
      { ContainerPort: 53, Protocol: "udp", Name: "udp_53" },
    ]);
  });

  test.for(["TCP", "Udp"])("is one of ECS, however it is written at length: %s", (protocol) => {
    const small = protocol.toLowerCase();
    expect(mappings(file(`ports: [{ target: 53, protocol: ${protocol} }]`))).toEqual([
      { ContainerPort: 53, Protocol: small, Name: `${small}_53` },
    ]);
  });

  test("speaks what ECS knows, or that does nothing", () => {
    const speaking = (protocol: string) =>
      saidOf(file(`ports: [{ target: 80, app_protocol: ${protocol} }]`)).filter((line) =>
        line.includes("app_protocol"),
      );
    expect(["http", "http2", "grpc", "tcp"].flatMap(speaking)).toEqual([]);
    expect(speaking("https")).toEqual(["warning no-effect services.web.ports[0].app_protocol"]);
  });
});

describe("the mode of a port", () => {
  test.for(["ingress", "host", "awsvpc", '""'])(
    "is one of compose, or of ECS ComposeX: %s",
    (mode) => {
      const said = saidOf(file(`ports: [{ target: 80, mode: ${mode} }]`));
      expect(said.filter((line) => line.includes("mode"))).toEqual([]);
    },
  );

  test("and no other word", () => {
    expect(saidOf(file("ports: [{ target: 80, mode: hsot }]"))).toContain(
      "warning unknown-value services.web.ports[0].mode",
    );
  });
});

describe("the name of a port", () => {
  test.for(["Web", "-web", "web port", "w".repeat(65)])(
    "is one that ECS takes, or the usual one: %s",
    (name) => {
      const text = file(`ports: [{ target: 80, name: "${name}" }]`);
      expect(saidOf(text)).toContain("warning bad-name services.web.ports[0].name");
      expect(mappings(text)).toEqual([{ ContainerPort: 80, Protocol: "tcp", Name: "tcp_80" }]);
    },
  );

  test("is of one port in a task", () => {
    const labels = "deploy: { labels: { ecs.task.family: f } }";
    const pair = (name: string) =>
      saidOf(`services:
  a: { image: "a:1", ports: [{ target: 80, name: web }, { target: 81, name: ${name} }], ${labels} }
  b: { image: "b:1", ports: [{ target: 82, name: ${name} }], ${labels} }
x-vpc: {}
`).filter((line) => line.includes("name"));
    expect(pair("web")).toEqual([
      "warning same-name services.a.ports[1].name",
      "warning same-name services.b.ports[0].name",
    ]);
    expect(pair("web-2")).toEqual(["warning same-name services.b.ports[0].name"]);
  });
});

describe("on a bridge", () => {
  test("one port of a container may be two of its instance, by names of their own", () => {
    expect(mappings(onBridge('["8080:80", "8081:80"]'))).toEqual([
      { ContainerPort: 80, Protocol: "tcp", Name: "tcp_80", HostPort: 8080 },
      { ContainerPort: 80, Protocol: "tcp", Name: "tcp_80_8081", HostPort: 8081 },
    ]);
  });

  test("a port of the instance is one of the container", () => {
    expect(errorsOf(onBridge('["8080:80", "8080:81"]'))).toEqual([
      "same-port services.web.ports: 8080/tcp of the instance is published twice",
    ]);
    expect(errorsOf(onBridge('["8080:80", "8080:80/udp"]'))).toEqual([]);
    expect(errorsOf(onBridge('["80", "81"]'))).toEqual([]);
  });
});
