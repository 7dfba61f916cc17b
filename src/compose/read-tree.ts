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
import { tooDeep, type YamlEvent } from "./yaml-events.ts";

/** One YAML document: its tree, and the paths that `!reset` and `!override` take out of what came before. */
export interface ReadTree {
  readonly tree: Tree;
  readonly resets: readonly Path[];
}

/** A file's events, and how far they are read. */
export interface Reading {
  readonly source: Source;
  readonly report: Report;
  readonly integerKeysBelowExtensions: boolean;
  readonly events: readonly YamlEvent[];
  at: number;
}

interface Anchor {
  /** Undefined while the anchored node itself is being read. */
  tree: Tree | undefined;
  size: number;
  /** Where `!override` stands below it: it counts at every alias, `!reset` only where it is written. */
  overrides: readonly Path[];
}

interface State {
  readonly reading: Reading;
  readonly source: Source;
  readonly anchors: Map<string, Anchor>;
  readonly resets: Path[];
  readonly overrides: Path[];
  readonly path: (string | number)[];
  /** Nodes made so far, those repeated by aliases included. */
  size: number;
  aliased: number;
  sound: boolean;
}

/**
 * The next document of a file as our nodes: aliases followed, merge keys merged, words given a
 * meaning. Undefined: it has errors, which are reported.
 */
export function readTree(reading: Reading): ReadTree | undefined {
  const state: State = {
    reading,
    source: reading.source,
    anchors: new Map(),
    resets: [],
    overrides: [],
    path: [],
    size: 0,
    aliased: 0,
    sound: true,
  };
  const nothing = leaf({ source: reading.source, offset: 0, key: -1 }, null);
  const tree = atEnd(state) ? nothing : (readNode(state, -1) ?? nothing);
  reading.at += 1;
  return state.sound ? { tree, resets: [...state.resets, ...state.overrides] } : undefined;
}

const atEnd = ({ reading }: State): boolean => reading.events[reading.at]?.kind === "end";

/** Undefined: the node contributes nothing (`!reset`, or an error that is reported). */
function readNode(state: State, key: number): Tree | undefined {
  const { reading } = state;
  const event = reading.events[reading.at] ?? end;
  reading.at += 1;
  if (event.kind === "end") return undefined;
  const at = { source: state.source, offset: event.offset ?? Math.max(key, 0), key };
  if (event.kind === "alias") return followAlias(state, event.anchor, at);
  if (event.tag === "!override") state.overrides.push([...state.path]);
  if (event.tag === "!reset") state.resets.push([...state.path]);
  const anchor: Anchor = { tree: undefined, size: state.size, overrides: [] };
  const overridesBefore = state.overrides.length;
  if (event.anchor !== "") state.anchors.set(event.anchor, anchor);
  anchor.tree = readContent(state, event, at);
  state.size += 1;
  anchor.size = state.size - anchor.size;
  if (state.overrides.length > overridesBefore)
    anchor.overrides = state.overrides
      .slice(overridesBefore)
      .map((path) => path.slice(state.path.length));
  return event.tag === "!reset" ? undefined : anchor.tree;
}

const end = { kind: "end" } as const;

type Content = Exclude<YamlEvent, { readonly kind: "alias" | "end" }>;

function readContent(state: State, event: Content, at: Place): Tree | undefined {
  if (event.kind === "scalar") return readScalar(event, at);
  if (state.path.length === limits.depth + 1) fault(state, at, tooDeep);
  const tree = event.kind === "mapping" ? readMapping(state, at) : readSequence(state, at);
  state.reading.at += 1;
  return tree;
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

function readSequence(state: State, at: Place): Tree {
  const items: Tree[] = [];
  for (let index = 0; !atEnd(state); index++) {
    state.path.push(index);
    const tree = readNode(state, -1);
    state.path.pop();
    if (tree !== undefined) items.push(tree);
  }
  return list(at, items);
}

function readMapping(state: State, at: Place): Tree {
  const entries = new Map<string, Tree>();
  const seen = new Map<string, number>();
  let merged: Tree | undefined;
  while (!atEnd(state)) {
    const key = readKey(state, at);
    const value = readValue(state, key);
    if (key === undefined || isRepeated(state, seen, key) || value === undefined) continue;
    if (key.merge) merged = value;
    else entries.set(key.name, value);
  }
  if (merged !== undefined) mergeInto(state, entries, merged);
  return dict(at, entries);
}

/** A merge key's value stands where the mapping itself does. */
function readValue(state: State, key: Key | undefined): Tree | undefined {
  if (key === undefined || key.merge) return readNode(state, key?.offset ?? -1);
  state.path.push(key.name);
  const value = readNode(state, key.offset);
  state.path.pop();
  return value;
}

interface Key {
  readonly name: string;
  readonly offset: number;
  readonly merge: boolean;
}

function readKey(state: State, at: Place): Key | undefined {
  const event = state.reading.events[state.reading.at] ?? end;
  const offset = (event.kind === "end" ? undefined : event.offset) ?? at.offset;
  const place = { ...at, offset, key: -1 };
  const tree = readNode(state, -1);
  if (tree === undefined) return undefined;
  if (tree.kind !== "leaf") return fault(state, place, "a mapping or list cannot be a key");
  if (typeof tree.value === "string" && tree.as !== "date") {
    const plain = event.kind === "scalar" && event.plain;
    return { name: tree.value, offset, merge: plain && tree.value === "<<" };
  }
  const inExtension = state.path.some((part) => String(part).startsWith("x-"));
  if (state.reading.integerKeysBelowExtensions && inExtension && typeof tree.value === "number")
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
function mergeInto(state: State, entries: Map<string, Tree>, merged: Tree): void {
  for (const mapping of merged.kind === "list" ? merged.items : [merged]) {
    if (mapping.kind !== "dict") {
      fault(state, mapping, "<< takes a mapping or a list of mappings");
      continue;
    }
    for (const [key, value] of mapping.entries) if (!entries.has(key)) entries.set(key, value);
  }
}

type ScalarEvent = Extract<YamlEvent, { readonly kind: "scalar" }>;

function readScalar({ plain, tag, value: text }: ScalarEvent, at: Place): Leaf {
  if (!plain || (tag !== "" && !typedTags.has(tag))) return leaf(at, text);
  const { value, as } = plainScalar(text);
  return leaf(at, value, as);
}

const typedTags = new Set(
  ["int", "float", "bool", "null", "timestamp"].map((tag) => `tag:yaml.org,2002:${tag}`),
);

function fault(state: State, at: Place, message: string, help = ""): undefined {
  state.reading.report.error(positionAt(at.source, at.offset), state.path.slice(0, 20), {
    code: "yaml",
    message,
    help,
  });
  state.sound = false;
}
