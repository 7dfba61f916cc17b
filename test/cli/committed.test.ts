import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { render } from "../../src/cli/render.ts";
import { quietIn } from "./quiet.ts";

// A working copy is read as the commit that becomes of it.

const image = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1@sha256:${"a".repeat(64)}`;
const service = (files: string) =>
  `x-vpc: { Properties: { SingleNat: true } }\nservices:\n  web:\n    image: ${image}\n    env_file: ${files}\n`;
const application = "application: shop\nenvironments:\n  dev: { on: { branch: main } }\n";

let copy: string;
beforeEach(() => {
  copy = realpathSync(mkdtempSync(join(tmpdir(), "trueup-committed-")));
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  }
}

const git = (...args: readonly string[]) => execFileSync("git", ["-C", copy, ...args]);

/** What is said of the files, on standard error or as what it throws. */
async function said(...args: readonly string[]): Promise<readonly string[]> {
  const err: string[] = [];
  const io = { ...quietIn(copy, {}, []), err: (line: string) => void err.push(line) };
  try {
    await render.run([...args, "-o", join(copy, "out")], io);
  } catch (error) {
    err.push(error instanceof Error ? error.message : String(error));
  }
  return err.join("\n").split("\n");
}

test("a file that is not UTF-8 is named with its line", async () => {
  const latin = Buffer.concat([Buffer.from("A=1\nB="), Uint8Array.of(0xe9, 10)]);
  write({ "trueup.yaml": application, "docker-compose.yml": service("a.env"), "a.env": latin });
  const wrong = "a.env:2:1  is not UTF-8 text  save it as UTF-8";
  expect(await said()).toEqual([wrong]);
  expect(await said("-f", "docker-compose.yml")).toEqual([wrong]);
});

describe("a symbolic link", () => {
  const wrong = (file: string) =>
    `${file}:1:1  is a symbolic link, which is not followed  put the file itself in its place`;

  test.for<[string, string]>([
    ["a file", "link.env"],
    ["a directory that it lies in", "link/own.env"],
  ])("to %s is refused as the controller refuses it", async ([, path]) => {
    write({ "trueup.yaml": application, "own/own.env": "A=1" });
    symlinkSync("own/own.env", join(copy, "link.env"));
    symlinkSync("own", join(copy, "link"));
    write({ "docker-compose.yml": service(path) });
    expect(await said()).toEqual([wrong(path)]);
    // Plain compose files need not be what is pushed.
    expect(await said("-f", "docker-compose.yml")).toEqual([""]);
  });

  test("is refused as trueup.yaml as well", async () => {
    write({ "other.yaml": application });
    symlinkSync("other.yaml", join(copy, "trueup.yaml"));
    expect(await said()).toEqual([wrong("trueup.yaml")]);
  });
});

describe("what a push does not bring", () => {
  beforeEach(() => {
    write({
      "trueup.yaml": application,
      "docker-compose.yml": service('[a.env, "sub/ü *.env"]'),
      "a.env": "A=1",
      "sub/ü *.env": "B=1",
      "nobody's.env": "",
      ".env": "C=1",
    });
  });

  test("is not known where git is not", async () => {
    expect(await said()).toEqual([""]);
  });

  test("is warned of, file by file", async () => {
    write({ ".gitignore": ".env\n" });
    git("init", "--quiet");
    git("add", "trueup.yaml", "a.env");
    expect(await said()).toEqual([
      ".env:1:1  is ignored by git, so that no push brings it and the controller goes without  git add -f; what is secret belongs to x-secrets, what differs by environment to variables in trueup.yaml",
      "docker-compose.yml:1:1  is not in git, so that no push brings it  git add",
      "sub/ü *.env:1:1  is not in git, so that no push brings it  git add",
    ]);
    // Plain compose files need not be pushed.
    expect(await said("-f", "docker-compose.yml")).toEqual([""]);
    git("add", "--all", "--force");
    expect(await said()).toEqual([""]);
  });
});

test("an environment that is not there is named, and so is what would make a trueup.yaml", async () => {
  expect(await said()).toEqual([
    "There is no trueup.yaml here: trueup init writes it, or say -f FILE.",
  ]);
  write({ "trueup.yaml": `${application}  prod: { on: { tag: "v*" } }\n` });
  expect(await said()).toEqual(["Say --environment: shop has dev, prod."]);
  expect(await said("--environment", "prd")).toEqual(["shop has dev, prod, and no prd."]);
});
