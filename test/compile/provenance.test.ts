import { expect, test } from "vitest";
import { link } from "../../src/link/link.ts";
import { graphOf } from "./from-text.ts";

test("what a container has is that of its own lines, or of what has it beside the others", () => {
  const both = graphOf(`services:
  web:
    image: nginx:1.27
    configs: [{ source: settings, target: /config/a }]
    x-xray: { OverrideImage: xray:1 }
    x-monitoring: { CWAgentCollectEmf: true }
    deploy: { labels: { ecs.task.family: both } }
  api:
    image: api:1
    deploy: { labels: { ecs.task.family: both } }
configs: { settings: { content: a } }
x-vpc: { Properties: { SingleNat: true } }
`);
  const imageOf = (container: string) =>
    both.originOf?.("BothTaskDefinition", ["ContainerDefinitions", container, "Image"])?.path;
  expect(
    ["web", "api", "xray-daemon", "cloudwatch-agent", "config-files", "none"].map(imageOf),
  ).toEqual([
    "services.web.image",
    "services.api.image",
    "services.web.x-xray.OverrideImage",
    "services.web.x-monitoring.CWAgentCollectEmf",
    "services.web.configs[0]",
    undefined,
  ]);
});

const text = `services:
  web:
    image: nginx:1.27
    command: [serve]
    environment:
      LOG_LEVEL: info
    deploy:
      replicas: 2
      resources:
        limits:
          cpus: "0.5"
          memory: 1G
    x-logging: { RetentionInDays: 7 }
  api:
    image: api:1
    deploy: &together { labels: { ecs.task.family: both } }
  helper:
    image: helper:1
    read_only: true
    deploy: *together
x-sqs:
  jobs:
    Properties:
      VisibilityTimeout: 61
      RedrivePolicy:
        deadLetterTargetArn: dead
        maxReceiveCount: 3
  dead: {}
x-cluster:
  Properties:
    ClusterName: mine
x-cloudmap:
  private:
    Name: app.internal
`;

const graph = graphOf(text);
const linked = link(graph, {
  prefix: "trueup",
  application: "app",
  environment: "test",
  layout: "per-service",
  target: { account: "123456789012", region: "eu-west-1" },
});
const stacks = linked.kind === "linked" ? linked.bundle.stacks : [];

/** `line path` of a property, by the beginning of its resource's logical id. */
const from = (id: string, ...property: readonly string[]): string | undefined => {
  const [found] = stacks.flatMap(({ originOf, template }) =>
    Object.keys(template.Resources)
      .filter((key) => key.replace(/[0-9a-f]{6}$/, "") === id)
      .map((key) => originOf?.(key, property)),
  );
  return found && `${found.line} ${found.path}`;
};

test.for([
  ["WebTaskDefinition", ["Cpu"], "11 services.web.deploy.resources.limits.cpus"],
  ["WebTaskDefinition", ["Memory"], "12 services.web.deploy.resources.limits.memory"],
  ["WebService", ["DesiredCount"], "8 services.web.deploy.replicas"],
  ["WebLogGroup", ["RetentionInDays"], "13 services.web.x-logging.RetentionInDays"],
  ["JobsQueue", ["VisibilityTimeout"], "24 x-sqs.jobs.Properties.VisibilityTimeout"],
  ["Cluster", ["ClusterName"], "31 x-cluster.Properties.ClusterName"],
  ["PrivateNamespace", ["Name"], "34 x-cloudmap.private.Name"],
] as const)("%s %s comes from the line of its key", ([id, property, expected]) => {
  expect(from(id, ...property)).toBe(expected);
});

test("what is inside a property is as near as the file says it", () => {
  const policy = "x-sqs.jobs.Properties.RedrivePolicy";
  expect(from("JobsQueue", "RedrivePolicy", "maxReceiveCount")).toBe(
    `27 ${policy}.maxReceiveCount`,
  );
  expect(from("JobsQueue", "RedrivePolicy", "made-up")).toBe(`25 ${policy}`);
  expect(from("WebTaskDefinition", "ContainerDefinitions", "Image")).toBe("3 services.web.image");
  expect(from("WebTaskDefinition", "ContainerDefinitions", "Environment", "Value")).toBe(
    "5 services.web.environment",
  );
});

test("what several services decide, or none, has no line of its own", () => {
  expect(from("BothTaskDefinition", "ContainerDefinitions", "Image")).toBeUndefined();
  expect(from("BothTaskDefinition", "ContainerDefinitions", "ReadonlyRootFilesystem")).toBe(
    "19 services.helper.read_only",
  );
  expect(from("BothTaskDefinition", "Cpu")).toBeUndefined();
  expect(from("WebTaskDefinition", "NetworkMode")).toBeUndefined();
  expect(from("WebService", "toString")).toBeUndefined();
  expect(from("WebService", "__proto__")).toBeUndefined();
});

test("a resource that nobody knows has none", () => {
  expect(graph.originOf?.("Nothing", ["Name"])).toBeUndefined();
});

test("what a family has in common comes from the service that it is called after, if there is one", () => {
  const family = "deploy: { labels: { ecs.task.family: web } }";
  const { nodes } = graphOf(`services:
  web: { image: "web:1" }
  agent: { image: "agent:1", ${family} }
`);
  const pathOf = (id: string) => nodes.get(id)?.origin.path;
  expect(pathOf("WebService")).toBe("services.web");
  expect(pathOf("WebTaskRole")).toBe("services.web");
});
