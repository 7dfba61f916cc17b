import { type File, filesOf, find, readCommit } from "../git/files.ts";
import type { Answer } from "../world.ts";
import { resolved } from "./references.ts";
import { opened, paged, pathOf, refusal } from "./repository.ts";

interface Input {
  readonly repositoryName?: string;
  readonly beforeCommitSpecifier?: string;
  readonly afterCommitSpecifier?: string;
  readonly beforePath?: string;
  readonly afterPath?: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

type Place = ReturnType<typeof opened>;

/** What differs between two commits, file by file; without the first, every file of the second. */
export const getDifferences: Answer = (input: Input, context) => {
  const place = opened(input, context);
  const { afterCommitSpecifier, beforeCommitSpecifier, MaxResults = 400, NextToken } = input;
  if (!afterCommitSpecifier) throw refusal("CommitRequired", "A commit is required");
  if (!Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > 400) {
    throw refusal("InvalidMaxResults", "MaxResults must be between 1 and 400");
  }

  const after = filesAt(place, afterCommitSpecifier, input.afterPath);
  const before =
    beforeCommitSpecifier === undefined
      ? new Map<string, File>()
      : filesAt(place, beforeCommitSpecifier, input.beforePath);
  const { next, page } = paged(changes(before, after), NextToken, MaxResults);
  return { differences: page, NextToken: next };
};

/** The files at a commit, at or below a path. */
function filesAt(place: Place, specifier: string, path: string | undefined): Map<string, File> {
  const { tree } = readCommit(place.store, resolved(place, specifier));
  const all = filesOf(place.store, tree);
  const only = path === undefined ? "" : pathOf(path);
  if (only === "") return all;
  if (find(place.store, tree, only) === undefined) {
    throw refusal("PathDoesNotExist", `Could not find path ${only}`);
  }
  return new Map([...all].filter(([name]) => name === only || name.startsWith(`${only}/`)));
}

function changes(before: ReadonlyMap<string, File>, after: ReadonlyMap<string, File>): unknown[] {
  const blob = (path: string, file: File | undefined) =>
    file === undefined ? undefined : { blobId: file.id, path, mode: file.mode };
  const same = (a?: File, b?: File): boolean => a?.id === b?.id && a?.mode === b?.mode;
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => !same(before.get(path), after.get(path)))
    .sort()
    .map((path) => {
      const beforeBlob = blob(path, before.get(path));
      const afterBlob = blob(path, after.get(path));
      if (beforeBlob === undefined) return { afterBlob, changeType: "A" };
      return { beforeBlob, afterBlob, changeType: afterBlob === undefined ? "D" : "M" };
    });
}
