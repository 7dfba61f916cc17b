import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../../src/cli/connection.ts";
import { type LocalAws, startLocalAws } from "../../src/cli/local-aws.ts";
import { reconcile } from "../../src/cli/reconcile.ts";
import { register } from "../../src/cli/register.ts";
import { releaseHold, rollback } from "../../src/cli/rollback.ts";
import { createRepository } from "../../src/cli/seed.ts";
import { resume, suspend } from "../../src/cli/suspend.ts";
import type { Io, Verb } from "../../src/cli/verb.ts";
import { emptyApplication } from "../../src/plan/application-status.ts";
import { emptyStatus } from "../../src/plan/statuses.ts";

const home = mkdtempSync(join(tmpdir(), "trueup-register-"));
const person = {
  account: "123456789012",
  region: "eu-west-1",
  arn: "arn:aws:iam::123456789012:user/you",
};
const file =
  "application: shop\nenvironments: { dev: { on: { branch: main } }, prod: { from: dev } }\n";
let local: LocalAws;

const io = (out: string[], err: string[] = []): Io => ({
  cwd: home,
  env: local.environment,
  out: (text) => void out.push(text),
  err: (text) => void err.push(text),
  color: false,
});

const registering = async (...args: readonly string[]) => {
  const out: string[] = [];
  await register.run(["shop", "--repository", "shop", ...args, "--json"], io(out));
  return JSON.parse(out.join("\n"));
};

const write = (name: string, value: string) =>
  local.world.call(
    "ssm:PutParameter",
    { Name: `/trueup/shop/${name}`, Value: value, Type: "String", Overwrite: true },
    person,
  );

const written = (): unknown => {
  const asked = { Name: "/trueup/shop/registration" };
  const { Parameter } = local.world.call("ssm:GetParameter", asked, person) as {
    readonly Parameter: { readonly Value: string };
  };
  return JSON.parse(Parameter.Value);
};

const suspensions = async () => {
  const { ports } = await connect(io([]));
  const read = async (name: string) => (await ports.requests.read("shop", name)).suspended?.reason;
  return { dev: await read("dev"), prod: await read("prod") };
};

beforeAll(async () => {
  local = await startLocalAws({
    directory: join(home, "aws"),
    port: 0,
    log: () => undefined,
    setUp: async (sandbox) => {
      createRepository(sandbox, "shop");
      const putFiles = [{ filePath: "trueup.yaml", fileContent: Buffer.from(file) }];
      const branch = { repositoryName: "shop", branchName: "main" };
      const commit = { ...branch, commitMessage: "Begin", putFiles };
      sandbox.world.call("codecommit:CreateCommit", commit, person);
    },
  });
}, 60_000);

afterAll(async () => {
  await local.close();
  rmSync(home, { recursive: true, force: true });
});

beforeEach(async () => {
  const Names = ["registration", "dev/suspended", "prod/suspended", "dev/status", "prod/status"];
  const names = Names.map((name) => `/trueup/shop/${name}`);
  local.world.call("ssm:DeleteParameters", { Names: names }, person);
});

test("limits that nothing could be within are refused", async () => {
  const said = (...args: readonly string[]) => expect(registering(...args)).rejects;
  await said("--account", "12").toThrow("--account 12 is not an account id");
  await said("--region", "eu-west-1", "--region", "ireland").toThrow("ireland is not a region");
  await said("--role", "admin").toThrow("--role admin is not the ARN of a role");
});

test("an application begins with every environment suspended", async () => {
  expect(await registering()).toEqual({
    application: "shop",
    environments: ["dev", "prod"],
    suspended: true,
  });
  const reason = "new: look at its plan, then resume it";
  expect(await suspensions()).toEqual({ dev: reason, prod: reason });
  expect(written()).toEqual({
    repository: "shop",
    branch: "main",
    file: "trueup.yaml",
    environments: { "*": { accounts: [person.account], regions: [person.region], roles: [] } },
    ssm: [],
  });
});

test.for([
  [
    "a repository of another region",
    ["--repository", "store"],
    /no repository store in 123456789012, eu-west-1.*AWS_REGION/,
  ],
  ["a branch that is not there", ["--branch", "trunk"], /no branch trunk: push it, or.*--branch/],
] as const)("%s is not followed, and who asks is told what to do", async ([, args, told]) => {
  const error = await registering(...args).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: "UsageError", message: expect.stringMatching(told) });
  expect(written).toThrow("couldn't be found");
});

describe("an application that is registered already", () => {
  const kept = {
    prod: {
      approval: { required: 2, expires: "72h" },
      windows: [{ deny: "0 18 * * FRI", for: "62h" }],
    },
    "*": { accounts: [person.account], approvers: ["arn:aws:iam::123456789012:role/release"] },
  };
  const before = {
    repository: "shop",
    branch: "trunk",
    file: "trueup.yaml",
    environments: kept,
    ssm: ["/shared/accounts/prod"],
  };

  test("keeps its ceiling to the letter, and what was not said otherwise", async () => {
    write("registration", JSON.stringify(before));
    await registering("--branch", "main", "--start");
    expect(written()).toEqual({ ...before, branch: "main" });
    await registering("--region", "eu-west-1", "--ssm", "/shared/zone");
    expect(written()).toEqual({
      ...before,
      branch: "main",
      environments: { ...kept, "*": { ...kept["*"], regions: ["eu-west-1"] } },
      ssm: ["/shared/zone"],
    });
  });

  test("has none of its environments stopped that is there, nor let go or named anew", async () => {
    write("registration", JSON.stringify({ ...before, branch: "main" }));
    const { ports } = await connect(io([]));
    await ports.statuses.writeEnvironment("shop", "dev", emptyStatus);
    write("prod/suspended", JSON.stringify({ reason: "an incident" }));
    await registering();
    expect(await suspensions()).toEqual({ dev: undefined, prod: "an incident" });
  });

  test("with a registration that is none says so and leaves it to people", async () => {
    write("registration", "{oops");
    await expect(registering()).rejects.toThrow("/trueup/shop/registration is not JSON");
  });
});

describe("what is asked of an environment that nobody knows", () => {
  const ask = async (verb: Verb, ...args: readonly string[]) => verb.run(args, io([]));

  test.for([
    ["suspend", suspend, []],
    ["resume", resume, []],
    ["rollback", rollback, ["a".repeat(40)]],
    ["release-hold", releaseHold, []],
    ["reconcile", reconcile, []],
  ] as const)("is refused, since nobody would hear of it: %s", async ([, verb, more]) => {
    const { people, ports } = await connect(io([]));
    const follows = { repository: "store", branch: "main", file: "trueup.yaml", ssm: [] };
    await people.register({ application: "store", ...follows, environments: {} });
    await ports.statuses.writeApplication("store", {
      ...emptyApplication,
      environments: ["dev", "prod"],
    });
    await expect(ask(verb, "store/prd", ...more)).rejects.toThrow(
      "store has dev, prod, and no prd.",
    );
    await expect(ask(verb, "stroe/prod", ...more)).rejects.toThrow("stroe is not registered");
    await expect(ask(verb, "store/prod", ...more)).resolves.toBe(0);
    await expect(ask(verb, "store/dev.main-1a2b3c", ...more)).resolves.toBe(0);
    // What left trueup.yaml is there all the same.
    await ports.statuses.writeEnvironment("store", "old", emptyStatus);
    await expect(ask(verb, "store/old", ...more)).resolves.toBe(0);
    await ports.statuses.removeEnvironment("store", "old");
  });
});
