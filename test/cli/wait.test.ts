import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../src/cli/connection.ts";
import { type LocalAws, startLocalAws } from "../../src/cli/local-aws.ts";
import { createRepository } from "../../src/cli/seed.ts";
import { wait } from "../../src/cli/wait.ts";
import { quietIn } from "./quiet.ts";

const home = mkdtempSync(join(tmpdir(), "trueup-wait-"));
const person = {
  account: "123456789012",
  region: "eu-west-1",
  arn: "arn:aws:iam::123456789012:user/you",
};
const settings = "application: shop\nenvironments:\n  dev: { on: { branch: main } }\n";
const compose = (seconds: number): string =>
  `services:\n  web: { image: "public.ecr.aws/nginx/nginx:1.27" }\nx-sqs:\n  jobs: { Properties: { VisibilityTimeout: ${seconds} }, Services: { web: { Access: RWMessages } } }\n`;

let local: LocalAws;
const io = (out: string[] = []) => quietIn(home, local.environment, out);

beforeAll(async () => {
  local = await startLocalAws({
    directory: join(home, "aws"),
    port: 0,
    log: () => undefined,
    setUp: async (sandbox) => {
      createRepository(sandbox, "shop");
      const putFiles = Object.entries({
        "trueup.yaml": settings,
        "compose.yaml": compose(30),
      }).map(([filePath, text]) => ({ filePath, fileContent: Buffer.from(text) }));
      const branch = { repositoryName: "shop", branchName: "main" };
      const commit = { ...branch, commitMessage: "Begin", putFiles };
      sandbox.world.call("codecommit:CreateCommit", commit, person);
    },
  });
  const { people } = await connect(io());
  const { account, region } = person;
  const ceiling = { accounts: [account], regions: [region] };
  const follows = { repository: "shop", branch: "main", file: "trueup.yaml", ssm: [] };
  await people.register({ ...follows, application: "shop", environments: { "*": ceiling } });
}, 60_000);

afterAll(async () => {
  await local.close();
  rmSync(home, { recursive: true, force: true });
});

async function pushed(files: Readonly<Record<string, string>>): Promise<string> {
  const { ports } = await connect(io());
  const parent = (await ports.sources.tip("shop", "main")) ?? "";
  const author = { name: "Ann", email: "ann@example.com" };
  const change = { parent, files: new Map(Object.entries(files)), author, message: "Go on" };
  return (await ports.sources.commit("shop", "main", change)) ?? "";
}

const told: string[] = [];

const waited = async (timeout = "3m"): Promise<readonly [number, string]> => {
  const out: string[] = [];
  told.length = 0;
  const person = { ...io(out), err: (text: string) => void told.push(text) };
  const exit = await wait.run(["shop/dev", "--json", "--timeout", timeout], person);
  return [exit, JSON.parse(out.join("")).revision.desired];
};

test("what was pushed just before is what is waited for", { timeout: 240_000 }, async () => {
  await waited();
  const next = await pushed({ "compose.yaml": compose(60) });
  expect((await waited("1ms"))[0]).toBe(4);
  expect(await waited()).toEqual([0, next]);
  expect(told.filter((text) => text.startsWith("Progressing: base: "))).not.toEqual([]);
  expect(told.filter((text, index) => text === told[index - 1])).toEqual([]);
  // Whatever it changes.
  const last = await pushed({ "README.md": "Read me.\n" });
  expect(await waited()).toEqual([0, last]);
  await pushed({ "trueup.yaml": "application: shop\nenvironment: {}\n" });
  expect(await waited()).toEqual([1, last]);
});
