import { type Data, dataAt } from "../../compose/project.ts";
import { asMapping, isMapping, type Mapping } from "../read.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import { isFileSystem } from "../x/efs.ts";
import { type Fate, isNothing, refused, sayFate, warned } from "./fate.ts";

type Keys = { readonly [key: string]: Data | undefined };
type Ground = Pick<Scope, "project" | "report">;

const subnets = warned("tasks are in the subnets of a VPC, which x-vpc says");
const label = warned("x-tags says what resources are tagged with");
const found = warned("x-network says how a service is found");
const addressed = warned("a task has an address of its VPC");
const copied = warned("a task's volume begins with what the image has there");
const stored = warned("nothing but its content comes to AWS");

/** Keys below the services of a file and beside them, by what they are keys of. */
export const objectFates: Readonly<Record<string, Readonly<Record<string, Fate>>>> = {
  networks: {
    attachable: subnets,
    driver: subnets,
    driver_opts: subnets,
    enable_ipv4: subnets,
    enable_ipv6: subnets,
    external: subnets,
    internal: refused(
      "tasks reach whatever their subnets do: x-vpc: StorageSubnets have no way out",
    ),
    ipam: subnets,
    labels: label,
  },
  "services.networks": {
    aliases: found,
    driver_opts: subnets,
    gw_priority: subnets,
    interface_name: subnets,
    ipv4_address: addressed,
    ipv6_address: addressed,
    link_local_ips: addressed,
    mac_address: addressed,
    priority: subnets,
  },
  volumes: { labels: label },
  "services.volumes.volume": {
    labels: label,
    nocopy: copied,
    subpath: refused("ECS mounts a volume as a whole"),
  },
  "services.depends_on": { restart: warned("ECS restarts no task because of another") },
  secrets: { labels: label, template_driver: stored },
  configs: { labels: label, template_driver: stored },
};

/** Says of the keys below services, and of what is beside them, what becomes of each. */
export function checkObjects(scope: Ground): void {
  const { networks, services, volumes, secrets, configs } = scope.project;
  for (const [name, network] of Object.entries(networks)) {
    // Its own subnets say how far it reaches.
    const isOwn = typeof network["x-vpc"] === "string";
    const group = securityGroupOf(network);
    if (group !== undefined) warnOfGroup(group, ["networks", name, "name"], scope);
    const keys = asked("networks", network).filter(
      (key) => !((isOwn && key === "internal") || (group !== undefined && key === "external")),
    );
    say("networks", keys, ["networks", name], scope);
  }
  for (const [name, volume] of Object.entries(volumes)) {
    say("volumes", asked("volumes", volume), ["volumes", name], scope);
    if (!isFileSystem(volume)) checkDriver(volume, ["volumes", name], scope);
  }
  for (const [name, secret] of Object.entries(secrets))
    say("secrets", asked("secrets", secret), ["secrets", name], scope);
  for (const [name, config] of Object.entries(configs))
    say("configs", asked("configs", config), ["configs", name], scope);
  for (const name of Object.keys(services)) checkService(name, services[name] ?? {}, scope);
}

/** Docker's retired ECS integration took a network that is there already for a security group. */
const securityGroupOf = ({ external, name }: Mapping): string | undefined =>
  external === true && typeof name === "string" && /^sg-[0-9a-f]+$/.test(name) ? name : undefined;

function warnOfGroup(group: string, path: Path, { report }: Ground): void {
  const message = `no task gets ${group} from a network`;
  const help = `Write x-network: {AdditionalSecurityGroups: [${group}]} at its services.`;
  report.warn({ code: "no-effect", path, message, help });
}

/** Most services ask for nothing of this: a path is made where one does. */
function checkService(name: string, service: Keys, scope: Ground): void {
  const { networks, depends_on: dependencies, volumes } = service;
  for (const network of namesIn(networks)) {
    const keys = asked("services.networks", dataAt(networks, [network]));
    if (keys.length > 0)
      say("services.networks", keys, ["services", name, "networks", network], scope);
  }
  for (const other of namesIn(dependencies)) {
    const keys = asked("services.depends_on", dataAt(dependencies, [other]));
    if (keys.length > 0 && !isImplied(other, service))
      say("services.depends_on", keys, ["services", name, "depends_on", other], scope);
  }
  if (Array.isArray(volumes)) checkMounts(volumes, name, scope);
}

function checkMounts(mounts: readonly Data[], name: string, scope: Ground): void {
  mounts.forEach((mount, index) => {
    const keys = asked(mounted, dataAt(mount, ["volume"]));
    if (keys.length > 0) say(mounted, keys, ["services", name, "volumes", index, "volume"], scope);
  });
}

const mounted = "services.volumes.volume";

const namesIn = (given: Data | undefined): readonly string[] =>
  isMapping(given) ? Object.keys(given) : nothing;

/** The loader has services wait for those they share something with, and restart with them. */
const isImplied = (name: string, service: Keys): boolean =>
  ["cgroup", "ipc", "links", "network_mode", "pid", "uts"].some((sharing) =>
    JSON.stringify(service[sharing] ?? null).includes(name),
  );

const nothing: readonly string[] = [];

/** The keys that something is to be told of: most have none. */
function asked(what: string, given: Data | undefined): readonly string[] {
  const fates = objectFates[what];
  if (fates === undefined || !isMapping(given)) return nothing;
  let found: string[] | undefined;
  for (const key of Object.keys(given)) {
    if (fates[key] === undefined || isNothing(given[key])) continue;
    found ??= [];
    found.push(key);
  }
  return found ?? nothing;
}

function say(what: string, keys: readonly string[], path: Path, { report }: Ground): void {
  for (const key of keys) {
    const fate = objectFates[what]?.[key];
    if (fate !== undefined) sayFate(fate, key, [...path, key], report);
  }
}

/** What Docker would mount from elsewhere is kept there, and would be missed. */
function checkDriver(
  { driver, driver_opts: options }: Mapping,
  path: Path,
  { report }: Ground,
): void {
  const isPlain =
    driver === undefined || driver === null || driver === "local" || driver === "default";
  const type = asMapping(options).type;
  if (isPlain && (isNothing(options) || type === "tmpfs")) return;
  const key = isPlain ? "driver_opts" : "driver";
  const what = isPlain
    ? "what they name is mounted by no task"
    : `ECS has no driver ${String(driver)}`;
  report.error({
    code: "cannot-honour",
    path: [...path, key],
    message: `${key} cannot be honoured: ${what}`,
    help: "Make it a file system that stays, with x-efs.",
  });
}
