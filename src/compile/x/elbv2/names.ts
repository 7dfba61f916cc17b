import type { Data } from "../../../compose/project.ts";
import { getAtt, join } from "../../../model/template.ts";
import { base } from "../../graph.ts";
import { pascal } from "../../ids.ts";
import { isMapping, list, object, type Read, text } from "../../read.ts";
import type { Path } from "../../report.ts";
import type { Scope } from "../../scope.ts";
import { textValue } from "../../values.ts";
import type { Values } from "../top-level-key.ts";
import type { Listener } from "./listeners.ts";
import type { LoadBalancer } from "./load-balancer.ts";

export const readAliases = list(
  object({ Route53Zone: text, Names: list(text) }, ["Route53Zone", "Names"]),
);

/** `DnsAliases`: names in a hosted zone that mean the load balancer. */
export function addAliases(
  { name, path }: LoadBalancer,
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
    const HostedZoneId = textValue(Route53Zone, [...at, "Route53Zone"], scope);
    checkZone(Route53Zone, Names, at, scope);
    for (const [Name, Type] of Names.flatMap((one) => types.map((type) => [one, type] as const)))
      scope.add({
        id: `${pascal(name)}Alias${pascal(Name.replace("*", "Any"))}${Type === "A" ? "" : Type}`,
        type: "AWS::Route53::RecordSet",
        layer: base,
        properties: { HostedZoneId, Name, Type, AliasTarget },
        path: at,
      });
  }
}

/** Route 53 takes a record in the zone of its own name only. */
function checkZone(zone: string, names: readonly string[], path: Path, scope: Scope): void {
  const [, name] = /^x-route53::([^:]+)/.exec(zone) ?? [];
  if (name === undefined) return;
  const found = { kind: "x-route53", name, returned: "ZoneName" };
  const domain = scope.resolve(found, [...path, "Route53Zone"]);
  if (typeof domain !== "string") return;
  for (const [index, alias] of names.entries()) {
    if (`.${plain(alias)}`.endsWith(`.${plain(domain)}`)) continue;
    const message = `${alias} is not in the zone ${domain}`;
    scope.report.error({ code: "wrong-zone", path: [...path, "Names", index], message });
  }
}

/** Names of DNS end with a dot, which people leave out. */
const plain = (name: string): string => name.toLowerCase().replace(/\.$/, "");

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
  const aliases = isMapping(definition) ? definition.DnsAliases : undefined;
  const [alias] = Array.isArray(aliases) ? aliases : [];
  const [host] = isMapping(alias) && Array.isArray(alias.Names) ? alias.Names : [];
  const value = join([
    `${protocol.toLowerCase()}://`,
    typeof host === "string" ? host : getAtt(id, "DNSName"),
    ...(isUsual ? [] : [`:${port}`]),
  ]);
  const names = new Set([`${pascal(name)}Url`, ...(isFirst ? ["PublicUrl"] : [])]);
  for (const output of names)
    scope.addOutput({ name: output, layer: base, value, description: `Address of ${name}` });
}
