import { isMap, isScalar, isSeq, type Pair, type ParsedNode, stringify, visit } from "yaml";
import type { Data } from "./contribution.ts";

/** A piece of text that takes the place of another. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Where the text of a node ends, comments behind it left out. */
function endOf(node: ParsedNode): number {
  if (isFlow(node)) return node.range[1];
  const last = isMap(node)
    ? (node.items.at(-1) as Pair<ParsedNode, ParsedNode | null> | undefined)
    : undefined;
  if (last !== undefined) return endOf(last.value ?? last.key);
  const item = isSeq(node) ? (node.items.at(-1) as ParsedNode | undefined) : undefined;
  return item === undefined ? node.range[1] : endOf(item);
}

const isFlow = (node: ParsedNode): boolean => (isMap(node) || isSeq(node)) && node.flow === true;

/** Adds a key at the end of a mapping, written as the mapping is; undefined: it has no end of its own. */
export function added(
  text: string,
  map: ParsedNode,
  [key, value]: readonly [string, Data],
): Splice | undefined {
  const items = isMap(map) ? (map.items as Pair<ParsedNode, ParsedNode | null>[]) : [];
  const last = items.at(-1);
  if (isFlow(map)) {
    const at = last === undefined ? map.range[0] + 1 : endOf(last.value ?? last.key);
    const entry = inFlow({ [key]: value })
      .slice(1, -1)
      .trim();
    const written = last === undefined ? ` ${entry} ` : `, ${entry}`;
    return { start: at, end: at, text: written };
  }
  const first = items[0]?.key.range[0];
  if (last === undefined || first === undefined) return undefined;
  const line = lineEnd(text, endOf(last.value ?? last.key));
  const indent = indentAt(text, first);
  const ending = lineEnding(text);
  const block = indented(inBlock({ [key]: value }), indent, ending);
  const before = line.isWhole ? "" : ending;
  return { start: line.at, end: line.at, text: `${before}${indent}${block}${ending}` };
}

/** A single value in the place of another, in the same quotes where it can be; undefined: it cannot. */
export function replaced(text: string, node: ParsedNode, value: Data): Splice | undefined {
  const [start] = node.range;
  const end = endOf(node);
  const old = text.slice(start, end);
  if (isScalar(node)) {
    if (/[\r\n]/.test(old)) return undefined;
    return { start, end, text: scalarText(value, old[0] ?? "") };
  }
  if (hasMore(node)) return undefined;
  if (isFlow(node)) return { start, end, text: inFlow(value) };
  const indent = indentAt(text, start);
  return { start, end, text: indented(inBlock(value), indent, lineEnding(text)) };
}

function scalarText(value: Data, quote: string): string {
  if (typeof value !== "string") return String(value);
  if (quote === "'" && !/[\r\n]/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  const plain = stringify(value, options).trimEnd();
  // What is plain text in a block may be punctuation in a flow mapping.
  return quote === '"' || /[\r\n,[\]{}]/.test(plain) ? JSON.stringify(value) : plain;
}

/** Comments, anchors and aliases inside a list would be lost with it. */
function hasMore(node: ParsedNode): boolean {
  let found = false;
  visit(node, {
    Alias: () => {
      found = true;
    },
    Node: (_, inner) => {
      const { comment, commentBefore } = inner as ParsedNode;
      const anchor = "anchor" in inner ? inner.anchor : undefined;
      found ||= Boolean(comment) || Boolean(commentBefore) || anchor !== undefined;
    },
  });
  return found;
}

/** Quoted where YAML 1.1 would read something else too: other tools read these files. */
const options = { version: "1.1", lineWidth: 0, indent: 2 } as const;

const inBlock = (value: Data): string => stringify(value, options).trimEnd();

const inFlow = (value: Data): string =>
  stringify(value, { ...options, collectionStyle: "flow", flowCollectionPadding: true })
    .replace(/\n\s*/g, " ")
    .trimEnd();

const indented = (block: string, indent: string, ending: string): string =>
  block
    .split("\n")
    .map((line, index) => (index === 0 || line === "" ? line : indent + line))
    .join(ending);

const lineEnding = (text: string): string => (/\r\n/.test(text) ? "\r\n" : "\n");

function indentAt(text: string, offset: number): string {
  const column = offset - (text.lastIndexOf("\n", offset - 1) + 1);
  return " ".repeat(column);
}

/** Where the line of an offset ends, its line break included; `isWhole`: it has one. */
function lineEnd(text: string, offset: number): { readonly at: number; readonly isWhole: boolean } {
  if (text[offset - 1] === "\n") return { at: offset, isWhole: true };
  const found = text.indexOf("\n", offset);
  return found < 0 ? { at: text.length, isWhole: false } : { at: found + 1, isWhole: true };
}
