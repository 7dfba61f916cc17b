import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dev } from "../../src/cli/dev.ts";
import { explain } from "../../src/cli/explain.ts";
import { get } from "../../src/cli/get.ts";
import { type LocalAws, startLocalAws } from "../../src/cli/local-aws.ts";
import { plan } from "../../src/cli/plan.ts";
import { reconcile } from "../../src/cli/reconcile.ts";
import { seedExample } from "../../src/cli/seed.ts";
import { resume, suspend } from "../../src/cli/suspend.ts";
import type { Verb } from "../../src/cli/verb.ts";
import { wait } from "../../src/cli/wait.ts";

// The product as a person meets it: its own functions and SDK clients on the sandbox's server, git
// with a real repository, and the verbs of the command line, in real time.

const home = mkdtempSync(join(tmpdir(), "trueup-test-"));
const copy = join(home, "copy");
const bucket = "trueup-123456789012-eu-west-1";
let local: LocalAws;

const start = () =>
  startLocalAws({
    directory: join(home, "aws"),
    port: 0,
    log: () => undefined,
    setUp: async (sandbox) => seedExample(sandbox),
  });

const run = (verb: Verb, ...args: readonly string[]) => runWith({}, verb, ...args);

const runWith = async (
  env: Readonly<Record<string, string>>,
  verb: Verb,
  ...args: readonly string[]
) => {
  const out: string[] = [];
  const err: string[] = [];
  const status = await verb.run(args, {
    cwd: copy,
    env: { ...local.environment, ...env },
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    color: false,
  });
  return { status, out: out.join("\n"), err: err.join("\n") };
};

const git = (cwd: string, ...args: readonly string[]): string =>
  execFileSync("git", ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", ...args], {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });

const edit = (from: string, to: string): void => {
  const file = join(copy, "docker-compose.yml");
  const text = readFileSync(file, "utf8");
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
};

/** Commits everything, pushes, and waits until the controller has looked at it. */
const push = async (): Promise<void> => {
  git(copy, "commit", "--quiet", "--all", "--message", "Change it");
  git(copy, "push", "--quiet", "origin", "main");
  const head = git(copy, "rev-parse", "HEAD").trim();
  await expect
    .poll(async () => JSON.parse((await run(get, "myapps/dev", "--json")).out).revision.desired, {
      timeout: 30_000,
    })
    .toBe(head);
};

beforeAll(async () => {
  local = await start();
  git(home, "clone", "--quiet", join(home, "aws", "git", "myapps.git"), "copy");
}, 60_000);

afterAll(async () => {
  await local.close();
  rmSync(home, { recursive: true, force: true });
});

test("the example deploys by itself, and get says so", { timeout: 120_000 }, async () => {
  await expect.poll(async () => (await run(get)).out, { timeout: 30_000 }).toContain("myapps/dev");
  const { err, status } = await run(wait, "myapps/dev", "--for", "healthy", "--timeout", "90s");
  expect(status).toBe(0);
  expect(err).toContain(`123456789012 · eu-west-1 · ${local.url}`);
  expect((await run(get, "myapps/dev")).out).toContain("Ready=True");
  expect((await run(plan, "--environment", "dev")).out).toBe("Nothing to change.");
});

test("an edit is planned before it is pushed", { timeout: 60_000 }, async () => {
  edit("VisibilityTimeout: 60", "VisibilityTimeout: 61");
  const { out, status } = await run(plan, "--environment", "dev");
  expect(status).toBe(1);
  expect(out).toMatch(
    /~ JobsQueue {2}AWS::SQS::Queue {2}VisibilityTimeout {2}docker-compose\.yml:72 x-sqs\.jobs\.Properties\.VisibilityTimeout/,
  );
});

test("in JSON, each change tells the line that causes it", { timeout: 60_000 }, async () => {
  const { out } = await run(plan, "--environment", "dev", "--json");
  expect(JSON.parse(out).changes).toMatchObject([
    {
      property: "VisibilityTimeout",
      cause: {
        file: "docker-compose.yml",
        line: 72,
        path: "x-sqs.jobs.Properties.VisibilityTimeout",
      },
    },
  ]);
});

test("what would be made anew elsewhere is no plan", { timeout: 60_000 }, async () => {
  const file = join(copy, "trueup.yaml");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace("on: {", "target: { region: eu-central-1 }\n    on: {"));
  await expect(run(plan, "--environment", "dev")).rejects.toThrow("never changes its place");
  writeFileSync(file, text.replace("on: {", "layout: single\n    on: {"));
  await expect(run(plan, "--environment", "dev")).rejects.toThrow("never changes its stack");
  for (const instances of ["ephemeral: { ttl: 2h }\n    on: {", 'on: { branch: "b/*" } #']) {
    writeFileSync(file, text.replace("on: {", instances));
    await expect(run(plan, "--environment", "dev")).rejects.toThrow(
      "trueup.yaml does not ask for it any more, and it is kept as it is: trueup destroy lists",
    );
  }
  writeFileSync(file, text);
  const asAcme = runWith(
    { TRUEUP_PREFIX: "acme", TRUEUP_BUCKET: bucket },
    plan,
    "--environment",
    "dev",
  );
  await expect(asAcme).rejects.toThrow("keeps its name");
});

test("what is suspended is planned and waits", { timeout: 60_000 }, async () => {
  await run(suspend, "myapps/dev", "--reason", "looking first");
  await push();
  const published = await run(plan, "myapps/dev");
  expect(published.status).toBe(3);
  expect(published.out).toContain("held: suspended: looking first");
  expect((await run(get, "myapps/dev")).status).toBe(3);
  expect((await run(explain, "myapps/dev")).out).toContain("looking first");

  await run(resume, "myapps/dev");
  expect((await run(wait, "myapps/dev", "--timeout", "40s")).status).toBe(0);
});

test("a broken push shows file, line and column, and exits 1", { timeout: 60_000 }, async () => {
  edit("replicas: 2", "replcas: 2");
  await push();
  const { out, status } = await run(get, "myapps/dev");
  expect(status).toBe(1);
  expect(out).toMatch(/docker-compose\.yml:26:\d+ {2}services\.app01\.deploy\.replcas/);
});

test("a sandbox that was stopped goes on where it was", { timeout: 90_000 }, async () => {
  edit("replcas: 2", "replicas: 2");
  edit("VisibilityTimeout: 61", "VisibilityTimeout: 62");
  git(copy, "commit", "--quiet", "--all", "--message", "Mend it");
  git(copy, "push", "--quiet", "origin", "main");
  await local.close();
  local = await start();
  const { out, status } = await run(reconcile, "myapps/dev", "--wait", "--timeout", "60s");
  expect(status).toBe(0);
  expect(out).toContain(git(copy, "rev-parse", "HEAD").slice(0, 8));
});

test("an image that is pushed by hand is said to be, with its digest", async () => {
  mkdirSync(join(home, ".trueup"));
  writeFileSync(join(home, ".trueup", "environment.json"), JSON.stringify(local.environment));
  const { out } = await run(dev, "push", "blog-app-02:nightly", "--json");
  const digest = expect.stringMatching(/^sha256:[0-9a-f]{64}$/);
  expect(JSON.parse(out)).toEqual({ repository: "blog-app-02", tag: "nightly", digest });
  const { out: said } = await run(dev, "push", "blog-app-02:weekly");
  expect(said).toMatch(/^blog-app-02:weekly is pushed: sha256:[0-9a-f]{64}$/);
});
