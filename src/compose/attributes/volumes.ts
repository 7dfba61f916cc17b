import type { Attributes, Context } from "../attribute.ts";
import { cleanPath } from "../paths.ts";
import { dict, get, isNull, type Leaf, leaf, type Tree, textOf, withEntries } from "../tree.ts";

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
  // So short a text is never split: it is the target, of a volume without a name.
  if (spec.length <= 2)
    return dict(
      at,
      new Map([
        ["type", leaf(at, "volume")],
        ["target", leaf(at, cleanPath(spec) || ".")],
      ]),
    );
  const parts = sections(spec);
  if (parts.includes("")) return "nothing stands between two colons";
  const [first = "", second, ...options] = parts;
  if (options.length > 1) return "there are too many colons";
  const source = second === undefined ? "" : first;
  const mount = new Map<string, Tree>();
  const bind = isFilePath(source);
  mount.set("type", leaf(at, bind ? "bind" : "volume"));
  if (source !== "") mount.set("source", leaf(at, source));
  mount.set("target", leaf(at, cleanPath(second ?? first) || "."));
  const detail = new Map<string, Tree>();
  for (const option of (options[0] ?? "").split(",")) applyOption(at, option, mount, detail);
  if (bind) detail.set("create_host_path", leaf(at, true));
  addDetails(at, mount, detail, bind);
  return dict(at, mount);
}

function addDetails(
  at: Leaf,
  mount: Map<string, Tree>,
  detail: ReadonlyMap<string, Tree>,
  bind: boolean,
): void {
  const of = (keys: readonly string[]) =>
    new Map([...detail].filter(([key]) => keys.includes(key)));
  const bindDetail = of(["propagation", "selinux", "create_host_path"]);
  const volumeDetail = of(["nocopy"]);
  if (bind || bindDetail.size > 0) mount.set("bind", dict(at, bindDetail));
  if (!bind || volumeDetail.size > 0) mount.set("volume", dict(at, volumeDetail));
}

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

const isFilePath = (source: string): boolean => /^(?:[./~]|\\\\|\p{L}:)/u.test(source);

function applyOption(
  at: Leaf,
  option: string,
  mount: Map<string, Tree>,
  detail: Map<string, Tree>,
): void {
  if (option === "ro" || option === "rw") mount.set("read_only", leaf(at, option === "ro"));
  else if (option === "nocopy") detail.set("nocopy", leaf(at, true));
  else if (/^r?(?:private|shared|slave)$/.test(option)) detail.set("propagation", leaf(at, option));
  else if (option === "z" || option === "Z") detail.set("selinux", leaf(at, option));
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
