import type { Attribute, Context, Convert, Unique } from "./attribute.ts";
import { mapChildren, mapNamed } from "./children.ts";
import { below, isLast, type Rules } from "./rules.ts";
import { list, type Tree } from "./tree.ts";

/** A tree with the conversion of each attribute applied, from the top down. */
export const convert = (tree: Tree, rules: Rules<Convert>, context: Context): Tree => {
  const at = walking(context);
  return change(tree, rules, at.path, (node, rule) => rule(node, at));
};

/** Lists in which items of the same key are one: the last value at the first one's position. */
export const unique = (tree: Tree, rules: Rules<Unique>, context: Context): Tree => {
  const at = walking(context);
  return change(tree, rules, at.path, (node, keyOf) => withUniqueItems(node, keyOf, at));
};

/** A tree in the long forms of one file, and what they tell to be the same thing once. */
export const canonical = (
  tree: Tree,
  rules: Rules<Pick<Attribute, "canonical" | "unique">>,
  context: Context,
): Tree => {
  const at = walking(context);
  return change(
    tree,
    rules,
    at.path,
    (node, rule) => rule.canonical?.(node, at) ?? node,
    (node, { unique: keyOf }) => (keyOf === undefined ? node : withUniqueItems(node, keyOf, at)),
  );
};

type Apply<T> = (node: Tree, rule: T) => Tree;

/**
 * A tree in which each node that has a rule is replaced by what `apply` makes of it, then what is
 * below, and then by what `after` makes of that.
 */
export function change<T>(
  tree: Tree,
  rules: Rules<T>,
  path: (string | number)[],
  apply: Apply<T>,
  after?: Apply<T>,
): Tree {
  const { here } = rules;
  const changed = here === undefined ? tree : apply(tree, here);
  const below = isLast(rules) ? changed : changeBelow(changed, rules, path, apply, after);
  return here === undefined || after === undefined ? below : after(below, here);
}

function changeBelow<T>(
  changed: Tree,
  rules: Rules<T>,
  path: (string | number)[],
  apply: Apply<T>,
  after: Apply<T> | undefined,
): Tree {
  const replace = (child: Tree, part: string | number): Tree => {
    const inner = below(rules, part);
    if (inner === undefined) return child;
    path.push(part);
    const next = change(child, inner, path, apply, after);
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

// One path for the whole walk: whoever reports something reads it at once.
const walking = (context: Context) => ({ ...context, path: [...context.path] });

function withUniqueItems(
  tree: Tree,
  keyOf: Unique,
  context: Context & { readonly path: (string | number)[] },
): Tree {
  if (tree.kind !== "list") return tree;
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
