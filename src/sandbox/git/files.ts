import {
  type Commit,
  decodeCommit,
  decodeTree,
  directoryMode,
  encodeTree,
  type TreeEntry,
  taggedBy,
} from "./objects.ts";
import type { GitStore } from "./store.ts";

/** A file at its full path; `mode` is git's text of six digits. */
export interface File {
  readonly id: string;
  readonly mode: string;
}

/** The id of the commit that an id stands for: a tag is followed. Undefined: it stands for none. */
export function commitIdOf(store: GitStore, id: string): string | undefined {
  const object = store.read(id);
  if (object?.type === "tag") return commitIdOf(store, taggedBy(object));
  return object?.type === "commit" ? id : undefined;
}

export function readCommit(store: GitStore, id: string): Commit {
  const object = store.read(id);
  if (object?.type !== "commit") throw new Error(`No commit ${id}`);
  return decodeCommit(object);
}

export function readTree(store: GitStore, id: string): readonly TreeEntry[] {
  const object = store.read(id);
  if (object?.type !== "tree") throw new Error(`No tree ${id}`);
  return decodeTree(object);
}

/** What stands at a path below a tree; the path "" is the tree itself. */
export function find(store: GitStore, tree: string, path: string): TreeEntry | undefined {
  let found: TreeEntry | undefined = { mode: directoryMode, name: "", id: tree };
  for (const name of path.split("/").filter(Boolean)) {
    if (found?.mode !== directoryMode) return undefined;
    found = readTree(store, found.id).find((entry) => entry.name === name);
  }
  return found;
}

/** Every file below a tree, path → file. Submodules are files of mode 160000. */
export function filesOf(store: GitStore, tree: string, prefix = ""): Map<string, File> {
  const files = new Map<string, File>();
  for (const { id, mode, name } of readTree(store, tree)) {
    const path = prefix + name;
    if (mode !== directoryMode) files.set(path, { id, mode });
    else for (const [below, file] of filesOf(store, id, `${path}/`)) files.set(below, file);
  }
  return files;
}

/** Writes the trees that hold these files; directories without files vanish, as git has it. */
export function writeFiles(store: GitStore, files: ReadonlyMap<string, File>): string {
  const entries: TreeEntry[] = [];
  const directories = new Map<string, Map<string, File>>();
  for (const [path, file] of files) {
    const slash = path.indexOf("/");
    if (slash < 0) {
      entries.push({ ...file, name: path });
      continue;
    }
    const name = path.slice(0, slash);
    const below = directories.get(name) ?? new Map<string, File>();
    directories.set(name, below.set(path.slice(slash + 1), file));
  }
  for (const [name, below] of directories) {
    entries.push({ mode: directoryMode, name, id: writeFiles(store, below) });
  }
  return store.write(encodeTree(entries));
}
