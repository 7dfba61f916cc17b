import type { Context, Convert, Unique } from "./attribute.ts";
import { below, type Rules } from "./rules.ts";
import { type Dict, dict, get, type List, list, type Tree, withEntries } from "./tree.ts";

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
  const inside = (child: Tree, part: string | number, inner: Rules<T>): Tree => {
    path.push(part);
    const next = change(child, inner, path, apply);
    path.pop();
    return next;
  };
  if (rules.any === undefined) return mapNamed(changed, rules.named, inside);
  return mapChildren(changed, (child, part) => {
    const inner = below(rules, part);
    return inner === undefined ? child : inside(child, part, inner);
  });
}

/** A mapping with those entries replaced that a table names; the same one if none is. */
function mapNamed<T>(
  tree: Tree,
  named: Rules<T>["named"],
  replace: (entry: Tree, key: string, inner: Rules<T>) => Tree,
): Tree {
  if (tree.kind !== "dict" || named.size === 0) return tree;
  let entries: Map<string, Tree> | undefined;
  named.forEach((inner, key) => {
    const value = tree.entries.get(key);
    const next = value && replace(value, key, inner);
    if (next === undefined || next === value) return;
    entries ??= new Map(tree.entries);
    entries.set(key, next);
  });
  return entries === undefined ? tree : dict(tree, entries);
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
    entries ??= new Map(tree.entries);
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
  const kept = new Map<string, Tree>();
  for (const [i, item] of tree.items.entries()) {
    context.path.push(i);
    kept.set(keyOf(item, context), item);
    context.path.pop();
  }
  return kept.size === tree.items.length ? tree : list(tree, [...kept.values()]);
}
