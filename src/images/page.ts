import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  parseAllDocuments,
  visit,
} from "yaml";

export type Path = readonly (string | number)[];

/** One YAML document of a compose file, its text's places kept. */
export interface Page {
  readonly document: Document.Parsed;
  /** Where every node stands, aliases not followed: `<<` is a key like any other. */
  readonly paths: ReadonlyMap<ParsedNode, Path>;
  /** What every alias stands for. */
  readonly targets: ReadonlyMap<ParsedNode, ParsedNode>;
}

export type Pages =
  | { readonly kind: "pages"; readonly pages: readonly Page[] }
  | { readonly kind: "refused"; readonly reason: string };

/** The documents of a file. Compose's tags (`!reset`, `!override`) are kept, not obeyed. */
export function readPages(text: string): Pages {
  // Text that was not UTF-8 has lost bytes by being read: writing it back would lose them for good.
  if (text.includes("\uFFFD")) return { kind: "refused", reason: "it is not UTF-8 text" };
  const parsed = parseAllDocuments(text, { merge: true, logLevel: "silent" });
  const documents = Array.isArray(parsed) ? parsed : [];
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error !== undefined) {
    const [message = ""] = error.message.split(/ at line |\n/);
    return { kind: "refused", reason: `it is not YAML: ${message}` };
  }
  const pages = documents.map(toPage);
  return pages.some((page) => page === undefined)
    ? { kind: "refused", reason: "an alias is of nothing, or of what it stands in" }
    : { kind: "pages", pages: pages.filter((page) => page !== undefined) };
}

/** The node that an alias stands for; any other is itself. */
export const resolved = ({ targets }: Page, node: ParsedNode): ParsedNode =>
  targets.get(node) ?? node;

/** The entries of a mapping: its own, and those that `<<` merges in, of which the nearer one counts. */
export function entriesOf(
  page: Page,
  from: ParsedNode | null | undefined,
): ReadonlyMap<string, ParsedNode | null> {
  if (!from) return new Map();
  const node = resolved(page, from);
  const known = found.get(node);
  if (known !== undefined) return known;
  const entries = new Map<string, ParsedNode | null>();
  const pairs = pairsOf(node);
  for (const { key, value } of pairs) if (!isMerge(key)) entries.set(keyText(key), value);
  for (const base of pairs.flatMap((pair) => mergedBy(page, pair)))
    for (const [key, value] of entriesOf(page, base))
      if (!entries.has(key)) entries.set(key, value);
  found.set(node, entries);
  return entries;
}

/** What was found of a mapping: bases that merge in the same twice each would be read for ever. */
const found = new WeakMap<ParsedNode, ReadonlyMap<string, ParsedNode | null>>();

export interface Said {
  readonly node: ParsedNode;
  /** All that there is to the node but its value and what is below it: role, kind, tag, comments … */
  readonly form: string;
  readonly value: unknown;
}

/** All that a document is made of, in its order. */
export function nodesOf({ document }: Page): readonly Said[] {
  const nodes: Said[] = [];
  visit(document, {
    Node: (role, node) => {
      // The kinds of node have no common type that names what each of them may hold.
      const { range: _, items, value, source, ...form } = node as unknown as Loose;
      const size = Array.isArray(items) ? items.length : undefined;
      const name = isAlias(node) ? source : undefined;
      const said = JSON.stringify([node.constructor.name, role, size, name, form]);
      nodes.push({
        node: node as ParsedNode,
        form: said,
        value: typeof value === "symbol" ? source : value,
      });
    },
  });
  return nodes;
}

/** A node of any kind, as the bag of properties it is. */
type Loose = Readonly<Record<"range" | "items" | "value" | "source", unknown>>;

/** Undefined: an alias is of nothing, or stands inside what it is of, so that there is no end to it. */
function toPage(document: Document.Parsed): Page | undefined {
  const paths = new Map<ParsedNode, Path>();
  const targets = new Map<ParsedNode, ParsedNode>();
  const anchors = new Map<string, ParsedNode>();
  let sound = true;
  const walk = (node: ParsedNode | null, path: Path, above: readonly ParsedNode[]): void => {
    if (node === null) return;
    paths.set(node, path);
    if (isAlias(node)) {
      // An anchor may be given again: an alias is of the last one before it.
      const target = anchors.get(node.source);
      if (target === undefined || above.includes(target)) sound = false;
      else targets.set(node, target);
    } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    for (const [step, child] of childrenOf(node)) walk(child, [...path, step], [...above, node]);
  };
  walk(document.contents, [], []);
  return sound ? { document, paths, targets } : undefined;
}

const childrenOf = (
  node: ParsedNode,
): readonly (readonly [string | number, ParsedNode | null])[] =>
  isSeq(node)
    ? (node.items as ParsedNode[]).map((item, index) => [index, item] as const)
    : pairsOf(node).map(({ key, value }) => [keyText(key), value] as const);

function mergedBy(page: Page, { key, value }: Pair<ParsedNode, ParsedNode | null>) {
  if (!isMerge(key) || value === null) return [];
  const base = resolved(page, value);
  return isSeq(base) ? (base.items as ParsedNode[]) : [base];
}

const pairsOf = (node: ParsedNode): readonly Pair<ParsedNode, ParsedNode | null>[] =>
  isMap(node) ? (node.items as Pair<ParsedNode, ParsedNode | null>[]) : [];

const isMerge = (key: ParsedNode): boolean => isScalar(key) && typeof key.value === "symbol";

const keyText = (key: ParsedNode): string =>
  isMerge(key) ? "<<" : isScalar(key) ? String(key.value) : "";
