import type { Data } from "../../../compose/project.ts";
import { getAtt, join, ref } from "../../../model/template.ts";
import { describe } from "../../extensions/ingress.ts";
import { outside, outsideSources } from "../../extensions/sources.ts";
import { base } from "../../graph.ts";
import { hashedId, pascal } from "../../ids.ts";
import {
  asIs,
  boolean,
  integer,
  isMapping,
  list,
  mapOf,
  notBuilt,
  object,
  type Read,
  text,
} from "../../read.ts";
import type { Scope } from "../../scope.ts";
import { propertiesOf, textValue } from "../../values.ts";
import type { TopLevelKey } from "../top-level-key.ts";
import { attributesOf } from "./attributes.ts";
import { type Listener, listenersOf } from "./listeners.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import { attach, readServices, readTargetGroups } from "./targets.ts";

const macros = {
  timeout_seconds: integer,
  desync_mitigation_mode: text,
  drop_invalid_header_fields: boolean,
  http2: boolean,
  cross_zone: boolean,
};

const readLoadBalancer = object({
  Properties: asIs,
  MacroParameters: object({ ...macros, Ingress: object(outside) }),
  Listeners: asIs,
  Services: readServices,
  // Where files from before ComposeX 0.12 have the macros.
  Settings: object({ ...macros, Subnets: text, S3Logs: text }),
  TargetGroups: readTargetGroups,
  DnsAliases: list(object({ Route53Zone: text, Names: list(text) }, ["Route53Zone", "Names"])),
  Lookup: notBuilt,
});

/**
 * `x-elbv2`: load balancers. The balancer and its listeners are shared, so they are in `base`, and
 * a listener's default action is fixed; what sends traffic to a family is in the family's stack.
 */
export const elbv2: TopLevelKey = {
  key: "x-elbv2",

  values: (name, definition) => {
    const id = idOf(name, definition);
    return {
      Arn: ref(id),
      DNSName: getAtt(id, "DNSName"),
      CanonicalHostedZoneID: getAtt(id, "CanonicalHostedZoneID"),
      LoadBalancerFullName: getAtt(id, "LoadBalancerFullName"),
    };
  },

  compile: (data, scope) => {
    const definitions = mapOf(asIs)(data, ["x-elbv2"], scope.report) ?? {};
    let isFirst = true;
    for (const [name, definition] of Object.entries(definitions)) {
      const listeners = compileOne(name, definition, scope);
      if (schemeOf(definition) !== "internet-facing" || listeners.length === 0) continue;
      addUrls(name, definition, { listeners, isFirst }, scope);
      isFirst = false;
    }
  },
};

function compileOne(name: string, definition: Data, scope: Scope): readonly Listener[] {
  const path = ["x-elbv2", name];
  const read = readLoadBalancer(definition, path, scope.report) ?? {};
  const properties = propertiesOf(read.Properties, [...path, "Properties"], scope);
  const type = typeOf(definition);
  if (type === undefined) {
    const message = `there are no load balancers of the type ${String(properties.Type)}`;
    const help = "application or network.";
    const at = [...path, "Properties", "Type"];
    scope.report.error({ code: "unknown-value", path: at, message, help });
    return [];
  }
  const scheme = schemeOf(definition);
  const group =
    read.Settings?.Subnets ?? (scheme === "internet-facing" ? "PublicSubnets" : "AppSubnets");
  const subnets = scope.network().subnets(group);
  if (subnets === undefined) {
    const message = `there is no group of subnets ${group}`;
    scope.report.error({ code: "unknown-subnets", path, message });
  }
  const loadBalancer = {
    name,
    id: idOf(name, definition),
    type,
    securityGroup: securityGroupOf(name, scope),
    path,
  };
  scope.add({
    id: loadBalancer.id,
    type: "AWS::ElasticLoadBalancingV2::LoadBalancer",
    layer: base,
    properties: {
      ...properties,
      Type: type,
      Scheme: scheme,
      SecurityGroups: [ref(loadBalancer.securityGroup)],
      Subnets: subnets ?? [],
      LoadBalancerAttributes: attributesOf(
        type,
        { ...read.Settings, ...read.MacroParameters },
        properties,
      ),
    },
    // An address on the internet needs its gateway, which no property says.
    dependsOn: scheme === "internet-facing" ? scope.network().wayOut : [],
    path,
  });
  const listeners = listenersOf(read.Listeners, loadBalancer, scope);
  openListeners(loadBalancer, read.MacroParameters?.Ingress ?? {}, listeners, scope);
  const groups = { services: read.Services ?? {}, shared: read.TargetGroups ?? {} };
  attach(loadBalancer, groups, listeners, scope);
  addAliases(loadBalancer, read.DnsAliases ?? [], scope);
  return listeners;
}

