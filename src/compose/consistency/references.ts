import type { Report } from "../report.ts";
import { entriesOf, get, itemsOf, type Path, type Tree, textOf } from "../tree.ts";
import type { ServiceCheck, Whole } from "./whole.ts";

/** Whether what a service names is there. */
export const references: readonly ServiceCheck[] = [
  checkContexts,
  checkNetworks,
  checkDependencies,
  checkSources,
];

function checkContexts(service: Tree, path: Path, { model, report }: Whole): void {
  const build = get(service, "build");
  for (const [key, context] of entriesOf(get(build, "additional_contexts"))) {
    const [, target] = /^service:(.*)$/s.exec(textOf(context) ?? "") ?? [];
    if (target === undefined) continue;
    const other = get(get(model, "services"), target);
    if (other === undefined || get(other, "build") === undefined)
      undefinedName(context, [...path, "build", "additional_contexts", key], report, {
        kind: "service that is built",
        name: target,
      });
  }
}
function checkNetworks(service: Tree, path: Path, { model, report }: Whole): void {
  const defined = get(model, "networks");
  for (const [name, network] of entriesOf(get(service, "networks"))) {
    const at = [...path, "networks", name];
    if (get(defined, name) === undefined)
      undefinedName(network, at, report, { kind: "network", name });
    // The reference takes such a name for an extension, and then misses the network.
    else if (name.startsWith("x-"))
      report.error(network, at, {
        code: "invalid-name",
        message: `a service cannot join a network whose name begins with x-`,
        help: "name the network otherwise",
      });
  }
}

function checkDependencies(service: Tree, path: Path, whole: Whole): void {
  const services = get(whole.model, "services");
  for (const [name, how] of entriesOf(get(service, "depends_on"))) {
    if (get(services, name) !== undefined || whole.families.has(name)) continue;
    const off = whole.disabled.has(name);
    if (off && isOptional(how)) continue;
    whole.report.error(how, [...path, "depends_on", name], {
      code: "unknown-service",
      message: off ? `the profile of ${name} is not on` : `there is no service ${name}`,
      help: off ? "turn it on, or write required: false" : "define it, or remove the dependency",
    });
  }
}

function isOptional(dependency: Tree): boolean {
  const required = get(dependency, "required");
  return required?.kind === "leaf" && required.value === false;
}

function checkSources(service: Tree, path: Path, { model, report }: Whole): void {
  const check = (kind: string, name: string | undefined, at: Tree, where: Path): void => {
    if (name === undefined || name === "" || get(get(model, `${kind}s`), name) !== undefined)
      return;
    undefinedName(at, [...path, ...where], report, { kind, name });
  };
  const checkAll = (kind: string, items: Tree | undefined, where: Path): void =>
    itemsOf(items).forEach((item, i) => {
      check(kind, textOf(get(item, "source")), item, [...where, i]);
    });
  itemsOf(get(service, "volumes")).forEach((mount, i) => {
    if (textOf(get(mount, "type")) === "volume")
      check("volume", textOf(get(mount, "source")), mount, ["volumes", i]);
  });
  checkAll("secret", get(service, "secrets"), ["secrets"]);
  checkAll("secret", get(get(service, "build"), "secrets"), ["build", "secrets"]);
  checkAll("config", get(service, "configs"), ["configs"]);
  for (const [name, item] of entriesOf(get(service, "models")))
    check("model", name, item, ["models", name]);
}

function undefinedName(
  at: Tree,
  path: Path,
  report: Report,
  { kind, name }: { readonly kind: string; readonly name: string },
): void {
  report.error(at, path, {
    code: "undefined-name",
    message: `there is no ${kind} ${name}`,
    help: `define it, or correct the name`,
  });
}
