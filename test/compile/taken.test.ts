// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are what is tested.
import { describe, expect, test } from "vitest";
import { errorsOf, graphOf, nodesOf, only } from "./from-text.ts";
import { said, service } from "./one-service.ts";

// What docker compose, ECS ComposeX and AWS take, or pass over, stops nobody: at most it is told of.

const ec2 = "deploy: { labels: { ecs.compute.platform: EC2 } }\n";
const external = "deploy: { labels: { ecs.compute.platform: EXTERNAL } }\n";
const label = (text: string) => `deploy: { labels: { ${text} } }`;

// biome-ignore lint/suspicious/noExplicitAny: tests look into properties as a reader does.
const taskOf = (lines: string, rest = ""): any =>
  only(graphOf(service(lines, rest)), "AWS::ECS::TaskDefinition");
const containerOf = (lines: string) => taskOf(lines).ContainerDefinitions[0];

describe("warned of, and no error:", () => {
  test.for([
    ["x-umbrel: { a: 1 }", "unknown-key x-umbrel"],
    ["deploy: { x-podman: a }", "unknown-key deploy.x-podman"],
    [label("ecs.colour: red"), "unknown-key deploy.labels.ecs.colour"],
    ["x-codeguru_profiler: true", "not-supported-yet x-codeguru_profiler"],
    [
      "read_only: true\nx-ecs: { EnableExecuteCommand: true }",
      "no-effect x-ecs.EnableExecuteCommand",
    ],
    [
      "x-scaling: { Range: 1-3, TargetScaling: { CpuTarget: 150 } }",
      "out-of-bounds x-scaling.TargetScaling",
    ],
    [
      "x-prometheus: { ContainersInsights: { CollectForAppMesh: true } }",
      "no-effect x-prometheus.ContainersInsights.CollectForAppMesh",
    ],
    ["x-environment: { SetAsParameter: [PORT] }", "unknown-value x-environment.SetAsParameter[0]"],
    ["uts: host", "no-effect uts"],
    ["platform: linux/386", "unknown-value platform"],
    ["entrypoint: []", "no-effect entrypoint"],
    ["cgroup: host", "no-effect cgroup"],
    ["cgroup_parent: m", "no-effect cgroup_parent"],
    ["userns_mode: host", "no-effect userns_mode"],
    ["security_opt: ['seccomp:unconfined', label=disable]", "no-effect security_opt"],
    [`${ec2}security_opt: ['seccomp=unconfined']`, "no-effect security_opt[0]"],
    [`${ec2}mem_swappiness: 10`, "no-effect mem_swappiness"],
    [`${ec2}cap_add: [BPF]`, "no-effect cap_add[0]"],
    ["cap_drop: [CAP_PERFMON]", "no-effect cap_drop[0]"],
    [`${ec2}tmpfs: /run`, "no-effect tmpfs[0]"],
    [`${ec2}tmpfs: '/run:size=1m,mode=700'`, "no-effect tmpfs[0]"],
    [
      `${ec2}volumes: [{ type: bind, source: /a, target: /b, bind: { propagation: shared } }]`,
      "no-effect volumes[0].bind.propagation",
    ],
    [`${ec2}network_mode: host\nports: ['8080:80']`, "no-effect ports[0]"],
    [`${ec2}network_mode: host\nports: ['127.0.0.1:80:80']`, "no-effect ports[0]"],
    [
      "deploy: { resources: { reservations: { generic_resources: [{ discrete_resource_spec: { kind: SSD, value: 1 } }] } } }",
      "no-effect deploy.resources.reservations.generic_resources",
    ],
    [
      `${external}x-network: { AdditionalSecurityGroups: [sg-1] }`,
      "no-effect x-network.AdditionalSecurityGroups",
    ],
  ] as const)("%s", ([lines, expected]) => {
    const [code, key] = expected.split(" ");
    const all = said(service(lines));
    expect(all).toContain(`warning ${code} services.web.${key}`);
    expect(all.filter((line) => line.startsWith("error"))).toEqual([]);
  });

  test("a service without ports that lets somebody in", () => {
    const ingress = "x-network: { Ingress: { ExtSources: [{ IPv4: 10.0.0.0/8 }] } }";
    const text = service(ingress).replace('expose: ["80"]', "");
    expect(said(text)).toEqual(["warning no-ports services.web.x-network.Ingress"]);
  });
});

