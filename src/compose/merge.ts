import type { AttributeRules } from "./attribute.ts";
import type { Report } from "./report.ts";
import { below } from "./rules.ts";
import { type Dict, dict, isNull, list, type Path, type Tree } from "./tree.ts";

/** Two trees as one, the second over the first, each attribute by its own rule. */
export function merge(
  base: Tree,
  over: Tree,
  rules: AttributeRules | undefined,
  context: { readonly path: Path; readonly report: Report },
): Tree {
  const special = rules?.here?.merge;
  const plain = (a: Tree, b: Tree): Tree => mergePlain(a, b, rules, context);
  return special === undefined ? plain(base, over) : special(base, over, { ...context, plain });
}

/** A tree without what stands at a path. */
export function without(tree: Tree, [part, ...rest]: Path): Tree {
  if (tree.kind === "dict" && part !== undefined) {
    const inner = tree.entries.get(String(part));
    if (inner === undefined) return tree;
    const entries = new Map(tree.entries);
    if (rest.length === 0) entries.delete(String(part));
    else entries.set(String(part), without(inner, rest));
    return dict(tree, entries);
  }
  return tree;
}

function mergePlain(
  base: Tree,
  over: Tree,
  rules: AttributeRules | undefined,
  context: { readonly path: Path; readonly report: Report },
): Tree {
  if (isNull(over)) return base;
  if (base.kind === "leaf") return over;
  if (base.kind === "dict" && over.kind === "dict") return mergeDicts(base, over, rules, context);
  if (base.kind === "list" && over.kind === "list")
    return list(base, [...base.items, ...over.items]);
  context.report.error(over, context.path, {
    code: "merge-conflict",
    message: `a ${names[over.kind]} cannot override the ${names[base.kind]} of an earlier file`,
    help: "write it in the same form, or replace it with !override",
  });
  return base;
}

const names = { leaf: "single value", list: "list", dict: "mapping" } as const;

function mergeDicts(
  base: Dict,
  over: Dict,
  rules: AttributeRules | undefined,
  { path, report }: { readonly path: Path; readonly report: Report },
): Tree {
  const entries = new Map(base.entries);
  for (const [key, value] of over.entries) {
    const earlier = entries.get(key);
    entries.set(
      key,
      earlier === undefined
        ? value
        : merge(earlier, value, below(rules, key), { path: [...path, key], report }),
    );
  }
  return dict(base, entries);
}
