import type { Attribute, Attributes, CheckContext } from "../attribute.ts";
import { get, isNull, leaf, type Tree, textOf, withEntries } from "../tree.ts";
import { located } from "./build.ts";

/** Top-level objects that come from somewhere: a file, a variable, or outside the project. */
export const sources: Attributes = {
  "secrets.*": { check: checkSource("secrets", ["file", "environment"]) },
  "secrets.*.file": { locate: (tree, { file }) => located(tree, file) },
  "configs.*": { check: checkSource("configs", ["file", "environment", "content"]) },
  "configs.*.file": { locate: (tree, { file }) => located(tree, file) },
  "volumes.*": { check: checkExternal, locate: bindDevice },
  "services.*.develop.watch.*.path": {
    check: checkWatched,
    locate: (tree, { file }) => located(tree, file),
  },
};

function checkSource(kind: string, keys: readonly string[]): NonNullable<Attribute["check"]> {
  return (tree, { path, report, dialect }) => {
    if (tree.kind !== "dict") return;
    const set = keys.filter((key) => tree.entries.has(key));
    const choice = keys.join(", ");
    if (set.length > 1)
      report.error(tree, path, {
        code: "exclusive-keys",
        message: `${set.join(" and ")} exclude each other`,
        help: `keep one of ${choice}`,
      });
    const elsewhere = tree.entries.has("driver") || tree.entries.has("external");
    if (set.length > 0 || elsewhere || dialect.sourceless.has(kind)) return;
    report.error(tree, path, {
      code: "missing-key",
      message: `one of ${choice} must be set`,
      help: `add one of ${choice}, or external: true`,
    });
  };
}

function checkExternal(tree: Tree, { path, report }: CheckContext): void {
  const external = get(tree, "external");
  if (tree.kind !== "dict" || external?.kind !== "leaf" || external.value !== true) return;
  for (const [key, value] of tree.entries) {
    if (key === "name" || key === "external" || key.startsWith("x-")) continue;
    report.error(value, [...path, key], {
      code: "exclusive-keys",
      message: `external and ${key} exclude each other`,
      help: `remove ${key}: the volume is made elsewhere`,
    });
  }
}

/** A local volume that is a bind mount by its options has a path in them. */
function bindDevice(...[tree, { file }]: Parameters<NonNullable<Attribute["locate"]>>): Tree {
  const options = get(tree, "driver_opts");
  const device = get(options, "device");
  if (tree.kind !== "dict" || options?.kind !== "dict" || device === undefined) return tree;
  if (textOf(get(tree, "driver")) !== "local" || textOf(get(options, "o")) !== "bind") return tree;
  const path = textOf(device);
  if (path === undefined) return tree;
  return withEntries(tree, {
    driver_opts: withEntries(options, { device: leaf(device, file(path)) }),
  });
}

function checkWatched(tree: Tree, { path, report }: CheckContext): void {
  if (isNull(tree) || textOf(tree) !== "") return;
  report.error(tree, path, { code: "missing-key", message: "the path to watch is empty" });
}