describe("nothing is said of", () => {
  test.for([
    ["platform: linux"],
    ["platform: linux/x86-64"],
    ["network_mode: default"],
    [`${ec2}network_mode: default`],
    ["deploy: { x-aws-autoscaling: { max: 3, cpu: 75.5 } }"],
    [label("ecs.compute.platform: ''")],
    [label("ecs.depends.condition: ''")],
    [label("ecs.essential: ''")],
    [label("ecs.ephemeral.storage: ''")],
    [label("ecs.task.family: ''")],
    ["platform: Linux/AMD64"],
    ["x-network: { AssignPublicIp: Enabled }"],
    ["x-network: { Ingress: { ExtSources: [{ IPv4: 10.0.0.0/8, Ports: [80/TCP] }] } }"],
    ["x-environment: { SetAsParameter: { KEY: { Type: Number, Default: 1 } } }"],
    [`${ec2}mem_limit: 1g\nmemswap_limit: -1`],
    [`${ec2}security_opt: ['credentialspec:file://a.json']`],
    [`${ec2}tmpfs: '/run:size=1m,sync'`],
    [label("ecs.task.family: 'shop,'")],
  ] as const)("%s", ([lines]) => {
    // A variable that ECS ComposeX makes a parameter is none here, as ever.
    const rest = said(service(lines)).filter((line) => !line.includes("SetAsParameter"));
    expect(rest).toEqual([]);
    expect(errorsOf(service(lines))).toEqual([]);
  });
});

describe("of several forms of the same", () => {
  test.for([
    ["arm64", "ARM64"],
    ["amd64", "X86_64"],
  ] as const)("platform: %s", ([platform, architecture]) => {
    expect(taskOf(`platform: ${platform}`).RuntimePlatform.CpuArchitecture).toBe(architecture);
  });

  test.for([
    ["30.5", 31],
    ["40960M", 40],
  ] as const)("ecs.ephemeral.storage: %s", ([size, expected]) => {
    const lines = label(`ecs.ephemeral.storage: ${size}`);
    expect(taskOf(lines).EphemeralStorage.SizeInGiB).toBe(expected);
  });

  test.for([
    ["task:group == service:a"],
    ["not(task:group == databases)"],
    ["(attribute:a == b) and !(attribute:c exists)"],
    ["agentConnected==true"],
    ["ec2InstanceId in ['i-1']"],
  ])("an expression of ECS is handed on: %s", ([expression = ""]) => {
    const placement = `placement: { constraints: ["${expression}"], preferences: [{ spread: host }] }`;
    const text = service(`deploy: { labels: { ecs.compute.platform: EC2 }, ${placement} }`);
    const { PlacementConstraints, PlacementStrategies } = only(graphOf(text), "AWS::ECS::Service");
    expect(PlacementConstraints).toEqual([{ Type: "memberOf", Expression: expression }]);
    expect(PlacementStrategies).toEqual([{ Type: "spread", Field: "host" }]);
  });
});

test.for([
  ["cpus: '17'", "32768", "61440"],
  ["mem_limit: 121g", "32768", "249856"],
  ["cpus: '32'\nmem_limit: 61g", "32768", "122880"],
] as const)("a task may be as large as Fargate sells them: %s", ([lines, cpu, memory]) => {
  expect(taskOf(lines)).toMatchObject({ Cpu: cpu, Memory: memory });
});

test("who waits for the health of an image that ECS does not check waits until it runs", () => {
  const family = "deploy: { labels: { ecs.task.family: f } }";
  const text = service(`${family}\ndepends_on: { db: { condition: service_healthy } }`, "").replace(
    "x-vpc",
    `  db: { image: "db:1", ${family} }\nx-vpc`,
  );
  const [task] = nodesOf(graphOf(text), "AWS::ECS::TaskDefinition");
  expect(JSON.stringify(task?.properties.ContainerDefinitions)).toContain(
    '"DependsOn":[{"ContainerName":"db","Condition":"START"}]',
  );
});

test("on instances a tmpfs of no size is on the disk", () => {
  const { MountPoints, LinuxParameters } = containerOf(`${ec2}tmpfs: /run`);
  expect(MountPoints).toMatchObject([{ ContainerPath: "/run" }]);
  expect(LinuxParameters).toBeUndefined();
});

test("what differs is what the file says, where ECS takes both", () => {
  const family = "deploy: { labels: { ecs.task.family: f } }";
  const text = `services:
  a: { image: "a:1", sysctls: { net.core.somaxconn: 1 }, ${family} }
  b: { image: "b:1", sysctls: { net.core.somaxconn: 2 }, ${family} }
x-vpc: { Properties: { SingleNat: true } }
`;
  const { ContainerDefinitions } = only(graphOf(text), "AWS::ECS::TaskDefinition");
  expect(
    ContainerDefinitions.map((one: { readonly SystemControls: unknown }) => one.SystemControls),
  ).toEqual([
    [{ Namespace: "net.core.somaxconn", Value: "1" }],
    [{ Namespace: "net.core.somaxconn", Value: "2" }],
  ]);
});
