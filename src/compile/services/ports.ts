import type { Port, Service } from "../../compose/project.ts";
import { shown } from "../../compose/shown.ts";
import type { Properties } from "../../model/template.ts";
import { suggestion } from "../nearest.ts";
import type { Path, Report } from "../report.ts";
import type { Attribute } from "./attribute.ts";
import type { Family, Member, NetworkMode } from "./family.ts";
import { type HostPort, hostPort } from "./host-ports.ts";
import { checkNames, isSpoken, ownName } from "./port-names.ts";

/** A port that a container listens on. */
export interface OwnPort {
  readonly number: number;
  readonly protocol: string;
}

/** `ports` and `expose`: the ports containers listen on. Nothing is reachable before a rule says so. */
export const portMappings: Attribute = (member, family, { report }) => {
  if (portsOf(member).length > mostPorts) return refuseSoMany(member, report);
  const mappings = new Map<string, Properties>();
  for (const [index, port] of (member.service.ports ?? []).entries()) {
    const path = [...member.path, "ports", index];
    checkMode(port, path, report);
    const fault = faultOf(port);
    if (fault !== undefined) {
      report.error({ code: "unknown-value", path, message: fault, help: "80, 8080:80 or 53/udp." });
      continue;
    }
    const named = { ...port, name: ownName(port, family) };
    const host = hostPort(port, family, path, report);
    publish(named, host, mappings, mappingOf(named, member, family));
  }
  checkNames(member, family, report);
  checkExposed(member, report);
  for (const { number: target, protocol } of exposed(member)) {
    if (isMapped(mappings, target, protocol)) continue;
    mappings.set(`${target}/${protocol}`, mappingOf({ target, protocol }, member, family));
  }
  checkUnique(member, family, report);
  const all = [...mappings.values(), ...targetedPorts(member, family, mappings)];
  if (family.networkMode === "none") return refuseAll(all, member, report);
  return all.length > 0 ? { PortMappings: all } : {};
};

/** A task definition is of 64 KiB at most, and each takes 51 bytes of it at least. */
const mostPorts = 1285;

function refuseSoMany(member: Member, report: Report): Properties {
  const { path, service } = member;
  const key = (service.ports?.length ?? 0) > mostPorts ? "ports" : "expose";
  const message = `${portsOf(member).length} ports are more than a task definition has room for`;
  const help = `At most ${mostPorts}: name those that something connects to.`;
  report.error({ code: "too-big", path: [...path, key], message, help });
  return {};
}

/** On a bridge one port of a container may be several of its instance, each by a name of its own. */
function publish(
  { name, protocol, target }: Named,
  host: HostPort,
  mappings: Map<string, Properties>,
  mapping: Properties,
): void {
  const key = `${target}/${protocol}/${host.HostPort ?? ""}`;
  const isAgain = name === undefined && !mappings.has(key) && isMapped(mappings, target, protocol);
  const own = isAgain ? { Name: `${mapping.Name}_${host.HostPort ?? "any"}` } : {};
  mappings.set(key, { ...mapping, ...own, ...host });
}

/** Compose's words, and that of ECS ComposeX's examples, which says what tasks have anyway. */
const modes: readonly string[] = ["ingress", "host", "awsvpc"];

/** Nothing here is done by it, since tasks have addresses of their own, but a word that is none hides a mistake. */
function checkMode({ mode }: Port, path: Path, report: Report): void {
  if (mode === undefined || modes.includes(mode)) return;
  const message = `compose has no mode ${JSON.stringify(mode)} of a port`;
  const help = suggestion(mode, modes);
  report.warn({ code: "unknown-value", path: [...path, "mode"], message, help });
}

function faultOf({ protocol, target }: Pick<Port, "protocol" | "target">): string | undefined {
  if (protocol !== "tcp" && protocol !== "udp") return `ECS has no ${protocol} ports`;
  return target >= 1 && target <= 65_535 ? undefined : `no container listens on ${target ?? 0}`;
}

function checkExposed({ service, path }: Member, report: Report): void {
  for (const [index, text] of (service.expose ?? []).entries()) {
    const ports = exposedBy(text);
    const faults = ports.map(({ number: target, protocol }) => faultOf({ target, protocol }));
    const message = ports.length === 0 ? `${shown(text)} is no port` : faults.find(Boolean);
    if (message === undefined) continue;
    const help = "80, 8000-8002 or 53/udp.";
    report.error({ code: "unknown-value", path: [...path, "expose", index], message, help });
  }
}

const isMapped = (
  mappings: ReadonlyMap<string, Properties>,
  target: number,
  protocol: string,
): boolean =>
  [...mappings.values()].some(
    ({ ContainerPort, Protocol }) => ContainerPort === target && Protocol === protocol,
  );

function refuseAll(all: readonly Properties[], { path }: Member, report: Report): Properties {
  const message = "a task without a network (network_mode: none) listens to nobody";
  if (all.length > 0)
    report.error({ code: "contradiction", path, message, help: "Remove ports and expose." });
  return {};
}

