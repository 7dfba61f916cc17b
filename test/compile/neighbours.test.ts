import { describe, expect, test } from "vitest";
import { errorsOf, graphOf, nodesOf, saidOf } from "./from-text.ts";

const labels = "deploy: { labels: { ecs.task.family: f } }";
const pair = (one: string, other: string, family = labels) => `services:
  a: { image: "a:1", ${one}, ${family} }
  b: { image: "b:1", ${other}, ${family} }
x-vpc: { Properties: { SingleNat: true } }
`;
const alone = "deploy: { replicas: 1 }";

describe("a dependency that need not be there", () => {
  const waiting = (required: boolean) =>
    `depends_on: { b: { condition: service_started, required: ${required} } }`;

  test("is none where its profile is off", () => {
    expect(errorsOf(pair(waiting(false), "profiles: [x]", alone))).toEqual([]);
    expect(errorsOf(pair(waiting(false), "profiles: [x]"))).toEqual([]);
  });

  test("is one where it is there", () => {
    const [node] = nodesOf(graphOf(pair(waiting(false), "tty: true", alone)), "AWS::ECS::Service");
    expect(node?.dependsOn).toContain("BService");
  });
});

describe("who waits for another family to be healthy", () => {
  const healthy = "depends_on: { b: { condition: service_healthy } }";
  const told = "warning no-healthcheck services.a.depends_on.b";

  test("waits for it to run where it has no health check, and is told", () => {
    expect(saidOf(pair(healthy, "tty: true", alone))).toContain(told);
    const checked = pair(healthy, "healthcheck: { test: [CMD, up] }", alone);
    expect(saidOf(checked)).not.toContain(told);
    expect(saidOf(pair("depends_on: [b]", "tty: true", alone))).not.toContain(told);
  });

  test("is told of the service that it names, also where that is in a family with others", () => {
    const text = `${pair(healthy, "tty: true", alone)}`.replace(
      `b: { image: "b:1", tty: true, ${alone} }`,
      `b: { image: "b:1", ${labels} }\n  c: { image: "c:1", healthcheck: { test: [CMD, up] }, ${labels} }`,
    );
    expect(saidOf(text)).toContain(told);
    expect(saidOf(text.replace("{ b: {", "{ f: {"))).not.toContain(told.replace(".b", ".f"));
  });
});

describe("on Fargate", () => {
  test.for(["service:b", "container:b"])("nobody has the network of another task: %s", (mode) => {
    expect(errorsOf(pair(`network_mode: "${mode}"`, "tty: true", alone))).toEqual([
      `cannot-honour services.a.network_mode: tasks have an interface of their own (awsvpc), and no network mode ${mode} (Give both services one ecs.task.family: containers of a task share their network.)`,
    ]);
  });

  const task = (text: string) => nodesOf(graphOf(text), "AWS::ECS::TaskDefinition")[0]?.properties;

  test("containers of a task may share their processes", () => {
    expect(task(pair('pid: "service:b"', "tty: true"))?.PidMode).toBe("task");
  });

  test("and not those of another task", () => {
    expect(errorsOf(pair('pid: "service:b"', "tty: true", alone))).toEqual([
      "cannot-honour services.a.pid: Fargate has no pid service:b (service:NAME of one in the same family.)",
    ]);
  });

  test.for(["pid", "ipc"])("the host's %s is not there to be seen", (key) => {
    const text = pair(`${key}: host`, "tty: true", alone);
    expect(saidOf(text)).toContain(`warning no-effect services.a.${key}`);
    expect(JSON.stringify(task(text))).not.toMatch(/PidMode|IpcMode/);
  });
});
