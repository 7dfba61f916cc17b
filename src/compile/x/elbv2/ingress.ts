import { outside, outsideSources, reachedBy, type Source } from "../../extensions/sources.ts";
import { base } from "../../graph.ts";
import { hashedId, pascal } from "../../ids.ts";
import { asMapping, object, type Read } from "../../read.ts";
import { type Path, silent } from "../../report.ts";
import type { Scope } from "../../scope.ts";
import { describe } from "../../security-group.ts";
import { membersNamed } from "../../services/family.ts";
import type { OwnPort } from "../../services/ports.ts";
import type { Listener } from "./listeners.ts";
import { type LoadBalancer, transportsOf } from "./load-balancer.ts";

export const readIngress = object(outside);

/** What of a load balancer's definition says who may reach it. */
interface Given {
  readonly ingress: Read<typeof readIngress>;
  readonly services: { readonly [name: string]: { readonly port?: number } };
  /** Names of services, by the group that they share. */
  readonly shared: { readonly [name: string]: readonly string[] };
}

/** One who may reach some ports, and where it is said. */
interface Opening {
  readonly source: Source;
  readonly ports: readonly OwnPort[];
  readonly path: Path;
}

/** Rules for those who may reach the listeners. */
export function openListeners(
  loadBalancer: LoadBalancer,
  given: Given,
  listeners: readonly Listener[],
  scope: Scope,
): void {
  const path = [...loadBalancer.path, "MacroParameters", "Ingress"];
  if (loadBalancer.securityGroups.length === 0) {
    const message = "Ingress does nothing: this load balancer has no security group";
    scope.report.warn({ code: "no-effect", path, message });
    return;
  }
  const all = listeners.flatMap(portsOf);
  const own = outsideSources(given.ingress, path, scope).map(
    (source): Opening => ({ source, ports: reachedBy(source, all), path }),
  );
  const openings =
    own.length > 0 || loadBalancer.type === "application"
      ? own
      : listeners.flatMap((listener) => fromTargets(listener, given, scope));
  if (openings.length === 0 && listeners.length > 0) {
    const message = "nobody can reach this load balancer";
    const help = "Add MacroParameters.Ingress.ExtSources, such as {IPv4: 0.0.0.0/0, Name: ANY}.";
    scope.report.warn({ code: "unreachable", path: loadBalancer.path, message, help });
  }
  const known = new Set<string>();
  for (const opening of openings) open(loadBalancer, opening, known, scope);
}

const portsOf = ({ port: number, protocol: spoken }: Listener): readonly OwnPort[] =>
  transportsOf(spoken).map((protocol) => ({ number, protocol }));

function open(
  { name, securityGroups: [GroupId = ""] }: LoadBalancer,
  { source, ports, path }: Opening,
  known: Set<string>,
  scope: Scope,
): void {
  for (const { number, protocol } of ports) {
    const createOnly = {
      GroupId,
      IpProtocol: protocol,
      FromPort: number,
      ToPort: number,
      ...source.properties,
    };
    // EC2 takes no rule twice, whatever it is called.
    const rule = JSON.stringify(createOnly);
    if (known.has(rule)) continue;
    known.add(rule);
    const from = `${pascal(name)}From${pascal(source.id ?? source.name)}`;
    const id = hashedId(`${from}${pascal(protocol)}${number}`, createOnly);
    const properties = { ...createOnly, Description: describe(`${source.name} to ${name}`) };
    scope.add({ id, type: "AWS::EC2::SecurityGroupIngress", layer: base, properties, path });
  }
}

/**
 * Whom the targets of a listener let in themselves: with ECS ComposeX a network load balancer has
 * no security group, and `x-network.Ingress` of its targets says who reaches them through it.
 */
function fromTargets(
  listener: Listener,
  { services, shared }: Given,
  scope: Scope,
): readonly Opening[] {
  const names = listener.targets.flatMap(({ name = "" }) => shared[name] ?? [name]);
  return names.flatMap((name) => {
    const [family = "", , written] = name.split(":");
    const port = services[name]?.port ?? (written === undefined ? undefined : Number(written));
    const members = membersNamed(family, scope.families).map(({ member }) => member);
    return members.flatMap(({ path, service }) => {
      const at = [...path, "x-network", "Ingress"];
      const data = asMapping(service["x-network"]).Ingress;
      // What is wrong with it is said where the service has it.
      const ingress = data === undefined ? undefined : readIngress(data, at, silent);
      return outsideSources(ingress ?? {}, at, { ...scope, report: silent })
        .filter(({ ports }) => ports?.every(({ number }) => number !== port) !== true)
        .map((source): Opening => ({ source, ports: portsOf(listener), path: at }));
    });
  });
}
