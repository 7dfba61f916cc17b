import type { Attribute, AttributeRules, Context } from "./attribute.ts";
import { below } from "./rules.ts";
import { dict, type List, list, type Path, type Tree } from "./tree.ts";

/** Which of an attribute's conversions a walk applies. */
export type Facet = "canonical" | "defaults" | "form";

/** A tree with one conversion of each attribute applied, from the top down. */
export function convert(
  tree: Tree,
  facet: Facet,
  rules: AttributeRules | undefined,
  context: Context,
): Tree {
  // One path for the whole walk: whoever reports something reads it at once.
  const path = [...context.path];
  const at: Context = { ...context, path };
  const walk = (node: Tree, here: AttributeRules): Tree =>
    mapChildren(here.here?.[facet]?.(node, at) ?? node, (child, part) => {
      const inner = below(here, part);
      if (inner === undefined) return child;
      path.push(part);
      const converted = walk(child, inner);
      path.pop();
      return converted;
    });
  return rules === undefined ? tree : walk(tree, rules);
}

/** Lists in which items of the same key are one: the last value at the first one's position. */
export function unique(tree: Tree, rules: AttributeRules | undefined, context: Context): Tree {
  const path = [...context.path];
  const walk = (node: Tree, here: AttributeRules): Tree => {
    const keyOf = here.here?.unique;
    if (keyOf !== undefined && node.kind === "list")
      return withUniqueItems(node, keyOf, context, path);
    return mapChildren(node, (child, part) => {
      const inner = below(here, part);
      if (inner === undefined) return child;
      path.push(part);
      const changed = walk(child, inner);
      path.pop();
      return changed;
    });
  };
  return rules === undefined ? tree : walk(tree, rules);
}

function withUniqueItems(
  tree: List,
  keyOf: NonNullable<Attribute["unique"]>,
  context: Context,
  path: Path,
): Tree {
  const kept = new Map<string, Tree>();
  for (const [i, item] of tree.items.entries())
    kept.set(keyOf(item, { ...context, path: [...path, i] }), item);
  return kept.size === tree.items.length ? tree : list(tree, [...kept.values()]);
}

/** A tree with each child replaced; the same tree if none is. */
export function mapChildren(
  tree: Tree,
  replace: (child: Tree, part: string | number) => Tree,
): Tree {
  if (tree.kind === "leaf") return tree;
  if (tree.kind === "list") {
    const items = tree.items.map(replace);
    return items.every((item, i) => item === tree.items[i]) ? tree : list(tree, items);
  }
  let entries: Map<string, Tree> | undefined;
  for (const [key, value] of tree.entries) {
    const next = replace(value, key);
    if (next === value) continue;
    entries ??= new Map(tree.entries);
    entries.set(key, next);
  }
  return entries === undefined ? tree : dict(tree, entries);
}
