import { describe, expect, test } from "vitest";
import { answerOf, findings, projectOf } from "./loading.ts";

const of = (services: string, rest = ""): readonly string[] =>
  findings({ "compose.yml": `services: ${services}\n${rest}` }).map((line) =>
    line.replace(/^compose.yml:/, ""),
  );

test("unknown keys name the nearest known one", () => {
  const answer = answerOf({
    "compose.yml": "services:\n  web:\n    image: a\n    enviroment: {}\n",
  });
  expect(answer).toMatchObject({
    kind: "failed",
    diagnostics: [
      {
        file: "compose.yml",
        line: 4,
        column: 5,
        path: "services.web.enviroment",
        code: "unknown-key",
        help: "did you mean environment?",
      },
    ],
  });
});

test("all errors of all files come at once", () =>
  expect(
    findings({
      "compose.yml": "services:\n  web: {image: 5, prts: []}\n  bad name: {image: a}\n",
      "compose.over.yml": "services:\n  web: {restart: true}\nfoo: 1\n",
      "compose.third.yml": "a: [\n",
    }),
  ).toEqual([
    "compose.yml:2:16 services.web.image must be text",
    "compose.yml:2:19 services.web.prts the key prts is not known here",
    'compose.yml:3:3 services.bad name "bad name" cannot be a name',
    "compose.over.yml:2:18 services.web.restart must be text",
    "compose.over.yml:3:1 foo the key foo is not known here",
    expect.stringMatching(/^compose.third.yml:2:1 {2}not YAML: /),
  ]));

describe("what the schema can tell", () => {
  test.for([
    ["{a: {image: a, user: 5}}", "1:32 services.a.user must be text"],
    ["{a: {image: a, networks: n}}", "1:36 services.a.networks must be a list or a mapping"],
    [
      "{a: {image: a, volumes: [{type: tmpfs, target: /d, tmpfs: {size: -1}}]}}",
      "1:76 services.a.volumes[0].tmpfs.size must be 0 or more",
    ],
    [
      "{a: {image: a, oom_score_adj: 2000}}",
      "1:41 services.a.oom_score_adj must be from -1000 to 1000",
    ],
    ["{a: {image: a, cgroup: x}}", "1:34 services.a.cgroup must be one of host, private"],
    [
      "{a: {image: a, container_name: x}}",
      '1:42 services.a.container_name "x" is not allowed here',
    ],
    [
      "{a: {image: a, depends_on: [b, b]}, b: {image: a}}",
      "1:42 services.a.depends_on[1] is there twice",
    ],
    [
      "{a: {image: a, ulimits: {nofile: {soft: 1}}}}",
      "1:36 services.a.ulimits.nofile hard is missing",
    ],
    ["{a: {image: a, command: [1]}}", "1:36 services.a.command[0] must be text"],
    ["[a]", "1:1 services must be a mapping"],
  ])("%s", ([services, finding]) => expect(of(services ?? "")).toEqual([finding]));
});

describe("references must lead somewhere", () => {
  test.for([
    ["{a: {image: a, networks: [n]}}", "there is no network n"],
    ["{a: {image: a, volumes: ['nn:/d']}}", "there is no volume nn"],
    ["{a: {image: a, secrets: [s]}}", "there is no secret s"],
    ["{a: {build: {secrets: [s]}}}", "there is no secret s"],
    ["{a: {image: a, configs: [c]}}", "there is no config c"],
    ["{a: {image: a, models: [m]}}", "there is no model m"],
    ["{a: {image: a, depends_on: [b]}}", "there is no service b"],
    ["{a: {image: a, links: ['b:x']}}", "there is no service b"],
    ["{a: {image: a, network_mode: 'service:b'}}", "there is no service b"],
    ["{a: {image: a, volumes_from: ['b:ro']}}", "there is no service b"],
    [
      "{a: {image: a, depends_on: [b]}, b: {image: b, profiles: [p]}}",
      "the profile of b is not on",
    ],
    [
      "{a: {image: a, depends_on: [b]}, b: {image: b, links: [a]}}",
      "services wait for each other in a circle: a → b → a",
    ],
    ["{a: {image: a, depends_on: [a]}}", "services wait for each other in a circle: a → a"],
  ])("%s", ([services, finding]) =>
    expect(of(services ?? "")).toEqual([expect.stringContaining(finding ?? "")]),
  );

  test("a dependency that is off may be optional, one that is nowhere not", () => {
    const how = "depends_on: {b: {condition: service_started, required: false}}";
    const off = `services: {a: {image: a, ${how}}, b: {image: b, profiles: [p]}}`;
    expect(projectOf({ "compose.yml": off }).services).not.toHaveProperty("b");
    expect(of(`{a: {image: a, ${how}}}`)).toHaveLength(1);
  });
});

describe("a service must agree with itself", () => {
  test.for([
    ["{a: {user: b}}", "has neither an image nor a build"],
    [
      "{a: {image: a, network_mode: host, networks: [default]}}",
      "network_mode and networks exclude each other",
    ],
    [
      "{a: {build: {dockerfile: a, dockerfile_inline: b}}}",
      "dockerfile and dockerfile_inline exclude each other",
    ],
    ["{a: {platform: x/y, build: {platforms: [a/b]}}}", "build.platforms does not have x/y"],
    ["{a: {image: a, healthcheck: {test: [curl]}}}", "a test starts with CMD, CMD-SHELL or NONE"],
    [
      "{a: {image: a, scale: 2, deploy: {replicas: 3}}}",
      "scale and deploy.replicas have different values",
    ],
    ["{a: {image: a, scale: -1}}", "must be 0 or more"],
    [
      "{a: {image: a, container_name: aa, scale: 2}}",
      "container_name and scale exclude each other",
    ],
    [
      "{a: {image: a, container_name: aa}, b: {image: a, container_name: aa}}",
      "a has the same container name",
    ],
    [
      "{a: {image: a, cpus: 1, deploy: {resources: {limits: {cpus: 2}}}}}",
      "cpus and deploy.resources.limits.cpus have different values",
    ],
    [
      "{a: {image: a, mem_limit: 1g, deploy: {resources: {limits: {cpus: 2}}}}}",
      "mem_limit and deploy.resources.limits.memory have different values",
    ],
    [
      "{a: {image: a, tmpfs: ['/d:size=1'], volumes: ['/x:/d']}}",
      "/d is already mounted by tmpfs[0]",
    ],
    [
      "{a: {image: a, develop: {watch: [{path: ., action: sync}]}}}",
      "the action sync needs a target",
    ],
    ["{a: {image: a, gpus: [{count: 1, device_ids: [a]}]}}", "count and device_ids are both set"],
  ])("%s", ([services, finding]) =>
    expect(of(services ?? "")).toEqual([expect.stringContaining(finding ?? "")]),
  );
});

describe("top-level objects need one source", () => {
  test.for([
    ["secrets: {s: {}}", "one of file, environment must be set"],
    ["secrets: {s: {file: a, environment: B}}", "file and environment exclude each other"],
    ["secrets: {s: {driver: d}}", "needs a file or an environment"],
    ["configs: {c: {}}", "one of file, environment, content must be set"],
    ["volumes: {v: {external: true, driver: d}}", "external and driver exclude each other"],
    ["networks: {n: {name: a, external: {name: b}}}", "name and external.name are both set"],
  ])("%s", ([rest, finding]) =>
    expect(of("{a: {image: a}}", rest)).toEqual([expect.stringContaining(finding ?? "")]),
  );
});
