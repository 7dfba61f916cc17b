import type { Position } from "../model/diagnostic.ts";
import { put } from "../model/own.ts";
import type { Data } from "./project.ts";

/** One file's text, as it was read. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** Where a node stands in the text; `key` is where the key before it stands, -1 without one. */
export interface Place {
  readonly source: Source;
  readonly offset: number;
  readonly key: number;
}

/** What YAML knows as one value. Whole numbers beyond the safe ones are bigints. */
export type Scalar = string | number | bigint | boolean | null;

/** What a value was written as, where the value alone does not tell. */
export type Special = "date" | "float" | undefined;

export interface Leaf extends Place {
  readonly kind: "leaf";
  readonly value: Scalar;
  /** A date is text to people, but no string to the schema; a float is spelled otherwise than an integer. */
  readonly as: Special;
}

export interface List extends Place {
  readonly kind: "list";
  readonly items: readonly Tree[];
}

export interface Dict extends Place {
  readonly kind: "dict";
  readonly entries: ReadonlyMap<string, Tree>;
}

/** Compose text as data in which every node remembers where it was written. Never changed in place. */
export type Tree = Leaf | List | Dict;

/** Keys and indexes from the top of the model. */
export type Path = readonly (string | number)[];

/** A value that follows from a block stands where the block's key does. */
export const leaf = (at: Place | Tree, value: Scalar, as?: Special): Leaf => ({
  kind: "leaf",
  value,
  as,
  source: at.source,
  offset: "kind" in at && at.kind !== "leaf" && at.key >= 0 ? at.key : at.offset,
  key: at.key,
});

export const list = (at: Place, items: readonly Tree[]): List => ({
  kind: "list",
  items,
  source: at.source,
  offset: at.offset,
  key: at.key,
});

export const dict = (at: Place, entries: ReadonlyMap<string, Tree>): Dict => ({
  kind: "dict",
  entries,
  source: at.source,
  offset: at.offset,
  key: at.key,
});

/** The entries of a mapping, to be changed. Given a map, `new Map` makes an array of each entry. */
export function entriesCopied({ entries }: Dict): Map<string, Tree> {
  const copy = new Map<string, Tree>();
  entries.forEach((value, key) => {
    copy.set(key, value);
  });
  return copy;
}

/** A mapping with some entries set anew; undefined takes one away. The same one if nothing changes. */
export function withEntries(tree: Dict, changes: Readonly<Record<string, Tree | undefined>>): Dict {
  let entries: Map<string, Tree> | undefined;
  for (const [key, value] of Object.entries(changes)) {
    if (tree.entries.get(key) === value) continue;
    entries ??= entriesCopied(tree);
    if (value === undefined) entries.delete(key);
    else entries.set(key, value);
  }
  return entries === undefined ? tree : dict(tree, entries);
}

/** A mapping made anew; what is undefined is left out. */
export function dictOf(at: Place, entries: Readonly<Record<string, Tree | undefined>>): Dict {
  const made = new Map<string, Tree>();
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) made.set(key, value);
  return dict(at, made);
}

/** The entry of a mapping; undefined for anything that has none. */
export const get = (tree: Tree | undefined, key: string): Tree | undefined =>
  tree?.kind === "dict" ? tree.entries.get(key) : undefined;

/** The node at a path, or the nearest above it. */
export function nearest(tree: Tree, path: Path): Tree {
  let node = tree;
  for (const part of path) {
    const next =
      node.kind === "list" && typeof part === "number" ? node.items[part] : get(node, String(part));
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

/** A leaf's text; undefined for anything that is no text. */
export const textOf = (tree: Tree | undefined): string | undefined =>
  tree?.kind === "leaf" && typeof tree.value === "string" && tree.as !== "date"
    ? tree.value
    : undefined;

export const entriesOf = (tree: Tree | undefined): Iterable<[string, Tree]> =>
  tree?.kind === "dict" ? tree.entries : [];

export const itemsOf = (tree: Tree | undefined): readonly Tree[] =>
  tree?.kind === "list" ? tree.items : [];

export const isNull = (tree: Tree | undefined): boolean =>
  tree?.kind === "leaf" && tree.value === null;

/** What is wrong with a value is shown at the value; with a block, at its key. */
export const positionOf = (tree: Place & { readonly kind?: string }): Position =>
  positionAt(tree.source, tree.kind !== "leaf" && tree.key >= 0 ? tree.key : tree.offset);

/** The place of a node's key, for what is wrong with the key itself. */
export const keyPosition = (tree: Place): Position =>
  positionAt(tree.source, tree.key >= 0 ? tree.key : tree.offset);

const lineStarts = new WeakMap<Source, readonly number[]>();

function lineStartsOf(text: string): readonly number[] {
  if (text.includes("\r"))
    return [0, ...Array.from(text.matchAll(/\r\n|[\n\r]/g), (m) => m.index + m[0].length)];
  // As most files have them, without a match for each.
  let next = 0;
  return text.split("\n").map((line) => {
    const start = next;
    next += line.length + 1;
    return start;
  });
}

export function positionAt(source: Source, offset: number): Position {
  let starts = lineStarts.get(source);
  if (starts === undefined) {
    starts = lineStartsOf(source.text);
    lineStarts.set(source, starts);
  }
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { file: source.file, line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

/** The tree as plain data, nothing left out. Safe for any key, `__proto__` too. */
export function toData(tree: Tree): Data {
  switch (tree.kind) {
    case "leaf":
      return typeof tree.value === "bigint" ? Number(tree.value) : tree.value;
    case "list":
      return tree.items.map(toData);
    case "dict":
      return dictData(tree);
  }
}

function dictData({ entries }: Dict): Data {
  const data: GrowingData = {};
  entries.forEach((value, key) => {
    put(data, key, toData(value));
  });
  return data;
}

/** An object that is being made. */
export type GrowingData = Record<string, Data>;
