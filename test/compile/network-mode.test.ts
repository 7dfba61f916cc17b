import { describe, expect, test } from "vitest";
import { graphOf, nodesOf, only, saidOf } from "./from-text.ts";

const lookups = "placeholder";
const there = "x-cluster: { Lookup: shared }\nx-vpc: { Properties: { SingleNat: true } }\n";

/** One family `web` on instances, and whatever else. */
function on(platform: string, lines: string, rest = ""): string {
  const deploy = `    deploy: { labels: { ecs.compute.platform: ${platform} } }\n`;
  const own = lines.replaceAll(/^/gm, "    ");
  return `services:\n  web:\n    image: web:1\n${lines.includes("deploy:") ? "" : deploy}${own}\n${rest}${there}`;
}
const ec2 = (lines: string, rest?: string) => on("EC2", lines, rest);
const external = (lines: string, rest?: string) => on("EXTERNAL", lines, rest);

// biome-ignore lint/suspicious/noExplicitAny: tests look into properties as a reader does.
const taskOf = (text: string): any => only(graphOf(text, { lookups }), "AWS::ECS::TaskDefinition");
const serviceOf = (text: string) => only(graphOf(text, { lookups }), "AWS::ECS::Service");
const mappings = (text: string) => taskOf(text).ContainerDefinitions[0].PortMappings;
const said = (text: string) => saidOf(text, { lookups });

const balancer = (more = "") => `x-elbv2:
  lb:
    Properties: { Scheme: internal, Type: application }
    Listeners: [{ Port: 80, Protocol: HTTP, Targets: [{ name: "web:web:80", access: / }] }]
    Services: { "web:web:80": { port: 80, healthcheck: "80:HTTP:2:2:10:5:/:200" ${more} } }
`;

describe("tasks with the network of their instance", () => {
  test.for(["bridge", "host", "none"])("say so: %s", (mode) => {
    const text = ec2(`network_mode: ${mode}`);
    expect(taskOf(text).NetworkMode).toBe(mode);
    expect(serviceOf(text)).not.toHaveProperty("NetworkConfiguration");
  });

  test("have no security group and need no VPC", () => {
    const text = ec2("network_mode: bridge").replace(/^x-vpc.*\n/m, "");
    const types = [...graphOf(text, { lookups }).nodes.values()].map(({ type }) => type);
    expect(types.filter((type) => type.startsWith("AWS::EC2::"))).toEqual([]);
  });

  test("on a bridge have ports of the instance, or whichever is free", () => {
    const ports = `network_mode: bridge\nports: ["8080:80", "90", "1234:53/udp"]\nexpose: ["70", "80"]`;
    expect(mappings(ec2(ports))).toEqual([
      { ContainerPort: 80, Protocol: "tcp", Name: "tcp_80", HostPort: 8080 },
      { ContainerPort: 90, Protocol: "tcp", Name: "tcp_90" },
      { ContainerPort: 53, Protocol: "udp", Name: "udp_53", HostPort: 1234 },
      { ContainerPort: 70, Protocol: "tcp", Name: "tcp_70" },
    ]);
  });

  test("as the instance listen on one port each", () => {
    const ports = 'network_mode: host\nports: ["80:80", "90"]';
    expect(mappings(ec2(ports))).toEqual([
      { ContainerPort: 80, Protocol: "tcp", Name: "tcp_80", HostPort: 80 },
      { ContainerPort: 90, Protocol: "tcp", Name: "tcp_90", HostPort: 90 },
    ]);
  });

  test("on a bridge may listen on the same port in two containers, and not have the same outside", () => {
    const pair = (one: string, other: string) =>
      `services:\n${[
        ["a", one],
        ["b", other],
      ]
        .map(
          ([name, port]) =>
            `  ${name}:\n    image: x:1\n    network_mode: bridge\n    ports: ["${port}"]\n    deploy: { labels: { ecs.task.family: shop, ecs.compute.platform: EC2 } }\n`,
        )
        .join("")}${there}`;
    const names = taskOf(pair("80", "80")).ContainerDefinitions.map(
      ({ PortMappings: [port] }: { readonly PortMappings: readonly { Name: string }[] }) =>
        port?.Name,
    );
    expect(names).toEqual(["tcp_80", "tcp_80_b"]);
    expect(said(pair("1:80", "1:90"))).toContain("error same-port services.b.ports");
  });

  test("wait for a port that only one of them can have, and say so", () => {
    const stopFirst =
      "deploy: { labels: { ecs.compute.platform: EC2 }, update_config: { order: stop-first } }";
    const warned = ["warning host-port services.web"];
    expect(said(ec2("network_mode: bridge\nports: ['80:80']"))).toEqual(warned);
    expect(said(ec2("network_mode: host\nports: ['80']"))).toEqual(warned);
    expect(said(ec2("network_mode: bridge\nports: ['80']"))).toEqual([]);
    expect(said(ec2(`network_mode: host\nports: ['80']\n${stopFirst}`))).toEqual([]);
    const share = "x-aws-min_percent: 0\nx-aws-max_percent:";
    const published = "network_mode: bridge\nports: ['80:80']";
    expect(said(ec2(`${published}\n${share} 100`))).toEqual([]);
    expect(said(ec2(`${published}\n${share} 200`))).toEqual(warned);
  });
});

