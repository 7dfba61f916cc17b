import { expect, test } from "vitest";
import { type TestWorld, testWorld } from "./world.ts";

// What there can be only one of, and what one family takes over from another.

const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/blog-app-01:1.0.0";
const service = (name: string, more = ""): string =>
  `  ${name}:\n    image: ${image}\n    ports: ["8080"]\n${more}`;
const family = (name: string): string => `    deploy: { labels: { ecs.task.family: ${name} } }\n`;

/** `targets`: what answers, by its path. */
const behind = (services: string, targets: Readonly<Record<string, string>>): string => {
  const names = [...new Set(Object.values(targets))];
  return JSON.stringify({
    Properties: { Scheme: "internet-facing", Type: "application" },
    Listeners: [
      {
        Port: 80,
        Protocol: "HTTP",
        Targets: Object.entries(targets).map(([access, name]) => ({ name, access })),
      },
    ],
    Services: Object.fromEntries(names.map((name) => [name, { port: 8080, protocol: "HTTP" }])),
  }).replace(
    /^/,
    `services:\n${services}x-vpc: { Properties: { SingleNat: true } }\nx-elbv2:\n  public: `,
  );
};

const began = async (compose: string): Promise<TestWorld> => {
  const scene = testWorld();
  await scene.pushExample();
  const environments = { dev: { on: { branch: "main" } } };
  await scene.push({
    "trueup.yaml": JSON.stringify({ application: "myapps", environments }),
    "docker-compose.yml": compose,
  });
  await scene.register();
  await scene.settle();
  expect(await said(scene)).toEqual(["Ready=True Deployed"]);
  return scene;
};

const said = async (scene: TestWorld) => {
  const { conditions } = await scene.status();
  return conditions
    .filter(({ type }) => type !== "Healthy")
    .map(({ reason, status, type }) => `${type}=${status} ${reason}`);
};

const two = service("a") + service("b");

test.for([
  {
    what: "a path that another family answers",
    before: behind(two, { "/x": "a:a:8080" }),
    after: behind(two, { "/x": "b:b:8080" }),
  },
  {
    what: "paths that two families exchange",
    before: behind(two, { "/x": "a:a:8080", "/y": "b:b:8080" }),
    after: behind(two, { "/x": "b:b:8080", "/y": "a:a:8080" }),
  },
  {
    what: "a family that gets another name",
    before: behind(service("a", family("one")), { "/": "one:a:8080" }),
    after: behind(service("a", family("two")), { "/": "two:a:8080" }),
  },
])("$what: each rule has a place of its own in its listener", async ({ after, before }) => {
  const scene = await began(before);
  await scene.push({ "docker-compose.yml": after });
  await scene.settle();
  expect(await said(scene)).toEqual(["Ready=True Deployed"]);
});
