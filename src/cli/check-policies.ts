import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Application } from "../application/application.ts";
import { hasComposeFiles } from "../application/inputs.ts";
import { mistakesIn } from "../images/mistakes.ts";
import { type ImagesRead, type Merge, readImages } from "../images/read-images.ts";
import { mergeOf } from "../write/newer-images.ts";
import { readLocal } from "./committed.ts";
import { type Finding, failuresFrom } from "./findings.ts";

/**
 * How many images of a working copy are followed by policies, and what keeps others from being, in
 * whichever branch it is.
 */
export function checkPolicies(
  application: Application,
  {
    directory,
    environments,
  }: { readonly directory: string; readonly environments: readonly string[] },
): readonly Finding[] {
  const isThere = (path: string) => existsSync(join(directory, path));
  const merges = Object.values(application.environments)
    .filter(({ name }) => environments.includes(name))
    .filter((environment) => hasComposeFiles(application, environment, isThere))
    .map((environment) => mergeOf(application, environment, { isThere, file: "trueup.yaml" }));
  const read = readLocally(merges, directory);
  const whose = { about: application.name, check: "policies" } as const;
  const failures = failuresFrom(whose, mistakesIn(read));
  if (failures.length > 0) return failures;
  const count = read.groups.filter((group) =>
    group.some(({ follows }) => follows.kind === "policy"),
  ).length;
  const message = count === 1 ? "1 image is followed" : `${count} images are followed`;
  return count === 0 ? [] : [{ ...whose, outcome: "ok", message }];
}

/** With the files that only reading discovers. */
function readLocally(merges: readonly Merge[], directory: string): ImagesRead {
  const contents = new Map<string, string | undefined>();
  for (;;) {
    const asked = readImages(merges, contents);
    if (asked.kind === "read") return asked.read;
    for (const path of asked.paths) contents.set(path, readLocal(directory, path));
  }
}
