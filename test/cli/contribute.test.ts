import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contribute } from "../../src/cli/contribute.ts";
import { type LocalAws, startLocalAws } from "../../src/cli/local-aws.ts";
import { seedExample } from "../../src/cli/seed.ts";
import { UsageError } from "../../src/cli/usage.ts";

const home = mkdtempSync(join(tmpdir(), "trueup-contribute-"));
const valid = new Ajv2020().compile(
  JSON.parse(readFileSync("schemas/contribution.schema.json", "utf8")),
);
let local: LocalAws;

beforeAll(async () => {
  local = await startLocalAws({
    directory: join(home, "aws"),
    port: 0,
    log: () => undefined,
    setUp: async (sandbox) => seedExample(sandbox),
  });
}, 60_000);

afterAll(async () => {
  await local.close();
  rmSync(home, { recursive: true, force: true });
});

const run = async (...args: readonly string[]) => {
  const out: string[] = [];
  const status = await contribute.run(args, {
    cwd: home,
    env: local.environment,
    out: (text) => void out.push(text),
    err: () => undefined,
    color: false,
  });
  return { status, out: out.join("\n") };
};

test("a service is contributed, told in words and in JSON", { timeout: 60_000 }, async () => {
  const text = "services: { app02: { deploy: { replicas: 3 } } }\n";
  writeFileSync(join(home, "mine.yml"), text);
  expect(await run("-f", "mine.yml")).toEqual({
    status: 0,
    out: "myapps has it, in one commit.\n  docker-compose.yml  add services.app02.deploy.replicas",
  });
  const { out, status } = await run("myapps", "--file", "mine.yml", "--json");
  expect(status).toBe(0);
  expect(JSON.parse(out)).toEqual({ application: "myapps", result: "nothing", changes: [] });

  writeFileSync(join(home, "mine.yml"), text.replace("3", "4"));
  const changed = JSON.parse((await run("-f", "mine.yml", "--json")).out);
  expect(changed).toMatchObject({ result: "committed", changes: [{ action: "change" }] });
  expect([valid(changed), valid({ ...changed, result: "done" })]).toEqual([true, false]);
});

test.for([
  [["myapps"], "Say -f FILE"],
  [["-f", "none.yml"], "There is no file none.yml"],
  [["a", "b", "-f", "mine.yml"], "Name one application"],
  [["nobody", "-f", "mine.yml"], "No application nobody"],
  [["-f", "mine.yml", "--message", "a\nb"], "one line"],
] as const)("%j is not what it takes", async ([args, why]) => {
  const made = run(...args);
  await expect(made).rejects.toThrow(why);
  await expect(made).rejects.toBeInstanceOf(UsageError);
});
