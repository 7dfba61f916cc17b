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
  if (text !== undefined) {
    const mount = shortMount(text);
    return typeof mount === "string" ? path.join(".") : mount.target;
  }
  const target = textOf(get(item, "target"));
  if (item.kind === "dict" && target === undefined)
    report.error(item, path, {
      code: "missing-key",
      message: "a mount needs a target",
      help: "add target",
    });
  return target ?? path.join(".");
}

function spelledOut(tree: Tree, { path, report }: Context): Tree {
  const text = textOf(tree);
  if (tree.kind !== "leaf" || text === undefined) return tree;
  const mount = shortMount(text);
  if (typeof mount !== "string") return longMount(tree, mount);
  report.error(tree, path, {
    code: "invalid-mount",
    message: `${JSON.stringify(text)}: ${mount}`,
    help: "write it as source:target[:options]",
  });
  return tree;
}

interface ShortMount {
  /** Undefined: the target is all there is. */
  readonly source: string | undefined;
  readonly target: string;
  readonly options: readonly string[];
  /** So short that it is never split. */
  readonly tiny: boolean;
}

/** `[source:]target[:option,…]` in its parts; or what is wrong with it. */
function shortMount(spec: string): ShortMount | string {
  if (spec === "") return "a mount cannot be empty";
  const tiny = spec.length <= 2;
  const parts = tiny ? [spec] : sections(spec);
  if (parts.includes("")) return "nothing stands between two colons";
  const [first = "", second, options = "", ...more] = parts;
  if (more.length > 0) return "there are too many colons";
  const [source, target] = second === undefined ? [undefined, first] : [first, second];
  return {
    source,
    target: cleanPath(target) || ".",
    options: options === "" ? [] : options.split(","),
    tiny,
  };
}

/**
 * Split at colons, but for those inside `${…}`, and the one of a drive: a single letter is always
 * taken for one.
 */
function sections(spec: string): readonly string[] {
  const parts: string[] = [];
  let part = "";
  let depth = 0;
  for (const [token] of spec.matchAll(/\$\{|[:}]|[^$:}]+|\$/g)) {
    if (token === "${") depth += 1;
    else if (token === "}" && depth > 0) depth -= 1;
    if (token === ":" && depth === 0 && !/^\p{L}$/u.test(part)) {
      parts.push(part);
      part = "";
    } else part += token;
  }
  return [...parts, part];
}

function longMount(at: Leaf, { source, target, options, tiny }: ShortMount): Tree {
  const isBind = source !== undefined && /^(?:[./~]|\\\\|\p{L}:)/u.test(source);
  const last = (pattern: RegExp) => options.findLast((word) => pattern.test(word));
  const access = last(/^r[ow]$/);
  const nocopy = options.includes("nocopy") ? leaf(at, true) : undefined;
  return dictOf(at, {
    type: leaf(at, isBind ? "bind" : "volume"),
    source: textLeaf(at, source),
    target: leaf(at, target),
    read_only: access === "ro" ? leaf(at, true) : undefined,
    bind: bindOptions(at, isBind, last),
    volume: (isBind && nocopy === undefined) || tiny ? undefined : dictOf(at, { nocopy }),
  });
}

function bindOptions(
  at: Leaf,
  isBind: boolean,
  last: (pattern: RegExp) => string | undefined,
): Tree | undefined {
  const bind = dictOf(at, {
    propagation: textLeaf(at, last(/^r?(?:private|shared|slave)$/)),
    selinux: textLeaf(at, last(/^z$/i)),
    create_host_path: isBind ? leaf(at, true) : undefined,
  });
  return bind.entries.size > 0 ? bind : undefined;
}

const textLeaf = (at: Leaf, text: string | undefined): Leaf | undefined =>
  text === undefined ? undefined : leaf(at, text);

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
