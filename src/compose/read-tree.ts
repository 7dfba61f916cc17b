import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  type YAMLMap,
  type YAMLSeq,
  type Scalar as YamlScalar,
} from "yaml";
import { limits } from "./limits.ts";
import type { Report } from "./report.ts";
import { plainScalar } from "./scalar.ts";
import {
  dict,
  type Leaf,
  leaf,
  list,
  type Path,
  type Place,
  positionAt,
  type Source,
  type Tree,
} from "./tree.ts";

/** One YAML document: its tree, and the paths that `!reset` and `!override` take out of what came before. */
export interface ReadTree {
  readonly tree: Tree;
  readonly resets: readonly Path[];
}

/** No document: it has errors, which are reported. */
type Reader = (document: Document.Parsed<ParsedNode>) => readonly ReadTree[];

export const tooDeep = `mappings and lists are nested more than ${limits.depth} deep`;

interface Anchor {
  /** Undefined while the anchored node itself is being read. */
  tree: Tree | undefined;
  size: number;
  /** Where `!override` stands below it: it counts at every alias, `!reset` only where it is written. */
  overrides: readonly Path[];
}

interface State {
  readonly source: Source;
  readonly report: Report;
  readonly integerKeysBelowExtensions: boolean;
  readonly anchors: Map<string, Anchor>;
  readonly resets: Path[];
  readonly overrides: Path[];
  readonly path: (string | number)[];
  /** Nodes made so far, those repeated by aliases included. */
  size: number;
  aliased: number;
  sound: boolean;
}

/** Turns the parser's nodes into ours: aliases followed, merge keys merged, words given a meaning. */
export const treeReader =
  (
    source: Source,
    report: Report,
    options: { readonly integerKeysBelowExtensions: boolean },
  ): Reader =>
  (document) => {
    const state: State = {
      source,
      report,
      ...options,
      anchors: new Map(),
      resets: [],
      overrides: [],
      path: [],
      size: 0,
      aliased: 0,
      sound: true,
    };
    const tree =
      readNode(state, document.contents, -1) ?? leaf({ source, offset: 0, key: -1 }, null);
    return state.sound ? [{ tree, resets: [...state.resets, ...state.overrides] }] : [];
  };

/** Undefined: the node contributes nothing (`!reset`, or an error that is reported). */
function readNode(state: State, node: ParsedNode | null, key: number): Tree | undefined {
  const at = { source: state.source, offset: node?.range[0] ?? Math.max(key, 0), key };
  if (node === null) return leaf(at, null);
  if (state.path.length > limits.depth) return fault(state, at, tooDeep);
  if (isAlias(node)) return followAlias(state, node.source, at);
  if (node.tag === "!override") state.overrides.push([...state.path]);
  if (node.tag === "!reset") {
    state.resets.push([...state.path]);
    return undefined;
  }
  const anchor: Anchor = { tree: undefined, size: state.size, overrides: [] };
  const overridesBefore = state.overrides.length;
  if (node.anchor !== undefined) state.anchors.set(node.anchor, anchor);
  anchor.tree = readContent(state, node, at);
  state.size += 1;
  anchor.size = state.size - anchor.size;
  if (state.overrides.length > overridesBefore)
    anchor.overrides = state.overrides
      .slice(overridesBefore)
      .map((path) => path.slice(state.path.length));
  return anchor.tree;
}

function readContent(state: State, node: ParsedNode, at: Place): Tree | undefined {
  if (isMap(node)) return readMapping(state, node, at);
  if (isSeq(node)) return readSequence(state, node, at);
  return isScalar(node) ? readScalar(node, at) : undefined;
}

function followAlias(state: State, name: string, at: Place): Tree | undefined {
  const anchor = state.anchors.get(name);
  if (anchor?.tree === undefined) {
    const message =
      anchor === undefined
        ? `the anchor *${name} is not known in this file`
        : `the alias *${name} stands inside what it refers to`;
    return fault(state, at, message, anchor === undefined ? `define &${name} before it` : "");
  }
  state.aliased += anchor.size;
  state.size += anchor.size;
  if (state.aliased > limits.aliasedNodes) {
    const message = `aliases repeat more than ${limits.aliasedNodes} nodes`;
    return fault(state, at, message);
  }
  for (const path of anchor.overrides) state.overrides.push([...state.path, ...path]);
  // The text to edit is the anchor's, but the key is this one.
  return { ...anchor.tree, key: at.key };
}

