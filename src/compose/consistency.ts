import { namesIn } from "./attributes/services.ts";
import type { Dialect } from "./dialect.ts";
import type { Report } from "./report.ts";
import { entriesOf, get, isNull, itemsOf, type Path, type Tree, textOf } from "./tree.ts";
import { float32, parseBytes } from "./units.ts";

/** A whole project, for what only shows when it is looked at as one. */
export interface Whole {
  readonly model: Tree;
  /** Services whose profile is off. */
  readonly disabled: ReadonlyMap<string, Tree>;
  readonly report: Report;
  readonly dialect: Dialect;
}

/** Reports references that lead nowhere and settings of one service that contradict each other. */
export function checkConsistency(whole: Whole): void {
  const services = get(whole.model, "services");
  for (const [name, service] of entriesOf(services)) {
    const path = ["services", name];
    for (const check of checks) check(service, path, whole);
  }
  for (const [name, secret] of entriesOf(get(whole.model, "secrets")))
    checkSecret(secret, ["secrets", name], whole);
  checkContainerNames(whole);
}

type Check = (service: Tree, path: Path, whole: Whole) => void;

const checks: readonly Check[] = [
  checkOrigin,
  checkBuild,
  checkNetworkMode,
  checkNetworks,
  checkDependencies,
  checkReferences,
  checkHealthcheck,
  checkWatch,
  checkScale,
  checkResources,
  checkMountTargets,
];

function checkOrigin(service: Tree, path: Path, { report }: Whole): void {
  if (["image", "build", "provider"].some((key) => isSet(get(service, key)))) return;
  report.error(service, path, {
    code: "missing-key",
    message: "has neither an image nor a build",
    help: "add image or build",
  });
}

