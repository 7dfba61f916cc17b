import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../model/diagnostic.ts";
import { linked } from "../model/errors.ts";
import { decoded } from "../model/utf8.ts";
import { git } from "./git.ts";

// A working copy as the controller will have it: from a commit, in which git has put what it tracks.

/**
 * The text that a file of a directory has in a commit; undefined: there is none. Throws a TerminalError
 * where it is none that can be read, as the controller does.
 */
export function readCommitted(directory: string, path: string): string | undefined {
  const text = readLocal(directory, path);
  const own = join(realpathSync(directory), path);
  if (text !== undefined && realpathSync(join(directory, path)) !== own) throw linked(path);
  return text;
}

/** The text of a file, whatever it is to git. */
export function readLocal(directory: string, path: string): string | undefined {
  const file = join(directory, path);
  const isFile = existsSync(file) && statSync(file).isFile();
  return isFile ? decoded(readFileSync(file), path) : undefined;
}

/** A warning for each file that is there and will not be once it is pushed; none where git is not. */
export function unpushed(directory: string, paths: readonly string[]): readonly Diagnostic[] {
  const tracked = listed(directory, [], paths);
  const missing = paths.filter((path) => tracked?.has(path) === false);
  if (missing.length === 0) return [];
  const ignored = listed(directory, ["--others", "--ignored", "--exclude-standard"], missing);
  return missing.map((file) => ({
    ...{ severity: "warning", code: "unpushed-file", file, line: 1, column: 1, path: "" },
    ...(ignored?.has(file) === true ? isIgnored : isNew),
  }));
}

const isIgnored = {
  message: "is ignored by git, so that no push brings it and the controller goes without",
  help: "git add -f; what is secret belongs to x-secrets, what differs by environment to variables in trueup.yaml",
};

const isNew = { message: "is not in git, so that no push brings it", help: "git add" };

/** Those of some paths that git lists; undefined: it cannot say. */
function listed(
  directory: string,
  which: readonly string[],
  paths: readonly string[],
): ReadonlySet<string> | undefined {
  const text = git(directory, ["--literal-pathspecs", "ls-files", ...which, "-z", "--", ...paths]);
  return text === undefined ? undefined : new Set(text.split("\0"));
}
