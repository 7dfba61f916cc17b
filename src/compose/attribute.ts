import type { Dialect } from "./dialect.ts";
import type { Report } from "./report.ts";
import type { Path, Scalar, Tree } from "./tree.ts";

/**
 * What is particular to one attribute of the Compose Specification: how two files' values become
 * one, which list items are the same thing, what the short forms are short for.
 */
export interface Attribute {
  /** What quoted or interpolated text must become. */
  readonly cast?: Cast;
  readonly merge?: Merge;
  /** Items of a list with the same key are one: the first position, the last value. */
  readonly unique?: Unique;
  /** The short form spelled out; once per file, before the next one is merged. */
  readonly canonical?: Convert;
  readonly defaults?: Convert;
  /** A rule of the model that the schema cannot tell. */
  readonly check?: Check;
  /** How a relative path in it is made one of the project directory. */
  readonly locate?: (tree: Tree, how: Locate) => Tree;
  /** The one spelling of the finished model, once, when all files are merged. */
  readonly form?: Convert;
}

export type Attributes = Readonly<Record<string, Attribute>>;

export interface Context {
  readonly path: Path;
  readonly report: Report;
  /** Text is not interpolated yet: what cannot be read may be readable later. */
  readonly lenient?: boolean;
}

export interface CheckContext extends Context {
  readonly dialect: Dialect;
}

export type Convert = (tree: Tree, context: Context) => Tree;

export type Unique = (item: Tree, context: Context) => string;

type Check = (tree: Tree, context: CheckContext) => void;

/** Undefined: the text is none of that kind. */
export type Cast = (text: string) => Scalar | undefined;

export type Merge = (base: Tree, over: Tree, context: MergeContext) => Tree;

interface MergeContext extends Context {
  /** The merge every attribute has that has none of its own. */
  plain(base: Tree, over: Tree): Tree;
}

export interface Locate {
  /** A path made one of the directory it is relative to. */
  file(path: string): string;
  /** The same for what may also be an address. */
  context(path: string): string;
}
