import type { CheckContext, Locate } from "./attribute.ts";
import { attributes } from "./attributes/attributes.ts";
import { change } from "./convert.ts";
import { isAbsolute, isWindowsPath, joinPath } from "./paths.ts";
import type { Scope } from "./scope.ts";
import type { Session } from "./session.ts";
import {
  dict,
  entriesOf,
  get,
  isNull,
  leaf,
  list,
  type Tree,
  textOf,
  withEntries,
} from "./tree.ts";

/** Relative paths made paths of the project directory. */
export function locatePaths(tree: Tree, scope: Scope): Tree {
  if (!scope.locates) return tree;
  const file = (path: string): string => locate(path, scope);
  const context = (path: string): string => (isAddress(path) ? path : file(path));
  const how: Locate = { file, context };
  return change(tree, attributes.locate, [], (node, rule) => rule(node, how));
}

/** The rules of single attributes that the schema cannot tell. */
export function runChecks(tree: Tree, { dialect, report }: Session): void {
  const path: (string | number)[] = [];
  const at: CheckContext = { path, report, dialect };
  change(tree, attributes.check, path, (node, check) => {
    check(node, at);
    return node;
  });
}

/** Variables that services name without a value, where the surroundings have one. */
export function fillEnvironment(model: Tree, scope: Scope): Tree {
  const services = get(model, "services");
  if (model.kind !== "dict" || services?.kind !== "dict") return model;
  const filled = new Map<string, Tree>();
  for (const [name, service] of services.entries) {
    const environment = get(service, "environment");
    filled.set(
      name,
      service.kind === "dict" && environment !== undefined
        ? withEntries(service, { environment: filledIn(environment, scope) })
        : service,
    );
  }
  return withEntries(model, { services: dict(services, filled) });
}

function filledIn(environment: Tree, scope: Scope): Tree {
  if (environment.kind === "list")
    return list(
      environment,
      environment.items.map((item) => {
        const name = textOf(item);
        const value = name === undefined || name.includes("=") ? undefined : scope.variable(name);
        return value === undefined ? item : leaf(item, `${name}=${value}`);
      }),
    );
  if (environment.kind !== "dict") return environment;
  const entries = Array.from(entriesOf(environment), ([name, value]): [string, Tree] => {
    const found = isNull(value) ? scope.variable(name) : undefined;
    return [name, found === undefined ? value : leaf(value, found)];
  });
  return dict(environment, new Map(entries));
}

function locate(path: string, scope: Scope): string {
  if (path === "~" || path.startsWith("~/")) {
    const home = scope.variable("HOME");
    return home === undefined ? path : joinPath(home, path.slice(2));
  }
  return isAbsolute(path) || isWindowsPath(path) ? path : joinPath(scope.prefix, path);
}

const isAddress = (path: string): boolean =>
  path.includes("://") || /^(?:service:|git@|github\.com\/)/.test(path);
