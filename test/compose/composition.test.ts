import { describe, expect, test } from "vitest";
import { findings, projectOf } from "./loading.ts";

describe("extends", () => {
  test("a service is its base with its own over it, in any order and over several steps", () => {
    const text = `
services:
  web: {extends: mid, environment: {C: own}}
  mid: {extends: {service: base}, environment: {B: mid, C: mid}}
  base: {image: a, environment: {A: base, B: base}, labels: [x=1]}`;
    expect(projectOf({ "compose.yml": text }).services.web).toMatchObject({
      image: "a",
      environment: { A: "base", B: "mid", C: "own" },
      labels: { x: "1" },
    });
  });

  const files = {
    "compose.yml": "services: {web: {extends: {file: sub/b.yml, service: base}}}",
    "sub/b.yml":
      "services: {base: {build: ./app, extends: {file: deep/c.yml, service: c}, env_file: b.env}}\nvolumes: {gone: {}}",
    "sub/deep/c.yml": "services: {c: {volumes: ['./data:/d'], user: c}}",
    "sub/b.env": "B=1",
  };

  test("paths of another file are relative to that file", () =>
    expect(projectOf(files).services.web).toMatchObject({
      build: { context: "sub/app" },
      environment: { B: "1" },
      user: "c",
      volumes: [{ source: "sub/deep/data" }],
    }));

  test("a reset takes from the base", () =>
    expect(
      projectOf({
        "compose.yml":
          "services: {base: {image: a, ports: ['1:1']}, web: {extends: base, ports: !reset []}}",
      }).services.web,
    ).not.toHaveProperty("ports"));

  test.for([
    ["{a: {extends: b}, b: {extends: a}}", "services extend each other in a circle: a → b → a"],
    ["{a: {image: x, extends: gone}}", "there is no service gone to extend in compose.yml"],
    ["{a: {image: x, extends: {file: gone.yml, service: b}}}", "there is no file gone.yml"],
    [
      "{a: {image: x, extends: {file: none.yml, service: b}}}",
      "none.yml has no services to extend",
    ],
    ["{a: {image: x, extends: {}}}", "extends needs the name of a service"],
  ])("%s is an error", ([services, message]) =>
    expect(findings({ "compose.yml": `services: ${services}`, "none.yml": "x-a: 1" })[0]).toContain(
      message,
    ),
  );

  test("an earlier file is no place for a base", () =>
    expect(
      findings({
        "compose.yml": "services: {base: {image: a}}",
        "compose.over.yml": "services: {web: {extends: base}}",
      })[0],
    ).toContain("there is no service base to extend in compose.over.yml"));
});

describe("include", () => {
  const files = {
    "compose.yml": "name: top\ninclude: [sub/a.yml]\nservices: {web: {image: a, depends_on: [db]}}",
    "sub/a.yml":
      "name: gone\nx-gone: 1\nservices: {db: {image: 'db:$TAG', volumes: ['data:/d', './init:/i']}}\nvolumes: {data: {}}",
    "sub/.env": "TAG=5",
  };

  test("an included project has its own directory, variables and resources", () => {
    const project = projectOf(files, { projectName: undefined });
    expect(project.name).toBe("top");
    expect(project.extensions).toEqual({});
    expect(project.volumes).toEqual({ data: { name: "top_data" } });
    expect(project.services.db).toMatchObject({
      image: "db:5",
      volumes: [{ source: "data" }, { source: "sub/init" }],
    });
  });

  test("the including project's variables come first", () =>
    expect(projectOf({ ...files, ".env": "TAG=6" }).services.db?.image).toBe("db:6"));

  test("several paths are overrides of one project, with a directory and env files of choice", () => {
    const text = `
include:
  - path: [sub/a.yml, sub/b.yml]
    project_directory: other
    env_file: [one.env, two.env]
services: {web: {image: a}}`;
    const more = {
      "compose.yml": text,
      "sub/b.yml": "services: {db: {user: $WHO}}",
      "one.env": "TAG=1\nWHO=me",
      "two.env": "TAG=2",
    };
    expect(projectOf({ ...files, ...more }).services.db).toMatchObject({
      image: "db:2",
      user: "me",
      volumes: [{ source: "data" }, { source: "other/init" }],
    });
  });

  test("the same from two places is one, something else is a conflict", () => {
    const twice = { "compose.yml": "include: [sub/a.yml, sub/a.yml]\nservices: {web: {image: a}}" };
    expect(projectOf({ ...files, ...twice }).services).toHaveProperty("db");
    const other = { "compose.yml": "include: [sub/a.yml]\nservices: {db: {image: b}}" };
    expect(findings({ ...files, ...other })[0]).toBe(
      "compose.yml:2:12 services.db is also defined by an included file, at sub/a.yml:3, and differs",
    );
  });

  test("does not hide what is wrong in the including file", () => {
    const text = { "compose.yml": "include: [sub/a.yml]\nservices: text" };
    expect(findings({ ...files, ...text })[0]).toContain("services must be a mapping");
  });

  test.for([
    ["[loop.yml]", "files include each other in a circle: compose.yml → loop.yml → compose.yml"],
    ["[gone.yml]", "there is no file gone.yml"],
    ["[{path: sub/a.yml, env_file: gone.env}]", "there is no file gone.env"],
    ["sub/a.yml", "must be a list"],
    ["[{}]", "include needs the path of a file"],
  ])("%s is an error", ([include, message]) => {
    const loop = { "loop.yml": "include: [compose.yml]" };
    const text = `include: ${include}\nservices: {web: {image: a}}`;
    expect(findings({ ...files, ...loop, "compose.yml": text })[0]).toContain(message);
  });

  test("a hundred deep is an error of its own", () => {
    const deep = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, at) => [
          at === 0 ? "compose.yml" : `${at}.yml`,
          `${at === count - 1 ? "" : `include: [${at + 1}.yml]\n`}services: {s${at}: {image: a}}`,
        ]),
      );
    expect(Object.keys(projectOf(deep(101)).services)).toHaveLength(101);
    expect(findings(deep(102))[0]).toBe(
      "100.yml:1:11 include[0] more than 100 files include each other in a chain",
    );
  });
});
