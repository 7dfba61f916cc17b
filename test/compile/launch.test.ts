import { describe, expect, test } from "vitest";
import { errorsOf, graphOf, only, saidOf } from "./from-text.ts";

const network = "x-vpc: { Properties: { SingleNat: true } }\n";
const made =
  "x-cluster: { Properties: { CapacityProviders: [ours, FARGATE], DefaultCapacityProviderStrategy: [{ CapacityProvider: ours, Weight: 1 }] } }\n";
const there = "x-cluster: { Lookup: shared }\n";
const lookups = "placeholder";

const service = (name: string, lines: string): string =>
  `  ${name}:\n    image: ${name}:1\n${lines.replaceAll(/^/gm, "    ")}\n`;
const web = (lines: string, rest = network): string => `services:\n${service("web", lines)}${rest}`;
const ec2 = "deploy: { labels: { ecs.compute.platform: EC2 } }\n";
const pair = (one: string, other: string, labels = "ecs.compute.platform: EC2"): string => {
  const deploy = `deploy: { labels: { ecs.task.family: shop, ${labels} } }\n`;
  return `services:\n${service("a", deploy + one)}${service("b", deploy.replace(`, ${labels}`, "") + other)}${network}`;
};
const strategy = (...names: readonly string[]): string =>
  `x-ecs: { CapacityProviderStrategy: [${names.map((name) => `{ CapacityProvider: ${name}, Weight: 1 }`).join(", ")}] }\n`;

// biome-ignore lint/suspicious/noExplicitAny: tests look into properties as a reader does.
const taskOf = (text: string): any => only(graphOf(text, { lookups }), "AWS::ECS::TaskDefinition");
const serviceOf = (text: string) => only(graphOf(text, { lookups }), "AWS::ECS::Service");
// biome-ignore lint/suspicious/noExplicitAny: as above.
const container = (text: string): any => taskOf(text).ContainerDefinitions[0];

const nodeTypes = (text: string): readonly string[] =>
  [...graphOf(text).nodes.values()].map(({ type }) => type);

describe("a log driver that only instances have", () => {
  const syslog = 'logging: { driver: syslog, options: { syslog-address: "udp://10.0.0.1:514" } }';

  test("takes the logs there", () => {
    const { LogConfiguration } = container(web(ec2 + syslog));
    const Options = { "syslog-address": "udp://10.0.0.1:514" };
    expect(LogConfiguration).toEqual({ LogDriver: "syslog", Options });
    expect(nodeTypes(web(ec2 + syslog))).not.toContain("AWS::Logs::LogGroup");
  });

  test.for([
    ["on Fargate", syslog],
    ["of the machine that compose runs on", `${ec2}logging: { driver: json-file }`],
  ] as const)("is CloudWatch Logs in its place %s", ([, lines]) => {
    expect(saidOf(web(lines))).toEqual(["warning no-effect services.web.logging"]);
    expect(container(web(lines)).LogConfiguration.LogDriver).toBe("awslogs");
  });
});

describe("what a family runs on", () => {
  test.for([
    ["Fargate, where nothing is said", web(""), "FARGATE", "FARGATE"],
    ["what its label says", web(ec2), "EC2", "EC2"],
    [
      "instances, where one of its services needs them",
      pair("", "").replace("shop }", "shop, ecs.compute.platform: FARGATE }"),
      ...["EC2", "EC2"],
    ],
    [
      "what its provider is of, by name where the cluster is there already",
      web(strategy("theirs"), network + there),
      "EC2",
      undefined,
    ],
    ["what the cluster says", web("", network + made), "EC2", undefined],
    [
      "its label before what the cluster says",
      web("deploy: { labels: { ecs.compute.platform: FARGATE } }", network + made),
      ...["FARGATE", "FARGATE"],
    ],
  ] as const)("is %s", ([, text, compatibility, launchType]) => {
    expect(taskOf(text).RequiresCompatibilities).toEqual([compatibility]);
    expect(serviceOf(text).LaunchType).toBe(launchType);
  });

  test("a service in two families is judged for both", () => {
    const shared = "privileged: true\ndeploy: { labels: { ecs.task.family: 'a,b' } }";
    const own = "deploy: { labels: { ecs.task.family: b, ecs.compute.platform: EC2 } }";
    const text = (lines: string) =>
      `services:\n${service("web", lines)}${service("other", own)}${network}`;
    const refused = "error cannot-honour services.web.privileged";
    expect(saidOf(text(shared))).toContain(refused);
    expect(saidOf(text(shared.replace("a,b", "b")))).not.toContain(refused);
  });

  test("an event's tasks run where the family's would", () => {
    const events = `x-events: { nightly: { Properties: { ScheduleExpression: rate(1 day) }, Services: { web: { TaskCount: 1 } } } }\n`;
    const placed = `deploy: { labels: { ecs.compute.platform: EC2 }, placement: { max_replicas_per_node: 1 } }`;
    const rule = only(graphOf(web(placed, network + events)), "AWS::Events::Rule");
    const { LaunchType, PlacementConstraints, NetworkConfiguration } =
      rule.Targets[0].EcsParameters;
    expect({ LaunchType, PlacementConstraints }).toEqual({
      LaunchType: "EC2",
      PlacementConstraints: [{ Type: "distinctInstance" }],
    });
    expect(NetworkConfiguration.AwsVpcConfiguration).not.toHaveProperty("AssignPublicIp");
  });
});

