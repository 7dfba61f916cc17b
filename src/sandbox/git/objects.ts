import { createHash } from "node:crypto";
import type { GitObject } from "./store.ts";

/** One line of a tree. `mode` is git's text: 100644, 100755, 120000, 40000, 160000. */
export interface TreeEntry {
  readonly mode: string;
  readonly name: string;
  readonly id: string;
}

interface Signature {
  readonly name: string;
  readonly email: string;
  /** Git's own date text: `1484167798 -0800`. */
  readonly date: string;
}

export interface Commit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

export const directoryMode = "40000";
export const submoduleMode = "160000";

/** The bytes that git hashes and keeps: a header and the data. */
export function framed({ data, type }: GitObject): Buffer {
  return Buffer.concat([Buffer.from(`${type} ${data.length}\0`), data]);
}

/** The object of framed bytes. */
export function unframed(bytes: Buffer): GitObject {
  const end = bytes.indexOf(0);
  const [type] = bytes.toString("latin1", 0, end).split(" ");
  return { type: type as GitObject["type"], data: bytes.subarray(end + 1) };
}

/** The id that git gives an object. */
export const idOf = (object: GitObject): string =>
  createHash("sha1").update(framed(object)).digest("hex");

export function encodeTree(entries: readonly TreeEntry[]): GitObject {
  const sorted = entries.toSorted((a, b) => Buffer.compare(sortKey(a), sortKey(b)));
  const parts = sorted.flatMap(({ id, mode, name }) => [
    Buffer.from(`${mode} ${name}\0`),
    Buffer.from(id, "hex"),
  ]);
  return { type: "tree", data: Buffer.concat(parts) };
}

export function decodeTree({ data }: GitObject): readonly TreeEntry[] {
  const bytes = Buffer.from(data);
  const entries: TreeEntry[] = [];
  for (let start = 0; start < bytes.length; ) {
    const space = bytes.indexOf(" ", start);
    const end = bytes.indexOf(0, space);
    entries.push({
      mode: bytes.toString("latin1", start, space),
      name: bytes.toString("utf8", space + 1, end),
      id: bytes.toString("hex", end + 1, end + 21),
    });
    start = end + 21;
  }
  return entries;
}

export function encodeCommit(commit: Commit): GitObject {
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${signed(commit.author)}`,
    `committer ${signed(commit.committer)}`,
  ];
  return { type: "commit", data: Buffer.from(`${lines.join("\n")}\n\n${commit.message}`) };
}

export function decodeCommit({ data }: GitObject): Commit {
  const text = Buffer.from(data).toString("utf8");
  const blank = text.indexOf("\n\n");
  const headers = text.slice(0, blank).split("\n");
  const all = (key: string): string[] =>
    headers.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  return {
    tree: all("tree")[0] ?? "",
    parents: all("parent"),
    author: signature(all("author")[0]),
    committer: signature(all("committer")[0]),
    message: text.slice(blank + 2),
  };
}

/** What an annotated tag points at. */
export const taggedBy = ({ data }: GitObject): string =>
  /^object ([0-9a-f]{40})/.exec(Buffer.from(data).toString("latin1", 0, 48))?.[1] ?? "";

/** Git sorts a directory as if its name ended in a slash. */
const sortKey = ({ mode, name }: TreeEntry): Buffer =>
  Buffer.from(mode === directoryMode ? `${name}/` : name);

const signed = ({ date, email, name }: Signature): string => `${name} <${email}> ${date}`;

function signature(line = ""): Signature {
  const [, name = "", email = "", date = ""] = /^(.*?) ?<(.*?)> ?(.*)$/.exec(line) ?? [];
  return { name, email, date };
}
