import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../../src/cli/connection.ts";
import { type LocalAws, startLocalAws } from "../../src/cli/local-aws.ts";
import { plan } from "../../src/cli/plan.ts";
import { render } from "../../src/cli/render.ts";
import { exampleDirectory } from "../../src/cli/seed.ts";
import type { Verb } from "../../src/cli/verb.ts";
import type { Plan } from "../../src/model/plan.ts";
import { emptyRecord } from "../../src/model/record.ts";
import { quietIn } from "./quiet.ts";

// What an edit changes beside what is in git, or beside what was rendered: nothing is deployed here.

const home = mkdtempSync(join(tmpdir(), "trueup-against-"));
const copy = join(home, "myapps");
let local: LocalAws;

beforeAll(async () => {
  const log = () => undefined;
  local = await startLocalAws({ directory: join(home, "aws"), port: 0, log });
}, 60_000);
afterAll(async () => {
  await local.close();
  rmSync(home, { recursive: true });
});

beforeEach(() => {
  rmSync(copy, { recursive: true, force: true });
  cpSync(exampleDirectory, copy, { recursive: true });
  git("init", "--quiet", "--initial-branch=main");
  commit("Begin");
});

const git = (...args: readonly string[]): string =>
  execFileSync("git", ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", ...args], {
    cwd: copy,
    encoding: "utf8",
  }).trim();

const commit = (message: string) => {
  git("add", "--all");
  git("commit", "--quiet", "--message", message);
};

const edit = (path: string, from: string, to: string) => {
  const file = join(copy, path);
  const before = readFileSync(file, "utf8");
  expect(before).toContain(from);
  writeFileSync(file, before.replace(from, to));
};

async function run(verb: Verb, args: readonly string[], cwd = copy) {
  const out: string[] = [];
  const io = { cwd, env: local.environment, color: false, err: () => undefined };
  const status = await verb.run(args, { ...io, out: (text) => void out.push(text) });
  return { status, out: out.join("\n") };
}

async function planned(...args: readonly string[]) {
  const { out, status } = await run(plan, [...args, "--json"]);
  const { changes } = JSON.parse(out) as Plan;
  const told = changes.map(({ action, cause, logicalId, property }) =>
    [action, logicalId, property, cause && `${cause.file}:${cause.line}`].join(" "),
  );
  return { status, told };
}

const compose = "docker-compose.yml";
const [before, after] = ["interval: 10s", "interval: 11s"];

/** The line of the compose file that has a text. */
const lineOf = (text: string): number =>
  readFileSync(join(copy, compose), "utf8")
    .split("\n")
    .findIndex((line) => line.includes(text)) + 1;

test("an edit is told with its line, beside the last commit", async () => {
  expect(await planned("--against", "HEAD")).toEqual({ status: 0, told: [] });
  edit(compose, before, after);
  expect(await planned("--against", "HEAD")).toEqual({
    status: 1,
    told: [
      `replace App01TaskDefinition ContainerDefinitions ${compose}:${lineOf("healthcheck:")}`,
      `modify App01Service TaskDefinition ${compose}:${lineOf("app01:")}`,
    ],
  });
});

test("between two commits nothing counts that is in neither, and nothing that is here is touched", async () => {
  edit(compose, before, after);
  commit("Look less often");
  edit("envs/dev.yml", "replicas: 1", "replicas: 2");
  git("add", "--all");
  edit("envs/dev.yml", "replicas: 2", "replicas: 3");
  writeFileSync(join(copy, "new.yml"), "services: {}\n");
  const stands = git("status", "--porcelain");
  expect(await planned("--revision", "HEAD", "--against", "HEAD")).toEqual({ status: 0, told: [] });
  expect((await planned("--revision", "HEAD", "--against", "HEAD~1")).told).toHaveLength(2);
  expect((await planned("--revision", "main~1", "--against", "main")).told).toHaveLength(2);
  expect((await planned("--against", "HEAD")).told).toEqual([
    expect.stringMatching(/^modify App01Service DesiredCount envs\/dev.yml:/),
  ]);
  expect(git("status", "--porcelain")).toBe(stands);
});

test("what would change its stack is no plan", async () => {
  edit("trueup.yaml", "on: {", "layout: single\n    on: {");
  await expect(planned("--against", "HEAD")).rejects.toThrow("never changes its stack");
});

test("what would be in another network is no plan", async () => {
  edit(compose, "10.42.0.0", "10.43.0.0");
  await expect(planned("--against", "HEAD")).rejects.toThrow("Put x-vpc back");
});

