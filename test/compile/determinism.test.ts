import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { folders } from "../golden/folders.ts";

// The example is one of the golden folders.

const script = fileURLToPath(new URL("./render-all.ts", import.meta.url));

test("the same files render to the same bytes in any process, place and order", () => {
  const here = linesOf({ TZ: "UTC", LANG: "C" }, []);
  const there = linesOf(
    {
      TZ: "Asia/Kathmandu",
      LANG: "tr_TR.UTF-8",
      LC_ALL: "tr_TR.UTF-8",
      HOME: "/nowhere",
      LOG_LEVEL: "of the process",
      AWS_REGION: "us-east-1",
    },
    ["backwards"],
  );
  expect(here).toHaveLength(folders.length);
  for (const [index, line] of here.entries()) expect(there[index]).toBe(line);
});

function linesOf(env: Readonly<Record<string, string>>, args: readonly string[]) {
  const { status, stderr, stdout } = spawnSync(process.execPath, [script, ...args], {
    cwd: process.cwd(),
    encoding: "utf8",
    env,
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trimEnd().split("\n");
}
