import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { dev } from "../../src/cli/dev.ts";

const cwd = mkdtempSync(join(tmpdir(), "trueup-env-"));
afterAll(() => rmSync(cwd, { recursive: true }));
mkdirSync(join(cwd, ".trueup"));
const told = {
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_ENDPOINT_URL: "http://127.0.0.1:1",
};
writeFileSync(join(cwd, ".trueup", "environment.json"), JSON.stringify(told));

const env = (...args: readonly string[]) => envIn(cwd, ...args);

async function envIn(directory: string, ...args: readonly string[]): Promise<readonly string[]> {
  const out: string[] = [];
  await dev.run(["env", ...args], {
    cwd: directory,
    env: {},
    out: (text) => void out.push(text),
    err: () => undefined,
    color: false,
  });
  return out;
}

test("a shell is told how to talk to the sandbox", async () => {
  expect(await env()).toEqual([
    "export AWS_ACCESS_KEY_ID=test",
    "export AWS_SECRET_ACCESS_KEY=test",
    "export AWS_ENDPOINT_URL=http://127.0.0.1:1",
  ]);
});

test("another account is one that signs with its number", async () => {
  const [text = ""] = await env("--account", "210987654321", "--json");
  expect(JSON.parse(text)).toEqual({
    ...told,
    AWS_ACCESS_KEY_ID: "210987654321",
    AWS_SECRET_ACCESS_KEY: "210987654321",
  });
  await expect(env("--account", "21098765432")).rejects.toThrow("is not an account id");
});

test("a clone below where it was started finds it, unless another place is named", async () => {
  const clone = join(cwd, "myapps", "apps");
  mkdirSync(clone, { recursive: true });
  expect(await envIn(clone)).toEqual(await env());
  await expect(envIn(clone, "--dir", ".trueup")).rejects.toThrow(
    `No sandbox has run in ${join(clone, ".trueup")} yet: trueup dev, or say with --dir where it runs.`,
  );
});
