import type { Data } from "../../../compose/project.ts";
import { getAtt, join } from "../../../model/template.ts";
import { base } from "../../graph.ts";
import { hashedId, pascal } from "../../ids.ts";
import { asList, asMapping, list, object, type Read, text } from "../../read.ts";
import type { Scope } from "../../scope.ts";
import { hostedZone } from "../hosted-zone.ts";
import type { Values } from "../top-level-key.ts";
import type { Listener } from "./listeners.ts";
import type { LoadBalancer } from "./load-balancer.ts";

export const readAliases = list(
  object({ Route53Zone: text, Names: list(text) }, ["Route53Zone", "Names"]),
);

/** `DnsAliases`: names in a hosted zone that mean the load balancer. */
export function addAliases(
  { path }: LoadBalancer,
  aliases: Read<typeof readAliases>,
  { values, isDual }: { readonly values: Values; readonly isDual: boolean },
  scope: Scope,
): void {
  // A client that asks for IPv6 is answered only where the load balancer has it.
  const types = isDual ? ["A", "AAAA"] : ["A"];
  const AliasTarget = {
    DNSName: values.DNSName ?? "",
    HostedZoneId: values.CanonicalHostedZoneID ?? "",
  };
  for (const [index, { Route53Zone = "", Names = [] }] of aliases.entries()) {
    const at = [...path, "DnsAliases", index];
    const names = { names: Names, path: [...at, "Names"] };
    const HostedZoneId = hostedZone(Route53Zone, [...at, "Route53Zone"], names, scope);
    const all = Names.map((one) => one.replace(/\.$/, ""));
    for (const [Name, Type] of all.flatMap((one) => types.map((type) => [one, type] as const)))
      scope.add({
        // A name that is to lead to another load balancer is the same record: there is no room for two.
        id: hashedId(`${pascal(Name.replace("*", "Any"))}Alias`, { HostedZoneId, Name, Type }),
        type: "AWS::Route53::RecordSet",
        layer: base,
        properties: { HostedZoneId, Name, Type, AliasTarget },
        sole: { what: `Name ${Name}`, help: "A name leads to one of them." },
        path: at,
      });
  }
}

/**
 * `<Name>Url`, and `PublicUrl` for the first: where people reach the application, by the name that
 * its certificate is for where it has one.
 */
export function addUrls(
  { name, id }: LoadBalancer,
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
  const aliases = asMapping(definition).DnsAliases;
  const [alias] = asList(aliases);
  const { Names } = asMapping(alias);
  const [host] = asList(Names);
  const value = join([
    `${protocol.toLowerCase()}://`,
    typeof host === "string" ? host : getAtt(id, "DNSName"),
    ...(isUsual ? [] : [`:${port}`]),
  ]);
  const names = new Set([`${pascal(name)}Url`, ...(isFirst ? ["PublicUrl"] : [])]);
  for (const output of names)
    scope.addOutput({ name: output, layer: base, value, description: `Address of ${name}` });
}
