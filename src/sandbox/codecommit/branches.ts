import { commitIdOf } from "../git/files.ts";
import type { Answer, Context } from "../world.ts";
import { noticeReferences } from "./references.ts";
import { branchRef, isObjectId, opened, paged, refusal } from "./repository.ts";

interface Named {
  readonly repositoryName?: string;
  readonly branchName?: string;
}

/** Branches made, listed, looked at and deleted. */
export const branchOperations: Readonly<Record<string, Answer>> = {
  CreateBranch: createBranch,

  GetBranch: (input: Named, context) => {
    const { store } = opened(input, context);
    const commitId = store.refs().get(branchRef(input.branchName));
    if (commitId === undefined) {
      throw refusal("BranchDoesNotExist", `Branch ${input.branchName} does not exist`);
    }
    return { branch: { branchName: input.branchName, commitId } };
  },

  ListBranches: (input: Named & { readonly nextToken?: string }, context) => {
    const branches = [...opened(input, context).store.refs().keys()]
      .filter((ref) => ref.startsWith("refs/heads/"))
      .map((ref) => ref.slice("refs/heads/".length));
    const { next, page } = paged(branches, input.nextToken, 1000);
    return { branches: page, nextToken: next };
  },

  DeleteBranch: (input: Named, context) => {
    const { repository, store } = opened(input, context);
    const ref = branchRef(input.branchName);
    if (input.branchName === repository.defaultBranch) {
      const message = `Branch ${input.branchName} is the default branch and cannot be deleted`;
      throw refusal("DefaultBranchCannotBeDeleted", message);
    }
    const commitId = store.refs().get(ref);
    if (commitId === undefined || !store.update(ref, undefined, commitId)) return {};
    noticeReferences(context, repository.name);
    return { deletedBranch: { branchName: input.branchName, commitId } };
  },
};

function createBranch(input: Named & { readonly commitId?: string }, context: Context): unknown {
  const { repository, store } = opened(input, context);
  const { branchName, commitId } = input;
  const ref = branchRef(branchName);
  if (!commitId) throw refusal("CommitIdRequired", "A commit ID is required");
  if (!isObjectId(commitId)) {
    throw refusal("InvalidCommitId", `${commitId} is not a valid commit ID`);
  }
  if (commitIdOf(store, commitId) !== commitId) {
    throw refusal("CommitDoesNotExist", `The commit ${commitId} does not exist`);
  }
  if (!store.update(ref, commitId, undefined)) {
    throw refusal("BranchNameExists", `Branch named ${branchName} already exists`);
  }
  noticeReferences(context, repository.name);
  return undefined;
}
