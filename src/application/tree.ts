import { type Document, isAlias, isMap, isScalar, isSeq, type Pair, type ParsedNode } from "yaml";

export type Path = readonly (string | number)[];

/** A node of a YAML tree, and how it was reached. */
export interface Place {
  readonly document: Document.Parsed;
  readonly node: ParsedNode;
  readonly path: Path;
}

/** A place inside another, and the node that names it: its key, or itself in a list. */
export interface Child {
  readonly name: string | number;
  readonly key: ParsedNode;
  readonly place: Place;
}

/** The place itself, or what it is an alias of. */
export function resolved(place: Place): Place {
  const { document, node } = place;
  const target = isAlias(node) ? (node.resolve(document) as ParsedNode | undefined) : undefined;
  return target === undefined ? place : { ...place, node: target };
}

/** What is directly below a place; keys that are not text are left out. */
export function childrenOf(place: Place): readonly Child[] {
  const { node } = resolved(place);
  const below = (name: string | number, key: ParsedNode, value: ParsedNode): Child => ({
    name,
    key,
    place: { ...place, node: value, path: [...place.path, name] },
  });
  if (isSeq(node))
    return (node.items as ParsedNode[]).map((item, index) => below(index, item, item));
  if (!isMap(node)) return [];
  return (node.items as Pair<ParsedNode, ParsedNode | null>[]).flatMap(({ key, value }) =>
    isScalar(key) && typeof key.value === "string" ? [below(key.value, key, value ?? key)] : [],
  );
}

/** The place at a path, or the nearest above it. */
export function placeAt(from: Place, path: Path): Place {
  const [step, ...rest] = path;
  const child = childrenOf(from).find(({ name }) => name === step);
  return child === undefined ? from : placeAt(child.place, rest);
}

/** Everything at a pattern such as `environments.*.on.tag`, where `*` is any key or index. */
export function matching(from: Place, pattern: readonly string[]): readonly Child[] {
  const [step, ...rest] = pattern;
  const found = childrenOf(from).filter(({ name }) => step === "*" || step === name);
  return rest.length === 0 ? found : found.flatMap(({ place }) => matching(place, rest));
}
