import type { Merge } from "./attribute.ts";
import type { Report } from "./report.ts";
import { below, type Rules } from "./rules.ts";
import { type Dict, dict, isNull, list, type Path, type Tree } from "./tree.ts";

/** Two trees as one, the second over the first, each attribute by its own rule. */
export const merge = (
  base: Tree,
  over: Tree,
  rules: Rules<Merge> | undefined,
  { path, report }: { readonly path: Path; readonly report: Report },
): Tree => mergeNodes(base, over, rules, { path: [...path], report });

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

interface Merging {
  readonly path: (string | number)[];
  readonly report: Report;
}

function mergeNodes(
  base: Tree,
  over: Tree,
  rules: Rules<Merge> | undefined,
  merging: Merging,
): Tree {
  const special = rules?.here;
  if (special === undefined) return mergePlain(base, over, rules, merging);
  const plain = (a: Tree, b: Tree): Tree => mergePlain(a, b, rules, merging);
  return special(base, over, { ...merging, plain });
}

function mergePlain(
  base: Tree,
  over: Tree,
  rules: Rules<Merge> | undefined,
  merging: Merging,
): Tree {
  if (isNull(over)) return base;
  if (base.kind === "leaf") return over;
  if (base.kind === "dict" && over.kind === "dict") return mergeDicts(base, over, rules, merging);
  if (base.kind === "list" && over.kind === "list")
    return list(base, [...base.items, ...over.items]);
  merging.report.error(over, merging.path, {
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
  rules: Rules<Merge> | undefined,
  merging: Merging,
): Tree {
  const entries = new Map(base.entries);
  for (const [key, value] of over.entries) {
    const earlier = entries.get(key);
    if (earlier === undefined) {
      entries.set(key, value);
      continue;
    }
    merging.path.push(key);
    entries.set(key, mergeNodes(earlier, value, below(rules, key), merging));
    merging.path.pop();
  }
  return dict(base, entries);
}