describe("with the network of its instance a task", () => {
  test.for([
    ["network_mode: bridge\nports: ['8000-8005:80']", "cannot-honour ports[0]"],
    ["network_mode: bridge\nports: ['127.0.0.1:80:80']", "cannot-honour ports[0]"],
    ["network_mode: host\nsysctls: { net.core.somaxconn: 10 }", "cannot-honour sysctls"],
    ["network_mode: none\nports: ['80']", "contradiction"],
    [
      "network_mode: bridge\nx-prometheus: { ContainersInsights: { CollectForNginx: true } }",
      "cannot-honour x-prometheus",
    ],
  ])("is refused %s", ([lines = "", expected = ""]) => {
    const [code, key] = expected.split(" ");
    const path = ["services.web", ...(key === undefined ? [] : [key])].join(".");
    expect(said(ec2(lines))).toContain(`error ${code} ${path}`);
  });
});

describe("tasks with the address of their instance", () => {
  test.for([
    ["awsvpc", "ip", "80"],
    ["bridge", "instance", "traffic-port"],
    ["host", "instance", "traffic-port"],
  ])("are known to load balancers by it: %s", ([mode, type, port]) => {
    const text = ec2(`network_mode: ${mode}`, balancer());
    const group = only(graphOf(text, { lookups }), "AWS::ElasticLoadBalancingV2::TargetGroup");
    expect([group.TargetType, group.HealthCheckPort]).toEqual([type, port]);
    const isWarned = said(text).includes("warning no-way x-elbv2.lb.Services.web:web:80");
    expect(isWarned).toBe(mode !== "awsvpc");
  });

  test("are in one target group with their like only", () => {
    const group = `x-elbv2:
  lb:
    Properties: { Scheme: internal, Type: application }
    Listeners: [{ Port: 80, Protocol: HTTP, Targets: [{ name: both, access: / }] }]
    TargetGroups: { both: { Port: 80, Protocol: HTTP, Services: [{ Name: "web:web", Port: 80 }, { Name: "api:api", Port: 80 }] } }
`;
    const api = "  api:\n    image: api:1\n";
    expect(said(ec2("network_mode: bridge", api + group))).toContain(
      "error cannot-honour x-elbv2.lb.TargetGroups.both",
    );
  });

  test("are found with their port", () => {
    const cloudmap = "x-cloudmap: { ns: { Name: app.internal } }\n";
    const lines = "network_mode: bridge\nports: ['80']\nx-network: { x-cloudmap: ns }";
    const graph = graphOf(ec2(lines, cloudmap), { lookups });
    const { DnsConfig } = only(graph, "AWS::ServiceDiscovery::Service");
    expect(DnsConfig.DnsRecords).toEqual([{ Type: "SRV", TTL: 15 }]);
    const [registry] = only(graph, "AWS::ECS::Service").ServiceRegistries;
    expect(registry).toMatchObject({ ContainerName: "web", ContainerPort: 80 });
  });

  test.for([
    ["bridge", 0],
    ["host", 1],
  ] as const)("are in a mesh on a bridge only: %s", ([mode, errors]) => {
    const cloudmap = "x-cloudmap: { ns: { Name: app.internal } }\n";
    const mesh = "x-network: { x-ecs_connect: { MacroParameters: { x-cloudmap: ns } } }";
    const all = said(ec2(`network_mode: ${mode}\n${mesh}`, cloudmap));
    expect(all.filter((line) => line.startsWith("error")).length).toBe(errors);
  });

  test("reach what their instances' groups may reach", () => {
    const cache =
      "x-elasticache: { cache: { MacroParameters: { Engine: redis }, Services: { web: {} } } }\n";
    const groups = "x-network: { AdditionalSecurityGroups: [sg-1, sg-2] }";
    const sources = (lines: string) =>
      nodesOf(graphOf(ec2(lines, cache), { lookups }), "AWS::EC2::SecurityGroupIngress").map(
        ({ properties }) => properties.SourceSecurityGroupId,
      );
    expect(sources(`network_mode: bridge\n${groups}`)).toEqual(["sg-1", "sg-2"]);
    expect(said(ec2("network_mode: bridge", cache))).toEqual([
      "warning no-way x-elasticache.cache.Services.web",
    ]);
  });

  test("find X-Ray's daemon by name on a bridge, and open it to nobody", () => {
    const [web, daemon] = taskOf(ec2("network_mode: bridge\nx-xray: true")).ContainerDefinitions;
    expect(web.Links).toEqual(["xray-daemon"]);
    expect(web.Environment).toContainEqual({
      Name: "AWS_XRAY_DAEMON_ADDRESS",
      Value: "xray-daemon:2000",
    });
    expect(daemon).not.toHaveProperty("PortMappings");
  });
});