function readSequence(state: State, node: YAMLSeq, at: Place): Tree {
  const items: Tree[] = [];
  for (const [index, item] of node.items.entries()) {
    state.path.push(index);
    const tree = readNode(state, item as ParsedNode, -1);
    state.path.pop();
    if (tree !== undefined) items.push(tree);
  }
  return list(at, items);
}

function readMapping(state: State, node: YAMLMap, at: Place): Tree {
  const entries = new Map<string, Tree>();
  const seen = new Map<string, number>();
  let merged: ParsedNode | null | undefined;
  for (const pair of node.items) {
    const key = readKey(state, pair.key as ParsedNode | null, at);
    if (key === undefined || isRepeated(state, seen, key)) continue;
    if (key.merge) {
      merged = pair.value as ParsedNode | null;
      continue;
    }
    state.path.push(key.name);
    const value = readNode(state, pair.value as ParsedNode | null, key.offset);
    state.path.pop();
    if (value !== undefined) entries.set(key.name, value);
  }
  if (merged !== undefined) mergeInto(state, entries, merged, at);
  return dict(at, entries);
}

interface Key {
  readonly name: string;
  readonly offset: number;
  readonly merge: boolean;
}

function readKey(state: State, node: ParsedNode | null, at: Place): Key | undefined {
  const offset = node?.range[0] ?? at.offset;
  const place = { ...at, offset, key: -1 };
  const tree = node === null ? leaf(place, null) : readNode(state, node, -1);
  if (tree === undefined) return undefined;
  if (tree.kind !== "leaf") return fault(state, place, "a mapping or list cannot be a key");
  if (typeof tree.value === "string" && tree.as !== "date") {
    const merge = tree.value === "<<" && isScalar(node) && node.type === "PLAIN";
    return { name: tree.value, offset, merge };
  }
  const inExtension = state.path.some((part) => String(part).startsWith("x-"));
  if (state.integerKeysBelowExtensions && inExtension && typeof tree.value === "number")
    return { name: String(tree.value), offset, merge: false };
  const text = String(tree.value);
  return fault(state, place, `the key ${text} is not text`, `write "${text}" in quotes`);
}

function isRepeated(state: State, seen: Map<string, number>, key: Key): boolean {
  const first = seen.get(key.name);
  seen.set(key.name, key.offset);
  if (first === undefined) return false;
  const { line } = positionAt(state.source, first);
  const at = { source: state.source, offset: key.offset, key: -1 };
  fault(state, at, `the key ${key.name} is already set in line ${line}`, "keep one of the two");
  return true;
}

/** `<<`: keys written out win wherever they stand, and of several mappings the earlier one. */
function mergeInto(
  state: State,
  entries: Map<string, Tree>,
  node: ParsedNode | null,
  at: Place,
): void {
  const tree = readNode(state, node, -1);
  if (tree === undefined) return;
  for (const mapping of tree.kind === "list" ? tree.items : [tree]) {
    if (mapping.kind !== "dict") {
      fault(state, { ...at, offset: mapping.offset }, "<< takes a mapping or a list of mappings");
      continue;
    }
    for (const [key, value] of mapping.entries) if (!entries.has(key)) entries.set(key, value);
  }
}

function readScalar(node: YamlScalar, at: Place): Leaf {
  const text = String(node.value);
  if (node.type === "PLAIN" && (node.tag === undefined || typedTags.has(node.tag)))
    return plain(text, at);
  return leaf(at, text);
}

const typedTags = new Set(
  ["int", "float", "bool", "null", "timestamp"].map((tag) => `tag:yaml.org,2002:${tag}`),
);

function plain(text: string, at: Place): Leaf {
  const { value, as } = plainScalar(text);
  return leaf(at, value, as);
}

function fault(state: State, at: Place, message: string, help = ""): undefined {
  state.report.error(positionAt(at.source, at.offset), state.path.slice(0, 20), {
    code: "yaml",
    message,
    help,
  });
  state.sound = false;
}
