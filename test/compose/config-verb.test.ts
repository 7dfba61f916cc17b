// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are what is tested.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { config } from "../../src/cli/config.ts";
import { UsageError } from "../../src/cli/usage.ts";

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function laid(files: Readonly<Record<string, string | Uint8Array>>): string {
  const directory = mkdtempSync(join(tmpdir(), "config-"));
  directories.push(directory);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
}

async function run(cwd: string, args: readonly string[] = [], env = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const status = await config.run(args, {
    cwd,
    env,
    color: false,
    out: (text) => out.push(text),
    err: (text) => err.push(text),
  });
  return { status, out: out.join("\n"), err };
}

const json = async (cwd: string, args: readonly string[] = [], env = {}) =>
  JSON.parse((await run(cwd, ["-p", "app", ...args], env)).out);

describe("compose files are found", () => {
  const named = (image: string): string => `services: {web: {image: ${image}}}\n`;
  const image = async (cwd: string, args: readonly string[] = [], env = {}) =>
    (await json(cwd, args, env)).services.web.image;

  test("in the directory, with their override, the newest name first", async () => {
    const files = { "compose.yaml": named("a"), "docker-compose.yml": named("b") };
    const directory = laid({ ...files, "compose.override.yaml": named("c") });
    expect(await image(directory)).toBe("c");
    expect(await image(directory, ["-f", "docker-compose.yml"])).toBe("b");
    expect((await run(directory)).err[0]).toContain("several compose files lie here");
  });

  test("in a directory above", async () => {
    const directory = laid({ "compose.yml": named("up"), "a/b/c": "" });
    expect(await image(join(directory, "a/b"))).toBe("up");
  });

  test("by COMPOSE_FILE, of the environment or of .env", async () => {
    const directory = laid({
      "one.yml": named("one"),
      "two.yml": named("two"),
      ".env": "COMPOSE_FILE=one.yml\n",
    });
    expect(await image(directory)).toBe("one");
    expect(await image(directory, [], { COMPOSE_FILE: "one.yml:two.yml" })).toBe("two");
  });

  test("or the command says that there is none", async () => {
    const { status, err } = await run(laid({}));
    expect(status).toBe(2);
    expect(err[0]).toContain("there is none of compose.yaml");
  });
});

test("paths are absolute, below the first file's directory or the one given", async () => {
  const directory = laid({ "sub/c.yml": "services: {web: {build: ./app}}" });
  const context = async (args: readonly string[]) =>
    (await json(directory, args)).services.web.build.context;
  expect(await context(["-f", "sub/c.yml"])).toBe(join(directory, "sub/app"));
  expect(await context(["-f", "sub/c.yml", "--project-directory", "."])).toBe(
    join(directory, "app"),
  );
  expect(await context(["-f", "sub/c.yml", "--no-path-resolution"])).toBe("./app");
});

test("rejected input is status 2 with every finding on a line, from where the command runs", async () => {
  const directory = laid({ "compose.yml": "services:\n  web:\n    imge: a\n    user: 5\n" });
  const { status, out, err } = await run(directory);
  expect(status).toBe(2);
  expect(out).toBe("");
  expect(err).toEqual([
    "compose.yml:3:5  services.web.imge  the key imge is not known here  did you mean image?",
    'compose.yml:4:11  services.web.user  must be text  write "5" in quotes',
  ]);
});

