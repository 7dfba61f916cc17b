import { type Properties, ref } from "../../../model/template.ts";
import { allow } from "../../extensions/ingress.ts";
import { pascal } from "../../ids.ts";
import { suggestion } from "../../nearest.ts";
import { asIs, integer, mapOf, object, type Read, text } from "../../read.ts";
import type { Path } from "../../report.ts";
import { layerOf, type Scope } from "../../scope.ts";
import type { Family } from "../../services/family.ts";
import { healthCheckOf } from "./health-check.ts";
import type { Listener } from "./listeners.ts";
import type { LoadBalancer, TargetGroup } from "./load-balancer.ts";
import { addRules } from "./rules.ts";
import { attributesOf } from "./target-attributes.ts";

/** `Services` of a load balancer: `family:container[:port]` → what is sent to it. */
export const readServices = mapOf(
  object({
    port: integer,
    protocol: text,
    healthcheck: asIs,
    TargetGroupAttributes: asIs,
    ProtocolVersion: text,
  }),
);

type Services = NonNullable<Read<typeof readServices>>;

/** Makes the target groups of a load balancer, and the rules that lead to them. */
export function attach(
  loadBalancer: LoadBalancer,
  services: Services,
  listeners: readonly Listener[],
  scope: Scope,
): void {
  const groups = Object.entries(services).flatMap(
    ([name, settings]) => targetGroupOf(name, settings, loadBalancer, scope) ?? [],
  );
  const used = new Set(
    listeners.flatMap((listener) => addRules(listener, groups, loadBalancer, scope)),
  );
  for (const group of groups) {
    if (used.has(group)) continue;
    const path = [...loadBalancer.path, "Services", group.name];
    const message = `no listener of ${loadBalancer.name} has ${group.name} as a target`;
    scope.report.error({ code: "no-listener", path, message, help: "Add it to Targets." });
  }
}

function targetGroupOf(
  name: string,
  settings: Services[string],
  loadBalancer: LoadBalancer,
  scope: Scope,
): TargetGroup | undefined {
  const path = [...loadBalancer.path, "Services", name];
  const [familyName = "", containerName = "", portText] = name.split(":");
  const family = scope.families.get(familyName);
  const member = family?.members.find((candidate) => candidate.name === containerName);
  if (family === undefined || member === undefined) {
    unknownTarget(name, path, scope);
    return undefined;
  }
  const port = Number(portText ?? settings.port);
  if (!Number.isInteger(port)) {
    const help = `For example ${familyName}:${containerName}:80.`;
    scope.report.error({ code: "missing-key", path, message: "the port is missing", help });
    return undefined;
  }
  const own = family.name === member.name ? "" : pascal(member.container);
  const id = `${loadBalancer.id}${family.id}${own}${port}TargetGroup`;
  const check = healthCheckOf(settings.healthcheck, port, [...path, "healthcheck"], scope);
  scope.add({
    id,
    type: "AWS::ElasticLoadBalancingV2::TargetGroup",
    layer: layerOf(family),
    properties: {
      TargetType: "ip",
      Port: port,
      Protocol: (settings.protocol ?? "HTTP").toUpperCase(),
      ...(settings.ProtocolVersion === undefined
        ? {}
        : { ProtocolVersion: settings.ProtocolVersion }),
      VpcId: scope.network().vpc,
      ...check,
      TargetGroupAttributes: attributesOf(
        settings.TargetGroupAttributes,
        [...path, "TargetGroupAttributes"],
        scope,
      ),
    },
    path,
  });
  family.loadBalancers.push({
    ContainerName: member.container,
    ContainerPort: port,
    TargetGroupArn: ref(id),
  });
  for (const reached of new Set([port, checkPort(check, port)]))
    open(family, loadBalancer, reached, path);
  return { name, id, family };
}

/** A health check may go to a port of its own. */
const checkPort = ({ HealthCheckPort }: Properties, port: number): number => {
  const number = Number(HealthCheckPort);
  return Number.isInteger(number) ? number : port;
};

const open = (
  family: Family,
  { name, securityGroup }: LoadBalancer,
  port: number,
  path: Path,
): void =>
  allow(
    family,
    {
      name,
      properties: { SourceSecurityGroupId: ref(securityGroup) },
      ports: undefined,
    },
    { number: port, protocol: "tcp" },
    path,
  );

function unknownTarget(name: string, path: Path, { report, families }: Scope): void {
  const known = [...families.values()].flatMap((family) =>
    family.members.map((member) => `${family.name}:${member.name}`),
  );
  const message = `there is no ${name.split(":").slice(0, 2).join(":")}`;
  const help = `Targets are family:container:port. ${suggestion(name, known)}`;
  report.error({ code: "unknown-service", path, message, help });
}
