import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";

/** All that a history is made of: what compose files become in it is known from elsewhere. */
const paths = ["src", "test/simulation", "test/sweeping.ts", "package-lock.json"];

const isApart = (line: string): boolean => /\tsrc\/(cli|compile|compose)\/|\.test\.ts$/.test(line);

export const git = (...words: readonly string[]): string =>
  execFileSync("git", words, { encoding: "utf8" }).trim();

/** What is simulated at this commit, as one word: what was lived of it holds until one of its files changes. */
export function simulatedTree(): string {
  const lines = git("ls-tree", "-r", "HEAD", ...paths).split("\n");
  const text = lines.filter((line) => !isApart(line)).join("\n");
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