describe("containers of such tasks", () => {
  test("have names and resolvers of their own", () => {
    const lines =
      "network_mode: bridge\nhostname: web1\ndns: 10.0.0.2\ndns_search: [a.b]\nextra_hosts: ['db=10.0.0.9']";
    const { Hostname, DnsServers, DnsSearchDomains, ExtraHosts } = taskOf(ec2(lines))
      .ContainerDefinitions[0];
    expect({ Hostname, DnsServers, DnsSearchDomains, ExtraHosts }).toEqual({
      Hostname: "web1",
      DnsServers: ["10.0.0.2"],
      DnsSearchDomains: ["a.b"],
      ExtraHosts: [{ Hostname: "db", IpAddress: "10.0.0.9" }],
    });
  });
});

describe("a family has one network mode:", () => {
  const pair = (one: string, other: string) => {
    const service = (name: string, mode: string) =>
      `  ${name}:\n    image: x:1\n    deploy: { labels: { ecs.task.family: shop, ecs.compute.platform: EC2 } }\n    ${mode}\n`;
    return `services:\n${service("a", one)}${service("b", other)}${there}`;
  };

  test.for([
    ["network_mode: host", "network_mode: bridge", "error cannot-honour services.b.network_mode"],
    ["network_mode: host", "", "warning shares-network services.b"],
    [
      "network_mode: bridge",
      "network_mode: service:a",
      "error cannot-honour services.b.network_mode",
    ],
  ])("%s and %s", ([one = "", other = "", expected]) => {
    expect(said(pair(one, other))).toEqual([expected]);
  });

  test("containers on a bridge may be linked", () => {
    const text = pair("network_mode: bridge", "network_mode: bridge\n    links: ['a:db']");
    expect(taskOf(text).ContainerDefinitions[1].Links).toEqual(["a:db"]);
  });
});

describe("tasks on instances elsewhere", () => {
  test("are on a bridge, and have a service of that launch type", () => {
    const task = taskOf(external(""));
    expect([task.NetworkMode, task.RequiresCompatibilities]).toEqual(["bridge", ["EXTERNAL"]]);
    expect(serviceOf(external("")).LaunchType).toBe("EXTERNAL");
  });

  test("are told the region, which no instance metadata tells them", () => {
    const region = { Name: "AWS_DEFAULT_REGION", Value: { Ref: "AWS::Region" } };
    expect(taskOf(external("")).ContainerDefinitions[0].Environment).toEqual([region]);
    const own = taskOf(external("environment: { AWS_DEFAULT_REGION: eu-west-3 }"));
    expect(own.ContainerDefinitions[0].Environment[0].Value).toBe("eu-west-3");
    expect(said(external("environment: { AWS_DEFAULT_REGION: eu-west-3 }"))).toEqual([]);
  });

  const cloudmap = "x-cloudmap: { ns: { Name: app.internal } }\n";
  test.for([
    ["network_mode: awsvpc", "", "services.web.network_mode"],
    ["", balancer(), "x-elbv2.lb.Services.web:web:80"],
    ["volumes: ['data:/data']", "volumes: { data: { x-efs: {} } }\n", "volumes.data"],
  ])("have none of AWS's network: %s%s", ([lines = "", rest, path]) => {
    expect(said(external(lines, rest))).toContain(`error cannot-honour ${path}`);
  });

  test.for([
    ["ports: ['80']\nx-network: { x-cloudmap: ns }", "x-cloudmap"],
    ["x-network: { x-ecs_connect: { MacroParameters: { x-cloudmap: ns } } }", "x-ecs_connect"],
  ])("are found by no name: %s", ([lines = "", key]) => {
    const text = external(lines, cloudmap);
    expect(said(text)).toContain(`warning no-effect services.web.x-network.${key}`);
    expect(serviceOf(text)).not.toHaveProperty("ServiceRegistries");
    expect(serviceOf(text)).not.toHaveProperty("ServiceConnectConfiguration");
  });

  test("take no capacity provider", () => {
    const strategy = "x-ecs: { CapacityProviderStrategy: [{ CapacityProvider: ours, Weight: 1 }] }";
    const path = "services.web.x-ecs.CapacityProviderStrategy[0]";
    expect(said(external(strategy))).toContain(`error contradiction ${path}`);
  });

  test("are what one of the family asks for", () => {
    const text = `services:
  a: { image: "a:1", deploy: { labels: { ecs.task.family: f, ecs.compute.platform: EC2 } } }
  b: { image: "b:1", deploy: { labels: { ecs.task.family: f, ecs.compute.platform: EXTERNAL } } }
${there}`;
    expect(taskOf(text).RequiresCompatibilities).toEqual(["EXTERNAL"]);
  });
});

