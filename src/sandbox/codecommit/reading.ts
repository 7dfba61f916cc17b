import { commitIdOf, find, readCommit, readTree } from "../git/files.ts";
import { directoryMode, submoduleMode } from "../git/objects.ts";
import type { GitStore } from "../git/store.ts";
import { type Answer, AwsError, type Context } from "../world.ts";
import { advertisementOf } from "./advertisement.ts";
import { resolved } from "./references.ts";
import { isObjectId, opened, pathOf, refusal } from "./repository.ts";

interface Named {
  readonly repositoryName?: string;
  readonly commitSpecifier?: string;
}

/** The most that the API hands over of one file. */
export const largestFile = 6 * 1024 * 1024;

/** Commits, files, folders and blobs, read. */
export const readingOperations: Readonly<Record<string, Answer>> = {
  GetCommit: (input: Named & { readonly commitId?: string }, context) => ({
    commit: commitOf(opened(input, context).store, input.commitId),
  }),

  BatchGetCommits: batchGetCommits,

  GetBlob: (input: Named & { readonly blobId?: string }, context) => {
    const { store } = opened(input, context);
    const { blobId } = input;
    if (!blobId) throw refusal("BlobIdRequired", "A blob ID is required");
    if (!isObjectId(blobId)) throw refusal("InvalidBlobId", `${blobId} is not a valid blob ID`);
    const object = store.read(blobId);
    if (object?.type !== "blob") {
      throw refusal("BlobIdDoesNotExist", `The blob ${blobId} does not exist`);
    }
    return { content: bounded(object.data) };
  },

  /** No operation of the API: what the git server tells whoever wants to pull. */
  GitPull: (input: Named, context) => {
    const { repository, store } = opened(input, context);
    return { advertisement: advertisementOf(store, repository.defaultBranch) };
  },

  GetFile: getFile,
  GetFolder: getFolder,
};

/** The word that the API has for git's file mode. */
export const modeWord = (mode: string): "NORMAL" | "EXECUTABLE" | "SYMLINK" => {
  if (mode === "120000") return "SYMLINK";
  return mode === "100755" ? "EXECUTABLE" : "NORMAL";
};

function commitOf(store: GitStore, id: string | undefined): unknown {
  if (!id) throw refusal("CommitIdRequired", "A commit ID is required");
  if (!isObjectId(id)) throw refusal("InvalidCommitId", `${id} is not a valid commit ID`);
  if (commitIdOf(store, id) !== id) {
    throw refusal("CommitIdDoesNotExist", `The commit ${id} does not exist`);
  }
  const { author, committer, message, parents, tree } = readCommit(store, id);
  return { commitId: id, treeId: tree, parents, message, author, committer, additionalData: "" };
}

function batchGetCommits(
  input: Named & { readonly commitIds?: readonly string[] },
  context: Context,
): unknown {
  const { store } = opened(input, context);
  const { commitIds = [] } = input;
  if (commitIds.length === 0) throw refusal("CommitIdsListRequired", "Commit IDs are required");
  if (commitIds.length > 100) {
    throw refusal("CommitIdsLimitExceeded", "At most 100 commits can be asked for at once");
  }
  const commits: unknown[] = [];
  const errors: unknown[] = [];
  for (const commitId of commitIds) {
    try {
      commits.push(commitOf(store, commitId));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      errors.push({ commitId, errorCode: error.code, errorMessage: error.message });
    }
  }
  return { commits, errors };
}

function getFile(input: Named & { readonly filePath?: string }, context: Context): unknown {
  const place = opened(input, context);
  const filePath = pathOf(input.filePath);
  const commitId = resolved(place, input.commitSpecifier);
  const entry = find(place.store, readCommit(place.store, commitId).tree, filePath);
  const object = entry === undefined ? undefined : place.store.read(entry.id);
  if (entry === undefined || object?.type !== "blob") {
    throw refusal("FileDoesNotExist", `Could not find path ${filePath}`);
  }
  const fileContent = bounded(object.data);
  const fileMode = modeWord(entry.mode);
  const fileSize = fileContent.length;
  return { commitId, blobId: entry.id, filePath, fileMode, fileSize, fileContent };
}

function getFolder(input: Named & { readonly folderPath?: string }, context: Context): unknown {
  const place = opened(input, context);
  const folderPath = input.folderPath === "" ? "" : pathOf(input.folderPath);
  const commitId = resolved(place, input.commitSpecifier);
  const folder = find(place.store, readCommit(place.store, commitId).tree, folderPath);
  if (folder?.mode !== directoryMode) {
    throw refusal("FolderDoesNotExist", `Could not find path ${folderPath}`);
  }

  const entries = readTree(place.store, folder.id).map(({ id, mode, name }) => {
    const absolutePath = folderPath === "" ? name : `${folderPath}/${name}`;
    return { id, mode, paths: { absolutePath, relativePath: name } };
  });
  const ofMode = (wanted: (mode: string) => boolean) => entries.filter(({ mode }) => wanted(mode));
  const blob = ({ id, mode, paths }: (typeof entries)[number]) => ({
    blobId: id,
    ...paths,
    fileMode: modeWord(mode),
  });
  return {
    commitId,
    folderPath,
    treeId: folder.id,
    subFolders: ofMode((mode) => mode === directoryMode).map(({ id, paths }) => ({
      treeId: id,
      ...paths,
    })),
    files: ofMode((mode) => mode.startsWith("100")).map(blob),
    symbolicLinks: ofMode((mode) => mode === "120000").map(blob),
    subModules: ofMode((mode) => mode === submoduleMode).map(({ id, paths }) => ({
      commitId: id,
      ...paths,
    })),
  };
}

function bounded(data: Uint8Array): Uint8Array {
  if (data.length <= largestFile) return data;
  throw refusal("FileTooLarge", "The file is larger than 6 MB");
}
