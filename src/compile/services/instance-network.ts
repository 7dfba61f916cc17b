import type { Data } from "../../compose/project.ts";
import type { Properties } from "../../model/template.ts";
import { asMapping } from "../read.ts";
import type { Scope } from "../scope.ts";
import { ofInstances, refuseReferences } from "./as-written.ts";
import type { Attribute } from "./attribute.ts";
import { type Family, type Member, siteOf } from "./family.ts";

/** What a container has of its instance's network: names, resolvers, and on a bridge its neighbours. */
export const instanceNetwork: Attribute = (member, family, scope) => {
  if (siteOf(family) !== "instance-network") return {};
  const { service, path } = member;
  const controls = Object.keys(asMapping(service.sysctls));
  if (family.networkMode === "host" && controls.some((name) => name.startsWith("net."))) {
    const message = "the network of an instance has settings of its own, which no task can change";
    scope.report.error({ code: "cannot-honour", path: [...path, "sysctls"], message });
  }
  refuseReferences(member, scope.report, ofInstances);
  const [servers, domains] = [textsOf(service.dns), textsOf(service.dns_search)];
  const hosts = textsOf(service.extra_hosts).map(hostOf);
  if (hosts.some(({ IpAddress }) => IpAddress === "")) {
    const message = "a host without an address is none";
    scope.report.error({ code: "missing-key", path: [...path, "extra_hosts"], message });
  }
  const links = linksOf(member, family, scope);
  return {
    ...(typeof service.hostname === "string" ? { Hostname: service.hostname } : {}),
    ...(servers.length > 0 ? { DnsServers: servers } : {}),
    ...(domains.length > 0 ? { DnsSearchDomains: domains } : {}),
    ...(hosts.length > 0 ? { ExtraHosts: hosts } : {}),
    ...(links.length > 0 ? { Links: links } : {}),
  };
};

/** `links` to containers of the same task, and to the sidecars that this one talks to. */
function linksOf(
  { service, path, links }: Member,
  { members, networkMode }: Family,
  { report }: Scope,
): readonly string[] {
  const written = textsOf(service.links).flatMap((text, index) => {
    const [name = "", alias = name] = text.split(":");
    const other = members.find((one) => one.name === name);
    if (other !== undefined && networkMode === "bridge") return [`${other.container}:${alias}`];
    const message =
      "links do nothing on ECS but between containers of one task on a bridge: services find each other through x-network";
    report.warn({ code: "no-effect", path: [...path, "links", index], message });
    return [];
  });
  return [...new Set([...written, ...links])];
}

/** `name=address`, as the loader writes them. */
function hostOf(text: string): Properties {
  const [Hostname = "", IpAddress = ""] = text.split(/=(.*)/s);
  return { Hostname, IpAddress };
}

const textsOf = (data: Data | undefined): readonly string[] =>
  (data === undefined || data === null ? [] : [data].flat()).map(String);
