import type { Attribute, Attributes, Merge } from "../attribute.ts";
import { sprint } from "../scalar.ts";
import { dict, get, leaf, list, type Tree, textOf, withEntries } from "../tree.ts";
import { pairKey, toPairs } from "./pairs.ts";

const itemText = (item: Tree): string =>
  item.kind === "leaf" ? sprint(item) : (textOf(get(item, "path")) ?? "");

/** One text, or several. */
const toList = (tree: Tree): Tree =>
  textOf(tree) === undefined
    ? tree
    : list({ ...tree, key: tree.key }, [leaf({ ...tree, key: -1 }, textOf(tree) ?? "")]);

const appendLists: Merge = (base, over, { plain }) => plain(toList(base), toList(over));

const oneOrMore: Attribute = {
  merge: appendLists,
  unique: (item) => itemText(item).replace(/=.*$/s, ""),
  canonical: toList,
};

const set: Attribute = { unique: pairKey };

/** Lists without a syntax of their own, and what stands for one item. */
export const lists: Attributes = {
  "services.*.dns": { ...oneOrMore, canonical: (tree) => withoutEmpty(toList(tree)) },
  "services.*.dns_opt": set,
  "services.*.dns_search": oneOrMore,
  "services.*.label_file": {
    ...oneOrMore,
    locate: (tree, { file }) => mapTexts(tree, file),
  },
  "services.*.tmpfs": oneOrMore,
  "services.*.cap_add": set,
  "services.*.cap_drop": set,
  "services.*.profiles": set,
  "services.*.links": set,
  "services.*.group_add.*": {
    form: (tree) => (tree.kind === "leaf" ? leaf(tree, sprint(tree)) : tree),
  },
  "services.*.env_file": {
    merge: appendLists,
    unique: itemText,
    canonical: (tree) => envFiles(toList(tree)),
    locate: (tree, { file }) =>
      tree.kind === "list"
        ? list(
            tree,
            tree.items.map((item) => withPath(item, file)),
          )
        : tree,
  },
  "services.*.extra_hosts": { merge: mergeHosts, form: hosts },
  "services.*.build.extra_hosts": { merge: mergeHosts, form: hosts },
  "services.*.develop.watch.*.ignore": { form: toList },
  "services.*.develop.watch.*.include": { form: toList },
};

/** An empty address, which a variable without a value leaves behind, is none. */
function withoutEmpty(tree: Tree): Tree {
  if (tree.kind !== "list" || !tree.items.some((item) => textOf(item) === "")) return tree;
  return list(
    tree,
    tree.items.filter((item) => textOf(item) !== ""),
  );
}

function mapTexts(tree: Tree, change: (text: string) => string): Tree {
  if (tree.kind !== "list") return tree;
  return list(
    tree,
    tree.items.map((item) => {
      const text = textOf(item);
      return text === undefined ? item : leaf(item, change(text));
    }),
  );
}

function envFiles(tree: Tree): Tree {
  if (tree.kind !== "list") return tree;
  const items = tree.items.map((item) => {
    const entries = item.kind === "dict" ? item.entries : new Map([["path", item]]);
    return dict(item, new Map([["required", leaf(item, true)], ...entries]));
  });
  return list(tree, items);
}

function withPath(item: Tree, file: (path: string) => string): Tree {
  const path = get(item, "path");
  const text = textOf(path);
  if (item.kind !== "dict" || path === undefined || text === undefined) return item;
  return withEntries(item, { path: leaf(path, file(text)) });
}

/** Two addresses of one host are two entries; the same line twice is one. */
function mergeHosts(...[base, over]: Parameters<Merge>): Tree {
  const items = [...toPairs(base)];
  const seen = new Set(items.map(textOf));
  for (const item of toPairs(over)) if (!seen.has(textOf(item))) items.push(item);
  return list(base, items);
}

function hosts(...[tree, { path, report }]: Parameters<NonNullable<Attribute["form"]>>): Tree {
  const lines: Tree[] = [];
  for (const item of toPairs(tree)) {
    const text = textOf(item) ?? "";
    const [, host = "", addresses] = /^(.*?)=(.*)$/s.exec(text) ?? /^(.*?):(.*)$/s.exec(text) ?? [];
    if (host === "" || addresses === undefined)
      report.error(item, path, {
        code: "invalid-value",
        message: `${JSON.stringify(text)} gives no address for a host`,
        help: "write host=address",
      });
    for (const address of (addresses ?? "").split(","))
      lines.push(leaf(item, `${host}=${address.replace(/^\[(.*)\]$/, "$1")}`));
  }
  return list(
    tree,
    lines.sort((a, b) => ((textOf(a) ?? "") < (textOf(b) ?? "") ? -1 : 1)),
  );
}
