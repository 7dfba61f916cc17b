import { namesIn } from "./attributes/services.ts";
import type { Dialect } from "./dialect.ts";
import type { Session } from "./session.ts";
import { shown } from "./shown.ts";
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
  if (inputs.skip?.has("pruning") === true) return selected;
  const left = withoutUnused(selected, session.dialect);
  // Who names services, or leaves some off, means the rest of the file for others.
  if (!inputs.services?.length && active.disabled.size === 0) sayUnused(session, selected, left);
  return left;
}

/** Tells of what is asked of AWS for services, and that none of them has. */
function sayUnused({ dialect, report }: Session, whole: Dict, left: Dict): void {
  for (const kind of Object.keys(uses)) {
    const all = [...entriesOf(get(whole, kind))];
    const unused = all.filter(([name]) => get(get(left, kind), name) === undefined);
    for (const [name, one] of unused) {
      const key = dialect.asksBy.find((asking) => get(one, asking) !== undefined);
      if (key === undefined) continue;
      const message = `${key} does nothing: no service has ${shown(name)} among its ${kind}`;
      const help = `Add it to ${kind} of those that should have it, or leave it out.`;
      report.warning(get(one, key) ?? one, [kind, name, key], { code: "no-effect", message, help });
    }
  }
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
        message: `there is no service ${shown(name)}, or its profile is not on`,
      });
    for (const [dependency, how] of entriesOf(get(service, "depends_on"))) visit(dependency, how);
  };
  for (const name of inputs.services ?? []) visit(name, model);
  return dict(model, new Map([...services].filter(([name]) => wanted.has(name))));
}

function withoutUnused(model: Dict, dialect: Dialect): Dict {
  const services = get(model, "services");
  const pruned = Object.entries(uses).map(([kind, namesOf]) => {
    const tree = get(model, kind);
    if (tree?.kind !== "dict") return [kind, tree];
    const used = new Set<string | undefined>();
    for (const [, service] of entriesOf(services))
      for (const name of namesOf(service, dialect)) used.add(name);
    const kept = [...tree.entries].filter(([name]) => used.has(name));
    return [kind, dict(tree, new Map(kept))];
  });
  return withEntries(model, Object.fromEntries(pruned));
}

/** The names of each kind that a service uses. */
const uses: Readonly<
  Record<string, (service: Tree, dialect: Dialect) => Iterable<string | undefined>>
> = {
  networks: (service) => keysOf(get(service, "networks")),
  volumes: (service) =>
    itemsOf(get(service, "volumes")).map((mount) =>
      textOf(get(mount, "type")) === "volume" ? sourceOf(mount) : undefined,
    ),
  secrets: (service, dialect) => [
    ...itemsOf(get(service, "secrets")).map(sourceOf),
    ...itemsOf(get(get(service, "build"), "secrets")).map(sourceOf),
    ...dialect.secretsOf(service),
  ],
  configs: (service) => itemsOf(get(service, "configs")).map(sourceOf),
  models: (service) => keysOf(get(service, "models")),
};

const keysOf = (tree: Tree | undefined): Iterable<string> =>
  tree?.kind === "dict" ? tree.entries.keys() : [];

const sourceOf = (item: Tree): string | undefined => textOf(get(item, "source"));