function checkBuild(service: Tree, path: Path, { model, report }: Whole): void {
  const build = get(service, "build");
  const inline = get(build, "dockerfile_inline");
  if (isSet(inline) && isSet(get(build, "dockerfile")))
    exclusive(inline, [...path, "build"], ["dockerfile", "dockerfile_inline"], report);
  const platform = get(service, "platform");
  const platforms = namesIn(get(build, "platforms"));
  if (isSet(platform) && platforms.length > 0 && !platforms.includes(textOf(platform) ?? ""))
    report.error(platform ?? service, [...path, "platform"], {
      code: "inconsistent",
      message: `build.platforms does not have ${textOf(platform)}`,
      help: "add it there",
    });
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

function checkNetworkMode(service: Tree, path: Path, { report }: Whole): void {
  const mode = get(service, "network_mode");
  const networks = get(service, "networks");
  if (isSet(mode) && networks?.kind === "dict" && networks.entries.size > 0)
    exclusive(mode, path, ["network_mode", "networks"], report);
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
  const families = whole.dialect.dependsOnFamilies ? familiesOf(services) : new Set<string>();
  for (const [name, how] of entriesOf(get(service, "depends_on"))) {
    if (get(services, name) !== undefined || families.has(name)) continue;
    const required = get(how, "required");
    const optional = required?.kind === "leaf" && required.value === false;
    const off = whole.disabled.has(name);
    if (off && optional) continue;
    whole.report.error(how, [...path, "depends_on", name], {
      code: "unknown-service",
      message: off ? `the profile of ${name} is not on` : `there is no service ${name}`,
      help: off ? "turn it on, or write required: false" : "define it, or remove the dependency",
    });
  }
}

/** The task families that services say they belong to. */
function familiesOf(services: Tree | undefined): ReadonlySet<string> {
  const label = "ecs.task.family";
  const named = Array.from(entriesOf(services), ([, service]) =>
    textOf(get(get(get(service, "deploy"), "labels"), label)),
  );
  return new Set(named.flatMap((names) => names?.split(",").map((name) => name.trim()) ?? []));
}

function checkReferences(service: Tree, path: Path, { model, report }: Whole): void {
  const check = (kind: string, name: string | undefined, at: Tree, where: Path): void => {
    if (name === undefined || name === "" || get(get(model, `${kind}s`), name) !== undefined)
      return;
    undefinedName(at, [...path, ...where], report, { kind, name });
  };
  for (const [i, mount] of itemsOf(get(service, "volumes")).entries())
    if (textOf(get(mount, "type")) === "volume")
      check("volume", textOf(get(mount, "source")), mount, ["volumes", i]);
  for (const [i, item] of itemsOf(get(service, "secrets")).entries())
    check("secret", textOf(get(item, "source")), item, ["secrets", i]);
  for (const [i, item] of itemsOf(get(get(service, "build"), "secrets")).entries())
    check("secret", textOf(get(item, "source")), item, ["build", "secrets", i]);
  for (const [i, item] of itemsOf(get(service, "configs")).entries())
    check("config", textOf(get(item, "source")), item, ["configs", i]);
  for (const [name, item] of entriesOf(get(service, "models")))
    check("model", name, item, ["models", name]);
}

function checkHealthcheck(service: Tree, path: Path, { report }: Whole): void {
  const test = get(get(service, "healthcheck"), "test");
  const [first] = itemsOf(test);
  if (first === undefined || ["CMD", "CMD-SHELL", "NONE"].includes(textOf(first) ?? "")) return;
  report.error(first, [...path, "healthcheck", "test"], {
    code: "invalid-value",
    message: "a test starts with CMD, CMD-SHELL or NONE",
    help: 'write ["CMD", …], or the command as one text',
  });
}

function checkWatch(service: Tree, path: Path, { report }: Whole): void {
  for (const [i, watch] of itemsOf(get(get(service, "develop"), "watch")).entries()) {
    const action = textOf(get(watch, "action")) ?? "";
    if (isSet(get(watch, "target")) || action === "rebuild" || action === "restart") continue;
    report.error(watch, [...path, "develop", "watch", i], {
      code: "missing-key",
      message: `the action ${action} needs a target`,
      help: "add target: the path in the container",
    });
  }
}

function checkScale(service: Tree, path: Path, { report }: Whole): void {
  const scale = numberIn(get(service, "scale"));
  const replicas = numberIn(get(get(service, "deploy"), "replicas"));
  if (scale !== undefined && replicas !== undefined && scale !== replicas)
    distinct(get(service, "scale"), path, ["scale", "deploy.replicas"], report);
  if (scale !== undefined && scale < 0)
    report.error(get(service, "scale") ?? service, [...path, "scale"], {
      code: "invalid-value",
      message: "must be 0 or more",
    });
  const name = get(service, "container_name");
  if (isSet(name) && (scale ?? replicas ?? 1) > 1)
    exclusive(
      name,
      path,
      ["container_name", scale === undefined ? "deploy.replicas" : "scale"],
      report,
    );
}

/** The old keys and those of `deploy.resources` must agree where both are there. */
function checkResources(service: Tree, path: Path, { report }: Whole): void {
  const resources = get(get(service, "deploy"), "resources");
  for (const [key, block, inner, value] of counterparts) {
    const own = get(service, key);
    const other = get(resources, block);
    const amount = value(own);
    if (other === undefined || isNull(other) || amount === undefined || amount === 0) continue;
    if (value(get(other, inner)) !== amount)
      distinct(own, path, [key, `deploy.resources.${block}.${inner}`], report);
  }
}

type Value = (tree: Tree | undefined) => number | undefined;

const counterparts: readonly (readonly [string, string, string, Value])[] = [
  ["cpus", "limits", "cpus", cpusIn],
  ["mem_limit", "limits", "memory", bytesIn],
  ["mem_reservation", "reservations", "memory", bytesIn],
  ["pids_limit", "limits", "pids", numberIn],
];

function checkMountTargets(service: Tree, path: Path, { report }: Whole): void {
  const taken = new Map<string, string>();
  const take = (target: string | undefined, at: Tree, where: readonly [string, number]): void => {
    if (target === undefined) return;
    const place = `${where[0]}[${where[1]}]`;
    const earlier = taken.get(target);
    if (earlier === undefined) taken.set(target, place);
    else
      report.error(at, [...path, ...where], {
        code: "inconsistent",
        message: `${target} is already mounted by ${earlier}`,
        help: "remove one of the two",
      });
  };
  for (const [i, item] of itemsOf(get(service, "tmpfs")).entries())
    take(textOf(item)?.replace(/:.*$/s, ""), item, ["tmpfs", i]);
  for (const [i, mount] of itemsOf(get(service, "volumes")).entries())
    take(textOf(get(mount, "target")), mount, ["volumes", i]);
}

function checkSecret(secret: Tree, path: Path, { dialect, report }: Whole): void {
  const external = get(secret, "external");
  if (external?.kind === "leaf" && external.value === true) return;
  if (isSet(get(secret, "file")) || isSet(get(secret, "environment"))) return;
  const extended = Array.from(entriesOf(secret)).some(([key]) => key.startsWith("x-"));
  if (extended && dialect.sourcelessWithExtension.has("secrets")) return;
  report.error(secret, path, {
    code: "missing-key",
    message: "needs a file or an environment",
    help: "add one of them, or external: true",
  });
}

function checkContainerNames({ model, report }: Whole): void {
  const users = new Map<string, string>();
  for (const [service, tree] of entriesOf(get(model, "services"))) {
    const at = get(tree, "container_name");
    const name = textOf(at);
    if (at === undefined || name === undefined || name === "") continue;
    const other = users.get(name);
    users.set(name, service);
    if (other !== undefined)
      report.error(at, ["services", service, "container_name"], {
        code: "inconsistent",
        message: `${other} has the same container name`,
        help: "give each its own, or none",
      });
  }
}

const isSet = (tree: Tree | undefined): boolean =>
  tree !== undefined && !isNull(tree) && textOf(tree) !== "";

function numberIn(tree: Tree | undefined): number | undefined {
  const value = tree?.kind === "leaf" ? tree.value : null;
  return value === null || value === "" ? undefined : Number(value);
}

function cpusIn(tree: Tree | undefined): number | undefined {
  const value = numberIn(tree);
  return value === undefined ? undefined : float32(value);
}

function bytesIn(tree: Tree | undefined): number | undefined {
  const text = textOf(tree);
  return text === undefined ? numberIn(tree) : parseBytes(text);
}

function exclusive(
  at: Tree | undefined,
  path: Path,
  keys: readonly [string, string],
  report: Report,
): void {
  if (at === undefined) return;
  report.error(at, path, {
    code: "exclusive-keys",
    message: `${keys.join(" and ")} exclude each other`,
    help: "keep one of the two",
  });
}

function distinct(
  at: Tree | undefined,
  path: Path,
  keys: readonly [string, string],
  report: Report,
): void {
  if (at === undefined) return;
  report.error(at, path, {
    code: "inconsistent",
    message: `${keys.join(" and ")} have different values`,
    help: "keep one of the two",
  });
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
