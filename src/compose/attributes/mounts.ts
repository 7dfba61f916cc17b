import type { Attributes, Context } from "../attribute.ts";
import { sprint } from "../scalar.ts";
import { dictOf, get, leaf, type Tree, textOf, withEntries } from "../tree.ts";

export const mounts: Attributes = {
  "services.*.secrets": { unique: targetUnder("/run/secrets") },
  "services.*.secrets.*": { canonical: spelledOut, defaults: secretTarget },
  "services.*.build.secrets.*": { canonical: spelledOut },
  "services.*.configs": { unique: targetUnder("") },
  "services.*.configs.*": { canonical: spelledOut },
};

function targetUnder(directory: string) {
  return (item: Tree, { path }: Context): string => {
    const source = textOf(item) ?? textOf(get(item, "source"));
    const target = get(item, "target");
    if (target?.kind === "leaf") return sprint(target);
    return source === undefined ? path.join(".") : `${directory}/${source}`;
  };
}

function spelledOut(tree: Tree): Tree {
  return textOf(tree) === undefined ? tree : dictOf(tree, { source: tree });
}

function secretTarget(tree: Tree): Tree {
  const source = get(tree, "source");
  if (tree.kind !== "dict" || tree.entries.has("target") || source === undefined) return tree;
  return withEntries(tree, { target: leaf(source, `/run/secrets/${textOf(source) ?? ""}`) });
}
