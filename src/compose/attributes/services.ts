import type { Attributes, Context, Merge } from "../attribute.ts";
import {
  dict,
  dictOf,
  get,
  isNull,
  itemsOf,
  leaf,
  list,
  type Tree,
  textOf,
  withEntries,
} from "../tree.ts";
import { located } from "./build.ts";

// How services name each other, their networks and models, and how they log.

export const relations: Attributes = {
  services: { merge: mergeServices },
  "services.*.depends_on": {
    merge: (base, over, context) => context.plain(toDependencies(base), toDependencies(over)),
    canonical: toDependencies,
  },
  "services.*.depends_on.*": {
    defaults: (tree) =>
      tree.kind !== "dict" || tree.entries.has("required")
        ? tree
        : withEntries(tree, { required: leaf(tree, true) }),
  },
  "services.*.networks": namesOrMapping(),
  "services.*.networks.*.aliases": { unique: (item) => textOf(item) ?? "" },
  "services.*.networks.*.link_local_ips": { unique: (item) => textOf(item) ?? "" },
  "services.*.models": namesOrMapping(),
  "services.*.provider.options.*": {
    form: (tree) => (tree.kind === "leaf" ? list(tree, [tree]) : tree),
  },
  "services.*.logging": { merge: mergeLogging },
  "services.*.extends": {
    canonical: (tree) => (textOf(tree) === undefined ? tree : dictOf(tree, { service: tree })),
  },
  "services.*.extends.file": { locate: (tree, { file }) => located(tree, file) },
  "networks.*.ipam.config": { merge: mergeSubnets },
  "volumes.*": { canonical: external },
  "networks.*": { canonical: external },
  "secrets.*": { canonical: external },
  "configs.*": { canonical: external },
};

function toDependencies(tree: Tree): Tree {
  if (tree.kind !== "list") return tree;
  return dict(
    tree,
    new Map(
      tree.items.map((item) => [
        textOf(item) ?? "",
        dictOf(item, {
          condition: leaf(item, "service_started"),
          required: leaf(item, true),
        }),
      ]),
    ),
  );
}

/** Any other mapping may be left empty in a later file; the services may not. */
function mergeServices(...[base, over, { path, plain, report }]: Parameters<Merge>): Tree {
  if (!isNull(over)) return plain(base, over);
  report.error(over, path, {
    code: "wrong-type",
    message: "must be a mapping",
    help: "remove it, or name the services below it",
  });
  return base;
}

function namesOrMapping() {
  const toMapping = (tree: Tree): Tree =>
    tree.kind === "list"
      ? dict(tree, new Map(tree.items.map((item) => [textOf(item) ?? "", leaf(item, null)])))
      : tree;
  const merge: Merge = (base, over, context) => context.plain(toMapping(base), toMapping(over));
  return { merge, canonical: toMapping };
}

/** Options of one driver mean nothing to another. */
function mergeLogging(...[base, over, { plain }]: Parameters<Merge>): Tree {
  const [before, after] = [textOf(get(base, "driver")), textOf(get(over, "driver"))];
  const same = before === undefined || after === undefined || before === after;
  return same ? plain(base, over) : over;
}

function mergeSubnets(...[base, over, { plain }]: Parameters<Merge>): Tree {
  if (base.kind !== "list" || over.kind !== "list") return plain(base, over);
  const merged = [...base.items];
  for (const item of over.items) {
    const subnet = textOf(get(item, "subnet"));
    const at = merged.findIndex((earlier) => textOf(get(earlier, "subnet")) === subnet);
    const earlier = merged[at];
    if (earlier === undefined) merged.push(item);
    else merged[at] = plain(earlier, item);
  }
  return list(base, merged);
}

/** `external: {name: n}`: the old way to say `external: true` and `name: n`. */
function external(tree: Tree, { path, report }: Context): Tree {
  const old = get(tree, "external");
  if (tree.kind !== "dict" || old?.kind !== "dict") return tree;
  const name = get(old, "name");
  const own = get(tree, "name");
  if (name !== undefined && own !== undefined)
    report.error(old, [...path, "external"], {
      code: "exclusive-keys",
      message: "name and external.name are both set",
      help: "keep name alone, with external: true",
    });
  else
    report.warning(old, [...path, "external"], {
      code: "deprecated",
      message: "external.name is an old form",
      help: "write name beside external: true",
    });
  const entries = new Map(tree.entries).set("external", leaf(old, true));
  if (own === undefined && name !== undefined) entries.set("name", name);
  return dict(tree, entries);
}

/** The names in a list, for those that may stand in one. */
export const namesIn = (tree: Tree | undefined): readonly string[] =>
  itemsOf(tree).flatMap((item) => textOf(item) ?? []);
