import type { Data } from "../../../compose/project.ts";
import { shown } from "../../../compose/shown.ts";
import type { Properties } from "../../../model/template.ts";
import { base, type Layer } from "../../graph.ts";
import { hashedId, pascal } from "../../ids.ts";
import { suggestion } from "../../nearest.ts";
import {
  asIs,
  asMapping,
  integer,
  list,
  mapOf,
  object,
  type Read,
  type Reader,
  text,
} from "../../read.ts";
import type { Path } from "../../report.ts";
import { layerOf, type Scope } from "../../scope.ts";
import type { Family } from "../../services/family.ts";
import { isOff } from "../../services/unknown-service.ts";
import { type End, type Group, join } from "./ends.ts";
import { healthCheckOf } from "./health-check.ts";
import type { Listener } from "./listeners.ts";
import type { LoadBalancer, TargetGroup } from "./load-balancer.ts";
import { warnOfPatience } from "./patience.ts";
import { addRules } from "./rules.ts";
import { attributesOf } from "./target-attributes.ts";
import { protocolOf, targetType } from "./target-kind.ts";

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

/** `{key: value}`, or as CloudFormation has it. */
const readTags: Reader<readonly Properties[]> = (data, path, report) =>
  Array.isArray(data)
    ? list(object({ Key: text, Value: text }, ["Key", "Value"]))(data, path, report)
    : Object.entries(mapOf(text)(data, path, report) ?? {}).map(([Key, Value]) => ({ Key, Value }));

/** `TargetGroups`: groups with several services in them. */
export const readTargetGroups = mapOf(
  object(
    {
      Port: integer,
      Protocol: text,
      ProtocolVersion: text,
      HealthCheck: asIs,
      Matcher: asIs,
      TargetGroupAttributes: asIs,
      Tags: readTags,
      Services: list(object({ Name: text, Port: integer }, ["Name"])),
    },
    ["Port", "Services"],
  ),
);

type Services = Read<typeof readServices>;
type Shared = Read<typeof readTargetGroups>;

/** Makes the target groups of a load balancer, and the rules that lead to them. */
export function attach(
  loadBalancer: LoadBalancer,
  { services, shared }: { readonly services: Services; readonly shared: Shared },
  listeners: readonly Listener[],
  scope: Scope,
): void {
  const groups = [
    ...Object.entries(services).flatMap(
      ([name, settings]) => groupOf(name, settings, loadBalancer, scope) ?? [],
    ),
    ...Object.entries(shared)
      .filter(([name]) => isUsed(name, loadBalancer, listeners, scope))
      .map(([name, settings]) => sharedGroupOf(name, settings, loadBalancer, scope)),
  ];
  const used = new Set(
    listeners.flatMap((listener) => addRules(listener, groups, loadBalancer, scope)),
  );
  // A target without a name, which is an error by itself, may be any of them.
  if (listeners.some(({ targets }) => targets.some(({ name }) => name === undefined))) return;
  for (const group of groups) {
    if (used.has(group)) continue;
    const message = `no listener of ${loadBalancer.name} has ${group.name} as a target`;
    const path = loadBalancer.path;
    scope.report.error({ code: "no-listener", path, message, help: "Add it to Targets." });
  }
}

/** A service cannot be put into a group that no listener leads to, so such a group is not made. */
function isUsed(
  name: string,
  loadBalancer: LoadBalancer,
  listeners: readonly Listener[],
  { report }: Scope,
): boolean {
  if (listeners.some(({ targets }) => targets.some((target) => target.name === name))) return true;
  const path = [...loadBalancer.path, "TargetGroups", name];
  const message = `no listener has ${shown(name)} as a target, so it is not made`;
  report.warn({ code: "no-listener", path, message });
  return false;
}

function groupOf(
  name: string,
  settings: Services[string],
  loadBalancer: LoadBalancer,
  scope: Scope,
): TargetGroup | undefined {
  const path = [...loadBalancer.path, "Services", name];
  const end = endOf(name, settings.port, path, scope);
  if (end === undefined) return undefined;
  const { family, member, port } = end;
  const id = groupId(loadBalancer.id, end);
  const layer = layerOf(family);
  const { healthcheck, ...given } = settings;
  const check = { data: healthcheck, path: [...path, "healthcheck"] };
  const own = { ...given, port, check, families: [family] };
  const group = addGroup({ id, layer, path }, own, loadBalancer, scope);
  join(end, group, loadBalancer, { path, report: scope.report });
  const { protocol } = group;
  const whole = `${family.name}:${member.name}:${port}`;
  return { name, whole, id, protocol, layer, owner: family.id, families: [family] };
}

