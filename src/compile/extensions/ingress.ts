import type { Data } from "../../compose/project.ts";
import { boolean, list, noEffect, object, type Read, text } from "../read.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import { groupsOf } from "../services/families.ts";
import type { Family } from "../services/family.ts";
import { portsOf } from "../services/ports.ts";
import { allow, sayNobody } from "../services/rules.ts";
import { familiesNamed } from "../services/unknown-service.ts";
import { withProxies } from "./proxies.ts";
import { outside, outsideSources, portText, reachedBy, type Source } from "./sources.ts";

const readIngress = object({
  Myself: boolean,
  ...outside,
  Services: list(
    object(
      {
        Name: text,
        Description: text,
        Ports: list(portText),
        Access: boolean,
        DependsOn: noEffect("depends_on says whom a service waits for"),
      },
      ["Name"],
    ),
  ),
});

/** `x-network.Ingress`: who may reach a service, on which of its ports. */
export function openTo(data: Data, path: Path, family: Family, scope: Scope): void {
  const ingress = readIngress(data, path, scope.report) ?? {};
  const wanted = [
    ...outsideSources(ingress, path, scope),
    ...(ingress.Myself === true ? fromFamily(family, family.name, [...path, "Myself"], scope) : []),
    ...(ingress.Services ?? []).flatMap((service, index) =>
      fromService(service, [...path, "Services", index], scope),
    ),
  ];
  const own = family.members.flatMap(portsOf);
  for (const source of wanted) {
    const ports = withProxies(reachedBy(source, own), family);
    allow(family, source, ports, { path, report: scope.report });
    if (ports.length > 0) continue;
    const message = `opens ${family.name} to ${source.name}, but ${family.name} has no ports: nobody is let in`;
    scope.report.warn({ code: "no-ports", path, message, help: "Add ports or expose." });
  }
}

function fromService(
  { Access, Name = "", Ports }: NonNullable<Read<typeof readIngress>["Services"]>[number],
  path: Path,
  scope: Scope,
): readonly Source[] {
  const targets = familiesNamed(Name, path, scope);
  // As a way of saying no to a service that an earlier file lets in.
  if (Access === false) return [];
  return targets.flatMap((target) =>
    fromFamily(target, Name, path, scope).map((source) => ({ ...source, ports: Ports })),
  );
}

/** One source for each group that the tasks are in. */
function fromFamily(source: Family, name: string, path: Path, scope: Scope): readonly Source[] {
  const groups = groupsOf(source);
  if (groups.length === 0) sayNobody(source, name, path, scope.report);
  return groups.map((SourceSecurityGroupId) => ({
    name,
    properties: { SourceSecurityGroupId },
    ports: undefined,
  }));
}
