import { describe, expect, test } from "vitest";
import { digest, image, lookWith, registry } from "./world.ts";

const held = { web: [image("1.0.0", "a"), image("1.0.1", "b")] };
const old = `image: ${registry}/web:1.0.0`;
const pinned = `image: ${registry}/web:1.0.1@${digest("b")}`;
const policy = "x-image-policy: { semver: ^1 }";

const look = (
  text: string,
  beside: Readonly<Record<string, string>> = {},
  variables: Readonly<Record<string, string>> = {},
) => lookWith(held, [{ files: { "compose.yml": text }, beside, variables }]);

const states = (updates: ReturnType<typeof look>): readonly string[] =>
  updates.images.map(({ service, state, message }) => `${service}: ${state} ${message}`);

/** What becomes of the one file that changes. */
const become = (...given: Parameters<typeof look>): readonly (readonly [string, string])[] => [
  ...look(...given).files,
];

describe("an image that comes through extends", () => {
  const web = `services:\n  web:\n    extends: { file: common/base.yml, service: base }\n`;
  const base = (line: string) => `services:\n  base:\n    ${line}\n    ${policy}\n`;

  test("is moved in the file that has it", () => {
    expect(become(web, { "common/base.yml": base(old) })).toEqual([
      ["common/base.yml", base(pinned)],
    ]);
  });

  test("is moved in the same file, where the base wants the same", () => {
    const text = (line: string) => `${base(line)}  web: { extends: base }\n`;
    expect(become(text(old))).toEqual([["compose.yml", text(pinned)]]);
  });

  test("stays where the base itself is a service without a policy", () => {
    const text = `services:\n  base:\n    ${old}\n  web:\n    extends: base\n    ${policy}\n`;
    expect(states(look(text))).toEqual([
      "web: stalled its image is the same text as that of base, which has no policy",
    ]);
  });

  test("is found through a chain of files, each relative to the one before", () => {
    const middle = "services: { base: { extends: { file: more/last.yml, service: last } } }\n";
    const last = (line: string) => `services:\n  last:\n    ${line}\n`;
    const extending = `${web}    ${policy}\n`;
    const files = { "common/base.yml": middle, "common/more/last.yml": last(old) };
    expect(become(extending, files)).toEqual([["common/more/last.yml", last(pinned)]]);
  });

  test("is the service's own before it is a base's, and none where it is taken back", () => {
    const own = (line: string) => `${web}    ${line}\n`;
    const files = { "common/base.yml": base("image: nginx") };
    expect(become(own(old), files)).toEqual([["compose.yml", own(pinned)]]);
    expect(states(look(own("image: !reset null"), files))).toEqual([
      "web: stalled it has a policy and no image",
    ]);
  });

  test("is not looked for where the file is not there, or without end", () => {
    expect(look(web).images).toEqual([]);
    const circle = "services: { a: { extends: b }, b: { extends: a } }";
    expect(look(circle).images).toEqual([]);
  });

  test("stays where another service of that file is the same text", () => {
    const shared = `x-i: &i ${registry}/web:1.0.0\nservices:\n  base:\n    image: *i\n    ${policy}\n  other: { image: *i }\n`;
    expect(states(look(web, { "common/base.yml": shared }))).toEqual([
      "web: stalled the edit would change more than the image: it is also services.other.image",
    ]);
  });
});

describe("an image of a file that is included", () => {
  const part = (line: string) => `services:\n  web:\n    ${line}\n    ${policy}\n`;

  test.for([
    ["a path", "include: [parts/web.yml]\n"],
    ["a mapping", "include: [{ path: parts/web.yml }]\n"],
    ["a list of paths", "include: [{ path: [parts/web.yml, parts/more.yml] }]\n"],
    ["a variable", `include: ["\${DIR}/web.yml"]\n`],
  ] as const)("is moved there, named by %s", ([, text]) => {
    const files = { "parts/web.yml": part(old), "parts/more.yml": "services: {}\n" };
    expect(become(text, files, { DIR: "parts" })).toEqual([["parts/web.yml", part(pinned)]]);
  });

  test("reads the variables of its own .env, of env_file, and the includer's before them", () => {
    const line = `image: \${R}/web:\${T:-1.0.0}`;
    const moved = `image: \${R}/web:\${T:-1.0.1@${digest("b")}}`;
    const plain = "include: [parts/web.yml]\n";
    const files = { "parts/web.yml": part(line) };
    expect(become(plain, { ...files, "parts/.env": `R=${registry}\n` })).toEqual([
      ["parts/web.yml", part(moved)],
    ]);
    const named = "include: [{ path: parts/web.yml, env_file: [a.env, b.env] }]\n";
    const both = { ...files, "a.env": "R=nothing\n", "b.env": `R=${registry}\n` };
    expect(become(named, both)).toEqual([["parts/web.yml", part(moved)]]);
    expect(states(look(named, both, { T: "2" }))).toEqual([
      "web: stalled the variable T decides, and it is set: change it there",
    ]);
    expect(states(look(named, both, { R: "example.com" }))).toEqual([
      "web: stalled it is not in an ECR registry",
    ]);
  });

  test("may be included by what is included, and overridden by a file after it", () => {
    const files = {
      "parts/web.yml": "include: [more/deep.yml]\n",
      "parts/more/deep.yml": part(old),
    };
    expect(become("include: [parts/web.yml]\n", files)).toEqual([
      ["parts/more/deep.yml", part(pinned)],
    ]);
    const overridden = lookWith(held, [
      {
        files: {
          "compose.yml": "include: [parts/web.yml]\n",
          "over.yml": `services: { web: { ${old} } }\n`,
        },
        beside: files,
        variables: {},
      },
    ]);
    expect([...overridden.files.keys()]).toEqual(["over.yml"]);
  });

  test("follows the policies of its own file, named by a marker", () => {
    const marked = (line: string) =>
      `x-image-policies: { web: { semver: ^1 } }\nservices:\n  web:\n    ${line} # {"$imagepolicy": "web"}\n`;
    expect(become("include: [parts/web.yml]\n", { "parts/web.yml": marked(old) })).toEqual([
      ["parts/web.yml", marked(pinned)],
    ]);
  });

  test("ends where files include each other, and says so where there is no end", () => {
    const twice = "include: [compose.yml, compose.yml]\n";
    const updates = look(`${twice}services: { web: { ${old}, ${policy} } }\n`);
    expect(updates.files.size).toBe(0);
    expect(updates.problems).toEqual([
      expect.objectContaining({ message: expect.stringContaining("more than 1000 files") }),
    ]);
  });
});

test("a file may be extended, or included, any number of times in all", () => {
  const base = `services: { base: { ${old}, ${policy} } }\n`;
  const names = Array.from(
    { length: 1001 },
    (_, n) => `  s${n}: { extends: { file: base.yml, service: base } }\n`,
  );
  expect(become(`services:\n${names.join("")}`, { "base.yml": base })).toEqual([
    ["base.yml", base.replace(old, pinned)],
  ]);
  const files = Array.from({ length: 350 }, (_, n) => [
    `${n}.yml`,
    `services: { s${n}: { ${old}, ${policy} } }\n`,
  ]);
  const project = {
    files: { "compose.yml": `include: [${files.map(([path]) => path).join(", ")}]\n` },
    beside: Object.fromEntries(files),
    variables: {},
  };
  expect(lookWith(held, [project, project, project]).files.size).toBe(350);
});
