import type { Data } from "../../compose/project.ts";
import { asList, asMapping, isMapping } from "../read.ts";
import type { Family } from "../services/family.ts";
import { ownName } from "../services/port-names.ts";
import { type OwnPort, portsOf, usualName } from "../services/ports.ts";

/** The ports of a family by the names that a mesh knows them by. */
export const portsByName = (family: Family): ReadonlyMap<string, OwnPort> =>
  new Map(
    family.members.flatMap((member) =>
      // Those of `ports`, which may have names of their own, come first.
      portsOf(member).map((port, index) => {
        const written = member.service.ports?.[index];
        const own = written && ownName(written, family);
        return [own ?? usualName(port, member, family), port] as const;
      }),
    ),
  );

/**
 * Ports, and where the proxy of a mesh listens in their place (`IngressPortOverride`): clients in the
 * mesh come there, all others to the port itself.
 */
export function withProxies(ports: readonly OwnPort[], family: Family): readonly OwnPort[] {
  const overrides = family.members.flatMap(({ service }) => overridesIn(service["x-network"]));
  if (overrides.length === 0) return ports;
  const known = portsByName(family);
  const proxies = overrides.flatMap(([name, number]) => {
    const behind = known.get(name)?.number;
    return ports.some((port) => port.number === behind) ? [{ number, protocol: "tcp" }] : [];
  });
  return [...ports, ...proxies];
}

/** The names of ports, each with the one in its place; what is wrong with it is said elsewhere. */
function overridesIn(network: Data | undefined): readonly (readonly [string, number])[] {
  const connect = asMapping(asMapping(network)["x-ecs_connect"]);
  const byName = asMapping(asMapping(connect.MacroParameters).service_ports);
  const own = asMapping(connect.Properties);
  const services = asList(own.Services);
  const all: readonly (readonly [string, Data | undefined])[] = [
    ...Object.entries(byName),
    ...services.map((one) => [String(isMapping(one) ? one.PortName : ""), one] as const),
  ];
  return all.flatMap(([name, one]) => {
    const number = Number(asMapping(one).IngressPortOverride);
    return Number.isInteger(number) ? [[name, number] as const] : [];
  });
}
