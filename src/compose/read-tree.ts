import type { Dialect } from "./dialect.ts";
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
import { tooDeep, type YamlEvent, type YamlEvents } from "./yaml-events.ts";

/** One YAML document: its tree, and the paths that `!reset` and `!override` take out of what came before. */
export interface ReadTree {
  readonly tree: Tree;
  readonly resets: readonly Path[];
  /** Keys at the top under which something has an anchor. */
  readonly anchored: ReadonlySet<string>;
}

/** A file that is being read: its events are taken as its nodes are made. */
export interface Reading {
  readonly source: Source;
  readonly report: Report;
  readonly options: ReadOptions;
  readonly events: YamlEvents;
}

/** What a dialect reads otherwise than the specification. */
export type ReadOptions = Pick<
  Dialect,
  "datesAsWrittenBelowExtensions" | "integerKeysBelowExtensions" | "refusesShortFunctions"
>;

interface Anchor {
  /** Undefined while the anchored node itself is being read. */
  tree: Tree | undefined;
  /** How many nodes it is; until it is read, how many there were before it. */
  size: number;
  /** Where `!override` stands below it: it counts at every alias, `!reset` only where it is written. */
  overrides: readonly Path[];
}

interface State {
  readonly reading: Reading;
  readonly source: Source;
  readonly anchors: Map<string, Anchor>;
  readonly anchored: Set<string>;
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
    anchored: new Set(),
    resets: [],
    overrides: [],
    path: [],
    size: 0,
    aliased: 0,
    sound: true,
  };
  const nothing = leaf({ source: reading.source, offset: 0, key: -1 }, null);
  const tree = atEnd(state) ? nothing : (readNode(state, -1) ?? nothing);
  reading.events.skip();
  const { anchored, overrides, resets, sound } = state;
  return sound ? { tree, anchored, resets: [...resets, ...overrides] } : undefined;
}

const atEnd = ({ reading }: State): boolean => reading.events.peek()?.kind === "end";

/** Undefined: the node contributes nothing (`!reset`, or an error that is reported). */
function readNode(state: State, key: number): Tree | undefined {
  const { reading } = state;
  const event = reading.events.peek();
  reading.events.skip();
  if (event === undefined || event.kind === "end") return undefined;
  const at = { source: state.source, offset: event.offset ?? Math.max(key, 0), key };
  if (event.kind === "alias") return followAlias(state, event.anchor, at);
  if (event.tag !== "") noteTag(state, event, at);
  const tree = event.anchor === "" ? readContent(state, event, at) : readAnchored(state, event, at);
  return event.tag === "!reset" ? undefined : tree;
}

/** Compose ignores the tags that it does not know; of CloudFormation's, little would be left without. */
function noteTag(state: State, { kind, tag }: Content, at: Place): void {
  if (tag === "!override") state.overrides.push([...state.path]);
  else if (tag === "!reset") state.resets.push([...state.path]);
  else if (state.reading.options.refusesShortFunctions && isShortFunction(tag)) {
    // Text is looked through for what Fn::Sub replaces anyway.
    if (tag === "!Sub" && kind === "scalar") return;
    const name = tag === "!Ref" || tag === "!Condition" ? tag.slice(1) : `Fn::${tag.slice(1)}`;
    fault(state, at, `${tag} is read by CloudFormation only`, `write it out, as {${name}: …}`);
  }
}

const isShortFunction = (tag: string): boolean =>
  /^!(?:And|Base64|Cidr|Condition|Equals|FindInMap|GetAZs|GetAtt|If|ImportValue|Join|Length|Not|Or|Ref|Select|Split|Sub|ToJsonString|Transform)$/.test(
    tag,
  );

