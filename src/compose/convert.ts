import type { AttributeRules, Context, Convert } from "./attribute.ts";
import { below } from "./rules.ts";
import { dict, list, type Tree } from "./tree.ts";

/** Which of an attribute's conversions a walk applies. */
export type Facet = "canonical" | "defaults" | "form";

/** A tree with one conversion of each attribute applied, from the top down. */
export function convert(
  tree: Tree,
  facet: Facet,
  rules: AttributeRules | undefined,
  context: Context,
): Tree {
  if (rules === undefined) return tree;
  const conversion: Convert | undefined = rules.here?.[facet];
  const converted = conversion === undefined ? tree : conversion(tree, context);
  return mapChildren(converted, (child, part) => {
    const inner = below(rules, part);
    if (inner === undefined) return child;
    return convert(child, facet, inner, { ...context, path: [...context.path, part] });
  });
}

/** Lists in which items of the same key are one: the last value at the first one's position. */
export function unique(tree: Tree, rules: AttributeRules | undefined, context: Context): Tree {
  if (rules === undefined) return tree;
  const keyOf = rules.here?.unique;
  if (keyOf !== undefined && tree.kind === "list") {
    const kept = new Map<string, Tree>();
    for (const [i, item] of tree.items.entries())
      kept.set(keyOf(item, { ...context, path: [...context.path, i] }), item);
    return kept.size === tree.items.length ? tree : list(tree, [...kept.values()]);
  }
  return mapChildren(tree, (child, part) => {
    const inner = below(rules, part);
    if (inner === undefined) return child;
    return unique(child, inner, { ...context, path: [...context.path, part] });
  });
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
  let changed = false;
  const entries = new Map<string, Tree>();
  for (const [key, value] of tree.entries) {
    const next = replace(value, key);
    changed ||= next !== value;
    entries.set(key, next);
  }
  return changed ? dict(tree, entries) : tree;
}
