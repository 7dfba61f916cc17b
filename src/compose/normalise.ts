import { mapChildren, mapServices } from "./children.ts";
import {
  type Dict,
  dict,
  dictOf,
  entriesOf,
  get,
  isNull,
  itemsOf,
  leaf,
  type Place,
  type Tree,
  textOf,
  withEntries,
} from "./tree.ts";

interface Surroundings {
  readonly projectName: string;
  variable(name: string): string | undefined;
}

/** The model with what is meant but not written: the default network, names, implied dependencies. */
export function normalise(model: Dict, surroundings: Surroundings): Dict {
  const normal = mapServices(model, (service) => normaliseService(service, surroundings));
  const complete = withEntries(normal, { networks: withDefaultNetwork(normal) });
  const named = ["networks", "volumes", "secrets", "configs"].map((kind) => {
    const entries = get(complete, kind);
    return [
      kind,
      entries && mapChildren(entries, (entry, key) => withName(entry, String(key), surroundings)),
    ];
  });
  return withEntries(complete, Object.fromEntries(named));
}

const sharedNamespaces = ["network_mode", "ipc", "pid", "uts", "cgroup"];

/** The services a service cannot do without, beyond what `depends_on` says. */
function impliedDependencies(service: Dict): readonly (readonly [string, Dict])[] {
  const needs = (at: Place, restart: boolean): Dict =>
    dictOf(at, {
      condition: leaf(at, "service_started"),
      required: leaf(at, true),
      restart: leaf(at, restart),
    });
  const links = itemsOf(get(service, "links")).flatMap((link) => {
    const parts = (textOf(link) ?? "").split(":");
    return [[parts.length === 2 ? (parts[0] ?? "") : parts.join(":"), needs(link, true)] as const];
  });
  const namespaces = sharedNamespaces.flatMap((key) => {
    const tree = get(service, key);
    const shared = "service:";
    const text = textOf(tree);
    if (tree === undefined || text?.startsWith(shared) !== true) return [];
    return [[text.slice(shared.length), needs(tree, true)] as const];
  });
  const volumes = itemsOf(get(service, "volumes_from")).flatMap((from) => {
    const [name = ""] = (textOf(from) ?? "").split(":");
    return name === "container" ? [] : [[name, needs(from, false)] as const];
  });
  return [...links, ...namespaces, ...volumes];
}

function normaliseService(service: Dict, surroundings: Surroundings): Tree {
  const implied = impliedDependencies(service);
  const dependsOn = get(service, "depends_on");
  const build = get(service, "build");
  return withEntries(service, {
    deploy: withReplicas(service),
    networks: serviceNetworks(service),
    depends_on:
      implied.length === 0
        ? dependsOn
        : dict(dependsOn ?? service, new Map([...implied.toReversed(), ...entriesOf(dependsOn)])),
    build: build?.kind === "dict" ? withDockerfile(withArguments(build, surroundings)) : build,
  });
}

/** `scale` is the older word for `deploy.replicas`. */
function withReplicas(service: Dict): Tree | undefined {
  const deploy = get(service, "deploy");
  const scale = get(service, "scale");
  if (deploy?.kind !== "dict" || scale === undefined || deploy.entries.has("replicas"))
    return deploy;
  return withEntries(deploy, { replicas: scale });
}

function serviceNetworks(service: Dict): Tree | undefined {
  const networks = get(service, "networks");
  if (get(service, "provider") !== undefined || get(service, "network_mode") !== undefined)
    return networks;
  if (networks?.kind === "dict" && networks.entries.size > 0) return networks;
  return dictOf(networks ?? service, { default: leaf(networks ?? service, null) });
}

/** Arguments without a value take the variable's; without one of those they go. */
function withArguments(build: Dict, { variable }: Surroundings): Dict {
  const args = get(build, "args");
  if (args?.kind !== "dict") return build;
  const entries = Array.from(args.entries).flatMap(([key, value]): [string, Tree][] => {
    if (!isNull(value)) return [[key, value]];
    const found = variable(key);
    return found === undefined ? [] : [[key, leaf(value, found)]];
  });
  return withEntries(build, { args: dict(args, new Map(entries)) });
}

function withDockerfile(build: Dict): Dict {
  const named = get(build, "dockerfile") ?? get(build, "dockerfile_inline");
  return named === undefined
    ? withEntries(build, { dockerfile: leaf(build, "Dockerfile") })
    : build;
}

function withDefaultNetwork(model: Dict): Tree | undefined {
  const networks = get(model, "networks");
  if (get(networks, "default") !== undefined) return networks;
  const user = Array.from(entriesOf(get(model, "services")), ([, service]) =>
    get(get(service, "networks"), "default"),
  ).find((network) => network !== undefined);
  if (user === undefined) return networks;
  return dict(
    networks ?? model,
    new Map([...entriesOf(networks), ["default", dict(user, new Map())]]),
  );
}

function withName(entry: Tree, key: string, { projectName }: Surroundings): Tree {
  const own = entry.kind === "dict" ? entry : dict(entry, new Map());
  const name = textOf(get(own, "name"));
  if (name !== undefined && name !== "") return own;
  const external = get(own, "external");
  const isExternal = external?.kind === "leaf" && external.value === true;
  return withEntries(own, { name: leaf(own, isExternal ? key : `${projectName}_${key}`) });
}