function readAnchored(state: State, event: Content, at: Place): Tree | undefined {
  const anchor: Anchor = { tree: undefined, size: state.size, overrides: [] };
  const before = state.overrides.length;
  state.anchors.set(event.anchor, anchor);
  const [top] = state.path;
  if (typeof top === "string") state.anchored.add(top);
  anchor.tree = readContent(state, event, at);
  anchor.size = state.size - anchor.size;
  anchor.overrides = state.overrides.slice(before).map((path) => path.slice(state.path.length));
  return anchor.tree;
}

type Content = Exclude<YamlEvent, { readonly kind: "alias" | "end" }>;

function readContent(state: State, event: Content, at: Place): Tree | undefined {
  state.size += 1;
  if (event.kind === "scalar") return readScalar(state, event, at);
  if (state.path.length === limits.depth + 1) fault(state, at, tooDeep);
  const tree = event.kind === "mapping" ? readMapping(state, at) : readSequence(state, at);
  state.reading.events.skip();
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

interface Mapping {
  readonly entries: Map<string, Tree>;
  /** Where the keys stand that are no entries: the merge key, and those of `!reset`. */
  readonly others: Map<string, number>;
  merged: Tree | undefined;
}

function readMapping(state: State, at: Place): Tree {
  const mapping: Mapping = { entries: new Map(), others: new Map(), merged: undefined };
  while (!atEnd(state)) {
    const key = readKey(state, at);
    const value = readValue(state, key);
    if (key !== undefined) addEntry(state, mapping, key, value);
  }
  if (mapping.merged !== undefined) mergeInto(state, mapping.entries, mapping.merged);
  return dict(at, mapping.entries);
}

function addEntry(state: State, mapping: Mapping, key: Key, value: Tree | undefined): void {
  const first = mapping.entries.get(key.name)?.key ?? mapping.others.get(key.name);
  if (first !== undefined) repeated(state, key, first);
  else if (value !== undefined && !key.merge) mapping.entries.set(key.name, value);
  else {
    mapping.others.set(key.name, key.offset);
    if (key.merge) mapping.merged = value;
  }
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

function readKey(state: State, mapping: Place): Key | undefined {
  const event = state.reading.events.peek();
  const tree = readNode(state, -1);
  if (event === undefined || event.kind === "end" || tree === undefined) return undefined;
  const offset = event.offset ?? mapping.offset;
  if (tree.kind === "leaf" && typeof tree.value === "string" && tree.as !== "date") {
    const plain = event.kind === "scalar" && event.plain;
    return { name: tree.value, offset, merge: plain && tree.value === "<<" };
  }
  return oddKey(state, tree, { ...mapping, offset, key: -1 });
}

/** A key that is no text. */
function oddKey(state: State, tree: Tree, at: Place): Key | undefined {
  if (tree.kind !== "leaf") return fault(state, at, "a mapping or list cannot be a key");
  const { integerKeysBelowExtensions } = state.reading.options;
  if (integerKeysBelowExtensions && inExtension(state) && typeof tree.value === "number")
    return { name: String(tree.value), offset: at.offset, merge: false };
  const text = String(tree.value);
  return fault(state, at, `the key ${text} is not text`, `write "${text}" in quotes`);
}

const inExtension = ({ path }: State): boolean =>
  path.some((part) => String(part).startsWith("x-"));

function repeated(state: State, key: Key, first: number): void {
  const { line } = positionAt(state.source, first);
  const at = { source: state.source, offset: key.offset, key: -1 };
  state.path.push(key.name);
  fault(state, at, `the key ${key.name} is already set in line ${line}`, "keep one of the two");
  state.path.pop();
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

function readScalar(state: State, { plain, tag, value: text }: ScalarEvent, at: Place): Leaf {
  if (!plain || (tag !== "" && !typedTags.has(tag))) return leaf(at, text);
  const { value, as } = plainScalar(text);
  const { datesAsWrittenBelowExtensions } = state.reading.options;
  if (as === "date" && datesAsWrittenBelowExtensions && inExtension(state)) return leaf(at, text);
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
