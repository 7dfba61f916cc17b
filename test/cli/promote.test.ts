import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../src/cli/connection.ts";
import { type LocalAws, startLocalAws } from "../../src/cli/local-aws.ts";
import { promote } from "../../src/cli/promote.ts";
import { releaseHold, rollback } from "../../src/cli/rollback.ts";
import { createRepository } from "../../src/cli/seed.ts";
import type { Io, Verb } from "../../src/cli/verb.ts";

const home = mkdtempSync(join(tmpdir(), "trueup-promote-"));
const valid = new Ajv2020({ formats: { "date-time": true } }).compile(
  JSON.parse(readFileSync("schemas/promote.schema.json", "utf8")),
);
const person = {
  account: "123456789012",
  region: "eu-west-1",
  arn: "arn:aws:iam::123456789012:user/you",
};
const file = `application: shop
environments:
  test: { on: { branch: main }, verify: [{ lambda: { function: smoke } }] }
  prod: { from: test }
`;
const [older, newer, failed] = ["a", "b", "c"].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
];
let local: LocalAws;

const io = (out: string[], err: string[]): Io => ({
  cwd: home,
  env: local.environment,
  out: (text) => void out.push(text),
  err: (text) => void err.push(text),
  color: false,
});

const run = async (verb: Verb, ...args: readonly string[]) => {
  const out: string[] = [];
  const err: string[] = [];
  const status = await verb.run(args, io(out, err));
  return { status, out: out.join("\n"), err: err.slice(1).join("\n") };
};

const asked = async () => {
  const { ports } = await connect(io([], []));
  return (await ports.requests.read("shop", "prod")).promotion;
};

beforeAll(async () => {
  local = await startLocalAws({
    directory: join(home, "aws"),
    port: 0,
    log: () => undefined,
    setUp: async (sandbox) => {
      createRepository(sandbox, "shop");
      const putFiles = [{ filePath: "trueup.yaml", fileContent: Buffer.from(file) }];
      const commit = {
        repositoryName: "shop",
        branchName: "main",
        commitMessage: "Begin",
        putFiles,
      };
      sandbox.world.call("codecommit:CreateCommit", commit, person);
    },
  });
  const { people, ports } = await connect(io([], []));
  await people.register({
    application: "shop",
    repository: "shop",
    branch: "main",
    file: "trueup.yaml",
    environments: {},
    ssm: [],
  });
  for (const [hour, revision] of [older, newer, failed].entries()) {
    const since = `2026-01-01T0${hour}:00:00Z`;
    const verdict = revision === failed ? "failed" : "passed";
    const said = {
      v: 1,
      revision,
      bundle: "",
      run: 1,
      verdict,
      message: "",
      since,
      at: since,
    } as const;
    await ports.verdicts.write("shop", "test", { ...said, images: {} });
  }
}, 60_000);

afterAll(async () => {
  await local.close();
  rmSync(home, { recursive: true, force: true });
});

test("without a revision the newest that was verified is asked for", async () => {
  const { out, status } = await run(promote, "shop/prod", "--json");
  expect(status).toBe(0);
  const { promote: document, ...place } = JSON.parse(out);
  expect(place).toEqual({ application: "shop", environment: "prod" });
  expect(document).toEqual({ revision: newer, reason: "promoted by hand" });
  expect(valid(document)).toBe(true);
  expect(await asked()).toMatchObject({ revision: newer, at: expect.stringMatching(/Z$/) });
});

test("an older one is named by its first digits, and newer ones wait for a word", async () => {
  const { out } = await run(promote, "shop/prod", "aaaaaaa", "--reason", "b is slow");
  expect(out).toBe(
    "shop/prod takes aaaaaaaa: newer ones wait until trueup release-hold shop/prod.",
  );
  expect(await asked()).toMatchObject({ revision: older, reason: "b is slow" });
  await run(releaseHold, "shop/prod");
  expect(await asked()).toBeUndefined();
});

test("a hold comes first: nothing is asked for under one", async () => {
  await run(rollback, "shop/prod", older);
  const { err, status } = await run(promote, "shop/prod");
  expect([status, err]).toEqual([
    3,
    "shop/prod is held at aaaaaaaa: trueup release-hold shop/prod first.",
  ]);
  expect(await asked()).toBeUndefined();
  await run(releaseHold, "shop/prod");
});

test.for([
  [["shop/prod", failed], "was not verified; shop/prod could take bbbbbbbb, aaaaaaaa"],
  [["shop/prod", "abc"], "at least 7 digits"],
  [["shop/test"], "takes from no other environment"],
  [["shop/other"], "has no environment other"],
  [["nobody/prod"], "nobody is not registered"],
] as const)("%j is not what it takes", async ([args, why]) => {
  await expect(run(promote, ...args)).rejects.toThrow(why);
});
