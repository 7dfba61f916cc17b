import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../src/cli/connection.ts";
import { events } from "../../src/cli/events.ts";
import { type LocalAws, startLocalAws } from "../../src/cli/local-aws.ts";
import type { LedgerEntry } from "../../src/model/ledger.ts";
import { emptyRecord } from "../../src/model/record.ts";
import { ledgerPath } from "../../src/plan/ledger.ts";
import { quietIn } from "./quiet.ts";

const home = mkdtempSync(join(tmpdir(), "trueup-events-"));
let local: LocalAws;

const io = (out: string[]) => quietIn(home, local.environment, out);

const entry = (at: string, unit: string): LedgerEntry => ({
  v: 1,
  at,
  revision: "a".repeat(40),
  plan: undefined,
  steps: [{ kind: "execute-change-set", unit }],
  conditions: [],
  votes: [],
});

const happens = async (key: string, at: string, unit: string): Promise<void> => {
  const { ports } = await connect(io([]));
  const one = entry(at, unit);
  await ports.artifacts.put(ledgerPath(key, one), JSON.stringify(one));
};

const said = async (...args: readonly string[]): Promise<readonly string[]> => {
  const out: string[] = [];
  expect(await events.run(args, io(out))).toBe(0);
  return out;
};

beforeAll(async () => {
  const log = () => undefined;
  local = await startLocalAws({ directory: join(home, "aws"), port: 0, log });
  const { people, ports } = await connect(io([]));
  for (const application of ["shop", "blog"]) {
    const follows = { repository: application, branch: "main", file: "trueup.yaml" };
    await people.register({ application, ...follows, environments: {}, ssm: [] });
  }
  for (const key of ["shop/prod", "shop/test", "blog/dev"])
    await ports.records.write(key, emptyRecord, undefined);
  await happens("shop/prod", "2099-01-01T00:00:02.000Z", "base");
  await happens("shop/test", "2099-01-01T00:00:01.000Z", "s-web");
  await happens("blog/dev", "2099-01-01T00:00:03.000Z", "watch");
}, 60_000);

afterAll(async () => {
  await local.close();
  rmSync(home, { recursive: true, force: true });
});

/** Those of the test: the controller of the sandbox has its own to tell. */
const told = (lines: readonly string[]): readonly string[] =>
  lines
    .filter((line) => line.includes("2099-"))
    .map((line) => `${line.split(" ")[0]} ${line.split(" ").at(-1)}`);

test("events are those of everything, of an application or of an environment, by their time", async () => {
  expect(told(await said())).toEqual(["shop/test s-web", "shop/prod base", "blog/dev watch"]);
  expect(told(await said("shop"))).toEqual(["shop/test s-web", "shop/prod base"]);
  expect(told(await said("shop/prod"))).toEqual(["shop/prod base"]);
  expect(told(await said("-n", "1"))).toEqual(["blog/dev watch"]);
  const [text = ""] = await said("shop", "--json");
  expect(JSON.parse(text).slice(-2)).toMatchObject([
    { key: "shop/test" },
    { key: "shop/prod", v: 1 },
  ]);
});

test("what is not registered has none, and what goes on is no document", async () => {
  await expect(said("none")).rejects.toThrow("none is not registered");
  await expect(said("--watch", "--json")).rejects.toThrow("one of them");
  const out: string[] = [];
  const soon = events.run(["--watch", "--timeout", "soon"], io(out));
  await expect(soon).rejects.toThrow('"soon" is no duration');
  expect(out).toEqual([]);
});

test("--watch tells what comes, once", { timeout: 60_000 }, async () => {
  const watching = said("blog", "--watch", "--timeout", "10s");
  await happens("blog/dev", "2099-01-01T00:00:04.000Z", "base");
  expect(told(await watching)).toEqual(["blog/dev watch", "blog/dev base"]);
});

test("--watch goes on when it could not look for a while", { timeout: 60_000 }, async () => {
  const { people } = await connect(io([]));
  const out: string[] = [];
  const failed = Promise.withResolvers<void>();
  const watching = events.run(["blog", "--watch", "--timeout", "15s"], {
    ...io(out),
    err: (text) => void (text.includes("blog is not registered") && failed.resolve()),
  });
  await expect.poll(() => told(out)).toContain("blog/dev watch");
  await people.unregister("blog");
  await failed.promise;
  const follows = { repository: "blog", branch: "main", file: "trueup.yaml" };
  await people.register({ application: "blog", ...follows, environments: {}, ssm: [] });
  await happens("blog/dev", "2099-01-01T00:00:05.000Z", "later");
  expect(await watching).toBe(0);
  expect(told(out)).toContain("blog/dev later");
});
