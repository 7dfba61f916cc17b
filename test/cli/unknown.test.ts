import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { approve } from "../../src/cli/approve.ts";
import { connect } from "../../src/cli/connection.ts";
import { demo } from "../../src/cli/demo.ts";
import { dev } from "../../src/cli/dev.ts";
import { events } from "../../src/cli/events.ts";
import { explain } from "../../src/cli/explain.ts";
import { get } from "../../src/cli/get.ts";
import { history } from "../../src/cli/history.ts";
import { type LocalAws, startLocalAws } from "../../src/cli/local-aws.ts";
import { promote } from "../../src/cli/promote.ts";
import { reconcile } from "../../src/cli/reconcile.ts";
import { render } from "../../src/cli/render.ts";
import { releaseHold, rollback } from "../../src/cli/rollback.ts";
import { resume, suspend } from "../../src/cli/suspend.ts";
import { tree } from "../../src/cli/tree.ts";
import { unregister } from "../../src/cli/unregister.ts";
import type { Verb } from "../../src/cli/verb.ts";
import { verify } from "../../src/cli/verify.ts";
import { wait } from "../../src/cli/wait.ts";
import { emptyRecord } from "../../src/model/record.ts";
import type { ConditionType } from "../../src/model/status.ts";
import { emptyApplication } from "../../src/plan/application-status.ts";
import { emptyStatus } from "../../src/plan/statuses.ts";
import { quietIn } from "./quiet.ts";

const home = mkdtempSync(join(tmpdir(), "trueup-unknown-"));
const follows = { repository: "nobody", branch: "main", file: "trueup.yaml", ssm: [] };
let local: LocalAws;

const io = (out: string[]) => quietIn(home, local.environment, out);

beforeAll(async () => {
  const log = () => undefined;
  local = await startLocalAws({ directory: join(home, ".trueup"), port: 0, log });
  const { people, ports } = await connect(io([]));
  await people.register({ ...follows, application: "shop", environments: {} });
  await ports.statuses.writeApplication("shop", { ...emptyApplication, environments: ["dev"] });
}, 60_000);

afterAll(async () => {
  await local.close();
  rmSync(home, { recursive: true, force: true });
});

const verbs: readonly (readonly [Verb, ...string[]])[] = [
  [approve],
  [events],
  [get],
  [history],
  [reconcile],
  [verify],
  [wait, "--timeout", "1ms"],
];

test.for(verbs)("what there is not is no answer of %o", async ([verb, ...args]) => {
  const asked = (place: string) => verb.run([place, ...args], io([]));
  await expect(asked("shop/prod")).rejects.toThrow("shop has dev, and no prod.");
  await expect(asked("blog/dev")).rejects.toThrow("blog is not registered: trueup register.");
});

const odd: readonly (readonly [Verb, readonly string[], string])[] = [
  [get, ["shop", "blog"], '"blog" is a word too many.'],
  [tree, ["shop", "dev"], '"dev" is a word too many.'],
  [events, ["shop", "dev"], '"dev" is a word too many.'],
  [render, ["shop"], '"shop" is a word too many.'],
  [dev, ["env", "shop"], '"shop" is a word too many.'],
  [demo, ["shop"], '"shop" is a word too many.'],
  [unregister, ["shop/dev"], "Name one application as APP"],
  [unregister, [], "Name one application as APP"],
  [render, ["--account", "1"], "--account 1 is not an account id."],
  [suspend, ["shop/dev", "--until", "2020-01-01"], "2020-01-01 is over: write a time to come."],
  [rollback, ["shop/dev", "--until", "2020-01-01"], "2020-01-01 is over: write a time to come."],
  [promote, ["shop/dev", "--until", "2020-01-01"], "2020-01-01 is over: write a time to come."],
];

test.for(odd)("%o refuses %o", async ([verb, args, message]) => {
  const out: string[] = [];
  await expect(verb.run(args, io(out))).rejects.toThrow(message);
  expect(out).toEqual([]);
});

test("what is said wrong asks for nothing", async () => {
  const { ports } = await connect(io([]));
  const said = ["shop/dev", "--wait", "--timeout", "soon"];
  await expect(reconcile.run(said, io([]))).rejects.toThrow('"soon" is no duration');
  expect((await ports.requests.read("shop", "dev")).requestedAt).toBeUndefined();
});

test("where nothing is registered, that is said", async () => {
  const out: string[] = [];
  const elsewhere = { ...local.environment, AWS_REGION: "us-east-1" };
  expect(await get.run([], quietIn(home, elsewhere, out))).toBe(0);
  expect(out).toEqual(["No application is registered: trueup register."]);
});

test("a region is the profile's where no variable names one", async () => {
  const file = join(home, "config");
  writeFileSync(file, "[profile desk]\nregion = ap-southeast-2\n");
  vi.stubEnv("AWS_CONFIG_FILE", file);
  vi.stubEnv("AWS_PROFILE", "desk");
  for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION"]) vi.stubEnv(name, undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  // A variable that is empty is none, as for the `aws` command.
  const env = { ...local.environment, AWS_REGION: "", AWS_DEFAULT_REGION: "" };
  const err: string[] = [];
  await connect({ ...quietIn(home, env, []), err: (text) => void err.push(text) });
  expect(err.join()).toContain("123456789012 · ap-southeast-2 · ");
});