describe("deploy.mode: global", () => {
  const mode = (more = "", platform = "EC2") =>
    `deploy: { mode: global, labels: { ecs.compute.platform: ${platform} } ${more} }`;

  test.for(["EC2", "EXTERNAL"])("is one task on each instance: %s", (platform) => {
    const service = serviceOf(ec2(mode("", platform)));
    expect(service.SchedulingStrategy).toBe("DAEMON");
    expect(service).not.toHaveProperty("DesiredCount");
    expect(service.DeploymentConfiguration).toMatchObject({
      MaximumPercent: 100,
      MinimumHealthyPercent: 0,
    });
  });

  test("has nothing to count", () => {
    const lines = mode(
      ", replicas: 3, update_config: { parallelism: 1, order: start-first }, placement: { preferences: [{ spread: instanceId }], max_replicas_per_node: 1, constraints: [node.labels.a == b] }",
    );
    const at = "warning no-effect services.web.deploy";
    expect(said(ec2(lines))).toEqual([
      `${at}.replicas`,
      `${at}.update_config.parallelism`,
      `${at}.update_config.order`,
      `${at}.placement.preferences`,
    ]);
    const service = serviceOf(ec2(lines));
    expect(service).not.toHaveProperty("PlacementStrategies");
    expect(service.PlacementConstraints).toEqual([
      { Type: "memberOf", Expression: "attribute:a == b" },
    ]);
  });

  test("has at most one task on an instance, and at least none where it is replaced", () => {
    const shares = (least: number, most: number) =>
      ec2(`${mode()}\nx-aws-min_percent: ${least}\nx-aws-max_percent: ${most}`);
    expect(said(shares(50, 150))).toEqual(["warning no-effect services.web.x-aws-max_percent"]);
    expect(serviceOf(shares(50, 150)).DeploymentConfiguration).toMatchObject({
      MaximumPercent: 100,
      MinimumHealthyPercent: 50,
    });
    expect(said(shares(50, 100))).toEqual([]);
    expect(said(shares(100, 100))).toEqual(["error contradiction services.web.x-aws-min_percent"]);
  });

  test("is nothing where there are no instances, and refused where others scale", () => {
    const path = "services.web.deploy.mode";
    expect(said(ec2(mode("", "FARGATE")))).toEqual([`warning no-effect ${path}`]);
    expect(said(ec2(`${mode()}\nx-scaling: { Range: 1-2 }`))).toContain(
      "error cannot-honour services.web.x-scaling",
    );
    expect(said(ec2(mode().replace("global", "global-job")))).toContain(
      `error cannot-honour ${path}`,
    );
    const alarm = "x-alarms: { Predefined: { HighCpuUsageAndMaxScaledOut: {} } }";
    expect(said(ec2(`${mode()}\n${alarm}`))).toContain(
      "error missing-key services.web.x-alarms.Predefined.HighCpuUsageAndMaxScaledOut",
    );
  });

  test("is of the whole family", () => {
    const text = (other: string) => `services:
  a: { image: "a:1", deploy: { mode: global, labels: { ecs.task.family: f, ecs.compute.platform: EC2 } } }
  b: { image: "b:1", deploy: { ${other} labels: { ecs.task.family: f } } }
${there}`;
    expect(said(text(""))).toEqual([]);
    expect(said(text("mode: replicated,"))).toEqual(["error cannot-honour services.b.deploy.mode"]);
  });
});
