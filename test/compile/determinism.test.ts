import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { folders } from "../golden/folders.ts";

// The example is one of the golden folders. Each manner is a process of its own.

const script = fileURLToPath(new URL("./render-all.ts", import.meta.url));

const here = linesOf({ TZ: "UTC", LANG: "C" }, "as-is");

test.for([
  ["as-is", {}],
  [
    "backwards",
    {
      TZ: "Asia/Kathmandu",
      LANG: "tr_TR.UTF-8",
      LC_ALL: "tr_TR.UTF-8",
      HOME: "/nowhere",
      LOG_LEVEL: "of the process",
      AWS_REGION: "us-east-1",
    },
  ],
  [
    "shuffled",
    {
      TZ: "America/St_Johns",
      LANG: "de_DE.UTF-8",
      LC_ALL: "de_DE.UTF-8",
      AWS_ACCOUNT_ID: "999999999999",
      COMPOSE_PROJECT_NAME: "another",
      TRUEUP_PREFIX: "another",
    },
  ],
] as const)("the same files render to the same bytes, %s in another process", ([manner, env]) => {
  const there = linesOf(env, manner);
  expect(here).toHaveLength(folders.length);
  for (const [index, line] of here.entries()) expect(there[index]).toBe(line);
});

function linesOf(env: Readonly<Record<string, string>>, manner: string): readonly string[] {
  const { status, stderr, stdout } = spawnSync(process.execPath, [script, manner], {
    cwd: process.cwd(),
    encoding: "utf8",
    env,
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trimEnd().split("\n");
}
