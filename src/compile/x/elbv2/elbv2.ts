import type { Data } from "../../../compose/project.ts";
import { getAtt, ref, type Value } from "../../../model/template.ts";
import { base } from "../../graph.ts";
import { hashedId, pascal } from "../../ids.ts";
import {
  asIs,
  asList,
  asMapping,
  boolean,
  integer,
  mapOf,
  object,
  oneOf,
  open,
  type Read,
  text,
} from "../../read.ts";
import { type Path, type Report, silent } from "../../report.ts";
import { definitionOf, propertiesIn, type Scope } from "../../scope.ts";
import { securityGroup } from "../../security-group.ts";
import { propertiesOf } from "../../values.ts";
import { bucketPolicyId } from "../bucket-policies.ts";
import { withNamedServices } from "../named-services.ts";
import type { TopLevelKey, Values } from "../top-level-key.ts";
import { checkEncryption, logTargets, ownBucket } from "./access-logs.ts";
import { placeOf } from "./addresses.ts";
import { attributesOf } from "./attributes.ts";
import { foundBalancer, foundListeners, foundValues } from "./found.ts";
import { openListeners, readIngress } from "./ingress.ts";
import { type Listener, listenersOf } from "./listeners.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import { addAliases, addUrls, readAliases } from "./names.ts";
import { attach, readServices, readTargetGroups } from "./targets.ts";

const macros = {
  timeout_seconds: integer,
  desync_mitigation_mode: text,
  drop_invalid_header_fields: boolean,
  http2: boolean,
  cross_zone: boolean,
  S3Logs: text,
};

const readLoadBalancer = object({
  Properties: asIs,
  MacroParameters: open({ ...macros, Ingress: readIngress }),
  Listeners: asIs,
  Services: readServices,
  // Where files from before ComposeX 0.12 have the macros.
  Settings: open({ ...macros, Subnets: text, NoAllocateEips: boolean, RetainEips: boolean }),
  TargetGroups: readTargetGroups,
  DnsAliases: readAliases,
  Lookup: asIs,
});

type Given = Read<typeof readLoadBalancer>;

/**
 * `x-elbv2`: load balancers. The balancer and its listeners are shared, so they are in `base`, and
 * a listener's default action is fixed; what sends traffic to a family is in the family's stack.
 */
export const elbv2: TopLevelKey = {
  key: "x-elbv2",

  values: (name, definition, scope) => valuesOf(name, definition, { ...scope, report: silent }),

  compile: (data, scope) => {
    const definitions = mapOf(asIs)(data, ["x-elbv2"], scope.report) ?? {};
    let isFirst = true;
    for (const [name, written] of Object.entries(definitions)) {
      const definition = withNamedServices(written, ["x-elbv2", name], scope.report);
      const type = typeOf(name, definition, scope.report);
      const path = ["x-elbv2", name];
      const given = readLoadBalancer(definition, path, scope.report) ?? {};
      if (given.Lookup !== undefined) useFound(name, given, definition, scope);
      if (type === undefined || given.Lookup !== undefined) continue;
      const securityGroups = [ref(securityGroupOf(name, scope))];
      const id = idOf(name, definition);
      const fullName = getAtt(id, "LoadBalancerFullName");
      const loadBalancer = { name, id, arn: ref(id), type, securityGroups, fullName, path };
      const listeners = compileOne(loadBalancer, given, definition, scope);
      if (schemeOf(definition) !== "internet-facing" || listeners.length === 0) continue;
      addUrls(loadBalancer, definition, { listeners, isFirst }, scope);
      isFirst = false;
    }
  },
};

function valuesOf(name: string, definition: Data, scope: Scope): Values {
  const lookup = asMapping(definition).Lookup;
  if (lookup !== undefined) {
    const { SecurityGroups: _, ...values } = foundValues(name, lookup, scope) ?? {};
    return values;
  }
  const id = idOf(name, definition);
  return {
    Arn: ref(id),
    DNSName: getAtt(id, "DNSName"),
    CanonicalHostedZoneID: getAtt(id, "CanonicalHostedZoneID"),
    LoadBalancerFullName: getAtt(id, "LoadBalancerFullName"),
  };
}

/** Rules on listeners that others made, and listeners beside them: nothing else of it is touched. */
function useFound(name: string, given: Given, definition: Data, scope: Scope): void {
  warnBeside(given, ["x-elbv2", name], scope.report);
  const loadBalancer = foundBalancer(name, given.Lookup ?? null, scope);
  if (loadBalancer === undefined) return;
  const found = foundListeners(name, given.Lookup ?? null, scope);
  const made = listenersOf(given.Listeners, loadBalancer, scope);
  for (const { path, port } of made) {
    if (!found.some((other) => other.port === port)) continue;
    const message = `there is a listener on ${port} already, which Lookup names`;
    scope.report.error({ code: "same-port", path, message });
  }
  // Without Ingress its groups let in whom they do already.
  if (given.MacroParameters?.Ingress !== undefined)
    openListeners(loadBalancer, whoMay(given), made, scope);
  const groups = { services: given.Services ?? {}, shared: given.TargetGroups ?? {} };
  attach(loadBalancer, groups, [...found, ...made], scope);
  const values = valuesOf(name, definition, { ...scope, report: silent });
  addAliases(loadBalancer, given.DnsAliases ?? [], { values, isDual: false }, scope);
}

