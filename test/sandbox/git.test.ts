import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { diskGit } from "../../src/sandbox/git/disk.ts";
import { filesOf, find, readCommit, writeFiles } from "../../src/sandbox/git/files.ts";
import { memoryGit } from "../../src/sandbox/git/memory.ts";
import { encodeCommit, idOf } from "../../src/sandbox/git/objects.ts";
import type { GitStore } from "../../src/sandbox/git/store.ts";

const blob = (text: string) => ({ type: "blob", data: Buffer.from(text) }) as const;
const someone = { name: "Ann Émile", email: "ann@example.com", date: "1484167798 -0800" };

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "trueup-git-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const git = (...args: string[]): string =>
  execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();

function commitFiles(store: GitStore, texts: Readonly<Record<string, string>>): string {
  const files = Object.entries(texts).map(
    ([path, text]) => [path, { id: store.write(blob(text)), mode: "100644" }] as const,
  );
  const tree = writeFiles(store, new Map(files));
  const signed = { author: someone, committer: someone };
  return store.write(encodeCommit({ tree, parents: [], ...signed, message: "First\n" }));
}

const stores: Readonly<Record<string, () => GitStore>> = {
  memory: () => memoryGit()("apps"),
  disk: () => diskGit(directory)("apps"),
};

describe.for(Object.entries(stores))("a repository in %s", ([, make]) => {
  let store: GitStore;
  beforeEach(() => {
    store = make();
    store.create();
  });

  test("is there after it was made, and gone after it was deleted", () => {
    expect(store.exists()).toBe(true);
    store.delete();
    expect(store.exists()).toBe(false);
  });

  test("keeps objects under git's ids", () => {
    const id = store.write(blob("hello\n"));
    expect(id).toBe("ce013625030ba8dba906f756967f9e9ca394464a");
    expect(Buffer.from(store.read(id)?.data ?? []).toString()).toBe("hello\n");
    expect(store.read("0".repeat(40))).toBeUndefined();
  });

  test("swaps a reference only from what it was", () => {
    const [one, two] = [commitFiles(store, { a: "1" }), commitFiles(store, { a: "2" })];
    expect(store.update("refs/heads/main", one, undefined)).toBe(true);
    expect(store.update("refs/heads/main", two, undefined)).toBe(false);
    expect(store.update("refs/heads/main", two, two)).toBe(false);
    expect(store.refs()).toEqual(new Map([["refs/heads/main", one]]));
    expect(store.update("refs/heads/main", two, one)).toBe(true);
    expect(store.update("refs/heads/main", undefined, one)).toBe(false);
    expect(store.update("refs/heads/main", undefined, two)).toBe(true);
    expect(store.refs()).toEqual(new Map());
  });

  test("gives back the files that were written, at any depth", () => {
    const texts = { "a/b/c.txt": "1", "a/b.txt": "2", "a.txt": "3", "a-b": "4" };
    const { tree, ...commit } = readCommit(store, commitFiles(store, texts));
    expect(commit).toEqual({
      parents: [],
      author: someone,
      committer: someone,
      message: "First\n",
    });
    expect([...filesOf(store, tree).keys()].sort()).toEqual(Object.keys(texts).sort());
    expect(find(store, tree, "a/b/c.txt")?.id).toBe(idOf(blob("1")));
    expect(find(store, tree, "a/b")?.mode).toBe("40000");
    expect(find(store, tree, "a.txt/x")).toBeUndefined();
  });
});

describe("a repository on disk", () => {
  test("is whole in the eyes of git, and names what git would have named", () => {
    const store = diskGit(directory)("apps");
    store.create();
    const texts = { "a/b/c.txt": "1\n", "a.txt": "3\n", "a-b": "4\n", é: "5\n" };
    const made = commitFiles(store, texts);
    store.update("refs/heads/trunk", made, undefined);
    store.setHead("refs/heads/trunk");
    git("-C", join(directory, "apps.git"), "fsck", "--strict");

    git("clone", "-q", join(directory, "apps.git"), join(directory, "work"));
    const tree = git("-C", join(directory, "work"), "write-tree");
    expect(readCommit(store, made).tree).toBe(tree);
    expect(git("-C", join(directory, "work"), "rev-parse", "HEAD")).toBe(made);
  });

  test("shows what was pushed, loose or packed", () => {
    const store = diskGit(directory)("apps");
    store.create();
    const work = join(directory, "work");
    git("clone", "-q", join(directory, "apps.git"), work);
    writeFileSync(join(work, "compose.yaml"), "services: {}\n");
    git("-C", work, "add", ".");
    const who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"];
    git("-C", work, ...who, "commit", "-q", "-m", "First");
    git("-C", work, ...who, "tag", "-a", "v1", "-m", "One");
    git("-C", work, "push", "-q", "origin", "HEAD:refs/heads/main", "v1");
    const tip = git("-C", work, "rev-parse", "HEAD");
    const tag = git("-C", work, "rev-parse", "v1");
    const refs = new Map([
      ["refs/heads/main", tip],
      ["refs/tags/v1", tag],
    ]);
    expect(store.refs()).toEqual(refs);

    git("-C", join(directory, "apps.git"), "gc", "-q");
    const fresh = diskGit(directory)("apps");
    expect(fresh.refs()).toEqual(refs);
    expect(fresh.read("0".repeat(40))).toBeUndefined();
    const tree = fresh.read(readCommit(fresh, tip).tree);
    expect(tree?.type).toBe("tree");
    expect(fresh.read(tag)?.type).toBe("tag");
    expect(filesOf(fresh, readCommit(fresh, tip).tree).get("compose.yaml")?.mode).toBe("100644");
    expect(fresh.update("refs/heads/main", undefined, tip)).toBe(true);
    expect([...fresh.refs().keys()]).toEqual(["refs/tags/v1"]);
  });
});
