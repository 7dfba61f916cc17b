import type { Port } from "../../compose/project.ts";
import type { Properties } from "../../model/template.ts";
import type { Report } from "../report.ts";
import type { Attribute } from "./attribute.ts";
import type { Family, Member } from "./family.ts";

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
    if (port.protocol !== "tcp" && port.protocol !== "udp") {
      const message = `ECS has no ${port.protocol} ports`;
      report.error({ code: "unknown-value", path, message, help: "tcp or udp." });
      continue;
    }
    if (isRemapped(port)) {
      const message = `tasks have addresses of their own: the service listens on ${port.target}, and ${hostSide(port)} is not used`;
      report.warn({ code: "no-effect", path, message });
    }
    mappings.set(`${port.target}/${port.protocol}`, mappingOf(port));
  }
  for (const { number, protocol } of exposed(member)) {
    const key = `${number}/${protocol}`;
    if (!mappings.has(key)) mappings.set(key, mappingOf({ target: number, protocol }));
  }
  checkUnique(member, family, report);
  const all = [...mappings.values(), ...targetedPorts(member, family, mappings)];
  return all.length > 0 ? { PortMappings: all } : {};
};

/** ECS wants a mapping for whatever load balancers send to, whether or not compose names the port. */
function targetedPorts(
  { container }: Member,
  { loadBalancers }: Family,
  mappings: ReadonlyMap<string, Properties>,
): readonly Properties[] {
  const targets = loadBalancers
    .filter(({ ContainerName }) => ContainerName === container)
    .map(({ ContainerPort }) => Number(ContainerPort));
  return [...new Set(targets)]
    .filter((target) => ["tcp", "udp"].every((protocol) => !mappings.has(`${target}/${protocol}`)))
    .map((target) => mappingOf({ target, protocol: "tcp" }));
}

/** Every port of a member, `ports` first. */
export const portsOf = (member: Member): readonly OwnPort[] => [
  ...(member.service.ports ?? []).map(({ target, protocol }) => ({ number: target, protocol })),
  ...exposed(member),
];

const isRemapped = ({ published, target, host_ip }: Port): boolean =>
  (published !== undefined && published !== "" && published !== String(target)) ||
  (host_ip !== undefined && host_ip !== "0.0.0.0");

const hostSide = ({ published, host_ip }: Port): string =>
  [host_ip, published].filter((part) => part !== undefined && part !== "").join(":");

function mappingOf({
  target,
  protocol,
  name,
  app_protocol,
}: Pick<Port, "target" | "protocol" | "name" | "app_protocol">): Properties {
  return {
    ContainerPort: target,
    Protocol: protocol,
    Name: name ?? `${protocol}_${target}`,
    ...(app_protocol !== undefined && ["http", "http2", "grpc"].includes(app_protocol)
      ? { AppProtocol: app_protocol }
      : {}),
  };
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

/** Containers of one task share its network. */
function checkUnique(member: Member, family: Family, report: Report): void {
  const before = family.members.slice(0, family.members.indexOf(member));
  for (const { number, protocol } of portsOf(member)) {
    const other = before.find((candidate) =>
      portsOf(candidate).some((port) => port.number === number && port.protocol === protocol),
    );
    if (other === undefined) continue;
    const path = [...member.path, "ports"];
    const message = `${other.name} listens on ${number}/${protocol} too, in the same task`;
    report.error({ code: "same-port", path, message });
  }
}
