import { describe, expect, test } from "vitest";
import { findings, projectOf } from "./loading.ts";

const merged = (base: string, over: string): Readonly<Record<string, unknown>> =>
  projectOf(
    {
      "compose.yml": `services: {web: {image: a, ${base}}}`,
      "compose.over.yml": `services: {web: {${over}}}`,
    },
    { skip: new Set(["consistency"]) },
  ).services.web ?? {};

const rules: readonly [string, string, Readonly<Record<string, unknown>>][] = [
  ["user: a", "user: b", { user: "b" }],
  ["user: a", "user: ", { user: "a" }],
  ["command: [a, b]", "command: [c]", { command: ["c"] }],
  ["command: [a, b]", "command: ", { command: null }],
  ["entrypoint: a b", "entrypoint: []", { entrypoint: [] }],
  [
    "healthcheck: {test: [CMD, a], retries: 1}",
    "healthcheck: {test: b}",
    { healthcheck: { test: ["CMD-SHELL", "b"], retries: 1 } },
  ],
  [
    "environment: {B: 1, A: 1}",
    "environment: [A=2, C]",
    { environment: { A: "2", B: "1", C: null } },
  ],
  ["labels: [a=1, b]", "labels: {a: 2}", { labels: { a: "2", b: "" } }],
  ["sysctls: {a: 1}", "sysctls: [a=2]", { sysctls: { a: "2" } }],
  ["dns: 1.1.1.1", "dns: [8.8.8.8, 1.1.1.1]", { dns: ["1.1.1.1", "8.8.8.8"] }],
  ["tmpfs: /a:size=1", "tmpfs: [/b, '/a:size=1']", { tmpfs: ["/a:size=1", "/b"] }],
  [
    "extra_hosts: ['a:1.1.1.1']",
    "extra_hosts: ['a:1.1.1.1', a=2.2.2.2]",
    { extra_hosts: ["a=1.1.1.1", "a=2.2.2.2"] },
  ],
  ["cap_add: [A, B]", "cap_add: [B, C]", { cap_add: ["A", "B", "C"] }],
  ["links: [a, b]", "links: [a, c]", { links: ["a", "b", "c"] }],
  ["expose: [80]", "expose: ['80', 81]", { expose: ["80", "81"] }],
  [
    "logging: {driver: a, options: {x: 1}}",
    "logging: {driver: a, options: {y: 2}}",
    { logging: { driver: "a", options: { x: "1", y: "2" } } },
  ],
  [
    "logging: {driver: a, options: {x: 1}}",
    "logging: {driver: b, options: {y: 2}}",
    { logging: { driver: "b", options: { y: "2" } } },
  ],
  ["ulimits: {nofile: {soft: 1, hard: 2}}", "ulimits: {nofile: 5}", { ulimits: { nofile: 5 } }],
  [
    "build: ./a",
    "build: {target: t}",
    { build: { context: "a", target: "t", dockerfile: "Dockerfile" } },
  ],
  [
    "networks: [a]",
    "networks: {b: {aliases: [x]}}",
    { networks: { a: null, b: { aliases: ["x"] } } },
  ],
  [
    "depends_on: {a: {condition: service_healthy, restart: true}}",
    "depends_on: [a]",
    { depends_on: { a: { condition: "service_started", restart: true, required: true } } },
  ],
  ["deploy: {replicas: 2}", "deploy: ", { deploy: { replicas: 2, resources: {}, placement: {} } }],
  [
    "x-a: {b: {c: 1}, l: [1]}",
    "x-a: {b: {d: 2}, l: [2]}",
    { "x-a": { b: { c: 1, d: 2 }, l: [1, 2] } },
  ],
];

test("a later file may not leave its services empty", () =>
  expect(
    findings({ "compose.yml": "services: {web: {image: a}}", "compose.b.yml": "services:" }),
  ).toEqual(["compose.b.yml:1:1 services must be a mapping"]));

