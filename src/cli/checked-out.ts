import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { git } from "./git.ts";
import { UsageError } from "./usage.ts";

/** A revision of the git repository around a directory. */
export interface LocalRevision {
  /** The commit's 40 digits. */
  readonly commit: string;
  /** The repository's top directory. */
  readonly top: string;
  /** Where in it the directory is: empty, or with a slash at its end. */
  readonly prefix: string;
}

/** Undefined: there is no repository around it, or it has no such revision. */
export function localRevision(name: string, directory: string): LocalRevision | undefined {
  const said = (...args: readonly string[]) => git(directory, args)?.trimEnd();
  const commit = said("rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`);
  const [top, prefix] = [said("rev-parse", "--show-toplevel"), said("rev-parse", "--show-prefix")];
  return commit === undefined || top === undefined || prefix === undefined
    ? undefined
    : { commit, top, prefix };
}

/** Has something done with the directory as it is at a revision, in a place of its own. */
export async function checkedOut<T>(
  { commit, prefix, top }: LocalRevision,
  use: (directory: string) => Promise<T>,
): Promise<T> {
  const place = mkdtempSync(join(tmpdir(), "trueup-"));
  try {
    // An index of its own: what is staged stays staged.
    const env = { GIT_INDEX_FILE: join(place, "index") };
    // Called as it is there: an application without trueup.yaml is named after its directory.
    const files = join(place, "files", basename(top));
    const isThere =
      git(top, ["read-tree", commit], env) !== undefined &&
      git(top, ["checkout-index", "--all", `--prefix=${files}/`], env) !== undefined;
    if (!isThere) throw new UsageError(`git cannot check out ${commit}.`);
    return await use(join(files, prefix));
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
