import type { Attributes, Locate } from "../attribute.ts";
import { dict, dictOf, isNull, leaf, list, type Tree, textOf, withEntries } from "../tree.ts";
import { toPairs } from "./pairs.ts";

export const build: Attributes = {
  "services.*.build": {
    canonical: spelledOut,
    merge: (base, over, context) => context.plain(asMapping(base), asMapping(over)),
  },
  "services.*.build.context": { locate: (tree, { context }) => located(tree, context) },
  "services.*.build.additional_contexts.*": {
    locate: (tree, { context }) => located(tree, context),
  },
  "services.*.build.ssh": { canonical: sshKeys, form: sshList },
  "services.*.build.ssh.*": { locate: (tree, { file }) => located(tree, file) },
  "services.*.build.tags": { unique: (item) => textOf(item) ?? "" },
  "services.*.build.provenance": { canonical: switchAsText },
  "services.*.build.sbom": { canonical: switchAsText },
  "services.*.pull_policy": {
    form: (tree) => (textOf(tree) === "if_not_present" ? leaf(tree, "missing") : tree),
  },
};

/** A path's leaf with the path located; what is no text stays. */
export function located(tree: Tree, locate: Locate["file"]): Tree {
  const path = textOf(tree);
  return path === undefined ? tree : leaf(tree, locate(path));
}

function asMapping(tree: Tree): Tree {
  return textOf(tree) === undefined ? tree : dictOf(tree, { context: tree });
}

function spelledOut(tree: Tree): Tree {
  const mapping = asMapping(tree);
  if (mapping.kind !== "dict" || mapping.entries.has("context")) return mapping;
  return withEntries(mapping, { context: leaf(mapping, ".") });
}

/** `default`, `id=path`, or a list or mapping of them. */
function sshKeys(tree: Tree): Tree {
  if (tree.kind === "dict") return tree;
  const entries = toPairs(tree).map((item): [string, Tree] => {
    const text = textOf(item) ?? "";
    const equals = text.indexOf("=");
    return equals < 0
      ? [text, leaf(item, null)]
      : [text.slice(0, equals), leaf(item, text.slice(equals + 1))];
  });
  return dict(tree, new Map(entries));
}

function sshList(tree: Tree): Tree {
  if (tree.kind !== "dict") return tree;
  const items = Array.from(tree.entries, ([id, path]) =>
    leaf(path, isNull(path) ? id : `${id}=${textOf(path) ?? ""}`),
  );
  return list(tree, items);
}

function switchAsText(tree: Tree): Tree {
  return tree.kind === "leaf" && typeof tree.value === "boolean"
    ? leaf(tree, String(tree.value))
    : tree;
}
