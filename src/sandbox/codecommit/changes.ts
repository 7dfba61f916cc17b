import type { File } from "../git/files.ts";
import { submoduleMode } from "../git/objects.ts";
import type { GitStore } from "../git/store.ts";
import { largestFile, modeWord } from "./reading.ts";
import { pathOf, refusal } from "./repository.ts";

export interface FileChanges {
  readonly keepEmptyFolders?: boolean;
  readonly putFiles?: readonly PutEntry[];
  readonly deleteFiles?: readonly { readonly filePath?: string }[];
  readonly setFileModes?: readonly { readonly filePath?: string; readonly fileMode?: string }[];
}

export interface PutEntry {
  readonly filePath?: string;
  readonly fileMode?: string;
  readonly fileContent?: Uint8Array;
  readonly sourceFile?: { readonly filePath?: string; readonly isMove?: boolean };
}

/** The files after the changes, or the first reason why they cannot be made. */
export function changed(
  store: GitStore,
  before: ReadonlyMap<string, File>,
  { deleteFiles = [], keepEmptyFolders = false, putFiles = [], setFileModes = [] }: FileChanges,
): Map<string, File> {
  const deletions = deleteFiles.map(({ filePath }) => existing(before, filePath));
  const modes = setFileModes.map(({ fileMode, filePath }) => {
    if (fileMode === undefined) throw refusal("FileModeRequired", "A file mode is required");
    return { path: existing(before, filePath), mode: gitMode(fileMode) };
  });
  const puts = putFiles.map((entry) => ({ path: pathOf(entry.filePath), entry }));
  refuseDoubles(
    puts.map(({ path }) => path),
    [...deletions, ...modes.map(({ path }) => path)],
  );

  const after = new Map(before);
  for (const { entry } of puts) {
    if (entry.sourceFile?.isMove) after.delete(existing(before, entry.sourceFile.filePath));
  }
  for (const path of deletions) after.delete(path);
  for (const { mode, path } of modes) after.set(path, { id: before.get(path)?.id ?? "", mode });
  for (const { entry, path } of puts) after.set(path, fileOf(store, before, entry));
  for (const { path } of puts) refuseConflict(after, path);
  if (keepEmptyFolders) for (const path of deletions) keepFolder(store, after, path);
  return after;
}

/** What became of the files, as CreateCommit reports it. */
export function reported(before: ReadonlyMap<string, File>, after: ReadonlyMap<string, File>) {
  const list = (paths: Iterable<string>, files: ReadonlyMap<string, File>) =>
    [...paths].sort().map((absolutePath) => {
      const { id, mode } = files.get(absolutePath) ?? { id: "", mode: "" };
      return { absolutePath, blobId: id, fileMode: modeWord(mode) };
    });
  const differs = (path: string): boolean => {
    const [a, b] = [before.get(path), after.get(path)];
    return a !== undefined && (a.id !== b?.id || a.mode !== b.mode);
  };
  const added = [...after.keys()].filter((path) => !before.has(path));
  const updated = [...after.keys()].filter(differs);
  const deleted = [...before.keys()].filter((path) => !after.has(path));
  return {
    filesAdded: list(added, after),
    filesUpdated: list(updated, after),
    filesDeleted: list(deleted, before),
  };
}

function fileOf(store: GitStore, before: ReadonlyMap<string, File>, entry: PutEntry): File {
  const { fileContent, fileMode, sourceFile } = entry;
  if (fileContent !== undefined && sourceFile !== undefined) {
    const message = `${entry.filePath} has both content and a source file`;
    throw refusal("FileContentAndSourceFileSpecified", message);
  }
  if (sourceFile !== undefined) {
    const source = before.get(existing(before, sourceFile.filePath));
    const mode = fileMode === undefined ? source?.mode : gitMode(fileMode);
    return { id: source?.id ?? "", mode: mode ?? "100644" };
  }
  if (fileContent === undefined) {
    const message = `${entry.filePath} has neither content nor a source file`;
    throw refusal("SourceFileOrContentRequired", message);
  }
  if (fileContent.length > largestFile) {
    throw refusal("FileContentSizeLimitExceeded", `${entry.filePath} is larger than 6 MB`);
  }
  const id = store.write({ type: "blob", data: fileContent });
  return { id, mode: gitMode(fileMode ?? "NORMAL") };
}

function existing(files: ReadonlyMap<string, File>, filePath: string | undefined): string {
  const path = pathOf(filePath);
  if (!files.has(path)) throw refusal("FileDoesNotExist", `The file ${path} does not exist`);
  return path;
}

function gitMode(word: string): string {
  const modes: Readonly<Record<string, string>> = {
    NORMAL: "100644",
    EXECUTABLE: "100755",
    SYMLINK: "120000",
  };
  const mode = modes[word];
  if (mode === undefined) throw refusal("InvalidFileMode", `${word} is not a file mode`);
  return mode;
}

function refuseDoubles(puts: readonly string[], others: readonly string[]): void {
  const twice = (paths: readonly string[]): string | undefined =>
    paths.find((path, index) => paths.indexOf(path) !== index);
  const put = twice(puts);
  if (put !== undefined) throw refusal("PutFileEntryConflict", `${put} is put more than once`);
  const any = twice([...puts, ...others]);
  if (any !== undefined) throw refusal("SamePathRequest", `${any} is changed more than once`);
}

/** A path cannot be a file and a directory at once. */
function refuseConflict(files: ReadonlyMap<string, File>, path: string): void {
  const parts = path.split("/");
  for (let length = 1; length < parts.length; length += 1) {
    const parent = files.get(parts.slice(0, length).join("/"));
    if (parent?.mode === submoduleMode) {
      throw refusal("FilePathConflictsWithSubmodulePath", `${path} is inside a submodule`);
    }
    if (parent !== undefined) {
      const message = `A directory of ${path} has the name of a file that exists`;
      throw refusal("DirectoryNameConflictsWithFileName", message);
    }
  }
  for (const other of files.keys()) {
    if (other.startsWith(`${path}/`)) {
      throw refusal("FileNameConflictsWithDirectoryName", `${path} is the name of a directory`);
    }
  }
}

/** Git has no empty folders: an empty `.gitkeep` holds the place. */
function keepFolder(store: GitStore, files: Map<string, File>, path: string): void {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  if (folder === "" || [...files.keys()].some((name) => name.startsWith(folder))) return;
  const id = store.write({ type: "blob", data: new Uint8Array() });
  files.set(`${folder}.gitkeep`, { id, mode: "100644" });
}