test("an application that is followed no more hears nothing, whatever is known of it", async () => {
  const { ports } = await connect(io([]));
  await ports.statuses.writeApplication("gone", { ...emptyApplication, environments: ["dev"] });
  await expect(reconcile.run(["gone/dev"], io([]))).rejects.toThrow("gone is not registered");
});

test("what is not known yet has a way to find out why", async () => {
  await expect(get.run(["shop/dev"], io([]))).rejects.toThrow("yet: trueup explain shop/dev.");
  expect(await wait.run(["shop/dev", "--timeout", "1ms"], io([]))).toBe(4);
  expect(await history.run(["shop/dev"], io([]))).toBe(0);
});

const explained = async (place: string, exit = 0): Promise<string> => {
  const out: string[] = [];
  expect(await explain.run([place], io(out))).toBe(exit);
  return out.join("\n");
};

const condition = (type: ConditionType, reason: string) =>
  ({ type, status: "True", reason, message: "", since: "", observedRevision: "" }) as const;

test.for([
  ["ImagesNotFollowed", 0],
  ["ApplicationFileInvalid", 1],
] as const)(
  "who waits is told that what was pushed last cannot be read: %s, %d",
  async ([reason, exit]) => {
    const { ports } = await connect(io([]));
    // Nobody follows it, so that nobody says anything else of it.
    const conditions = [condition("Stalled", reason)];
    await ports.statuses.writeApplication("lone", { ...emptyApplication, conditions });
    const ready = { ...emptyStatus, conditions: [condition("Ready", "Deployed")] };
    await ports.statuses.writeEnvironment("lone", "dev", ready);
    expect(await wait.run(["lone/dev"], io([]))).toBe(exit);
  },
);

test("an image that is not followed is not a repository that cannot be read", async () => {
  const { people, ports } = await connect(io([]));
  await people.register({ ...follows, application: "blog", environments: {} });
  for (const [reason, said] of [
    ["ImagesNotFollowed", "The repository is followed, but not all of its images:"],
    ["ApplicationFileInvalid", "The application cannot be read, so everything stays as it is:"],
  ] as const) {
    const conditions = [condition("Stalled", reason)];
    const status = { ...emptyApplication, conditions, environments: ["dev"] };
    await ports.statuses.writeApplication("blog", status);
    expect(await explained("blog/dev")).toContain(said);
  }
  expect(await explained("blog/prod", 2)).toContain("blog has dev, and no prod.");
  await expect(explain.run(["nobody/dev"], io([]))).rejects.toThrow("nobody is not registered");
});

test("what nobody suspended or holds is not said to go on", async () => {
  const { people } = await connect(io([]));
  const said = async (verb: Verb): Promise<string> => {
    const out: string[] = [];
    expect(await verb.run(["shop/dev"], io(out))).toBe(0);
    return out.join("\n");
  };
  expect(await said(resume)).toBe("Nothing was suspended: shop/dev goes on as before.");
  expect(await said(releaseHold)).toBe("Nothing was held: shop/dev goes on as before.");
  await people.suspend("shop", "dev", { reason: "looking" });
  await people.hold("shop", "dev", { revision: "a".repeat(40), reason: "looking" });
  expect(await said(resume)).toBe("shop/dev is resumed.");
  expect(await said(releaseHold)).toBe("shop/dev follows again what it did before.");
});

test("an image of a repository that there is not is told in words", async () => {
  writeFileSync(join(home, ".trueup", "environment.json"), JSON.stringify(local.environment));
  await expect(dev.run(["push", "nobody:1"], io([]))).rejects.toThrow(/^The repository with name/);
});

test("help tells of one verb as the verb itself does", () => {
  const bin = fileURLToPath(new URL("../../bin/trueup.mjs", import.meta.url));
  const said = (...args: readonly string[]) => spawnSync(process.execPath, [bin, ...args]);
  const { status, stdout } = said("help", "wait");
  expect([status, String(stdout)]).toEqual([0, String(said("wait", "--help").stdout)]);
  expect(String(stdout)).toContain(wait.usage);
  expect(said("help", "nothing").status).toBe(2);
});

test("an environment that left trueup.yaml is shown as long as it has anything", async () => {
  const { ports } = await connect(io([]));
  await ports.records.write("shop/old", emptyRecord, undefined);
  await ports.records.write("shop/dev.main-1a2b3c", emptyRecord, undefined);
  await ports.statuses.writeEnvironment("shop", "old", emptyStatus);
  const out: string[] = [];
  expect(await get.run(["shop"], io(out))).toBe(0);
  expect(out.join("\n").match(/^shop\/\S+/gm)).toEqual(["shop/dev", "shop/old"]);
});