test("what goes has the line that it had", async () => {
  edit(compose, "      worker: { Access: RWMessages } # its URL is in JOBS_DEAD_LETTERS\n", "");
  edit(compose, "    Services:\n\nx-elbv2", "\nx-elbv2");
  edit(compose, "        deadLetterTargetArn: jobs-dead-letters\n", "");
  edit(compose, "      RedrivePolicy:\n        maxReceiveCount: 3\n", "");
  const file = readFileSync(join(copy, compose), "utf8");
  const [kept = ""] = file.split("  jobs-dead-letters:");
  writeFileSync(join(copy, compose), `${kept}${file.slice(file.indexOf("x-elbv2:"))}`);
  const { told } = await planned("--against", "HEAD");
  expect(told).toContainEqual(
    expect.stringMatching(/^remove JobsDeadLetters\w* {2}docker-compose.yml:\d+$/),
  );
  const { out } = await run(plan, ["--against", "HEAD"]);
  expect(out).toMatch(
    /^ {2}- JobsDeadLetters\w* {2}AWS::SQS::Queue {2}\[data\] {2}\(stays, and is nobody's\) {2}docker/m,
  );
});

describe("beside what was rendered", () => {
  const listing = (template: string) => {
    const empty = { parameters: {}, tags: {}, capabilities: [], dependsOn: [] };
    return JSON.stringify({ target: {}, stacks: [{ name: "a", unit: "a", template, ...empty }] });
  };

  test("an edit is told", async () => {
    await run(render, ["-o", join(home, "rendered")]);
    expect(await planned("--against", "../rendered")).toEqual({ status: 0, told: [] });
    edit(compose, before, after);
    expect((await planned("--against", "../rendered")).told).toHaveLength(2);
    expect(await planned("--revision", "HEAD", "--against", "../rendered")).toEqual({
      status: 0,
      told: [],
    });
  });

  test("what it was deployed with is no difference", async () => {
    await run(render, ["-o", join(home, "rendered")]);
    const { ports } = await connect(quietIn(copy, local.environment, []));
    const target = { account: "123456789012", region: "eu-west-1" };
    const bounded = { ...target, permissionsBoundary: "arn:aws:iam::123456789012:policy/limit" };
    const { version } = await ports.records.read("myapps/dev");
    const settings = { approval: undefined, target: bounded, windows: [] };
    await ports.records.write("myapps/dev", { ...emptyRecord, settings }, version);
    expect((await planned("--against", "../rendered")).told).toEqual([]);
    expect((await planned("--against", "HEAD")).told).toEqual([]);
  });

  test.for<[string, string]>([
    ["{", "JSON"],
    ["{}", "is not what trueup render -o writes"],
    ['{"target":{},"stacks":[{"name":"a"}]}', "is not what trueup render -o writes"],
    [listing("none.json"), "none.json"],
  ])("what cannot be read is said: %s", async ([text, message]) => {
    const broken = join(home, "broken");
    mkdirSync(broken, { recursive: true });
    writeFileSync(join(broken, "stacks.json"), text);
    await expect(planned("--against", broken)).rejects.toThrow(message);
  });
});

test("a directory of a repository is looked at as it was there, with or without a trueup.yaml", async () => {
  mkdirSync(join(copy, "deploy/shop"), { recursive: true });
  const inner = join(copy, "deploy/shop");
  const service = (count: number) =>
    `services:\n  web:\n    image: web:1@sha256:${"a".repeat(64)}\n    deploy: { replicas: ${count} }\n`;
  writeFileSync(join(inner, "shop.yml"), service(1));
  commit("Add a shop");
  writeFileSync(join(inner, "shop.yml"), service(2));
  const { out, status } = await run(plan, ["-f", "shop.yml", "--against", "HEAD"], inner);
  expect(status).toBe(1);
  expect(out).toMatch(
    /^trueup-shop-local-s-web-[0-9a-f]{8}\n {2}~ WebService .*DesiredCount.*shop.yml:4/,
  );
});

test("what is deployed is what is meant without it", async () => {
  const [deployed, unsaid] = [await planned("--against", "deployed"), await planned()];
  expect(unsaid.told.length).toBeGreaterThan(30);
  expect(deployed).toEqual(unsaid);
});

describe("it is refused", () => {
  test.for([
    [["--against", "nowhere"], /deployed.*render -o.*revision.*"nowhere" is none of them/],
    [["--against", "--help"], /argument/],
    [["--revision", "nowhere"], /has no revision nowhere/],
    [["--revision", "--all"], /argument/],
    [["--revision=--all"], /has no revision --all/],
    [["myapps/dev", "--against", "HEAD"], /APP\/ENV/],
    [["myapps/dev", "--revision", "HEAD"], /APP\/ENV/],
    [["myapps/dev", "-f", compose], /APP\/ENV/],
  ] as const)("%j", async ([args, message]) => {
    await expect(planned(...args)).rejects.toThrow(message);
  });

  test("where there is no repository", async () => {
    rmSync(join(copy, ".git"), { recursive: true });
    await expect(planned("--revision", "HEAD")).rejects.toThrow(/has no revision HEAD/);
  });
});
