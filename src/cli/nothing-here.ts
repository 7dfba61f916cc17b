import { existsSync } from "node:fs";
import { join } from "node:path";
import { git } from "./git.ts";
import { UsageError } from "./usage.ts";

const file = "trueup.yaml";

/** What to tell who is in a directory without `trueup.yaml`: where it is, or what else to do. */
export function nothingHere(directory: string): UsageError {
  const top = git(directory, ["rev-parse", "--show-toplevel"])?.trimEnd();
  const isAbove = top !== undefined && existsSync(join(top, file));
  const otherwise = "trueup init writes it, or say -f FILE";
  return new UsageError(`There is no ${file} here: ${isAbove ? `it is in ${top}` : otherwise}.`);
}
