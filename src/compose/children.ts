import {
  type Dict,
  dict,
  entriesCopied,
  get,
  type List,
  list,
  type Tree,
  withEntries,
} from "./tree.ts";

/** A tree with each child replaced; the same tree if none is. */
export function mapChildren(
  tree: Tree,
  replace: (child: Tree, part: string | number) => Tree,
): Tree {
  if (tree.kind === "leaf") return tree;
  if (tree.kind === "list") return mapItems(tree, replace);
  let entries: Map<string, Tree> | undefined;
  tree.entries.forEach((value, key) => {
    const next = replace(value, key);
    if (next === value) return;
    entries ??= entriesCopied(tree);
    entries.set(key, next);
  });
  return entries === undefined ? tree : dict(tree, entries);
}

/** A mapping with the entries under certain keys replaced; the same one if none is. */
export function mapNamed(
  tree: Dict,
  keys: ReadonlyMap<string, unknown>,
  replace: (child: Tree, key: string) => Tree,
): Dict {
  let entries: Map<string, Tree> | undefined;
  keys.forEach((_, key) => {
    const value = tree.entries.get(key);
    const next = value && replace(value, key);
    if (next === undefined || next === value) return;
    entries ??= entriesCopied(tree);
    entries.set(key, next);
  });
  return entries === undefined ? tree : dict(tree, entries);
}

/** A model with each service replaced; the same model if none is. */
export function mapServices(model: Dict, replace: (service: Dict, name: string) => Tree): Dict {
  const services = get(model, "services");
  if (services === undefined) return model;
  const replaced = mapChildren(services, (service, name) =>
    service.kind === "dict" ? replace(service, String(name)) : service,
  );
  return withEntries(model, { services: replaced });
}

function mapItems(tree: List, replace: (item: Tree, index: number) => Tree): Tree {
  let items: Tree[] | undefined;
  tree.items.forEach((item, i) => {
    const next = replace(item, i);
    if (next === item) return;
    items ??= [...tree.items];
    items[i] = next;
  });
  return items === undefined ? tree : list(tree, items);
}
