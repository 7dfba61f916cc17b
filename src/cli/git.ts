import { execFileSync } from "node:child_process";
import process from "node:process";

/** What git says of the repository around a directory; undefined: it failed, or there is no git. */
export function git(
  directory: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): string | undefined {
  try {
    return execFileSync("git", ["-C", directory, ...args], {
      encoding: "utf8",
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return undefined;
  }
}
