import { namesIn } from "./attributes/services.ts";
import type { Dialect } from "./dialect.ts";
import type { Session } from "./session.ts";
import {
  type Dict,
  dict,
  entriesOf,
  get,
  itemsOf,
  type Tree,
  textOf,
  withEntries,
} from "./tree.ts";

/** A model with the services that are on, and those that are off. */
export interface Active {
  readonly model: Dict;
  readonly disabled: ReadonlyMap<string, Tree>;
  /** All of them, in the order of the files. */
  readonly services: ReadonlyMap<string, Tree>;
}

/** Turns services off whose profiles are not asked for. */
export function applyProfiles(
  { inputs }: Session,
  model: Dict,
  variables: ReadonlyMap<string, string>,
): Active {
  const services = get(model, "services");
  const active = new Set(activeProfiles(inputs.profiles, variables));
  const isOn = (service: Tree): boolean => {
    const profiles = namesIn(get(service, "profiles"));
    return profiles.length === 0 || active.has("*") || profiles.some((one) => active.has(one));
  };
  const all = new Map(entriesOf(services));
  const enabled = new Map(all);
  const disabled = new Map<string, Tree>();
  all.forEach((service, name) => {
    if (isOn(service)) return;
    enabled.delete(name);
    disabled.set(name, service);
  });
  const on = withEntries(model, { services: dict(services ?? model, enabled) });
  return { model: on, disabled, services: all };
}

/**
 * Naming a service turns its profiles on, for it and for others: once all others are checked, as the
 * reference has it, so that what only runs by name may be as it likes.
 */
function withNamed({ inputs }: Session, { model, disabled, services }: Active): Dict {
  const profiles = new Set(
    (inputs.services ?? []).flatMap((name) => namesIn(get(disabled.get(name), "profiles"))),
  );
  if (profiles.size === 0) return model;
  const all = [...services].filter(
    ([name, service]) =>
      !disabled.has(name) || namesIn(get(service, "profiles")).some((one) => profiles.has(one)),
  );
  return withEntries(model, { services: dict(get(model, "services") ?? model, new Map(all)) });
}

/** Only what is asked for: the named services with what they need, and what those use. */
export function select(session: Session, active: Active): Dict {
  const { inputs } = session;
  const model = withNamed(session, active);
  const services = get(model, "services");
  const chosen = inputs.services?.length
    ? chosenServices(session, model, new Map(entriesOf(services)))
    : services;
  const selected = withEntries(model, { services: chosen });
  return inputs.skip?.has("pruning") === true ? selected : withoutUnused(selected, session.dialect);
}

const activeProfiles = (
  given: readonly string[],
  variables: ReadonlyMap<string, string>,
): readonly string[] =>
  given.length > 0
    ? given
    : (variables.get("COMPOSE_PROFILES") ?? "")
        .split(",")
        .map((profile) => profile.trim())
        .filter((profile) => profile !== "");

/** The named services and what they depend on. */
function chosenServices(
  { inputs, report }: Session,
  model: Dict,
  services: ReadonlyMap<string, Tree>,
): Dict {
  const wanted = new Set<string>();
  const visit = (name: string, at: Tree): void => {
    const service = services.get(name);
    if (wanted.has(name)) return;
    wanted.add(name);
    if (service === undefined)
      report.error(at, ["services", name], {
        code: "unknown-service",
        message: `there is no service ${name}, or its profile is not on`,
      });
    for (const [dependency, how] of entriesOf(get(service, "depends_on"))) visit(dependency, how);
  };
  for (const name of inputs.services ?? []) visit(name, model);
  return dict(model, new Map([...services].filter(([name]) => wanted.has(name))));
}

function withoutUnused(model: Dict, dialect: Dialect): Dict {
  const services = Array.from(entriesOf(get(model, "services")), ([, service]) => service);
  const used: Readonly<Record<string, readonly string[]>> = {
    networks: services.flatMap((service) => keysOf(get(service, "networks"))),
    volumes: services.flatMap(volumesOf),
    secrets: services.flatMap((service) => [
      ...sourcesOf(get(service, "secrets")),
      ...sourcesOf(get(get(service, "build"), "secrets")),
      ...dialect.secretsOf(service),
    ]),
    configs: services.flatMap((service) => sourcesOf(get(service, "configs"))),
    models: services.flatMap((service) => keysOf(get(service, "models"))),
  };
  const changes = Object.entries(used).map(([kind, names]) => {
    const tree = get(model, kind);
    if (tree?.kind !== "dict") return [kind, tree];
    const needed = new Set(names);
    const kept = [...tree.entries].filter(([name]) => needed.has(name));
    return [kind, dict(tree, new Map(kept))];
  });
  return withEntries(model, Object.fromEntries(changes));
}

const keysOf = (tree: Tree | undefined): readonly string[] =>
  Array.from(entriesOf(tree), ([key]) => key);

const sourcesOf = (tree: Tree | undefined): readonly string[] =>
  itemsOf(tree).flatMap((item) => textOf(get(item, "source")) ?? []);

const volumesOf = (service: Tree): readonly string[] =>
  itemsOf(get(service, "volumes")).flatMap((mount) =>
    textOf(get(mount, "type")) === "volume" ? (textOf(get(mount, "source")) ?? []) : [],
  );