describe("what is printed", () => {
  const text = `
services:
  web: {image: 'a:$$V', x-a: 1, environment: {x-free: b}}
  gpu: {image: 'b:\${TAG:-1}', profiles: [p]}
x-top: []
models: {m: {model: x}}`;

  test("doubles every $ and leaves out models and inner x-*, unless they are asked for", async () => {
    const directory = laid({ "compose.yml": text });
    const { services, ...rest } = await json(directory);
    expect(services.web).toMatchObject({ image: "a:$$V", environment: { "x-free": "b" } });
    expect(services.web).not.toHaveProperty("x-a");
    expect(rest).toMatchObject({ name: "app", "x-top": null });
    const extended = await json(directory, ["--extensions", "--all-resources"]);
    expect(extended.services.web).toHaveProperty("x-a", 1);
    expect(extended.models).toEqual({ m: { model: "x" } });
  });

  test("may be YAML", async () => {
    const { out } = await run(laid({ "compose.yml": text }), ["-p", "app", "--format", "yaml"]);
    expect(out).toMatch(/^name: app\nservices:\n {2}web:\n/);
    const odd = laid({
      "compose.yml":
        "services: {web: {image: a, user: '0755', labels: {a: '2024-01-02', b: 'yes'}}}",
    });
    const printed = (await run(odd, ["-p", "app", "--format", "yaml"])).out;
    expect(await json(laid({ "compose.yml": printed }))).toEqual(await json(odd));
  });

  test.for([
    [["--services"], "web"],
    [["--services", "--profile", "p"], "gpu\nweb"],
    [["--images", "--profile", "*"], "b:1\na:$V"],
    [["--networks"], "default"],
    [["--profiles"], "p"],
    [["--environment"], "COMPOSE_PROJECT_NAME=app\nPWD=here"],
    [["--models", "--all-resources"], "x"],
    [["--quiet"], ""],
  ] as const)("%s", async ([args, lines]) => {
    const env = { PWD: "here" };
    expect((await run(laid({ "compose.yml": text }), ["-p", "app", ...args], env)).out).toBe(lines);
  });

  test("a list needs no file of an environment, but references that hold", async () => {
    const directory = laid({
      "compose.yml": "services: {web: {image: a, env_file: gone.env}}",
      "off.yml": "services: {web: {depends_on: [gpu]}, gpu: {image: b, profiles: [p]}}",
    });
    const files = ["-f", "compose.yml", "-f", "off.yml"];
    expect(await run(directory, ["--services"])).toMatchObject({ status: 0, out: "web" });
    expect(await run(directory, ["--volumes"])).toMatchObject({ status: 0, out: "" });
    expect((await run(directory, [...files, "--profiles"])).status).toBe(2);
    const all = [...files, "--profile", "p", "--profiles"];
    expect(await run(directory, all)).toMatchObject({ status: 0, out: "p" });
  });

  test("--no-interpolate shows the text as it is", async () => {
    const { services } = await json(laid({ "compose.yml": text }), ["--no-interpolate"]);
    expect(services.gpu.image).toBe("b:${TAG:-1}");
  });
});

describe("--variables", () => {
  test("needs no files of environments", async () => {
    const files = { "compose.yml": "services: {web: {image: '${A:?x}${B-y}', user: $C}}" };
    expect((await run(laid(files), ["-p", "app", "--variables"])).out.split("\n")).toEqual([
      "NAME                REQUIRED            DEFAULT VALUE       ALTERNATE VALUE",
      "A                   true                                    ",
      "B                   false               y                   ",
      "C                   false                                   ",
    ]);
  });

  test("takes a format", async () => {
    const directory = laid({ "compose.yml": "services: {web: {image: '${A:?x}${B-y}'}}" });
    const args = ["-p", "app", "--variables", "--format"];
    expect(JSON.parse((await run(directory, [...args, "json"])).out)).toEqual({
      A: { Name: "A", DefaultValue: "", PresenceValue: "", Required: true },
      B: { Name: "B", DefaultValue: "y", PresenceValue: "", Required: false },
    });
    expect(parse((await run(directory, [...args, "yaml"])).out).B).toEqual({
      name: "B",
      defaultvalue: "y",
      presencevalue: "",
      required: false,
    });
  });
});

test("files of other encodings are read, broken ones are an error", async () => {
  const utf16 = Buffer.concat([
    Buffer.from([0xff, 0xfe]),
    Buffer.from("services: {web: {image: ä}}", "utf16le"),
  ]);
  expect((await json(laid({ "compose.yml": utf16 }))).services.web.image).toBe("ä");
  const broken = Buffer.from([...Buffer.from("services:\n  a: "), 0xc3, 0x28]);
  const { status, err } = await run(laid({ "compose.yml": broken }));
  expect(status).toBe(2);
  expect(err[0]).toContain("compose.yml:2:1  the file is not UTF-8");
});

test("a directory, and links in a circle, are no files", async () => {
  const directory = laid({ "compose.yml": "include: [sub, loop]\nservices: {web: {image: a}}" });
  mkdirSync(join(directory, "sub"));
  symlinkSync("loop", join(directory, "loop"));
  const { status, err } = await run(directory);
  expect(status).toBe(2);
  expect(err).toHaveLength(2);
  expect(err.join()).toContain("there is no file");
});

test("a file that -f names and that is not there is told by its name", async () => {
  const directory = laid({ "compose.yml": "services: {web: {image: a}}" });
  await expect(run(directory, ["-f", "gone.yml"])).rejects.toThrow("There is no file gone.yml.");
});

test("a file outside the project directory is read, and told", async () => {
  const directory = laid({
    "base.yml": "services: {base: {image: b}}",
    "app/compose.yml": "services: {web: {extends: {file: ../base.yml, service: base}}}",
  });
  const { status, err } = await run(join(directory, "app"));
  expect(status).toBe(0);
  expect(err).toEqual([expect.stringMatching(/^compose\.yml:1:34 .* is outside the project/)]);
});

test("words it does not know are refused", async () => {
  await expect(run(laid({}), ["--nope"])).rejects.toThrow(UsageError);
  await expect(run(laid({}), ["--format", "xml"])).rejects.toThrow(UsageError);
});
