import type { Attribute, Attributes, Context, Convert, Merge } from "../attribute.ts";
import { mapChildren } from "../children.ts";
import { sprint } from "../scalar.ts";
import { dict, entriesOf, type Leaf, leaf, list, type Tree } from "../tree.ts";

// `environment`, `labels` and their like: a mapping, or a list of KEY=VALUE.

/** A list of KEY=VALUE of either spelling, the mapping's sorted, so that two can be appended. */
export function toPairs(tree: Tree): readonly Tree[] {
  if (tree.kind === "list") return tree.items;
  if (tree.kind === "leaf") return tree.value === null ? [] : [tree];
  return [...tree.entries]
    .flatMap(([key, value]) =>
      value.kind === "list" ? value.items.map((item) => pair(key, item)) : [pair(key, value)],
    )
    .sort((a, b) => (String(a.value) < String(b.value) ? -1 : 1));
}

const mergePairs: Merge = (base, over) => list(base, [...toPairs(base), ...toPairs(over)]);

/** What stands before the `=`. */
export const pairKey = (item: Tree): string =>
  item.kind === "leaf" ? sprint(item).replace(/=.*$/s, "") : "";

/** The mapping that a list of KEY=VALUE is; a bare KEY is null. */
const toMapping: Convert = (tree, context) => {
  if (tree.kind !== "list") return tree;
  const entries = new Map<string, Tree>();
  for (const [i, item] of tree.items.entries()) {
    const text = textItem(item, { ...context, path: [...context.path, i] });
    if (text === undefined) continue;
    const equals = text.indexOf("=");
    if (equals < 0) entries.set(text, leaf(item, null));
    else entries.set(text.slice(0, equals), leaf(item, text.slice(equals + 1)));
  }
  return dict(tree, entries);
};

/** The same with every value as text: a label has no null. */
const toTextMapping: Convert = (tree, context) => mapValues(toMapping(tree, context), sprint);

const pairs: Attribute = { merge: mergePairs, unique: pairKey };

export const pairAttributes: Attributes = {
  "services.*.environment": { ...pairs, form: environment },
  "services.*.labels": { ...pairs, form: toTextMapping },
  "services.*.annotations": { ...pairs, form: toTextMapping },
  "services.*.sysctls": { ...pairs, form: toTextMapping },
  "services.*.deploy.labels": { ...pairs, form: toTextMapping },
  "services.*.build.args": { ...pairs, form: environment },
  "services.*.build.labels": { ...pairs, form: toTextMapping },
  "services.*.build.additional_contexts": { ...pairs, canonical: toTextMapping },
  "services.*.volumes.*.volume.labels": { form: toTextMapping },
  "services.*.deploy.resources.reservations.devices.*.options": { form: toTextMapping },
  "services.*.gpus.*.options": { form: toTextMapping },
  "services.*.post_start.*.environment": { form: environment },
  "services.*.pre_stop.*.environment": { form: environment },
  "services.*.develop.watch.*.exec.environment": { form: environment },
  "networks.*.labels": { ...pairs, form: toTextMapping },
  "volumes.*.labels": { ...pairs, form: toTextMapping },
  "secrets.*.labels": { form: toTextMapping },
  "configs.*.labels": { form: toTextMapping },
};

function environment(tree: Tree, context: Context): Tree {
  const mapping = toMapping(tree, context);
  for (const [key, value] of tree.kind === "list" ? entriesOf(mapping) : []) {
    if (key.endsWith(" "))
      context.report.error(value, [...context.path, key], {
        code: "invalid-value",
        message: `the variable's name "${key}" ends in a space`,
        help: "write NAME=value without a space before the =",
      });
  }
  return mapValues(mapping, (value) => (value.value === null ? null : sprint(value)));
}

const pair = (key: string, value: Tree): Leaf =>
  leaf(value, value.kind === "leaf" && value.value !== null ? `${key}=${sprint(value)}` : key);

function textItem(item: Tree, { path, report }: Context): string | undefined {
  if (item.kind === "leaf" && typeof item.value === "string") return item.value;
  report.error(item, path, { code: "wrong-type", message: "an item must be text: KEY=VALUE" });
  return undefined;
}

function mapValues(tree: Tree, textFor: (leaf: Leaf) => string | null): Tree {
  if (tree.kind !== "dict") return tree;
  return mapChildren(tree, (item) => {
    if (item.kind !== "leaf") return item;
    const value = textFor(item);
    return value === item.value && item.as === undefined ? item : leaf(item, value);
  });
}
