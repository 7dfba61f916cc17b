import { execFileSync } from "node:child_process";
import process from "node:process";
import { expect, test } from "vitest";
import { thresholds } from "../../src/cli/tiering.ts";

test("V8 has the thresholds: of those it does not know it says no more than a line", () => {
  const options = execFileSync(process.execPath, ["--v8-options"], { encoding: "utf8" });
  for (const threshold of thresholds)
    expect(options).toMatch(new RegExp(`^ +${threshold.replace(/=\d+$/, " \\(")}`, "m"));
});
