import type { Attributes, Context } from "../attribute.ts";
import { dict, dictOf, get, isNull, leaf, list, type Tree, textOf, withEntries } from "../tree.ts";

const deviceRequests = {
  defaults: allOfThem,
  check: countOrIds,
} as const;

/** What of the host a container may use. */
export const resources: Attributes = {
  "services.*.ulimits.*": { merge: (_, over) => over, form: zeroLimit },
  "services.*.build.ulimits.*": { form: zeroLimit },
  "services.*.devices": { unique: deviceTarget },
  "services.*.devices.*": { canonical: device },
  "services.*.gpus": {
    canonical: (tree) =>
      textOf(tree) === "all" ? list(tree, [dictOf(tree, { count: leaf(tree, "all") })]) : tree,
  },
  "services.*.gpus.*": deviceRequests,
  "services.*.deploy.resources.reservations.devices.*": deviceRequests,
};

function deviceTarget(item: Tree, { path }: Context): string {
  // As it is written: `/a::rw` has none, though it is mounted at /a.
  const [source, target = source] = textOf(item)?.split(":") ?? [];
  return target ?? textOf(get(item, "target")) ?? textOf(get(item, "source")) ?? path.join(".");
}

/** `source[:target[:permissions]]`. */
function device(tree: Tree, context: Context | undefined): Tree {
  const text = textOf(tree);
  if (text === undefined) return tree;
  const [source = "", given = "", permissions = "rwm", ...more] = text.split(":");
  const target = given === "" ? source : given;
  if (more.length > 0)
    context?.report.error(tree, context.path, {
      code: "invalid-value",
      message: `${JSON.stringify(text)} has too many colons for a device`,
      help: "write it as source:target:permissions",
    });
  return dictOf(tree, {
    source: leaf(tree, source),
    target: leaf(tree, target),
    permissions: leaf(tree, permissions),
  });
}

/** No limit at all is how the reference spells a limit of zero. */
function zeroLimit(tree: Tree): Tree {
  return tree.kind === "leaf" && tree.value === 0 ? dict(tree, new Map()) : tree;
}

function allOfThem(tree: Tree): Tree {
  if (tree.kind !== "dict" || tree.entries.has("count") || tree.entries.has("device_ids"))
    return tree;
  return withEntries(tree, { count: leaf(tree, "all") });
}

function countOrIds(tree: Tree, { path, report }: Context): void {
  const count = get(tree, "count");
  if (count === undefined || isNull(count) || get(tree, "device_ids") === undefined) return;
  report.error(count, path, {
    code: "exclusive-keys",
    message: "count and device_ids are both set",
    help: "keep one of the two",
  });
}
