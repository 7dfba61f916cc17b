import type { Report } from "../report.ts";
import { shown } from "../shown.ts";
import { entriesOf, get, itemsOf, type Path, type Tree, textOf } from "../tree.ts";
import type { Service, ServiceCheck, ServiceChecks, Whole } from "./whole.ts";

/** Whether what a service names under one key is there. */
export const references: ServiceChecks = [
  ["build", checkContexts],
  ["build", checkBuildSecrets],
  ["networks", checkNetworks],
  ["depends_on", checkDependencies],
  ["volumes", checkSources("volume", ["volumes"])],
  ["secrets", checkSources("secret", ["secrets"])],
  ["configs", checkSources("config", ["configs"])],
  ["models", checkModels],
];

function checkContexts(build: Tree, { path }: Service, { model, report }: Whole): void {
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

function checkNetworks(networks: Tree, { path }: Service, { model, report }: Whole): void {
  const defined = get(model, "networks");
  for (const [name, network] of entriesOf(networks)) {
    if (get(defined, name) === undefined)
      undefinedName(network, [...path, "networks", name], report, { kind: "network", name });
    // The reference takes such a name for an extension, and then misses the network.
    else if (name.startsWith("x-"))
      report.error(network, [...path, "networks", name], {
        code: "invalid-name",
        message: `a service cannot join a network whose name begins with x-`,
        help: "name the network otherwise",
      });
  }
}

function checkDependencies(dependencies: Tree, { path }: Service, whole: Whole): void {
  const services = get(whole.model, "services");
  for (const [name, how] of entriesOf(dependencies)) {
    if (get(services, name) !== undefined || whole.families().has(name)) continue;
    const off = whole.disabled.has(name);
    if (off && isOptional(how)) continue;
    whole.report.error(how, [...path, "depends_on", name], {
      code: "unknown-service",
      message: off ? `the profile of ${name} is not on` : `there is no service ${shown(name)}`,
      help: off ? "turn it on, or write required: false" : "define it, or remove the dependency",
    });
  }
}

function isOptional(dependency: Tree): boolean {
  const required = get(dependency, "required");
  return required?.kind === "leaf" && required.value === false;
}

/** Mounts whose source is an object of the model: of those with a type, those of its kind. */
function checkSources(kind: "config" | "secret" | "volume", where: Path): ServiceCheck {
  return (mounts, { path }, { model, report }) => {
    const defined = get(model, `${kind}s`);
    itemsOf(mounts).forEach((mount, i) => {
      const type = textOf(get(mount, "type")) ?? kind;
      const name = textOf(get(mount, "source"));
      if (type !== kind || name === undefined || name === "") return;
      if (get(defined, name) === undefined)
        undefinedName(mount, [...path, ...where, i], report, { kind, name });
    });
  };
}

function checkBuildSecrets(build: Tree, of: Service, whole: Whole): void {
  const secrets = get(build, "secrets");
  if (secrets !== undefined) checkSources("secret", ["build", "secrets"])(secrets, of, whole);
}

function checkModels(models: Tree, { path }: Service, { model, report }: Whole): void {
  const defined = get(model, "models");
  for (const [name, item] of entriesOf(models))
    if (get(defined, name) === undefined)
      undefinedName(item, [...path, "models", name], report, { kind: "model", name });
}

function undefinedName(
  at: Tree,
  path: Path,
  report: Report,
  { kind, name }: { readonly kind: string; readonly name: string },
): void {
  report.error(at, path, {
    code: "undefined-name",
    message: `there is no ${kind} ${shown(name)}`,
    help: `define it, or correct the name`,
  });
}