function warnBeside(
  { MacroParameters: { Ingress: _, ...macros } = {}, Properties, Settings }: Given,
  path: Path,
  report: Report,
): void {
  const others = Object.keys(macros).length > 0 ? macros : undefined;
  for (const [key, value] of Object.entries({ Properties, MacroParameters: others, Settings })) {
    if (value === undefined) continue;
    const message = `${key} does nothing: what is looked up stays as it is`;
    report.warn({ code: "no-effect", path: [...path, key], message });
  }
}

const whoMay = ({ MacroParameters, Services = {}, TargetGroups = {} }: Given) => ({
  ingress: MacroParameters?.Ingress ?? {},
  services: Services,
  shared: Object.fromEntries(
    Object.entries(TargetGroups).map(([group, { Services: all = [] }]) => [
      group,
      all.map(({ Name = "" }) => Name),
    ]),
  ),
});

function compileOne(
  loadBalancer: LoadBalancer,
  given: Given,
  definition: Data,
  scope: Scope,
): readonly Listener[] {
  const { id, type, path } = loadBalancer;
  const scheme = schemeOf(definition);
  const { LoadBalancerAttributes: _, ...own } = asMapping(given.Properties);
  const properties = propertiesOf(own, [...path, "Properties"], scope);
  const more = asList(properties.SecurityGroups);
  const logs = logTargets(definition, path);
  for (const target of logs) checkEncryption(loadBalancer, target, scope);
  scope.add({
    id,
    type: "AWS::ElasticLoadBalancingV2::LoadBalancer",
    layer: base,
    properties: {
      ...properties,
      Type: type,
      Scheme: scheme,
      SecurityGroups: [...loadBalancer.securityGroups, ...more],
      ...placeOf(loadBalancer, given.Settings ?? {}, { ...properties, Scheme: scheme }, scope),
      LoadBalancerAttributes: attributesOf(loadBalancer, definition, scope),
    },
    dependsOn: [
      // An address on the internet needs its gateway, which no property says.
      ...(scheme === "internet-facing" ? scope.network().wayOut : []),
      // It tries to write before it is made.
      ...new Set(logs.flatMap(({ bucket }) => policyOf(bucket, scope))),
    ],
    path,
  });
  const listeners = listenersOf(given.Listeners, loadBalancer, scope);
  openListeners(loadBalancer, whoMay(given), listeners, scope);
  const groups = { services: given.Services ?? {}, shared: given.TargetGroups ?? {} };
  attach(loadBalancer, groups, listeners, scope);
  const isDual = properties.IpAddressType === "dualstack";
  const values = valuesOf(loadBalancer.name, definition, scope);
  addAliases(loadBalancer, given.DnsAliases ?? [], { values, isDual }, scope);
  return listeners;
}

/** The policy of a bucket that the application makes itself. */
function policyOf(bucket: string, scope: Scope): readonly string[] {
  const name = ownBucket(bucket);
  if (name === undefined) return [];
  const definition = definitionOf("x-s3", name, scope);
  const isMade = definition !== undefined && !("Lookup" in asMapping(definition));
  return isMade ? [bucketPolicyId(name)] : [];
}

const schemeOf = (definition: Data): string =>
  propertiesIn(definition).Scheme === "internet-facing" ? "internet-facing" : "internal";

function idOf(name: string, definition: Data): string {
  const own = propertiesIn(definition);
  return hashedId(`${pascal(name)}LoadBalancer`, {
    Scheme: schemeOf(definition),
    Type: String(givenType(definition)),
    ...(own.Name === undefined ? {} : { Name: own.Name as Value }),
  });
}

const types: readonly LoadBalancer["type"][] = ["application", "network"];

const givenType = (definition: Data): Data => propertiesIn(definition).Type ?? "application";

/** Undefined, and said so: there is no such type. */
function typeOf(name: string, definition: Data, report: Report): LoadBalancer["type"] | undefined {
  const path = ["x-elbv2", name, "Properties"];
  const scheme = propertiesIn(definition).Scheme;
  if (scheme !== undefined)
    oneOf("internal", "internet-facing")(scheme, [...path, "Scheme"], report);
  return oneOf(...types)(givenType(definition), [...path, "Type"], report);
}

function securityGroupOf(name: string, scope: Scope): string {
  const description = `Load balancer ${name.replaceAll(/[^A-Za-z0-9 ._-]/g, "-")}`;
  const guard = securityGroup(`${pascal(name)}LoadBalancerSecurityGroup`, description, scope);
  scope.add({ ...guard, layer: base, path: ["x-elbv2", name] });
  return guard.id;
}
