import { describe, expect, test } from "vitest";
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

test.for([
  ["a load balancer", "docker-compose.yml", "Name: anyone", "Name: the world"],
  [
    "a load balancer, twice",
    "docker-compose.yml",
    "          - { IPv4",
    "          - { IPv4: 0.0.0.0/0, Name: again }\n          - { IPv4",
  ],
] as const)(
  "what is let in at %s is one rule, whatever it is called",
  async ([, path, from, to]) => {
    const scene = testWorld();
    await scene.pushExample();
    await scene.register();
    await scene.settle();
    const text = await scene.read(path);
    expect(text).toContain(from);
    await scene.push({ [path]: text.replace(from, to) });
    await scene.settle();
    expect(await said(scene)).toEqual(["Ready=True Deployed"]);
  },
);

test("what is let in at a service is one rule, whatever it is called", async () => {
  const open = (label: string): string =>
    `services:\n${service("a", `    x-network: { Ingress: { ExtSources: [{ IPv4: 10.0.0.0/8, Name: ${label} }] } }\n`)}`;
  const scene = await began(open("office"));
  await scene.push({ "docker-compose.yml": open("headquarters") });
  await scene.settle();
  expect(await said(scene)).toEqual(["Ready=True Deployed"]);
});

test("a rule of a group that families share becomes that of one of them", async () => {
  const target = (more: object) => {
    const Targets = [{ name: "a:a:8080", access: "/x", Priority: 10, ...more }];
    return { Listeners: [{ Port: 80, Protocol: "HTTP", Targets }] };
  };
  const balancer = (parts: object): string =>
    `services:\n${two}x-vpc: { Properties: { SingleNat: true } }\nx-elbv2:\n  public: ${JSON.stringify({ Properties: { Scheme: "internet-facing", Type: "application" }, ...parts })}`;
  const Services = ["a:a", "b:b"].map((Name) => ({ Name, Port: 8080 }));
  const TargetGroups = { both: { Port: 8080, Protocol: "HTTP", Services } };
  const scene = await began(balancer({ ...target({ name: "both" }), TargetGroups }));
  const own = { "a:a:8080": { port: 8080, protocol: "HTTP" } };
  await scene.push({ "docker-compose.yml": balancer({ ...target({}), Services: own }) });
  await scene.settle();
  expect(await said(scene)).toEqual(["Ready=True Deployed"]);
});

describe("a name in Cloud Map", () => {
  const named = (name: string): string =>
    `    x-network: { x-cloudmap: { private: { Port: 8080, Name: ${name} } } }\n`;
  const mapped = (services: string): string =>
    `services:\n${services}x-cloudmap: { private: { Name: my.internal } }\nx-vpc: { Properties: { SingleNat: true } }\n`;
  const push = async (scene: TestWorld, compose: string) => {
    await scene.push({ "docker-compose.yml": compose });
    await scene.settle();
  };

  test("goes along with a service to another family, which waits until the first has given it up", async () => {
    const others = `  x:\n    image: ${image}\n${family("one")}  y:\n    image: ${image}\n${family("two")}`;
    const within = (name: string) => mapped(service("a", family(name) + named("a")) + others);
    const scene = await began(within("one"));
    await push(scene, within("two"));
    expect(await said(scene)).toEqual(["Ready=True Deployed"]);
  });

  test("of a service that is renamed is not taken before the old one is gone, and nothing fails", async () => {
    const scene = await began(mapped(service("old", named("api"))));
    const renamed = mapped(service("new", named("api")));
    await push(scene, renamed);
    expect(await said(scene)).toEqual(["Ready=False NameTaken", "Stalled=True NameTaken"]);
    const { stacks } = await scene.status();
    expect(stacks.map(({ status }) => status)).toEqual([
      "UPDATE_COMPLETE",
      "ABSENT",
      "CREATE_COMPLETE",
    ]);

    await push(scene, mapped(service("other")));
    expect(await said(scene)).toEqual(["Ready=True Deployed"]);
    await push(scene, renamed);
    expect(await said(scene)).toEqual(["Ready=True Deployed"]);
  });

  test("is exchanged by nobody, and both keep what they have", async () => {
    const both = (p: string, q: string) => mapped(service("p", named(p)) + service("q", named(q)));
    const scene = await began(both("a", "b"));
    await push(scene, both("b", "a"));
    expect(await said(scene)).toEqual(["Ready=False NameTaken", "Stalled=True NameTaken"]);
    const { stacks } = await scene.status();
    expect(stacks.every(({ status }) => status === "CREATE_COMPLETE")).toBe(true);
  });
});

describe("a key that is called otherwise, and what it makes is not", () => {
  const zone = (key: string): string =>
    `services:\n${service("a")}x-vpc: { Properties: { SingleNat: true } }\nx-cloudmap: { ${key}: { ZoneName: inside.example } }\n`;
  const queue = (key: string): string =>
    `services:\n${service("a")}x-vpc: { Properties: { SingleNat: true } }\nx-sqs: { ${key}: { Properties: { QueueName: work } } }\n`;

  test.for([
    ["a namespace", zone("one"), zone("two"), "One.* has inside\\.example"],
    ["a queue", queue("one"), queue("two"), "OneQueue has work"],
  ] as const)("is told before anything is touched: %s", async ([, before, after, why]) => {
    const scene = await began(before);
    const made = scene.mutations().length;
    await scene.push({ "docker-compose.yml": after });
    await scene.settle();
    expect(await said(scene)).toContain("Stalled=True NameTaken");
    const { conditions } = await scene.status();
    expect(conditions[0]?.message).toMatch(new RegExp(why));
    expect(scene.mutations().length).toBe(made);
    await scene.push({ "docker-compose.yml": before });
    await scene.settle();
    expect(await said(scene)).toEqual(["Ready=True Deployed"]);
  });
});
