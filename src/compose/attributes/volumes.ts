import type { Attributes, Context } from "../attribute.ts";
import { cleanPath } from "../paths.ts";
import { dictOf, get, isNull, type Leaf, leaf, type Tree, textOf, withEntries } from "../tree.ts";

export const volumes: Attributes = {
  "services.*.volumes": { unique: mountTarget },
  "services.*.volumes.*": {
    canonical: spelledOut,
    check: checkSource,
    locate: (tree, { file }) => {
      const source = get(tree, "source");
      const path = textOf(source);
      if (tree.kind !== "dict" || source === undefined || path === undefined) return tree;
      if (textOf(get(tree, "type")) !== "bind") return tree;
      return withEntries(tree, { source: leaf(source, file(path)) });
    },
    form: cleanTarget,
  },
};

function mountTarget(item: Tree, { path, report }: Context): string {
  const text = textOf(item);
  const mount = item.kind === "leaf" && text !== undefined ? parseMount(item, text) : item;
  const target = typeof mount === "string" ? undefined : textOf(get(mount, "target"));
  if (item.kind === "dict" && target === undefined)
    report.error(item, path, {
      code: "missing-key",
      message: "a mount needs a target",
      help: "add target",
    });
  return target ?? path.join(".");
}

function spelledOut(tree: Tree, { path, report, lenient }: Context): Tree {
  const text = textOf(tree);
  if (tree.kind !== "leaf" || text === undefined) return tree;
  const mount = parseMount(tree, text);
  if (typeof mount !== "string") return mount;
  if (lenient === true) return tree;
  report.error(tree, path, {
    code: "invalid-mount",
    message: `${JSON.stringify(text)}: ${mount}`,
    help: "write it as source:target[:options]",
  });
  return tree;
}

/** `[source:]target[:option,…]` as a mapping; or what is wrong with it. */
function parseMount(at: Leaf, spec: string): Tree | string {
  if (spec === "") return "a mount cannot be empty";
  const target = (path: string): Tree => leaf(at, cleanPath(path) || ".");
  // So short a text is never split: it is the target, of a volume without a name.
  if (spec.length <= 2) return dictOf(at, { type: leaf(at, "volume"), target: target(spec) });
  const parts = sections(spec);
  if (parts.includes("")) return "nothing stands between two colons";
  const [first = "", second, options = "", ...more] = parts;
  if (more.length > 0) return "there are too many colons";
  if (second === undefined) return mount(at, { source: "", target: target(first), options });
  return mount(at, { source: first, target: target(second), options });
}

interface ShortMount {
  readonly source: string;
  readonly target: Tree;
  readonly options: string;
}

function mount(at: Leaf, { source, target, options }: ShortMount): Tree {
  const isBind = /^(?:[./~]|\\\\|\p{L}:)/u.test(source);
  const words = options.split(",");
  const last = (pattern: RegExp) => words.findLast((word) => pattern.test(word));
  const access = last(/^r[ow]$/);
  const bind = dictOf(at, {
    propagation: textLeaf(at, last(/^r?(?:private|shared|slave)$/)),
    selinux: textLeaf(at, last(/^z$/i)),
    create_host_path: isBind ? leaf(at, true) : undefined,
  });
  const nocopy = words.includes("nocopy") ? leaf(at, true) : undefined;
  return dictOf(at, {
    type: leaf(at, isBind ? "bind" : "volume"),
    source: textLeaf(at, source === "" ? undefined : source),
    target,
    read_only: access === undefined ? undefined : leaf(at, access === "ro"),
    bind: bind.entries.size > 0 ? bind : undefined,
    volume: isBind && nocopy === undefined ? undefined : dictOf(at, { nocopy }),
  });
}

const textLeaf = (at: Leaf, text: string | undefined): Leaf | undefined =>
  text === undefined ? undefined : leaf(at, text);

/** Split at colons, but for the one of a drive: a single letter is always taken for one. */
function sections(spec: string): readonly string[] {
  const parts: string[] = [];
  let part = "";
  for (const char of spec) {
    if (char === ":" && !/^\p{L}$/u.test(part)) {
      parts.push(part);
      part = "";
    } else part += char;
  }
  return [...parts, part];
}

function checkSource(tree: Tree, { path, report }: Context): void {
  const source = get(tree, "source");
  if (textOf(get(tree, "type")) !== "bind") return;
  if (source !== undefined && !isNull(source) && textOf(source) !== "") return;
  report.error(tree, path, {
    code: "missing-key",
    message: "a bind mount needs a source",
    help: "add source: the path on the host",
  });
}

function cleanTarget(tree: Tree): Tree {
  const target = get(tree, "target");
  const path = textOf(target);
  if (tree.kind !== "dict" || target === undefined || path === undefined || path === "")
    return tree;
  return withEntries(tree, { target: leaf(target, cleanPath(path) || ".") });
}