describe("on instances", () => {
  const resources = (text: string) =>
    `deploy: { labels: { ecs.compute.platform: EC2 }, resources: ${text} }`;

  test.for([
    ["{}", undefined, { MemoryReservation: 128 }],
    ["{ limits: { memory: 64m } }", undefined, { Memory: 64 }],
    [
      '{ limits: { cpus: "2", memory: 1g }, reservations: { memory: 600m } }',
      ...(["2048", { Cpu: 2048, Memory: 1024, MemoryReservation: 600 }] as const),
    ],
    [
      '{ limits: { cpus: "0.1" }, reservations: { memory: 1g } }',
      ...(["128", { Cpu: 102, MemoryReservation: 1024 }] as const),
    ],
    ['{ reservations: { cpus: "1" } }', undefined, { Cpu: 1024, MemoryReservation: 128 }],
  ] as const)("%s is no size to be bought", ([text, cpu, share]) => {
    const task = taskOf(web(resources(text)));
    const { Cpu, Memory, MemoryReservation } = task.ContainerDefinitions[0];
    expect({ Cpu, Memory, MemoryReservation }).toEqual(share);
    expect([task.Cpu, task.Memory]).toEqual([cpu, undefined]);
  });

  test("a limit of CPUs that only one container has caps no task, and says so", () => {
    const text = pair("cpus: 1", "");
    expect(taskOf(text)).not.toHaveProperty("Cpu");
    expect(saidOf(text)).toContain("warning no-effect services.a.cpus");
  });
});

describe("files and namespaces of an instance:", () => {
  test("a tmpfs is memory, and no volume", () => {
    const long = "volumes: [{ type: tmpfs, target: /z, read_only: true, tmpfs: { size: 10m } }]\n";
    const text = web(`${ec2}${long}tmpfs: "/run:size=64m,noexec"`);
    expect(container(text).LinuxParameters.Tmpfs).toEqual([
      { ContainerPath: "/run", Size: 64, MountOptions: ["noexec"] },
      { ContainerPath: "/z", Size: 10, MountOptions: ["ro"] },
    ]);
    expect(taskOf(text)).not.toHaveProperty("Volumes");
  });

  test("paths of the host that are told apart are two volumes", () => {
    const text = web(`${ec2}volumes: ["/a/b:/x", "/a-b:/y:ro"]`);
    const volumes = taskOf(text).Volumes;
    expect(new Set(volumes.map((one: { readonly Name: string }) => one.Name)).size).toBe(2);
    expect(volumes.map(({ Host }: { readonly Host: unknown }) => Host)).toEqual([
      { SourcePath: "/a/b" },
      { SourcePath: "/a-b" },
    ]);
  });

  test("an architecture is one of the instance", () => {
    const task = taskOf(web(`${ec2}platform: linux/amd64`));
    expect(task).not.toHaveProperty("RuntimePlatform");
    const Expression = "attribute:ecs.cpu-architecture == x86_64";
    expect(task.PlacementConstraints).toEqual([{ Type: "memberOf", Expression }]);
  });

  test.for([
    ["ipc: shareable", { IpcMode: "task" }],
    ["ipc: none", { IpcMode: "none" }],
    ["ipc: private", {}],
    ["pid: host", { PidMode: "host" }],
    ["pid: service:b", { PidMode: "task" }],
  ] as const)("%s", ([line, expected]) => {
    const { IpcMode, PidMode } = taskOf(pair(line, ""));
    expect({ IpcMode, PidMode }).toEqual(expected);
  });
});

test.for(["", "EC2"])(
  "GPUs that swarms have by a kind are named as ECS has them: %s",
  (platform) => {
    const generic = "generic_resources: [{ discrete_resource_spec: { kind: gpus, value: 2 } }]";
    const label = platform === "" ? "" : `labels: { ecs.compute.platform: ${platform} }, `;
    const lines = `deploy: { ${label}resources: { reservations: { ${generic} } } }`;
    expect(errorsOf(`services:\n${service("web", lines)}${network}`)).toEqual([
      expect.stringMatching(
        /^cannot-honour services\.web\.deploy\.resources\.reservations\.generic_resources\[0\]: gpus .*Write gpus: \[\{ count: 2 \}\]/,
      ),
    ]);
  },
);

