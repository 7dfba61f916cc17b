import type { Arena } from "./arena.ts";

interface Commit {
  /** Path → text. */
  readonly files: Readonly<Record<string, string>>;
  readonly parentCommitId: string | undefined;
  /** Left out: `main`. */
  readonly branchName?: string;
}

/** Commits files on a branch; undefined: they are there already. */
export function commit(
  { ask }: Pick<Arena, "ask">,
  repositoryName: string,
  { branchName = "main", files, parentCommitId }: Commit,
): string | undefined {
  try {
    const { commitId } = ask("codecommit:CreateCommit", {
      repositoryName,
      branchName,
      ...(parentCommitId === undefined ? {} : { parentCommitId }),
      putFiles: Object.entries(files).map(([filePath, text]) => ({
        filePath,
        fileContent: new TextEncoder().encode(text),
      })),
    }) as { readonly commitId: string };
    return commitId;
  } catch (error) {
    if ((error as Error).name === "NoChangeException") return undefined;
    throw error;
  }
}
