import type { Context, Convert, Unique } from "./attribute.ts";
import { below, isLast, type Rules } from "./rules.ts";
import { copyOf, type Dict, dict, get, type List, list, type Tree, withEntries } from "./tree.ts";

/** A tree with the conversion of each attribute applied, from the top down. */
export const convert = (tree: Tree, rules: Rules<Convert>, context: Context): Tree => {
  const at = walking(context);
  return change(tree, rules, at.path, (node, rule) => rule(node, at));
};

/** Lists in which items of the same key are one: the last value at the first one's position. */
export const unique = (tree: Tree, rules: Rules<Unique>, context: Context): Tree => {
  const at = walking(context);
  return change(tree, rules, at.path, (node, keyOf) =>
    node.kind === "list" ? withUniqueItems(node, keyOf, at) : node,
  );
};

/** A tree in which each node that has a rule is replaced by what `apply` makes of it, then what is below. */
export function change<T>(
  tree: Tree,
  rules: Rules<T>,
  path: (string | number)[],
  apply: (node: Tree, rule: T) => Tree,
): Tree {
  const changed = rules.here === undefined ? tree : apply(tree, rules.here);
  if (isLast(rules)) return changed;
  const replace = (child: Tree, part: string | number): Tree => {
    const inner = below(rules, part);
    if (inner === undefined) return child;
    path.push(part);
    const next = change(child, inner, path, apply);
    path.pop();
    return next;
  };
  // Of a service's keys a table may name a few only: the shorter of the two is gone through.
  return changed.kind === "dict" &&
    rules.any === undefined &&
    rules.named.size < changed.entries.size
    ? mapNamed(changed, rules.named, replace)
    : mapChildren(changed, replace);
}

/** A tree with each child replaced; the same tree if none is. */
export function mapChildren(
  tree: Tree,
  replace: (child: Tree, part: string | number) => Tree,
): Tree {
  if (tree.kind === "leaf") return tree;
  if (tree.kind === "list") return mapItems(tree, replace);
  let entries: Map<string, Tree> | undefined;
  tree.entries.forEach((value, key) => {
    const next = replace(value, key);
    if (next === value) return;
    entries ??= copyOf(tree.entries);
    entries.set(key, next);
  });
  return entries === undefined ? tree : dict(tree, entries);
}

/** A mapping with the entries under certain keys replaced; the same one if none is. */
function mapNamed(
  tree: Dict,
  keys: ReadonlyMap<string, unknown>,
  replace: (child: Tree, key: string) => Tree,
): Dict {
  let entries: Map<string, Tree> | undefined;
  keys.forEach((_, key) => {
    const value = tree.entries.get(key);
    const next = value && replace(value, key);
    if (next === undefined || next === value) return;
    entries ??= copyOf(tree.entries);
    entries.set(key, next);
  });
  return entries === undefined ? tree : dict(tree, entries);
}

/** A model with each service replaced; the same model if none is. */
export function mapServices(model: Dict, replace: (service: Dict, name: string) => Tree): Dict {
  const services = get(model, "services");
  if (services === undefined) return model;
  const replaced = mapChildren(services, (service, name) =>
    service.kind === "dict" ? replace(service, String(name)) : service,
  );
  return withEntries(model, { services: replaced });
}

function mapItems(tree: List, replace: (item: Tree, index: number) => Tree): Tree {
  let items: Tree[] | undefined;
  tree.items.forEach((item, i) => {
    const next = replace(item, i);
    if (next === item) return;
    items ??= [...tree.items];
    items[i] = next;
  });
  return items === undefined ? tree : list(tree, items);
}

// One path for the whole walk: whoever reports something reads it at once.
const walking = (context: Context) => ({ ...context, path: [...context.path] });

function withUniqueItems(
  tree: List,
  keyOf: Unique,
  context: Context & { readonly path: (string | number)[] },
): Tree {
  const keys = tree.items.map((item, i) => {
    context.path.push(i);
    const key = keyOf(item, context);
    context.path.pop();
    return key;
  });
  if (keys.length < 2 || new Set(keys).size === keys.length) return tree;
  const kept = new Map<string, Tree>();
  for (const [i, item] of tree.items.entries()) kept.set(keys[i] ?? "", item);
  return list(tree, [...kept.values()]);
}
