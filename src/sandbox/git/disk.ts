import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";
import { framed, idOf, unframed } from "./objects.ts";
import type { GitObject, GitStore } from "./store.ts";

/**
 * Bare repositories `directory/NAME.git`, which people clone and push to with git itself.
 *
 * Loose objects and references are read as files, since a process for each would be felt; what git
 * has packed, git is asked for, and references are only ever changed by git, under its locks.
 */
export function diskGit(directory: string): (repository: string) => GitStore {
  const stores = new Map<string, GitStore>();
  return (repository) => {
    const store = stores.get(repository) ?? diskStore(join(directory, `${repository}.git`));
    stores.set(repository, store);
    return store;
  };
}

const none = "0".repeat(40);
const largest = 512 * 1024 * 1024;

function diskStore(path: string): GitStore {
  const known = new Map<string, GitObject>();
  const git = (args: readonly string[], input?: string): Buffer =>
    execFileSync("git", ["--git-dir", path, ...args], {
      env: cleanEnvironment(),
      maxBuffer: largest,
      stdio: ["pipe", "pipe", "pipe"],
      ...(input === undefined ? {} : { input }),
    });
  const fileOf = (id: string): string => join(path, "objects", id.slice(0, 2), id.slice(2));

  const fetch = (id: string): GitObject | undefined => {
    const loose = fileOrUndefined(fileOf(id));
    if (loose !== undefined) return unframed(inflateSync(loose));
    return batched(git(["cat-file", "--batch"], `${id}\n`));
  };

  return {
    exists: () => existsSync(join(path, "HEAD")),
    create: () => {
      mkdirSync(path, { recursive: true });
      if (existsSync(join(path, "HEAD"))) return;
      git(["init", "--quiet", "--bare", "--object-format=sha1", "--initial-branch=main"]);
    },
    delete: () => {
      rmSync(path, { recursive: true, force: true });
      known.clear();
    },
    read: (id) => {
      const object = known.get(id) ?? fetch(id);
      if (object !== undefined) known.set(id, object);
      return object;
    },
    write: (object) => {
      const id = idOf(object);
      known.set(id, object);
      if (!existsSync(fileOf(id))) keep(fileOf(id), deflateSync(framed(object)));
      return id;
    },
    refs: () => readRefs(path),
    update: (ref, to, from) => {
      const args = to === undefined ? ["-d", ref] : [ref, to];
      try {
        git(["update-ref", ...args, from ?? none]);
        return true;
      } catch (error) {
        if (readRefs(path).get(ref) !== from) return false;
        throw error;
      }
    },
    setHead: (ref) => {
      git(["symbolic-ref", "HEAD", ref]);
    },
  };
}

/** Git's answer to one id: a header line, the data and a line feed; or `ID missing`. */
function batched(answer: Buffer): GitObject | undefined {
  const end = answer.indexOf("\n");
  const [, type, size] = answer.toString("latin1", 0, end).split(" ");
  if (size === undefined) return undefined;
  const data = Buffer.from(answer.subarray(end + 1, end + 1 + Number(size)));
  return { type: type as GitObject["type"], data };
}

/** Complete or not at all, so that git never sees half an object. */
function keep(file: string, bytes: Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.tmp`;
  writeFileSync(temporary, bytes, { mode: 0o444 });
  renameSync(temporary, file);
}

/**
 * Loose references hide packed ones. They are read first: git packs a reference before it takes the
 * loose one away, so none can be missed in between.
 */
function readRefs(path: string): ReadonlyMap<string, string> {
  const loose = new Map<string, string>();
  for (const file of filesBelow(join(path, "refs"))) {
    const id = fileOrUndefined(file)?.toString("latin1").trim() ?? "";
    if (/^[0-9a-f]{40}$/.test(id)) loose.set(relative(path, file), id);
  }
  const packed = fileOrUndefined(join(path, "packed-refs"))?.toString("utf8") ?? "";
  const refs = new Map<string, string>();
  for (const [, id = "", ref = ""] of packed.matchAll(/^([0-9a-f]{40}) (.+)$/gm)) refs.set(ref, id);
  return new Map([...refs, ...loose].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function filesBelow(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith(".lock"))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    // A directory can go while it is listed: git tidies empty ones away.
    if (isMissing(error)) return existsSync(directory) ? filesBelow(directory) : [];
    throw error;
  }
}

function fileOrUndefined(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT";

/** Without GIT_DIR and its like, which a hook or an alias hands down. */
const cleanEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));
