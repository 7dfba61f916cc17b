import { describe, expect, test } from "vitest";
import type { LoadInputs } from "../../src/compose/inputs.ts";
import { findings, type More, projectOf } from "./loading.ts";

const files = {
  "compose.yml": `
services:
  web: {image: a, networks: [front], volumes: ['data:/d'], secrets: [s], build: {secrets: [b]}}
  dev: {image: a, profiles: [dev], depends_on: [db], configs: [c]}
  db: {image: a, profiles: [dev, test]}
networks: {front: {}, unused: {}}
volumes: {data: {}, unused: {}}
secrets: {s: {file: s}, b: {file: b}, unused: {file: u}}
configs: {c: {content: x}}`,
};
const servicesWith = (more: Partial<LoadInputs>, variables = {}): readonly string[] =>
  Object.keys(projectOf(files, { ...more, variables }).services);

describe("a service is on", () => {
  test("without profiles, always", () => expect(servicesWith({})).toEqual(["web"]));
  test("with one that is asked for", () =>
    expect(servicesWith({ profiles: ["test"] })).toEqual(["db", "web"]));
  test("with a star, all", () => expect(servicesWith({ profiles: ["*"] })).toHaveLength(3));
  test("with COMPOSE_PROFILES", () =>
    expect(servicesWith({}, { COMPOSE_PROFILES: "x, test" })).toEqual(["db", "web"]));
  test("but profiles that are given come first", () =>
    expect(servicesWith({ profiles: ["x"] }, { COMPOSE_PROFILES: "test" })).toEqual(["web"]));
});

describe("naming services", () => {
  test("turns them on and takes what they need along", () =>
    expect(servicesWith({ services: ["dev"], profiles: ["test"] })).toEqual(["db", "dev"]));

  test("turns their profiles on for others too", () =>
    expect(servicesWith({ services: ["dev"] })).toEqual(["db", "dev"]));

  const unchecked = {
    "compose.yml":
      "services: {web: {image: a}, dev: {profiles: [dev], networks: [gone]}, on: {image: a, profiles: [x], depends_on: [dev]}}",
  };
  test("does not check what only runs by name", () =>
    expect(findings(unchecked, { services: ["dev"] })).toEqual([]));
  test("does not make it one of those that others may wait for", () =>
    expect(findings(unchecked, { services: ["dev"], profiles: ["x"] })).toEqual([
      expect.stringContaining("services.on.depends_on.dev"),
    ]));

  test("of which there is none is an error", () =>
    expect(findings(files, { services: ["gone"] })).toEqual([
      expect.stringContaining("there is no service gone"),
    ]));
});

describe("what is asked of AWS for services, and none of them has, is told of", () => {
  const text = (more: string) => ({
    "compose.yml": `services: {web: {image: a}, ${more}}
networks: {inside: {x-vpc: AppSubnets}, plain: {}}
volumes: {data: {x-efs: {}}, plain: {}}
secrets: {s: {x-secrets: {Name: n}}}`,
  });
  const said = (more: string, dialect: LoadInputs["dialect"] = "composex") =>
    findings(text(more), { dialect }).map((line) => line.split(" ")[1]);

  test("each at its line", () => {
    expect(said("")).toEqual([
      "networks.inside.x-vpc",
      "volumes.data.x-efs",
      "secrets.s.x-secrets",
    ]);
    expect(findings(text(""), { dialect: "composex" })[0]).toBe(
      "compose.yml:2:28 networks.inside.x-vpc x-vpc does nothing: no service has inside among its networks",
    );
  });

  test("but what one has, or another may have that is off", () => {
    const all = "networks: [inside], volumes: ['data:/d'], secrets: [s]";
    expect(said(`other: {image: b, ${all}}`)).toEqual([]);
    expect(said("off: {image: b, profiles: [off]}")).toEqual([]);
    expect(said("", "compose")).not.toContain("networks.inside.x-vpc");
  });
});

test("what nothing uses is left out", () => {
  const project = projectOf(files);
  expect(Object.keys(project.networks)).toEqual(["front"]);
  expect(Object.keys(project.volumes)).toEqual(["data"]);
  expect(Object.keys(project.secrets)).toEqual(["b", "s"]);
  expect(project.configs).toEqual({});
  const all = projectOf(files, { skip: new Set(["pruning"]) });
  expect(Object.keys(all.networks)).toContain("unused");
});

describe("what is meant but not written", () => {
  test("names carry the project's, but not of what is made elsewhere", () => {
    const text =
      "services: {web: {image: a, networks: [n, e, m]}}\nnetworks: {n: , e: {external: true}, m: {name: mine}}";
    expect(projectOf({ "compose.yml": text }).networks).toEqual({
      n: { name: "app_n", ipam: {} },
      e: { name: "e", external: true, ipam: {} },
      m: { name: "mine", ipam: {} },
    });
  });

  test("a service without networks joins the default one", () => {
    const project = projectOf({ "compose.yml": "services: {web: {image: a}}" });
    expect(project.services.web?.networks).toEqual({ default: null });
    expect(project.networks).toEqual({ default: { name: "app_default", ipam: {} } });
  });

  test("which is not made when nobody joins it", () =>
    expect(
      projectOf({ "compose.yml": "services: {web: {image: a, network_mode: host}}" }).networks,
    ).toEqual({}));

  test.for([
    ["links: ['b:x']", { restart: true }],
    ["network_mode: 'service:b'", { restart: true }],
    ["volumes_from: ['b:ro']", {}],
  ] as const)("%s is a dependency", ([body, more]) =>
    expect(
      projectOf({ "compose.yml": `services: {a: {image: a, ${body}}, b: {image: b}}` }).services.a
        ?.depends_on,
    ).toEqual({ b: { condition: "service_started", required: true, ...more } }),
  );

  test("scale is also deploy.replicas", () =>
    expect(
      projectOf({
        "compose.yml": "services: {a: {image: a, scale: 2, deploy: {mode: replicated}}}",
      }).services.a?.deploy,
    ).toMatchObject({ replicas: 2 }));
});

describe("the project's name", () => {
  const nameWith = (text: string, more: More): string =>
    projectOf(
      { "compose.yml": `${text}\nservices: {web: {image: a}}` },
      { projectName: undefined, ...more },
    ).name;

  test("is the last one the files give, made normal", () =>
    expect(nameWith("name: My.Shop!", {})).toBe("myshop"));
  test("or the directory's", () => {
    expect(
      projectOf(
        { "/a/_My Dir/compose.yml": "services: {web: {image: a}}" },
        {
          projectName: undefined,
          projectDirectory: "/a/_My Dir",
          files: ["/a/_My Dir/compose.yml"],
        },
      ).name,
    ).toBe("mydir");
  });
  test("a given one must be normal already", () =>
    expect(
      findings({ "compose.yml": "services: {web: {image: a}}" }, { projectName: "My" })[0],
    ).toContain('the project name "My" is not allowed'));
});
