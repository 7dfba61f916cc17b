import { commitIdOf, type File, filesOf, readCommit, writeFiles } from "../git/files.ts";
import { encodeCommit } from "../git/objects.ts";
import type { GitStore } from "../git/store.ts";
import type { Answer, Context } from "../world.ts";
import { changed, type FileChanges, type PutEntry, reported } from "./changes.ts";
import { noticeReferences } from "./references.ts";
import { branchRef, isObjectId, opened, pathOf, type Repository, refusal } from "./repository.ts";

interface Target {
  readonly repositoryName?: string;
  readonly branchName?: string;
  readonly parentCommitId?: string;
  readonly email?: string;
  readonly commitMessage?: string;
}

interface CreateCommitInput extends Target, FileChanges {
  readonly authorName?: string;
}

interface PutFileInput extends Target, PutEntry {
  readonly name?: string;
}

interface DeleteFileInput extends Target {
  readonly name?: string;
  readonly filePath?: string;
  readonly keepEmptyFolders?: boolean;
}

/** The writes. `parentCommitId` is a compare-and-swap: a branch that has moved on refuses them. */
export const committingOperations: Readonly<Record<string, Answer>> = {
  CreateCommit: (input: CreateCommitInput, context) => {
    refuseCount(input);
    const { after, before, ...ids } = commit(input, input, context);
    if (ids.treeId === ids.parentTreeId) {
      throw refusal("NoChange", "The commit would change nothing, and is not made");
    }
    return { commitId: ids.commitId, treeId: ids.treeId, ...reported(before, after) };
  },

  PutFile: (input: PutFileInput, context) => {
    if (input.fileContent === undefined) {
      throw refusal("FileContentRequired", "The content of the file is required");
    }
    const { fileContent, fileMode, filePath, name } = input;
    const entry = { ...(filePath && { filePath }), ...(fileMode && { fileMode }), fileContent };
    const author = { ...input, ...(name && { authorName: name }) };
    const { after, commitId, parentTreeId, treeId } = commit(
      author,
      { putFiles: [entry] },
      context,
    );
    if (treeId === parentTreeId) {
      throw refusal("SameFileContent", "The file has this content and this mode already");
    }
    return { commitId, blobId: after.get(pathOf(filePath))?.id, treeId };
  },

  DeleteFile: (input: DeleteFileInput, context) => {
    const { filePath, keepEmptyFolders = false, name, parentCommitId } = input;
    if (!parentCommitId) throw refusal("ParentCommitIdRequired", "A parent commit ID is required");
    const deleteFiles = [filePath ? { filePath } : {}];
    const author = { ...input, ...(name && { authorName: name }) };
    const made = commit(author, { deleteFiles, keepEmptyFolders }, context);
    const path = pathOf(filePath);
    const { commitId, treeId } = made;
    return { commitId, blobId: made.before.get(path)?.id, treeId, filePath: path };
  },
};

function commit(input: CreateCommitInput, changes: FileChanges, context: Context) {
  const { repository, store } = opened(input, context);
  const ref = branchRef(input.branchName);
  const tip = parentOf(input, ref, { repository, store });
  const parentTreeId = tip === undefined ? undefined : readCommit(store, tip).tree;
  const before =
    parentTreeId === undefined ? new Map<string, File>() : filesOf(store, parentTreeId);
  const author = authorOf(input, context);
  const message = messageOf(input);
  const after = changed(store, before, changes);
  const treeId = writeFiles(store, after);
  if (treeId === parentTreeId) return { after, before, commitId: tip, treeId, parentTreeId };

  const parents = tip === undefined ? [] : [tip];
  const commitId = store.write(
    encodeCommit({ tree: treeId, parents, author, committer: author, message }),
  );
  if (!store.update(ref, commitId, tip)) throw outdated(input.branchName);
  noticeReferences(context, repository.name);
  return { after, before, commitId, treeId, parentTreeId };
}

function refuseCount({ deleteFiles = [], putFiles = [], setFileModes = [] }: FileChanges): void {
  const count = deleteFiles.length + putFiles.length + setFileModes.length;
  if (count === 0) throw refusal("FileEntryRequired", "The commit names no file to change");
  if (count > 100) {
    throw refusal("MaximumFileEntriesExceeded", "A commit can change at most 100 files");
  }
}

/** The commit to build on: the branch's tip, which the caller must know. */
function parentOf(
  { branchName, parentCommitId }: Target,
  ref: string,
  { repository, store }: { readonly repository: Repository; readonly store: GitStore },
): string | undefined {
  const refs = store.refs();
  if (refs.has(`refs/tags/${branchName}`)) {
    throw refusal("BranchNameIsTagName", `${branchName} is the name of a tag`);
  }
  if (parentCommitId !== undefined) refuseUnknown(store, parentCommitId);
  const tip = refs.get(ref);
  if (tip === undefined) {
    const isEmpty = ![...refs.keys()].some((name) => name.startsWith("refs/heads/"));
    if (isEmpty) return undefined;
    const message = `Branch ${branchName} does not exist in ${repository.name}`;
    throw refusal("BranchDoesNotExist", message);
  }
  if (parentCommitId === undefined) {
    throw refusal("ParentCommitIdRequired", "A parent commit ID is required");
  }
  if (parentCommitId !== tip) throw outdated(branchName);
  return tip;
}

function refuseUnknown(store: GitStore, parentCommitId: string): void {
  if (!isObjectId(parentCommitId)) {
    throw refusal("InvalidParentCommitId", `${parentCommitId} is not a valid commit ID`);
  }
  if (commitIdOf(store, parentCommitId) !== parentCommitId) {
    throw refusal("ParentCommitDoesNotExist", `The commit ${parentCommitId} does not exist`);
  }
}

const outdated = (branch: string | undefined) =>
  refusal("ParentCommitIdOutdated", `The parent commit is not the tip of ${branch} any more`);

/** Without a name, the caller's own. */
function authorOf({ authorName, email = "" }: CreateCommitInput, { principal, world }: Context) {
  const name = authorName ?? principal.split(/[/:]/).at(-1) ?? "";
  if (name.length > 256) throw refusal("NameLengthExceeded", "The name is too long");
  if (email.length > 256 || /[\s<>]/.test(email)) {
    throw refusal("InvalidEmail", `${email} is not a valid email address`);
  }
  const date = `${Math.floor(world.now / 1000)} +0000`;
  // These would end the line of the commit that holds the name; git leaves them out too.
  return { name: name.replace(/[<>\n\0]/g, ""), email, date };
}

function messageOf({ commitMessage = "" }: Target): string {
  if (Buffer.byteLength(commitMessage) <= 256 * 1024) return commitMessage;
  throw refusal("CommitMessageLengthExceeded", "The commit message is longer than 256 KB");
}