describe("on instances, too,", () => {
  test.for([
    ["gpus: all", "cannot-honour gpus[0]"],
    ["gpus: [{ device_ids: ['0'] }]", "cannot-honour gpus[0]"],
    ["ipc: service:other", "cannot-honour ipc"],
    ["memswap_limit: 1g", "cannot-honour memswap_limit"],
    ["mem_limit: 2g\nmemswap_limit: 1g", "cannot-honour memswap_limit"],
    ["network_mode: container:other", "cannot-honour network_mode"],
    ["security_opt: ['seccomp:./own.json']", "cannot-honour security_opt[0]"],
    ["volumes: ['./files:/files']", "cannot-honour volumes[0]"],
  ])("%s is refused", ([lines = "", expected = ""]) => {
    const [code, key] = expected.split(" ");
    const text = `services:\n${service("web", ec2 + lines)}${service("other", "")}${network}`;
    expect(saidOf(text)).toContain(`error ${code} services.web.${key}`);
  });

  test.for([
    ["constraints: [node.role == manager]", "constraints[0]"],
    ["constraints: [node.labels.a > 1]", "constraints[0]"],
    ["preferences: [{ spread: node.id }]", "preferences[0].spread"],
    ["max_replicas_per_node: 2", "max_replicas_per_node"],
  ])("%s places nothing", ([text = "", key = ""]) => {
    const deploy = `deploy: { labels: { ecs.compute.platform: EC2 }, placement: { ${text} } }`;
    const path = `services.web.deploy.placement.${key}`;
    expect(saidOf(web(deploy))).toEqual([`warning no-effect ${path}`]);
    expect(serviceOf(web(deploy))).not.toHaveProperty("PlacementConstraints");
  });

  test("what Swarm calls an instance's own is an attribute of ECS", () => {
    const text =
      "constraints: [node.labels.disk != hdd, 'node.platform.arch==x86_64'], preferences: [{ spread: engine.labels.rack }]";
    const { PlacementConstraints, PlacementStrategies } = serviceOf(
      web(`deploy: { labels: { ecs.compute.platform: EC2 }, placement: { ${text} } }`),
    );
    expect(PlacementConstraints).toEqual([
      { Type: "memberOf", Expression: "attribute:disk != hdd" },
      { Type: "memberOf", Expression: "attribute:ecs.cpu-architecture == x86_64" },
    ]);
    expect(PlacementStrategies).toEqual([{ Type: "spread", Field: "attribute:rack" }]);
  });
});

describe("of instances a file is told that", () => {
  test("ECS has no devices to reserve but GPUs", () => {
    const devices = "devices: [{ capabilities: [tpu], count: 1 }]";
    const deploy = `deploy: { labels: { ecs.compute.platform: EC2 }, resources: { reservations: { ${devices} } } }`;
    expect(saidOf(web(deploy))).toContain(
      "error cannot-honour services.web.deploy.resources.reservations.devices[0]",
    );
  });

  test("tasks have no public address, and say where they would need one", () => {
    expect(saidOf(web(`${ec2}x-network: { AssignPublicIp: true }`))).toEqual([
      "warning no-effect services.web",
    ]);
    const open = "x-vpc: { Properties: { DisableNat: true } }\n";
    expect(saidOf(web(ec2, open))).toContain("warning no-effect services.web");
    expect(saidOf(web("", open))).toEqual([]);
  });

  test("the size of a task's disk is the instance's business", () => {
    const text = web(
      "deploy: { labels: { ecs.compute.platform: EC2, ecs.ephemeral.storage: 30 } }",
    );
    const path = "services.web.deploy.labels.ecs.ephemeral.storage";
    expect(saidOf(text)).toEqual([`warning no-effect ${path}`]);
    expect(taskOf(text)).not.toHaveProperty("EphemeralStorage");
  });

  test("who shares the host's processes unasked is told", () => {
    expect(saidOf(pair("pid: host", ""))).toEqual(["warning less-isolated services.b"]);
  });

  test("a task has one namespace, and its containers agree on it", () => {
    expect(saidOf(pair("ipc: host", "ipc: none"))).toContain("error cannot-honour services.b.ipc");
  });
});

describe("what does not go together is refused", () => {
  const at = "services.web.x-ecs.CapacityProviderStrategy";
  test.for([
    ["providers of both", web(strategy("FARGATE", "theirs"), network + there), "contradiction", 1],
    ["instances and Fargate's provider", web(ec2 + strategy("FARGATE")), "contradiction", 0],
    ["a name that AWS keeps", web(strategy("FARGATE_SPOTS"), network + there), "unknown-value", 0],
    ["a provider the cluster has not", web(strategy("theirs")), "unknown-value", 0],
  ] as const)("%s", ([, text, code, index]) => {
    expect(saidOf(text, { lookups })).toContain(`error ${code} ${at}[${index}]`);
  });
});

describe("network_mode on Fargate", () => {
  const path = "services.web.network_mode";
  test.for([
    ["bridge", `warning no-effect ${path}`],
    ["host", `warning no-effect ${path}`],
    ["none", `error cannot-honour ${path}`],
  ])("%s", ([mode = "", expected = ""]) => {
    expect(saidOf(web(`network_mode: ${mode}`))).toEqual([expected]);
  });

  test("of a neighbour in the family is what a task has anyway", () => {
    expect(saidOf(pair("network_mode: service:b", "", "team: a"))).toEqual([]);
  });
});
