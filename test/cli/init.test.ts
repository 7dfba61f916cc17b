import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readApplication } from "../../src/application/read.ts";
import { init } from "../../src/cli/init.ts";
import { render } from "../../src/cli/render.ts";
import { faults } from "../faults.ts";
import { quietIn } from "./quiet.ts";

let home: string;
let shop: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "trueup-init-"));
  shop = made("shop");
});
afterEach(() => rmSync(home, { recursive: true }));

const compose = 'services: { web: { image: "web:1" } }\n';

function made(name: string, file = "compose.yaml"): string {
  const directory = join(home, name);
  mkdirSync(directory);
  if (file !== "") writeFileSync(join(directory, file), compose);
  return directory;
}

const git = (...args: readonly string[]) =>
  execFileSync("git", ["-C", shop, ...args], { stdio: "ignore" });

async function said(directory: string, ...args: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const io = { ...quietIn(directory, {}, out), err: (text: string) => void err.push(text) };
  expect(await init.run(args, io)).toBe(0);
  return { out: out.join("\n"), err: err.join("\n") };
}

const written = (directory = shop) => readFileSync(join(directory, "trueup.yaml"), "utf8");

test("what a folder and its branch say becomes the smallest trueup.yaml", async () => {
  git("init", "-q", "-b", "trunk");
  const { err, out } = await said(shop);
  expect(written()).toBe(
    "application: shop\nenvironments:\n  dev:\n    on:\n      branch: trunk\n",
  );
  expect(err).toBe("");
  expect(out).toContain("trueup register shop --repository NAME --branch trunk");
  expect(await render.run([], quietIn(shop, {}, []))).toBe(0);
});

test.for([
  ["https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/My_Shop", "My_Shop", "my-shop"],
  ["codecommit::eu-west-1://work@shop", "shop", "shop"],
  ["git@example.com:team/2-shops.git", "2-shops", "shops"],
  ["/srv/git/status.git/", "status", "status-app"],
  [`/srv/${"a".repeat(30)}-b`, `${"a".repeat(30)}-b`, "a".repeat(30)],
] as const)("the remote gives the name: %s", async ([url, repository, application]) => {
  git("init", "-q", "-b", "main");
  git("remote", "add", "origin", url);
  const { out } = await said(shop, "--json");
  expect(JSON.parse(out)).toEqual({
    file: "trueup.yaml",
    application,
    environment: "dev",
    branch: "main",
    compose: "compose.yaml",
    repository,
  });
  expect(faults("init", JSON.parse(out))).toEqual([]);
  expect(readApplication("trueup.yaml", written())).toMatchObject({ kind: "read", warnings: [] });
});

test("a branch is written so that it is read as one", async () => {
  git("init", "-q", "-b", "1e3");
  await said(shop);
  expect(readApplication("trueup.yaml", written())).toMatchObject({
    application: { environments: { dev: { on: { branch: "1e3" } } } },
  });
});

describe("nothing is written", () => {
  test("over what is there, not even over a link that leads nowhere", async () => {
    writeFileSync(join(shop, "trueup.yaml"), "application: other\n");
    await expect(said(shop)).rejects.toThrow("There is a trueup.yaml here already");
    expect(written()).toBe("application: other\n");
    rmSync(join(shop, "trueup.yaml"));
    symlinkSync(join(home, "elsewhere"), join(shop, "trueup.yaml"));
    await expect(said(shop)).rejects.toThrow("There is a trueup.yaml here already");
    expect(existsSync(join(home, "elsewhere"))).toBe(false);
  });

  test("where there is no compose file", async () => {
    const empty = made("empty", "");
    await expect(said(empty)).rejects.toThrow(
      "There is none of compose.yaml, compose.yml, docker-compose.yml, docker-compose.yaml here: write one",
    );
    expect(existsSync(join(empty, "trueup.yaml"))).toBe(false);
  });

  test("below the root of a repository", async () => {
    git("init", "-q");
    mkdirSync(join(shop, "deploy"));
    writeFileSync(join(shop, "deploy", "compose.yaml"), compose);
    await expect(said(join(shop, "deploy"))).rejects.toThrow(/belongs at the root.*shop\.$/);
  });

  test("where no branch is checked out, or one that nobody may follow", async () => {
    git("init", "-q", "-b", "a{b}");
    await expect(said(shop)).rejects.toThrow("`a{b}` is not a branch or tag");
    const author = ["-c", "user.name=You", "-c", "user.email=you@example.com"];
    git(...author, "commit", "-q", "--allow-empty", "-m", "Begin");
    git("checkout", "-q", "--detach");
    await expect(said(shop)).rejects.toThrow("No branch is checked out for dev to follow");
    expect(existsSync(join(shop, "trueup.yaml"))).toBe(false);
  });
});

test("what docker compose would read besides is told, and so is that git is not there yet", async () => {
  writeFileSync(join(shop, "compose.override.yml"), compose);
  const { err } = await said(shop);
  expect(err).toContain("compose.override.yml is read by docker compose and not by Trueup");
  expect(err).toContain("There is no git repository here yet: dev follows main.");
  expect(written()).toContain("branch: main");
});

test("the schema is printed, and found by editors where it is kept", async () => {
  const { out } = await said(shop, "--schema");
  expect(JSON.parse(out)).toHaveProperty("properties.environments");
  expect(existsSync(join(shop, "trueup.yaml"))).toBe(false);
  writeFileSync(join(shop, "trueup.schema.json"), out);
  await said(shop);
  expect(written()).toMatch(
    /^# yaml-language-server: \$schema=trueup\.schema\.json\napplication: /,
  );
});
