import type { Locate } from "./attribute.ts";
import { attributes } from "./attributes/attributes.ts";
import { mapChildren, mapServices } from "./children.ts";
import { change } from "./convert.ts";
import { isAbsolute, isWindowsPath, joinPath } from "./paths.ts";
import type { Scope } from "./scope.ts";
import type { Session } from "./session.ts";
import { type Dict, get, isNull, leaf, type Tree, textOf, withEntries } from "./tree.ts";

/** Relative paths made paths of the project directory. */
export function locatePaths(tree: Tree, scope: Scope): Tree {
  if (!scope.locates) return tree;
  const how = located(scope);
  return change(tree, attributes.locate, [], (node, rule) => rule(node, how));
}

/** What every file together leaves open: defaults, then the rules that the schema cannot tell, then paths. */
export function complete(tree: Tree, { dialect, report }: Session, scope: Scope): Tree {
  const path: (string | number)[] = [];
  const at = { path, report, dialect };
  const how = located(scope);
  return change(tree, attributes.complete, path, (node, { check, defaults, locate }) => {
    const whole = defaults === undefined ? node : defaults(node, at);
    check?.(whole, at);
    return locate === undefined || !scope.locates ? whole : locate(whole, how);
  });
}

function located(scope: Scope): Locate {
  const file = (path: string): string => (isWindowsPath(path) ? path : locate(path, scope));
  return { file, context: (path) => (isAddress(path) ? path : locate(path, scope)) };
}

/** Variables that services name without a value, where the surroundings have one. */
export const fillEnvironment = (model: Dict, { variable }: Scope): Dict =>
  mapServices(model, (service) => {
    const environment = get(service, "environment");
    const filled =
      environment && mapChildren(environment, (entry, key) => fill(entry, key, variable));
    return withEntries(service, { environment: filled });
  });

/** `NAME:` of a mapping, or `- NAME` of a list. */
function fill(entry: Tree, key: string | number, variable: Scope["variable"]): Tree {
  if (typeof key === "string") {
    const value = isNull(entry) ? variable(key) : undefined;
    return value === undefined ? entry : leaf(entry, value);
  }
  const name = textOf(entry);
  const value = name === undefined || name.includes("=") ? undefined : variable(name);
  return value === undefined ? entry : leaf(entry, `${name}=${value}`);
}

function locate(path: string, scope: Scope): string {
  if (path === "~" || path.startsWith("~/")) {
    const home = scope.variable("HOME");
    return home === undefined ? path : joinPath(home, path.slice(2));
  }
  return isAbsolute(path) ? path : joinPath(scope.prefix, path);
}

const isAddress = (path: string): boolean =>
  path.includes("://") || /^(?:service:|git@|github\.com\/)/.test(path);
