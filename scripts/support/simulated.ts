import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";

/** All that lives in a history: what compose files become in it is known from elsewhere. */
const paths = ["src", "package-lock.json"];

const isApart = (line: string): boolean => /\tsrc\/(cli|compile|compose)\//.test(line);

export const git = (...words: readonly string[]): string =>
  execFileSync("git", words, { encoding: "utf8" }).trim();

/**
 * What is simulated at this commit, as one word: what was lived holds until one of its files changes.
 * The simulator is none of them: what ended well in an earlier one counts, and what did not is lived again.
 */
export function simulatedTree(): string {
  const lines = git("ls-tree", "-r", "HEAD", ...paths).split("\n");
  const text = lines.filter((line) => !isApart(line)).join("\n");
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