/** The logical id of the target group that one container's port has for itself. */
function groupId(loadBalancer: string, { family, member, port }: End): string {
  const own = family.name === member.name ? "" : pascal(member.container);
  return `${loadBalancer}${family.id}${own}${port}TargetGroup`;
}

function sharedGroupOf(
  name: string,
  settings: Shared[string],
  loadBalancer: LoadBalancer,
  scope: Scope,
): TargetGroup {
  const path = [...loadBalancer.path, "TargetGroups", name];
  const { Port: port = 80, Protocol: asked, HealthCheck, Services = [], ...more } = settings;
  const { Matcher, ...attributes } = more;
  // CloudFormation has it beside the health check that it is of.
  const whole = Matcher === undefined ? HealthCheck : { Matcher, ...asMapping(HealthCheck) };
  const check = { data: whole, path: [...path, "HealthCheck"] };
  const ends = Services.flatMap(({ Name = "", Port }, index) => {
    const at = [...path, "Services", index];
    return endOf(Name, Port ?? port, at, scope) ?? [];
  });
  const families = [...new Set(ends.map(({ family }) => family))];
  const given = { ...attributes, port, protocol: asked, check, families };
  const whose = { id: `${loadBalancer.id}${pascal(name)}TargetGroup`, layer: base, path };
  const group = addGroup(whose, given, loadBalancer, scope);
  for (const end of ends) join(end, group, loadBalancer, { path, report: scope.report });
  const { id, protocol } = group;
  return { name, whole: name, id, protocol, layer: base, owner: pascal(name), families };
}

interface Given {
  readonly port: number;
  readonly families: readonly Family[];
  readonly protocol?: string | undefined;
  readonly check: { readonly data: Data | undefined; readonly path: Path };
  readonly TargetGroupAttributes?: Data | undefined;
  readonly Tags?: readonly Properties[] | undefined;
  readonly ProtocolVersion?: string | undefined;
}

function addGroup(
  whose: { readonly id: string; readonly layer: Layer; readonly path: Path },
  given: Given,
  loadBalancer: LoadBalancer,
  scope: Scope,
): Group {
  const { layer, path } = whose;
  const { port, ProtocolVersion } = given;
  const targets = targetType(given.families, path, scope.report);
  const protocol = protocolOf(given, loadBalancer, path, scope);
  const version = ProtocolVersion?.toUpperCase();
  const checked = { port, protocol, version, isDynamic: targets === "instance" };
  const healthCheck = healthCheckOf(given.check.data, checked, loadBalancer, {
    path: given.check.path,
    report: scope.report,
  });
  const attributes = attributesOf(
    given.TargetGroupAttributes,
    loadBalancer,
    [...path, "TargetGroupAttributes"],
    scope,
  );
  warnOfPatience(healthCheck, attributes, path, scope.report);
  const createOnly = {
    TargetType: targets,
    Port: port,
    Protocol: protocol,
    ...(version === undefined ? {} : { ProtocolVersion: version }),
    VpcId: scope.network().vpc,
  };
  // Families hold on to one that they share, so another is beside it until all have moved.
  const id = layer === base ? hashedId(whose.id, createOnly) : whose.id;
  scope.add({
    id,
    type: "AWS::ElasticLoadBalancingV2::TargetGroup",
    layer,
    properties: {
      ...createOnly,
      ...healthCheck,
      TargetGroupAttributes: attributes,
      ...(given.Tags === undefined ? {} : { Tags: given.Tags }),
    },
    path,
  });
  return { id, protocol, check: healthCheck };
}

function endOf(name: string, usual: number | undefined, path: Path, scope: Scope): End | undefined {
  const [familyName = "", containerName = "", portText] = name.split(":");
  const family = scope.families.get(familyName);
  const member = family?.members.find((candidate) => candidate.name === containerName);
  if (family === undefined || member === undefined) {
    unknownTarget(name, path, scope);
    return undefined;
  }
  const port = Number(portText ?? usual);
  if (portText !== undefined && usual !== undefined && usual !== port) {
    const message = `${name} has the port ${portText}, and ${usual} is not used`;
    scope.report.warn({ code: "overruled", path, message });
  }
  if (Number.isInteger(port)) return { family, member, port };
  const help = `For example ${familyName}:${containerName}:80.`;
  scope.report.error({ code: "missing-key", path, message: "the port is missing", help });
  return undefined;
}

function unknownTarget(name: string, path: Path, scope: Scope): void {
  if (isOff(name, scope)) return;
  const { families, report } = scope;
  const known = [...families.values()].flatMap((family) =>
    family.members.map((member) => `${family.name}:${member.name}`),
  );
  const message = `there is no ${shown(name.split(":").slice(0, 2).join(":"))}`;
  const help = `Targets are family:container:port. ${suggestion(name, known)}`;
  report.error({ code: "unknown-service", path, message, help });
}
