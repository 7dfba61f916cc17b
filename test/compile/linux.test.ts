import { describe, expect, test } from "vitest";
import { errorsOf, graphOf, only } from "./from-text.ts";
import { said, service } from "./one-service.ts";

const ec2 = "deploy: { labels: { ecs.compute.platform: EC2 } }\n";

// biome-ignore lint/suspicious/noExplicitAny: tests look into properties as a reader does.
const containerOf = (lines: string): any =>
  only(graphOf(service(lines)), "AWS::ECS::TaskDefinition").ContainerDefinitions[0];

describe("sysctls", () => {
  test("are those of a container's own network and messages", () => {
    const names = ["fs.mqueue.msg_max", "kernel.shmmax", "net.core.somaxconn"];
    const lines = `sysctls: { ${names.map((name) => `${name}: 1`).join(", ")} }`;
    expect(containerOf(lines).SystemControls).toEqual(
      names.map((Namespace) => ({ Namespace, Value: "1" })),
    );
  });

  test.for(["vm.max_map_count: 262144", "kernel.domainname: a", "kernel.shmmaxx: 1"])(
    "of the host are none on Fargate, and refused on its instances: %s",
    (text) => {
      const [name] = text.split(":");
      const path = `services.web.sysctls.${name}`;
      expect(said(service(`sysctls: { ${text} }`))).toEqual([`warning no-effect ${path}`]);
      expect(containerOf(`sysctls: { ${text} }`)).not.toHaveProperty("SystemControls");
      expect(said(service(`${ec2}sysctls: { ${text} }`))).toEqual([`error cannot-honour ${path}`]);
    },
  );

  test("without a value say nothing", () => {
    expect(errorsOf(service("sysctls: [net.core.somaxconn]"))).toEqual([
      "no-value services.web.sysctls.net.core.somaxconn: net.core.somaxconn has no value (Write net.core.somaxconn=VALUE.)",
    ]);
  });

  test("of one network are the same in all of a task", () => {
    const pair = (own: string, other: string) =>
      said(`services:
  a: { image: "a:1", sysctls: { net.core.somaxconn: 1 }, deploy: { labels: { ecs.task.family: f } } }
  b: { image: "b:1", sysctls: { net.core.somaxconn: ${own} }, deploy: { labels: { ecs.task.family: f } } }
  c: { image: "c:1", sysctls: { net.core.somaxconn: ${other} } }
x-vpc: {}
`).filter((line) => line.includes("sysctls"));
    expect(pair("1", "2")).toEqual([]);
    expect(pair("2", "1")).toEqual(["warning differs services.b.sysctls.net.core.somaxconn"]);
  });

  test("of messages are the host's where these are", () => {
    const host = `${ec2}ipc: host\n`;
    expect(said(service(`${host}sysctls: { kernel.shmmax: 1 }`))).toEqual([
      "error cannot-honour services.web.sysctls.kernel.shmmax",
    ]);
    expect(said(service(`${host}sysctls: { net.core.somaxconn: 1 }`))).toEqual([]);
  });
});

describe("ulimits", () => {
  test("are of names that ECS knows", () => {
    expect(errorsOf(service(`${ec2}ulimits: { nofiles: 1 }`))).toEqual([
      "unknown-value services.web.ulimits.nofiles: ECS knows no limit nofiles (Did you mean nofile?)",
    ]);
  });

  test.for(["", ec2])("are no higher than what a process may raise them to", (platform) => {
    expect(said(service(`${platform}ulimits: { nofile: { soft: 20, hard: 10 } }`))).toEqual([
      "error out-of-bounds services.web.ulimits.nofile",
    ]);
  });

  test.for([
    ["1048576", []],
    ["1048577", ["warning out-of-bounds services.web.ulimits.nofile"]],
    ["-1", ["warning out-of-bounds services.web.ulimits.nofile"]],
  ] as const)("are no more files than Fargate has: %s", ([limit, expected]) => {
    const lines = `ulimits: { nofile: { soft: 1024, hard: ${limit} } }`;
    expect(said(service(lines))).toEqual(expected);
    expect(containerOf(lines).Ulimits).toEqual([
      { Name: "nofile", SoftLimit: 1024, HardLimit: 1_048_576 },
    ]);
    expect(said(service(`${ec2}${lines}`))).toEqual([]);
  });

  test.for([
    ["memlock: -1", { Name: "memlock", SoftLimit: -1, HardLimit: -1 }],
    ["core: { soft: 1, hard: -1 }", { Name: "core", SoftLimit: 1, HardLimit: -1 }],
  ] as const)("may be none: %s", ([text, limit]) => {
    expect(containerOf(`${ec2}ulimits: { ${text} }`).Ulimits).toEqual([limit]);
  });
});
