import { isAlias, isMap, isScalar, isSeq, type Pair, type ParsedNode } from "yaml";
import { pathText } from "../compose/project.ts";
import { markerOf } from "../images/marker.ts";
import { entriesOf, type Page, readPages } from "../images/page.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { isSameJson } from "../model/same.ts";
import type { Contribution, Data } from "./contribution.ts";
import { firstDifference, withValue } from "./expected.ts";
import { added, replaced, type Splice } from "./written.ts";

/** One setting that differs from what the common file said. */
export interface Change {
  readonly path: string;
  readonly action: "add" | "change";
}

export type Contributed =
  | { readonly kind: "merged"; readonly text: string; readonly changes: readonly Change[] }
  | { readonly kind: "refused"; readonly diagnostics: readonly Diagnostic[] };

/**
 * Merges services into the text of a compose file: keys are added, single values and lists replaced,
 * mappings merged, and not a character besides is changed. What cannot be done exactly is refused.
 */
export function contribute(file: string, text: string, contribution: Contribution): Contributed {
  const { positionOf, services } = contribution;
  const refuse = ({ message, path }: Refusal): Diagnostic => ({
    ...positionOf(path),
    severity: "error",
    code: "contribution",
    path: pathText(path),
    message: `${message} in ${file}`,
    help: "change it there by hand, or leave it out",
  });
  const refused = (...refusals: readonly Refusal[]): Contributed => ({
    kind: "refused",
    diagnostics: refusals.map(refuse),
  });
  const pages = readPages(text);
  if (pages.kind === "refused") return refused({ path: [], message: `${pages.reason},` });
  const [page, ...more] = pages.pages;
  if (page === undefined || more.length > 0)
    return refused({ path: [], message: "there is not one YAML document" });

  const work: Work = { page, text, steps: [], refusals: [] };
  mergeInto(work, page.document.contents, { services }, []);
  if (work.refusals.length > 0) return refused(...work.refusals);
  const merged = spliced(text, work.steps);
  const expected = work.steps.reduce<unknown>(
    (data, { path, value }) => withValue(data, path, value),
    page.document.toJS({ maxAliasCount: 10_000 }),
  );
  const stray = strayIn(merged, expected);
  if (stray !== undefined) return refused({ path: [], message: stray });
  const changes = work.steps.map(({ action, path }) => ({ action, path: pathText(path) }));
  return { kind: "merged", text: merged, changes };
}

interface Refusal {
  readonly path: readonly string[];
  readonly message: string;
}

interface Step extends Pick<Change, "action"> {
  readonly path: readonly string[];
  readonly value: Data;
  readonly splice: Splice;
}

interface Work {
  readonly page: Page;
  readonly text: string;
  readonly steps: Step[];
  readonly refusals: Refusal[];
}

type Mapping = { readonly [key: string]: Data };

const isMapping = (value: Data): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function mergeInto(
  work: Work,
  map: ParsedNode | null,
  given: Mapping,
  above: readonly string[],
): void {
  for (const [key, value] of Object.entries(given)) {
    const path = [...above, key];
    const pair = pairsOf(map).find((one) => keyOf(one) === key);
    const refusal =
      pair === undefined ? add(work, map, path, value) : change(work, pair.value, path, value);
    if (refusal !== undefined) work.refusals.push({ path, message: refusal });
  }
}

type Path = readonly string[];

/** A key that the mapping does not have itself. Answers why that cannot be. */
function add(work: Work, map: ParsedNode | null, path: Path, value: Data): string | undefined {
  const { page, steps, text } = work;
  const key = path.at(-1) ?? "";
  const inherited = entriesOf(page, map).get(key);
  if (inherited !== undefined && same(page, inherited, value)) return undefined;
  if (inherited !== undefined && isMapping(value))
    return "comes from a mapping that others have too, through `<<`,";
  if (inherited && isPoliced(work, path, inherited)) return policed;
  const splice = isMap(map) ? added(text, map, [key, value]) : undefined;
  if (splice === undefined) return "has no place of its own";
  steps.push({ action: "add", path, value, splice });
  return undefined;
}

/** A key that is there. Answers why it cannot become what it should be. */
function change(work: Work, node: ParsedNode | null, path: Path, value: Data): string | undefined {
  if (same(work.page, node, value)) return undefined;
  if (node === null) return "is there without a value";
  const refusal = unlike(node, value);
  if (refusal !== undefined) return refusal;
  if (isMap(node) && isMapping(value)) {
    mergeInto(work, node, value, path);
    return undefined;
  }
  if (isPoliced(work, path, node)) return policed;
  const splice = replaced(work.text, node, value);
  if (splice === undefined) return isScalar(node) ? "is text over several lines" : crowded;
  work.steps.push({ action: "change", path, value, splice });
  return undefined;
}

/** Why a value cannot take the place of what is there. */
function unlike(node: ParsedNode, value: Data): string | undefined {
  const { tag } = node;
  if (tag === "!reset" || tag === "!override") return `has the tag ${tag}`;
  if (node.range[0] === node.range[1]) return "is there without a value";
  if (isAlias(node)) return `comes through the alias *${node.source}`;
  const [there, here] = [kindOf(node), worded(value)];
  return there === here ? undefined : `is ${there}, and ${here} here: write both the same way`;
}

const policed = "follows an image policy, which would move it back,";
const crowded = "is a list with comments, anchors or aliases, which would be lost,";

const kindOf = (node: ParsedNode): string =>
  isMap(node) ? "a mapping" : isSeq(node) ? "a list" : "a single value";
const worded = (value: Data): string =>
  isMapping(value) ? "a mapping" : Array.isArray(value) ? "a list" : "a single value";

function isPoliced({ page, text }: Work, path: Path, image: ParsedNode): boolean {
  if (path.length !== 3 || path[2] !== "image") return false;
  const services = entriesOf(page, page.document.contents).get("services");
  const service = entriesOf(page, services).get(path[1] ?? "");
  return entriesOf(page, service).has("x-image-policy") || markerOf(image, text) !== undefined;
}

const pairsOf = (node: ParsedNode | null): readonly Pair<ParsedNode, ParsedNode | null>[] =>
  isMap(node) ? (node.items as Pair<ParsedNode, ParsedNode | null>[]) : [];

const keyOf = ({ key }: Pair<ParsedNode, unknown>): string | undefined =>
  isScalar(key) && typeof key.value !== "symbol" ? String(key.value) : undefined;

function same({ document }: Page, node: ParsedNode | null, value: Data): boolean {
  const data: unknown = node === null ? null : node.toJS(document, { maxAliasCount: 10_000 });
  return isSameJson(data, value);
}

function spliced(text: string, steps: readonly Step[]): string {
  // What ends at one place ends from the inside out; else the order is that of the contribution.
  const splices = steps
    .toSorted((a, b) => a.splice.start - b.splice.start || b.path.length - a.path.length)
    .map(({ splice }) => splice);
  let result = "";
  let from = 0;
  for (const { end, start, text: piece } of splices) {
    result += text.slice(from, start) + piece;
    from = end;
  }
  return result + text.slice(from);
}

/** How the file reads otherwise than it should; undefined: it does not. */
function strayIn(merged: string, expected: unknown): string | undefined {
  const pages = readPages(merged);
  if (pages.kind === "refused") return `the edit would break the file: ${pages.reason},`;
  const [page, ...more] = pages.pages;
  const data = more.length > 0 ? undefined : page?.document.toJS({ maxAliasCount: 10_000 });
  const path = firstDifference(expected, data, []);
  return path && `the edit would change more than this: ${pathText(path)}`;
}
