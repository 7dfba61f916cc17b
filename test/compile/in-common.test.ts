import { describe, expect, test } from "vitest";
import { errorsOf, graphOf, nodesOf, saidOf } from "./from-text.ts";

const labels = "ecs.task.family: f";
const pair = (one: string, other: string) => `services:
  a: { image: "a:1", deploy: { labels: { ${labels} }, ${one} } }
  b: { image: "b:1", deploy: { labels: { ${labels} }, ${other} } }
x-vpc: { Properties: { SingleNat: true } }
`;
const overruled = (text: string) => saidOf(text).filter((line) => line.includes("overruled"));

describe("a task has as many of its containers", () => {
  test("as the service that asks for most, and others are told", () => {
    const told = "warning overruled services.b.deploy.replicas";
    expect(overruled(pair("replicas: 3", "replicas: 0"))).toEqual([told]);
    expect(overruled(pair("replicas: 3", "replicas: 3"))).toEqual([]);
    expect(overruled(pair("replicas: 3", "mode: replicated"))).toEqual([]);
  });
});

describe("a tag of a service", () => {
  const tagged = (text: string) => text.replaceAll(labels, `${labels}, team: one`);

  test("has one value, and who says another is told", () => {
    const same = tagged(pair("replicas: 1", "replicas: 1"));
    expect(overruled(same)).toEqual([]);
    const other = same.replace(/team: one(?=.*\nx-vpc)/, "team: two");
    expect(overruled(other)).toEqual(["warning overruled services.b.deploy.labels.team"]);
    const [node] = nodesOf(graphOf(other), "AWS::ECS::Service");
    expect(node?.properties.Tags).toEqual([{ Key: "team", Value: "one" }]);
  });

  test.for(["aws:team", '""'])("is none of AWS's own, nor without a name: %s", (key) => {
    const text = pair("replicas: 1", "replicas: 1").replace(labels, `${labels}, ${key}: x`);
    expect(saidOf(text)).toContain(
      `warning no-effect services.a.deploy.labels.${key.replaceAll('"', "")}`,
    );
    expect(nodesOf(graphOf(text), "AWS::ECS::Service")[0]?.properties).not.toHaveProperty("Tags");
  });
});

describe("what is said of memory and CPUs stands where it is written:", () => {
  const web = (lines: string) =>
    errorsOf(`services: { web: { image: "web:1", ${lines} } }\nx-vpc: {}\n`);

  test("in the older keys", () => {
    expect(web("mem_limit: 100m, mem_reservation: 200m")).toEqual([
      "out-of-bounds services.web.mem_reservation: 200 MiB are reserved, of 100 at most",
    ]);
  });

  test("below deploy", () => {
    const resources = "limits: { memory: 100m }, reservations: { memory: 200m }";
    expect(web(`deploy: { resources: { ${resources} } }`)).toEqual([
      "out-of-bounds services.web.deploy.resources.reservations.memory: 200 MiB are reserved, of 100 at most",
    ]);
  });

  test("swappiness is a share", () => {
    const lines =
      "deploy: { labels: { ecs.compute.platform: EC2 } }, mem_limit: 1g, memswap_limit: 2g, mem_swappiness: ";
    expect(web(`${lines}101`)).toEqual([
      "out-of-bounds services.web.mem_swappiness: 101 is not from 0 to 100",
    ]);
    expect(web(`${lines}100`)).toEqual([]);
  });
});
