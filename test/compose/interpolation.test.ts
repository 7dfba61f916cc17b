// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what is tested.
import { describe, expect, test } from "vitest";
import { findings, projectOf, serviceOf } from "./loading.ts";

const variables = { SET: "s", EMPTY: "", N: "3", INNER: "SET" };
const image = (text: string): unknown =>
  projectOf({ "compose.yml": `services: {web: {image: 'i:${text}'}}` }, { variables }).services.web
    ?.image;

describe("a reference becomes what its variable holds", () => {
  test.for([
    ["$SET", "i:s"],
    ["${SET}", "i:s"],
    ["${SET}/${SET}", "i:s/s"],
    ["$$SET", "i:$SET"],
    ["$SET.x", "i:s.x"],
    ["$", "i:$"],
    ["$5 $(x)", "i:$5 $(x)"],
    ["${SET:-d}", "i:s"],
    ["${EMPTY:-d}", "i:d"],
    ["${EMPTY-d}", "i:"],
    ["${UNSET:-d}", "i:d"],
    ["${UNSET-d}", "i:d"],
    ["${UNSET:-}", "i:"],
    ["${SET:+w}", "i:w"],
    ["${EMPTY:+w}", "i:"],
    ["${EMPTY+w}", "i:w"],
    ["${UNSET+w}", "i:"],
    ["${SET:?m}", "i:s"],
    ["${EMPTY?m}", "i:"],
    ["${UNSET:-${EMPTY:-${SET}}}", "i:s"],
    ["${UNSET:-a$SET}", "i:as"],
    ["${UNSET:-a:-b}", "i:a:-b"],
    ["${UNSET:-{}}", "i:{}"],
    ["${UNSET-x}y${SET}", "i:xys"],
  ])("%s", ([text = "", becomes]) => expect(image(text)).toBe(becomes));
});

describe("what is no reference is an error at its text", () => {
  test.for([
    ["${}"],
    ["${ SET }"],
    ["${1A}"],
    ["${SET!x}"],
    ["${A.B}"],
    ["${SET"],
    ["${SET:-${UNSET}"],
  ])("%s", ([text]) =>
    expect(
      findings({ "compose.yml": `services: {web: {image: 'i:${text}'}}` }, { variables }),
    ).toEqual([
      `compose.yml:1:25 services.web.image "i:${text}" is no valid reference to a variable`,
    ]),
  );

  test("no newline may stand inside the braces", () => {
    const text = 'services: {web: {image: "${A:-b\\nc}"}}';
    expect(findings({ "compose.yml": text })[0]).toContain("is no valid reference");
  });
});

describe("a required variable that is missing is an error with its message", () => {
  test.for([["${UNSET:?say it}"], ["${UNSET?say it}"], ["${EMPTY:?say it}"]])("%s", ([text]) =>
    expect(
      findings({ "compose.yml": `services: {web: {image: '${text}'}}` }, { variables }),
    ).toEqual([
      expect.stringMatching(/^compose.yml:1:25 services.web.image .* must be set: say it$/),
    ]),
  );

  test("also in a default that is not used", () =>
    expect(
      findings({ "compose.yml": "services: {web: {image: '${SET:-${UNSET:?}}'}}" }, { variables }),
    ).toEqual(["compose.yml:1:25 services.web.image the variable UNSET must be set"]));

  test("also in a service that is off", () =>
    expect(
      findings({
        "compose.yml": "services: {web: {image: a}, off: {image: '${UNSET:?}', profiles: [p]}}",
      }),
    ).toHaveLength(1));
});

test("an unset variable is told once, where it stands first", () => {
  const text = "services:\n  web:\n    image: a$GONE\n    user: $GONE\n";
  expect(findings({ "compose.yml": text })).toEqual([
    "compose.yml:3:12 services.web.image the variable GONE is not set and becomes an empty text",
  ]);
});

test("keys are left as they are", () =>
  expect(serviceOf("labels: {$SET: a}", { variables }).labels).toEqual({ $SET: "a" }));

test("what comes out is never read as YAML again", () =>
  expect(serviceOf("hostname: '$BAD'", { variables: { BAD: "a: [b" } }).hostname).toBe("a: [b"));

test("text becomes the number or switch that its attribute holds", () => {
  const body =
    "scale: '$N', tty: 'Yes', cpus: '0.5', deploy: {replicas: '$N'}, ulimits: {nproc: '$N'}";
  expect(serviceOf(body, { variables })).toMatchObject({
    scale: 3,
    tty: true,
    cpus: 0.5,
    deploy: { replicas: 3 },
    ulimits: { nproc: 3 },
  });
});

test("text below an extension stays text, whatever its keys are called", () =>
  expect(
    projectOf({
      "compose.yml": "x-a: {services: {b: {scale: 'x', tty: 'yes'}}}\nservices: {web: {image: a}}",
    }).extensions,
  ).toEqual({ "x-a": { services: { b: { scale: "x", tty: "yes" } } } }));

test.for([["scale: '1.5'"], ["scale: ''"], ["tty: maybe"], ["pids_limit: ' 5'"]])(
  "text that is not what its attribute holds is an error: %s",
  ([body]) =>
    expect(findings({ "compose.yml": `services: {web: {image: a, ${body}}}` })).toEqual([
      expect.stringContaining("is not what this attribute holds"),
    ]),
);

describe("variables are looked for", () => {
  const files = { "compose.yml": "services: {web: {image: 'a:$V'}}", ".env": "V=file\n" };

  test("in .env of the project directory", () =>
    expect(projectOf(files).services.web?.image).toBe("a:file"));

  test("first among those given", () =>
    expect(projectOf(files, { variables: { V: "" } }).services.web?.image).toBe("a:"));

  test("in env files instead of .env, the last one first", () => {
    const more = { envFiles: ["one.env", "two.env"] };
    const all = { ...files, "one.env": "V=1\nW=1", "two.env": "V=2$W" };
    expect(projectOf(all, more).services.web?.image).toBe("a:21");
  });

  test("and the project's name is one", () => {
    const text = "name: My.Shop\nservices: {web: {image: 'a:$COMPOSE_PROJECT_NAME'}}";
    expect(projectOf({ "compose.yml": text }, { projectName: undefined }).services.web?.image).toBe(
      "a:myshop",
    );
  });
});

describe("text that is not interpolated", () => {
  const raw = (files: Parameters<typeof projectOf>[0]) =>
    projectOf(files, {
      skip: new Set(["interpolation"] as const),
      variables: { HOME: "/home", TAG: "1" },
    }).services.web;

  test("is split at no colon of a reference to a variable", () =>
    expect(
      raw({ "compose.yml": "services: {web: {image: a, volumes: ['${A:-~/b}:/c:rw']}}" }),
    ).toMatchObject({ volumes: [{ type: "volume", source: "${A:-~/b}", target: "/c" }] }));

  test("stays as it is in what a service extends, and in its environment", () =>
    expect(
      raw({
        "compose.yml":
          "services: {web: {extends: {file: base.yml, service: b}, environment: [HOME]}}",
        "base.yml": "services: {b: {image: 'a:${TAG}'}}",
      }),
    ).toMatchObject({ image: "a:${TAG}", environment: ["HOME"] }));
});
