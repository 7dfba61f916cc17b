import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../src/cli/connection.ts";
import { type LocalAws, startLocalAws } from "../../src/cli/local-aws.ts";
import { rollback } from "../../src/cli/rollback.ts";
import type { Condition } from "../../src/model/status.ts";
import { ledgerPath } from "../../src/plan/ledger.ts";
import { emptyStatus } from "../../src/plan/statuses.ts";
import { quietIn } from "./quiet.ts";

const home = mkdtempSync(join(tmpdir(), "trueup-rollback-"));
const first = `${"a".repeat(39)}1`;
const twin = `${"a".repeat(39)}2`;
const [good, bad, now] = ["b", "d", "c"].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
];
let local: LocalAws;

const io = (out: string[]) => quietIn(home, local.environment, out);

/** Asks, with such revisions in the status, and answers what is held then. */
async function held(desired: string, deployed: string, ...args: readonly string[]) {
  const { ports } = await connect(io([]));
  const revision = { desired, deployed, verified: undefined };
  await ports.statuses.writeEnvironment("shop", "prod", { ...emptyStatus, revision });
  await rollback.run(["shop/prod", ...args], io([]));
  return (await ports.requests.read("shop", "prod")).hold?.revision;
}

beforeAll(async () => {
  const log = () => undefined;
  local = await startLocalAws({ directory: join(home, "aws"), port: 0, log });
  const { people, ports } = await connect(io([]));
  const follows = { repository: "shop", branch: "main", file: "trueup.yaml" };
  await people.register({ application: "shop", ...follows, environments: {}, ssm: [] });
  const came = async (revision: string, status: Condition["status"]) => {
    const conditions = [{ type: "Ready", status, reason: "Because", message: "" } as const];
    const at = `2099-01-01T00:00:0${[first, twin, good, bad, now].indexOf(revision)}.000Z`;
    const entry = {
      v: 1,
      at,
      revision,
      plan: undefined,
      steps: [],
      conditions,
      votes: [],
    } as const;
    await ports.artifacts.put(ledgerPath("shop/prod", entry), JSON.stringify(entry));
  };
  await came(first, "True");
  await came(twin, "True");
  await came(good, "True");
  await came(bad, "False");
  await came(now, "True");
}, 60_000);

afterAll(async () => {
  await local.close();
  rmSync(home, { recursive: true, force: true });
});

test("without a word it goes to what was deployed before what is wanted", async () => {
  expect(await held(bad, good)).toBe(good);
  expect(await held(now, now)).toBe(good);
  expect(await held(good, good)).toBe(now);
});

test("a revision that was deployed once is named by its first digits", async () => {
  expect(await held(now, now, "bbbbbbb")).toBe(good);
  const whole = "write all 40 digits of a commit.";
  await expect(held(now, now, "ddddddd")).rejects.toThrow(
    `ddddddd was not deployed here: ${whole}`,
  );
  await expect(held(now, now, "aaaaaaa")).rejects.toThrow(
    `aaaaaaa begins several revisions: ${whole}`,
  );
});

test("any other by all of its digits", async () => {
  expect(await held(now, now, bad)).toBe(bad);
  await expect(held(now, now, "main")).rejects.toThrow('"main" is no revision');
  await expect(held(now, now, "bbbbbb")).rejects.toThrow("at least 7 digits");
});

test("where nothing was deployed there is nothing to go back to", async () => {
  const { ports } = await connect(io([]));
  const revision = { desired: now, deployed: now, verified: undefined };
  await ports.statuses.writeEnvironment("shop", "test", { ...emptyStatus, revision });
  await expect(rollback.run(["shop/test"], io([]))).rejects.toThrow("name the REVISION");
});

test("an instance with a lease goes to no other revision, and who asks is told what does", async () => {
  const { ports } = await connect(io([]));
  const instances = [
    { name: "main-bbbbbb", revision: good, state: "Deployed", ends: "2026-01-01T00:00:00Z" },
    { name: "feature-x-1a2b3c", revision: good, state: "Deployed" },
  ];
  await ports.statuses.writeEnvironment("shop", "test", { ...emptyStatus, instances });
  await expect(rollback.run(["shop/test.main-bbbbbb", bad], io([]))).rejects.toThrow(
    "trueup rollback shop/test REVISION",
  );
  expect((await ports.requests.read("shop", "test.main-bbbbbb")).hold).toBeUndefined();
  await rollback.run(["shop/test.feature-x-1a2b3c", bad], io([]));
  const { hold } = await ports.requests.read("shop", "test.feature-x-1a2b3c");
  expect(hold?.revision).toBe(bad);
});