describe("each attribute is merged by its own rule", () => {
  test.for<[string, string, Readonly<Record<string, unknown>>]>(rules)(
    "%s + %s",
    ([base, over, result]) => expect(merged(base, over)).toMatchObject(result),
  );

  test("mounts of one target are one, the later", () =>
    expect(merged("volumes: ['one:/d', 'two:/e']", "volumes: ['./three:/d:ro']").volumes).toEqual([
      expect.objectContaining({ type: "bind", source: "three", target: "/d", read_only: true }),
      expect.objectContaining({ source: "two", target: "/e" }),
    ]));

  test("ports are one by address, published port, target and protocol", () =>
    expect(
      merged(
        "ports: ['80:80', '81:81']",
        "ports: [{target: 80, published: '80', name: web}, '82:80']",
      ).ports,
    ).toMatchObject([
      { target: 80, published: "80", name: "web" },
      { target: 81, published: "81" },
      { target: 80, published: "82" },
    ]));

  test("secrets are one by where they are mounted", () =>
    expect(
      merged("secrets: [s]", "secrets: [{source: t, target: /run/secrets/s}]").secrets,
    ).toEqual([{ source: "t", target: "/run/secrets/s" }]));

  test("subnets of a network are matched", () => {
    const files = {
      "compose.yml":
        "services: {web: {image: a, networks: [n]}}\nnetworks: {n: {ipam: {config: [{subnet: 10.0.0.0/24, gateway: a}]}}}",
      "compose.over.yml":
        "networks: {n: {ipam: {config: [{subnet: 10.0.0.0/24, gateway: b}, {subnet: 10.1.0.0/24}]}}}",
    };
    expect(projectOf(files).networks.n?.ipam).toEqual({
      config: [{ subnet: "10.0.0.0/24", gateway: "b" }, { subnet: "10.1.0.0/24" }],
    });
  });
});

test("values of different kinds cannot be merged", () =>
  expect(
    findings({
      "compose.yml": "services: {web: {image: a, deploy: {replicas: 1}}}",
      "compose.over.yml": "services:\n  web:\n    deploy: [a]\n",
    }),
  ).toContain(
    "compose.over.yml:3:5 services.web.deploy a list cannot override the mapping of an earlier file",
  ));

test("what is unique must stay so across files", () =>
  expect(
    findings({
      "compose.yml": "services: {web: {image: a, group_add: [g]}}",
      "compose.over.yml": "services: {web: {group_add: [g]}}",
    }),
  ).toEqual(["compose.over.yml:1:30 services.web.group_add[1] is there twice"]));

describe("!reset and !override", () => {
  test.for<[string, string, Readonly<Record<string, unknown>>]>([
    ["ports: ['80:80'], user: a", "ports: !reset []", { user: "a" }],
    [
      "ports: ['80:80']",
      "ports: !override ['81:81']",
      { ports: [expect.objectContaining({ target: 81 })] },
    ],
    ["environment: {A: 1, B: 1}", "environment: {A: !reset x}", { environment: { B: "1" } }],
    [
      "depends_on: {a: {condition: service_healthy}}",
      "depends_on: !override [b]",
      { depends_on: { b: { condition: "service_started", required: true } } },
    ],
  ])("%s + %s", ([base, over, result]) => {
    const found = merged(base, over);
    expect(found).toMatchObject(result);
    if (!("ports" in result)) expect(found.ports).toBeUndefined();
  });

  test("take away in a single file too", () =>
    expect(
      projectOf({ "compose.yml": "services: {web: {image: a, user: !reset b}}" }).services.web,
    ).not.toHaveProperty("user"));

  test("a reset of a top-level object leaves nothing of it", () =>
    expect(
      projectOf({
        "compose.yml": "services: {web: {image: a}, old: {image: b}}",
        "compose.over.yml": "services: {old: !reset }",
      }).services,
    ).not.toHaveProperty("old"));

  test("an override counts at every alias, a reset where it is written", () => {
    const over =
      "x-a: &a {ports: !override ['2:2']}\nx-b: &b {ports: !reset []}\nservices: {web: *a, two: *b}";
    const base = "services: {web: {image: a, ports: ['1:1']}, two: {image: a, ports: ['1:1']}}";
    const { web, two } = projectOf({ "compose.yml": base, "compose.over.yml": over }).services;
    expect(web?.ports).toMatchObject([{ target: 2 }]);
    expect(two?.ports).toMatchObject([{ target: 1 }]);
  });
});
