import { ConflictError, TerminalError, unreadable } from "../model/errors.ts";
import { decoded } from "../model/utf8.ts";
import type { CommitRequest, Sources, Tree } from "../ports/ports.ts";
import { everyItem, isNamed, unless } from "./answers.ts";
import type { Call } from "./call.ts";
import { emptyMemory, type Memory } from "./memory.ts";
import { refsIn } from "./refs.ts";

/** CodeCommit. */
export function sourcesOf(call: Call, { texts, trees }: Memory = emptyMemory()): Sources {
  return {
    async tip(repository, branch) {
      const answer = await branchOf(repository, branch, call);
      if (answer === undefined) return undefined;
      const commit = answer.branch?.commitId;
      if (commit === undefined) throw new Error(`${repository}@${branch} has no commit id.`);
      return commit;
    },

    async refs(repository) {
      return refsIn(
        (await call("codecommit:GitPull", { repositoryName: repository })).advertisement,
      );
    },

    dates: (repository, commits) => datesOf(repository, commits, call),

    async tree(repository, commit) {
      const known = trees.get(`${repository} ${commit}`);
      if (known !== undefined) return known;
      const tree = treeOf(repository, commit, call);
      const found = await unless(tree, (error) => isNamed(error, ...noSuchCommit));
      if (found !== undefined) {
        trees.set(`${repository} ${commit}`, found);
        return found;
      }
      throw new TerminalError("RevisionMissing", `${repository} has no commit ${commit}.`);
    },

    async blob(repository, id, path) {
      const known = texts.get(id);
      if (known !== undefined) return known;
      const got = call("codecommit:GetBlob", { repositoryName: repository, blobId: id });
      const answer = await unless(got, (error) => isNamed(error, "FileTooLargeException"));
      if (answer === undefined) {
        throw unreadable(
          path,
          "is larger than the 6 MB that CodeCommit hands out",
          "make it smaller",
        );
      }
      const text = decoded(answer.content ?? new Uint8Array(), path);
      texts.set(id, text);
      return text;
    },

    commit: (repository, branch, change) => commit(repository, branch, change, call),

    async message(repository, commitId) {
      const answer = await call("codecommit:GetCommit", { repositoryName: repository, commitId });
      return { text: answer.commit?.message ?? "", parent: answer.commit?.parents?.[0] };
    },
  };
}

async function branchOf(repositoryName: string, branchName: string, call: Call) {
  const got = call("codecommit:GetBranch", { repositoryName, branchName });
  try {
    return await unless(got, (error) => isNamed(error, "BranchDoesNotExistException"));
  } catch (error) {
    if (!isNamed(error, "RepositoryDoesNotExistException")) throw error;
    const message = `There is no repository ${repositoryName} where the controller runs: every stack stays as it is. Make it again, or name another with trueup register.`;
    throw new TerminalError("RepositoryMissing", message);
  }
}

const noSuchCommit = ["CommitDoesNotExistException", "InvalidCommitException"];

/** Differences from nothing are everything: one paged list instead of a call a folder. */
async function treeOf(repository: string, commit: string, call: Call): Promise<Tree> {
  const differences = await everyItem(async (token) => {
    const page = await call("codecommit:GetDifferences", {
      repositoryName: repository,
      afterCommitSpecifier: commit,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    return { items: page.differences, next: page.NextToken };
  });

  const tree = new Map<string, string | undefined>();
  for (const { afterBlob } of differences) {
    const { blobId, mode, path } = afterBlob ?? {};
    if (blobId === undefined || path === undefined || mode === submodule) continue;
    tree.set(path, mode === link ? undefined : blobId);
  }
  return tree;
}

/** Commits that one call may name. */
const mostCommits = 100;

async function datesOf(
  repository: string,
  commits: readonly string[],
  call: Call,
): Promise<ReadonlyMap<string, number>> {
  const dates = new Map<string, number>();
  const distinct = [...new Set(commits)];
  for (let start = 0; start < distinct.length; start += mostCommits) {
    const answer = await call("codecommit:BatchGetCommits", {
      repositoryName: repository,
      commitIds: distinct.slice(start, start + mostCommits),
    });
    // Stryker disable next-line ArrayDeclaration: what has no date is left out
    for (const { commitId, committer } of answer.commits ?? []) {
      // Git's own text: seconds since the epoch, and the zone of whoever committed.
      // Stryker disable next-line ArrayDeclaration,StringLiteral: neither is a date
      const [, seconds] = /^(\d+) [+-]\d{4}$/.exec(committer?.date ?? "") ?? [];
      if (commitId !== undefined && seconds !== undefined) dates.set(commitId, Number(seconds));
    }
  }
  return dates;
}

/** A commit of another repository: it has no blob here. */
const submodule = "160000";

/** A symbolic link: its blob is the path that it points at. */
const link = "120000";

/** `parentCommitId` is the compare in compare-and-swap; after a lost answer, the caller reads again. */
async function commit(
  repository: string,
  branch: string,
  { author, files, message, parent }: CommitRequest,
  call: Call,
): Promise<string | undefined> {
  const encoder = new TextEncoder();
  const putFiles = [...files].map(([filePath, text]) => ({
    filePath,
    fileContent: encoder.encode(text),
  }));
  try {
    const { commitId } = await call("codecommit:CreateCommit", {
      repositoryName: repository,
      branchName: branch,
      parentCommitId: parent,
      authorName: author.name,
      email: author.email,
      commitMessage: message,
      putFiles,
    });
    return commitId;
  } catch (error) {
    if (isNamed(error, "NoChangeException")) return undefined;
    if (isNamed(error, "ParentCommitIdOutdatedException")) {
      throw new ConflictError(`${repository}@${branch} has moved on from ${parent}.`);
    }
    throw error;
  }
}