const schemeOf = (definition: Data): string => {
  const properties = isMapping(definition) ? definition.Properties : undefined;
  const scheme = isMapping(properties) ? properties.Scheme : undefined;
  return scheme === "internet-facing" ? scheme : "internal";
};

const idOf = (name: string, definition: Data): string =>
  hashedId(`${pascal(name)}LoadBalancer`, {
    Scheme: schemeOf(definition),
    Type: typeOf(definition) ?? "application",
  });

const typeOf = (definition: Data): LoadBalancer["type"] | undefined => {
  const properties = isMapping(definition) ? definition.Properties : undefined;
  const type = (isMapping(properties) ? properties.Type : undefined) ?? "application";
  return type === "application" || type === "network" ? type : undefined;
};

function securityGroupOf(name: string, scope: Scope): string {
  const createOnly = {
    GroupDescription: `Load balancer ${name.replaceAll(/[^A-Za-z0-9 ._-]/g, "-")}`,
    VpcId: scope.network().vpc,
  };
  const id = hashedId(`${pascal(name)}LoadBalancerSecurityGroup`, createOnly);
  const path = ["x-elbv2", name];
  scope.add({ id, type: "AWS::EC2::SecurityGroup", layer: base, properties: createOnly, path });
  return id;
}

/** Rules for those who may reach the listeners. */
function openListeners(
  { name, securityGroup, path }: LoadBalancer,
  ingress: Parameters<typeof outsideSources>[0],
  listeners: readonly Listener[],
  scope: Scope,
): void {
  const at = [...path, "MacroParameters", "Ingress"];
  const allowed = outsideSources(ingress, at, scope.report);
  if (allowed.length === 0 && listeners.length > 0) {
    const message = "nobody can reach this load balancer";
    const help = "Add MacroParameters.Ingress.ExtSources, such as {IPv4: 0.0.0.0/0, Name: ANY}.";
    scope.report.warn({ code: "unreachable", path, message, help });
  }
  for (const source of allowed) {
    const ports = source.ports?.map(({ number }) => number) ?? listeners.map(({ port }) => port);
    for (const port of ports) {
      const createOnly = {
        GroupId: ref(securityGroup),
        IpProtocol: "tcp",
        FromPort: port,
        ToPort: port,
        ...source.properties,
      };
      const id = hashedId(`${pascal(name)}From${pascal(source.name)}Tcp${port}`, createOnly);
      const properties = { ...createOnly, Description: describe(`${source.name} to ${name}`) };
      scope.add({ id, type: "AWS::EC2::SecurityGroupIngress", layer: base, properties, path: at });
    }
  }
}

/** `DnsAliases`: names in a hosted zone that mean the load balancer. */
function addAliases(
  { name, id, path }: LoadBalancer,
  aliases: NonNullable<Read<typeof readLoadBalancer>["DnsAliases"]>,
  scope: Scope,
): void {
  for (const [index, { Route53Zone = "", Names = [] }] of aliases.entries()) {
    const at = [...path, "DnsAliases", index];
    const zone = textValue(Route53Zone, [...at, "Route53Zone"], scope);
    for (const alias of Names)
      scope.add({
        id: `${pascal(name)}Alias${pascal(alias)}`,
        type: "AWS::Route53::RecordSet",
        layer: base,
        properties: {
          HostedZoneId: zone,
          Name: alias,
          Type: "A",
          AliasTarget: {
            DNSName: getAtt(id, "DNSName"),
            HostedZoneId: getAtt(id, "CanonicalHostedZoneID"),
          },
        },
        path: at,
      });
  }
}

/**
 * `<Name>Url`, and `PublicUrl` for the first: where people reach the application, by the name that
 * its certificate is for where it has one.
 */
function addUrls(
  name: string,
  definition: Data,
  { listeners, isFirst }: { readonly listeners: readonly Listener[]; readonly isFirst: boolean },
  scope: Scope,
): void {
  const [listener] = [...listeners].sort(
    (a, b) => Number(b.protocol === "HTTPS") - Number(a.protocol === "HTTPS"),
  );
  if (listener === undefined) return;
  const { protocol, port } = listener;
  const isHttp = protocol.startsWith("HTTP");
  const isUsual = isHttp && port === (protocol === "HTTPS" ? 443 : 80);
  const aliases = isMapping(definition) ? definition.DnsAliases : undefined;
  const [alias] = Array.isArray(aliases) ? aliases : [];
  const [host] = isMapping(alias) && Array.isArray(alias.Names) ? alias.Names : [];
  const value = join([
    `${protocol.toLowerCase()}://`,
    typeof host === "string" ? host : getAtt(idOf(name, definition), "DNSName"),
    ...(isUsual ? [] : [`:${port}`]),
  ]);
  const names = new Set([`${pascal(name)}Url`, ...(isFirst ? ["PublicUrl"] : [])]);
  for (const output of names)
    scope.addOutput({ name: output, layer: base, value, description: `Address of ${name}` });
}
