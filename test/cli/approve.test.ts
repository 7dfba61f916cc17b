import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { approve, reject } from "../../src/cli/approve.ts";
import { get } from "../../src/cli/get.ts";
import { history } from "../../src/cli/history.ts";
import { type LocalAws, startLocalAws } from "../../src/cli/local-aws.ts";
import { plan } from "../../src/cli/plan.ts";
import { seedExample } from "../../src/cli/seed.ts";
import { resume, suspend } from "../../src/cli/suspend.ts";
import type { Io, Verb } from "../../src/cli/verb.ts";
import { wait } from "../../src/cli/wait.ts";

// Approval as a person meets it, on the sandbox's server, in real time.

const home = mkdtempSync(join(tmpdir(), "trueup-test-"));
const copy = join(home, "copy");
let local: LocalAws;

const run = async (verb: Verb, args: readonly string[], ask?: Io["ask"]) => {
  const out: string[] = [];
  const err: string[] = [];
  const status = await verb.run(args, {
    cwd: copy,
    env: local.environment,
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    color: false,
    ...(ask === undefined ? {} : { ask }),
  });
  return { status, out: out.join("\n"), err: err.join("\n") };
};

const git = (cwd: string, ...args: readonly string[]): string =>
  execFileSync("git", ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", ...args], {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });

const conditions = async (): Promise<readonly string[]> => {
  const { out } = await run(get, ["myapps/dev", "--json"]);
  const status = JSON.parse(out) as { conditions: { type: string; reason: string }[] };
  return status.conditions.map(({ reason, type }) => `${type} ${reason}`);
};

beforeAll(async () => {
  local = await startLocalAws({
    directory: join(home, "aws"),
    port: 0,
    log: () => undefined,
    setUp: async (sandbox) => seedExample(sandbox),
  });
  git(home, "clone", "--quiet", join(home, "aws", "git", "myapps.git"), "copy");
  await run(wait, ["myapps/dev", "--timeout", "90s"]);
  const file = join(copy, "trueup.yaml");
  const asking = readFileSync(file, "utf8").replace(/^ {4}on:.*$/m, "$&\n    approval: manual");
  writeFileSync(file, asking);
  const compose = join(copy, "docker-compose.yml");
  const text = readFileSync(compose, "utf8");
  writeFileSync(compose, text.replace("VisibilityTimeout: 60", "VisibilityTimeout: 61"));
  git(copy, "commit", "--quiet", "--all", "--message", "Ask first");
  git(copy, "push", "--quiet", "origin", "main");
}, 180_000);

afterAll(async () => {
  await local.close();
  rmSync(home, { recursive: true, force: true });
});

test("a plan that waits is shown, and approved only on somebody's word", async () => {
  await expect.poll(conditions, { timeout: 60_000 }).toContain("Held AwaitingApproval");
  expect((await run(wait, ["myapps/dev", "--timeout", "1s"])).status).toBe(3);
  const { digest } = JSON.parse((await run(plan, ["myapps/dev", "--json"])).out);

  await expect(run(approve, ["myapps/dev"])).rejects.toThrow("say --yes");
  await expect(run(approve, ["myapps/dev", "0123"])).rejects.toThrow("at least 8");
  await expect(run(approve, ["myapps/dev", "00000000"])).rejects.toThrow("look again");
  const asked: string[] = [];
  const no = await run(approve, ["myapps/dev"], async (question) => {
    asked.push(question);
    return "n";
  });
  expect(no.status).toBe(3);
  expect(no.out).toContain("~ JobsQueue");
  expect(asked).toEqual(["approve this plan of myapps/dev? [y/N] "]);
  expect(await conditions()).toContain("Held AwaitingApproval");

  const said = await run(reject, ["myapps/dev", "--yes", "--json", "--reason", "not today"]);
  expect(JSON.parse(said.out)).toEqual({
    application: "myapps",
    environment: "dev",
    rejection: { digest, reason: "not today" },
  });
  await expect.poll(conditions, { timeout: 30_000 }).toContain("Approved Rejected");
}, 90_000);

test("an approved plan is neither approved again nor rejected, is rolled out, and history says on whose word", async () => {
  const { digest } = JSON.parse((await run(plan, ["myapps/dev", "--json"])).out);
  await run(suspend, ["myapps/dev"]);
  const yes = await run(
    approve,
    ["myapps/dev", digest.slice(0, 8), "--reason", "now"],
    async () => "y",
  );
  expect(yes.status).toBe(0);
  await expect.poll(conditions, { timeout: 30_000 }).toContain("Approved Approved");
  expect((await run(approve, ["myapps/dev"])).out).toBe("Nothing waits for approval.");
  await expect(run(reject, ["myapps/dev", "--yes"])).rejects.toThrow("trueup rollback myapps/dev");
  await run(resume, ["myapps/dev"]);
  expect((await run(wait, ["myapps/dev", "--timeout", "60s"])).status).toBe(0);
  expect((await run(approve, ["myapps/dev"])).out).toBe("Nothing waits for approval.");

  const told = (await run(history, ["myapps/dev", "-n", "50"])).out;
  expect(told).toMatch(new RegExp(`plan ${digest.slice(0, 12)} {2}approved by arn:\\S+: now`));
  expect(told).toContain("execute-change-set base");
  const entries = JSON.parse((await run(history, ["myapps/dev", "--json", "-n", "1"])).out);
  expect(entries).toHaveLength(1);
}, 90_000);

test("what IAM allows and who may approve it next is told with the next plan", async () => {
  const compose = join(copy, "docker-compose.yml");
  const text = readFileSync(compose, "utf8");
  const edited = text.replace("cloudwatch:PutMetricData", '["cloudwatch:PutMetricData", "s3:*"]');
  writeFileSync(compose, edited.replace("VisibilityTimeout: 61", "VisibilityTimeout: 62"));
  git(copy, "commit", "--quiet", "--all", "--message", "Ask for more");
  git(copy, "push", "--quiet", "origin", "main");
  await expect.poll(conditions, { timeout: 60_000 }).toContain("Held AwaitingApproval");
  const { out } = await run(approve, ["myapps/dev"], async () => "n");
  expect(out).toMatch(/! IAM: \S+ allows cloudwatch:PutMetricData, s3:\* on \*/);
  expect(out).toMatch(/Not in plan [0-9a-f]{12}, approved last: ~ \w+/);
}, 90_000);
