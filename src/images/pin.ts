import { isScalar, type ParsedNode } from "yaml";
import { pathText } from "../compose/project.ts";
import { plainScalar } from "../compose/scalar.ts";
import { canonicalJson } from "../model/digest.ts";
import { nodesOf, type Page, type Path, readPages } from "./page.ts";

/** One scalar's new value. */
export interface Edit {
  /** Which document of the file, from 0. */
  readonly document: number;
  /** Where the scalar itself stands, no alias and no merge key followed on the way. */
  readonly path: Path;
  readonly value: string;
  /** Everywhere that the document may then read differently, aliases and merge keys followed. */
  readonly reaches: readonly Path[];
}

export type Pinned =
  | { readonly kind: "pinned"; readonly text: string }
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Replaces the text of some scalars and not a character besides. The result is read again, and
 * refused unless those scalars, and nothing else in the file, have changed.
 */
export function pin(text: string, edits: readonly Edit[]): Pinned {
  const before = readPages(text);
  if (before.kind === "refused") return before;
  const nodes = nodesAt(before.pages);
  const spots = edits.map((edit) => spotOf(nodes, text, edit));
  const refusal = spots.find((spot) => spot.kind === "refused");
  if (refusal !== undefined) return refusal;

  const changes = spots.filter((spot) => spot.kind === "spot");
  const changed = splice(text, changes);
  const after = readPages(changed);
  if (after.kind === "refused") return refused(`the edit would break the file: ${after.reason}`);

  const stray =
    strayNode(before.pages, after.pages, changes) ?? strayValue(before.pages, after.pages, edits);
  if (stray !== undefined) return refused(`the edit would change more than the image: ${stray}`);
  return { kind: "pinned", text: changed };
}

interface Spot {
  readonly kind: "spot";
  readonly node: ParsedNode;
  readonly start: number;
  readonly end: number;
  readonly source: string;
  readonly value: string;
}

const refused = (reason: string) => ({ kind: "refused", reason }) as const;

/** The nodes of a file by document and path. */
function nodesAt(pages: readonly Page[]): ReadonlyMap<string, ParsedNode> {
  const all = pages.flatMap(({ paths }, document) =>
    Array.from(paths, ([node, path]) => [canonicalJson([document, path]), node] as const),
  );
  return new Map(all);
}

function spotOf(
  nodes: ReadonlyMap<string, ParsedNode>,
  text: string,
  { document, path, value }: Edit,
): Spot | ReturnType<typeof refused> {
  const node = nodes.get(canonicalJson([document, path]));
  if (!isScalar(node) || typeof node.value !== "string") return refused("there is no text");
  const [start, end] = node.range;
  const written = text.slice(start, end);
  if (/[\r\n]/.test(written)) return refused("it is written over several lines: put it on one");
  const quote = written[0] === '"' || written[0] === "'" ? written[0] : "";
  if (quote === "" && number.test(value))
    return refused(`${value} would be a number there: put the text in quotes`);
  // A date is text to some who read YAML: where one stands already, another may.
  if (quote === "" && isText(written) && !isText(value))
    return refused(`${value} would be no text there to compose: put the text in quotes`);
  return { kind: "spot", node, start, end, value, source: quoted(value, quote) };
}

const number = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i;

const isText = (plain: string): boolean => plainScalar(plain).value === plain;

function quoted(value: string, quote: string): string {
  if (quote === '"') return JSON.stringify(value);
  return quote === "" ? value : `'${value.replaceAll("'", "''")}'`;
}

function splice(text: string, changes: readonly Spot[]): string {
  const sorted = changes.toSorted((a, b) => a.start - b.start);
  const pieces = sorted.map(
    ({ start, source }, index) => text.slice(sorted[index - 1]?.end ?? 0, start) + source,
  );
  return pieces.join("") + text.slice(sorted.at(-1)?.end ?? 0);
}

/** The first node that is not as it was, other than the scalars that were to change. */
function strayNode(
  before: readonly Page[],
  after: readonly Page[],
  changes: readonly Spot[],
): string | undefined {
  const old = before.flatMap(nodesOf);
  const now = after.flatMap(nodesOf);
  if (before.length !== after.length || old.length !== now.length) return "how the file is built";
  const wanted = new Map<ParsedNode, unknown>(changes.map(({ node, value }) => [node, value]));
  const stray = old.find(({ node, form, value }, index) => {
    const expected = wanted.has(node) ? wanted.get(node) : value;
    return now[index]?.form !== form || !Object.is(now[index].value, expected);
  });
  return stray === undefined ? undefined : `\`${stray.value}\``;
}

/** The first value, aliases and merge keys followed, that was not to change. */
function strayValue(
  before: readonly Page[],
  after: readonly Page[],
  edits: readonly Edit[],
): string | undefined {
  for (const [index, { document }] of before.entries()) {
    const [old, now] = [dataOf(document), dataOf(after[index]?.document)];
    if (old === undefined || now === undefined) return "it has too many aliases to tell";
    const reached = new Set(
      edits
        .filter((edit) => edit.document === index)
        .flatMap(({ reaches }) => reaches.map(canonicalJson)),
    );
    const stray = differences(old.data, now.data, []).find(
      (path) => !reached.has(canonicalJson(path)),
    );
    if (stray !== undefined) return `it is also ${pathText(stray)}`;
  }
  return undefined;
}

/** All that a document says, aliases and merge keys followed; undefined where they grow without measure. */
function dataOf(document: Page["document"] | undefined): { readonly data: unknown } | undefined {
  try {
    return { data: document?.toJS({ maxAliasCount: 10_000 }) };
  } catch {
    return undefined;
  }
}

function differences(old: unknown, now: unknown, path: Path): readonly Path[] {
  if (!isCollection(old) || !isCollection(now)) return Object.is(old, now) ? [] : [path];
  const keys = Object.keys(old);
  if (keys.length !== Object.keys(now).length) return [path];
  return keys.flatMap((key) =>
    differences(old[key], now[key], [...path, Array.isArray(old) ? Number(key) : key]),
  );
}

const isCollection = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
