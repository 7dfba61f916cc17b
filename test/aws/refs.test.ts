import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { authorizationOf } from "../../src/aws/git-pull.ts";
import { refsIn } from "../../src/aws/refs.ts";
import { sdkCaller } from "../../src/aws/sdk.ts";
import { sourcesOf } from "../../src/aws/sources.ts";
import { codecommit } from "../../src/sandbox/codecommit/codecommit.ts";
import { createDriver } from "../../src/sandbox/driver.ts";
import { diskGit } from "../../src/sandbox/git/disk.ts";
import { type SandboxServer, startServer } from "../../src/sandbox/server.ts";
import { World } from "../../src/sandbox/world.ts";

// Processes are started here: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const region = "eu-west-1";
const directory = mkdtempSync(join(tmpdir(), "trueup-refs-"));
const bare = join(directory, "apps.git");
let server: SandboxServer;

const git = (...args: string[]): string =>
  execFileSync("git", ["--git-dir", bare, ...args], { encoding: "utf8", stdio: "pipe" });

beforeAll(async () => {
  const world = new World({
    services: [codecommit],
    git: diskGit(directory),
    start: Date.now(),
    seed: 1,
  });
  server = await startServer({ world, driver: () => createDriver(world, {}), port: 0 });
  const ann = { account: "123456789012", region, arn: "arn:aws:iam::123456789012:user/ann" };
  world.call("codecommit:CreateRepository", { repositoryName: "apps" }, ann);
  world.call("codecommit:CreateRepository", { repositoryName: "empty" }, ann);
  const { commitId } = world.call(
    "codecommit:CreateCommit",
    {
      repositoryName: "apps",
      branchName: "main",
      putFiles: [{ filePath: "a", fileContent: Buffer.from("a") }],
    },
    ann,
  ) as { readonly commitId: string };
  git("branch", "feature/größer", commitId);
  git("tag", "v1.0.0", commitId);
  const who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"];
  git(...who, "tag", "-a", "-m", "Second", "v2.0.0", commitId);
});

afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

const sources = (accessKeyId = "test") =>
  sourcesOf(
    sdkCaller({
      region,
      endpoint: server.url,
      credentials: { accessKeyId, secretAccessKey: "test" },
    })({ region }),
  );

describe("branches and tags", () => {
  test("come over the git protocol, annotated tags as the commits they stand for", async () => {
    const id = git("rev-parse", "main").trim();
    expect(await sources().refs("apps")).toEqual({
      branches: new Map([
        ["feature/größer", id],
        ["main", id],
      ]),
      tags: new Map([
        ["v1.0.0", id],
        ["v2.0.0", id],
      ]),
    });
  });

  test("are read from git's own answer as from the sandbox's", async () => {
    const own = execFileSync("git", ["upload-pack", "--advertise-refs", bare], {
      encoding: "utf8",
    });
    expect(refsIn(`001e# service=git-upload-pack\n0000${own}`)).toEqual(
      await sources().refs("apps"),
    );
  });

  test("are told to git itself, which asks without a name first", async () => {
    const { password, username } = credentials();
    const url = `${server.url.replace("://", `://${username}:${password}@`)}/v1/repos/apps`;
    // The server is in this process: a call that blocks it would wait for ever.
    const { stdout } = await promisify(execFile)("git", ["ls-remote", url]);
    expect(stdout).toBe(execFileSync("git", ["ls-remote", bare], { encoding: "utf8" }));
  });

  test("of a repository with nothing in it are none", async () => {
    expect(await sources().refs("empty")).toEqual({ branches: new Map(), tags: new Map() });
  });

  test("of one that is not there, or of another account, are an error, never none", async () => {
    const missing = { name: "RepositoryDoesNotExistException" };
    await expect(sources().refs("other")).rejects.toMatchObject(missing);
    await expect(sources("210987654321").refs("apps")).rejects.toMatchObject(missing);
  });
});

const credentials = () => {
  const authorization = authorizationOf(
    new URL(`${server.url}/v1/repos/apps`),
    { region, credentials: { accessKeyId: "test", secretAccessKey: "test" } },
    new Date(),
  );
  const [username = "", password = ""] = atob(authorization.replace("Basic ", "")).split(":");
  return { username, password };
};

test.for([
  ["no signature", { authorization: `Basic ${btoa("test:secret")}` }],
  ["nobody", {}],
])("a request of %s is refused", async ([, headers]) => {
  const url = `${server.url}/v1/repos/apps/info/refs?service=git-upload-pack`;
  expect((await fetch(url, { headers: headers as Record<string, string> })).status).toBe(401);
});

describe("a list of references", () => {
  const whole = [
    "001e# service=git-upload-pack\n",
    "0000",
    `003e${"a".repeat(40)} refs/heads/main\0\n`,
    "0000",
  ].join("");

  test("that is whole is read", () => {
    expect(refsIn(whole).branches).toEqual(new Map([["main", "a".repeat(40)]]));
  });

  test("that is cut short anywhere is an error: what is missing may be there", () => {
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => refsIn(whole.slice(0, length)), String(length)).toThrow(/cut short|is none/);
    }
  });

  test("with a line that is none is an error", () => {
    expect(() => refsIn(`001e# service=git-upload-pack\n00000009ERR x0000`)).toThrow("is none");
  });
});

test("the password is time and signature, as git-remote-codecommit makes them", () => {
  const credentials = {
    accessKeyId: "AKIDEXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  };
  const url = new URL("https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/myapps");
  const now = new Date("2026-03-01T10:11:12.345Z");
  const said = (given: typeof credentials & { readonly sessionToken?: string }) =>
    atob(authorizationOf(url, { region, credentials: given }, now).replace("Basic ", ""));
  const password =
    "20260301T101112Z9676f29d8e1e73d39230e0e9ef33090ef2249e51cb25f0d9effc02994a3969f2";
  expect(said(credentials)).toBe(`AKIDEXAMPLE:${password}`);
  expect(said({ ...credentials, sessionToken: "to/ken=" })).toBe(`AKIDEXAMPLE%to/ken=:${password}`);
});
