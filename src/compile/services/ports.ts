import type { Port } from "../../compose/project.ts";
import type { Properties } from "../../model/template.ts";
import type { Path, Report } from "../report.ts";
import type { Attribute } from "./attribute.ts";
import type { Family, Member, NetworkMode } from "./family.ts";
import { hostPort } from "./host-ports.ts";

/** A port that a container listens on. */
export interface OwnPort {
  readonly number: number;
  readonly protocol: string;
}

/** `ports` and `expose`: the ports containers listen on. Nothing is reachable before a rule says so. */
export const portMappings: Attribute = (member, family, { report }) => {
  const mappings = new Map<string, Properties>();
  for (const [index, port] of (member.service.ports ?? []).entries()) {
    const path = [...member.path, "ports", index];
    const fault = faultOf(port);
    if (fault !== undefined) {
      report.error({ code: "unknown-value", path, message: fault, help: "80, 8080:80 or 53/udp." });
      continue;
    }
    const host = hostPort(port, family, path, report);
    // On a bridge one port of a container may be several of its instance.
    const key = `${port.target}/${port.protocol}/${host.HostPort ?? ""}`;
    mappings.set(key, { ...mappingOf(port, member, family), ...host });
  }
  for (const { number: target, protocol } of exposed(member)) {
    if (isMapped(mappings, target, protocol)) continue;
    mappings.set(`${target}/${protocol}`, mappingOf({ target, protocol }, member, family));
  }
  checkUnique(member, family, report);
  const all = [...mappings.values(), ...targetedPorts(member, family, mappings)];
  if (family.networkMode === "none") return refuseAll(all, member, report);
  return all.length > 0 ? { PortMappings: all } : {};
};

function faultOf({ protocol, target }: Port): string | undefined {
  if (protocol !== "tcp" && protocol !== "udp") return `ECS has no ${protocol} ports`;
  return target >= 1 && target <= 65_535 ? undefined : `no container listens on ${target ?? 0}`;
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

function mappingOf(
  {
    target,
    protocol,
    name,
    app_protocol,
  }: Pick<Port, "target" | "protocol" | "name" | "app_protocol">,
  member: Member,
  family: Family,
): Properties {
  return {
    ContainerPort: target,
    Protocol: protocol,
    Name: name ?? usualName({ number: target, protocol }, member, family),
    ...(app_protocol !== undefined && ["http", "http2", "grpc"].includes(app_protocol)
      ? { AppProtocol: app_protocol }
      : {}),
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

/** `expose: ["80", "53/udp", "8000-8002"]`. */
function exposed({ service }: Member): readonly OwnPort[] {
  return (service.expose ?? []).flatMap((text) => {
    const [range = "", protocol = "tcp"] = String(text).split("/");
    const [from = 0, to = from] = range.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => ({
      number: from + index,
      protocol,
    }));
  });
}

/** Containers of one task share its network, but for those on a bridge: these share their instance's ports. */
function checkUnique(member: Member, family: Family, report: Report): void {
  const own = takenBy(member, family.networkMode);
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

const takenBy = (member: Member, mode: NetworkMode): readonly OwnPort[] =>
  mode === "bridge"
    ? (member.service.ports ?? [])
        .map(({ published, protocol }) => ({ number: Number(published || 0), protocol }))
        .filter(({ number }) => number > 0)
    : portsOf(member);