/** ECS wants a mapping for whatever load balancers send to, whether or not compose names the port. */
function targetedPorts(
  member: Member,
  family: Family,
  mappings: ReadonlyMap<string, Properties>,
): readonly Properties[] {
  const targets = family.loadBalancers
    .filter(({ ContainerName }) => ContainerName === member.container)
    .map(({ ContainerPort }) => Number(ContainerPort));
  return [...new Set(targets)]
    .filter((target) => ["tcp", "udp"].every((protocol) => !isMapped(mappings, target, protocol)))
    .map((target) => mappingOf({ target, protocol: "tcp" }, member, family));
}

/** By member: all of its neighbours ask, and so does whoever opens them. */
const known = new WeakMap<Member, readonly OwnPort[]>();

/** Every port of a member, `ports` first. */
export function portsOf(member: Member): readonly OwnPort[] {
  const ports = known.get(member) ?? [
    ...(member.service.ports ?? []).map(({ target, protocol }) => ({ number: target, protocol })),
    ...exposed(member),
  ];
  known.set(member, ports);
  return ports;
}

/** A port by the name that it has on ECS, if the file says one. */
type Named = Pick<Port, "target" | "protocol" | "app_protocol"> & {
  readonly name?: string | undefined;
};

function mappingOf(
  { target, protocol, name, app_protocol }: Named,
  member: Member,
  family: Family,
): Properties {
  return {
    ContainerPort: target,
    Protocol: protocol,
    Name: name ?? usualName({ number: target, protocol }, member, family),
    ...(isSpoken(app_protocol) ? { AppProtocol: app_protocol } : {}),
  };
}

/** `tcp_80`; on a bridge, where others of the task may listen on 80 too, `tcp_80_web` for the later. */
export function usualName(
  { number, protocol }: OwnPort,
  member: Member,
  { members, networkMode }: Family,
): string {
  const name = `${protocol}_${number}`;
  if (networkMode !== "bridge") return name;
  const isTaken = members
    .slice(0, members.indexOf(member))
    .some((other) =>
      portsOf(other).some((port) => port.number === number && port.protocol === protocol),
    );
  return isTaken ? `${name}_${member.container.toLowerCase()}` : name;
}

const exposed = ({ service }: Member): readonly OwnPort[] =>
  (service.expose ?? []).flatMap(exposedBy);

/** `80`, `53/udp`, `8000-8002`; none: it is no port. */
function exposedBy(text: string): readonly OwnPort[] {
  const [range = "", protocol = "tcp"] = String(text).toLowerCase().split("/");
  const [from = 0, to = from] = range.split("-").map(Number);
  if (!/^\d+(?:-\d+)?$/.test(range)) return [];
  // Of what ends beyond all ports nothing is counted.
  if (to > 65_535) return [{ number: to, protocol }];
  const count = to - from + 1;
  return Array.from({ length: count >= 1 ? count : 0 }, (_, index) => ({
    number: from + index,
    protocol,
  }));
}

/** Containers of one task share its network, but for those on a bridge: these share their instance's ports. */
function checkUnique(member: Member, family: Family, report: Report): void {
  const own = takenBy(member, family.networkMode);
  if (family.networkMode === "bridge") checkPublished(member, own, report);
  const before = family.members.slice(0, family.members.indexOf(member));
  for (const { number, protocol } of own) {
    const other = before.find((candidate) =>
      takenBy(candidate, family.networkMode).some(
        (port) => port.number === number && port.protocol === protocol,
      ),
    );
    if (other === undefined) continue;
    const path: Path = [...member.path, "ports"];
    const message = `${other.name} listens on ${number}/${protocol} too, in the same task`;
    report.error({ code: "same-port", path, message });
  }
}

/** A port of an instance leads to one port of a container. */
function checkPublished({ path }: Member, own: readonly OwnPort[], report: Report): void {
  own.forEach(({ number, protocol }, index) => {
    const isTaken = own
      .slice(0, index)
      .some((one) => one.number === number && one.protocol === protocol);
    if (!isTaken) return;
    const message = `${number}/${protocol} of the instance is published twice`;
    report.error({ code: "same-port", path: [...path, "ports"], message });
  });
}

const takenBy = (member: Member, mode: NetworkMode): readonly OwnPort[] =>
  mode === "bridge"
    ? (member.service.ports ?? [])
        .map(({ published, protocol }) => ({ number: Number(published || 0), protocol }))
        .filter(({ number }) => number > 0)
    : portsOf(member);

/** `protocol: TCP` is what docker compose takes for tcp, and all that ECS knows. */
export function withSmallProtocols(service: Service): Service {
  // Whoever writes an empty one has none in the model.
  const small = ({ protocol = "tcp" }: Partial<Port>): string => protocol.toLowerCase();
  if (service.ports === undefined || service.ports.every((port) => port.protocol === small(port)))
    return service;
  return { ...service, ports: service.ports.map((port) => ({ ...port, protocol: small(port) })) };
}
