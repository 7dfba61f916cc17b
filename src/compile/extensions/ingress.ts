import type { Data } from "../../compose/project.ts";
import { hashedId, pascal } from "../ids.ts";
import { suggestion } from "../nearest.ts";
import { boolean, list, notBuilt, object, type Read, text } from "../read.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import { groupOf } from "../services/families.ts";
import { type Family, knownNames, membersNamed } from "../services/family.ts";
import { type OwnPort, portsOf } from "../services/ports.ts";
import { outside, outsideSources, portText, type Source } from "./sources.ts";

const readIngress = object({
  Myself: boolean,
  ...outside,
  Services: list(
    object({ Name: text, Description: text, Ports: list(portText), Access: notBuilt }, ["Name"]),
  ),
});

/** `x-network.Ingress`: who may reach a service, on which of its ports. */
export function openTo(data: Data, path: Path, family: Family, scope: Scope): void {
  const ingress = readIngress(data, path, scope.report) ?? {};
  const wanted = [
    ...outsideSources(ingress, path, scope),
    ...(ingress.Myself === true ? [fromFamily(family, family.name)] : []),
    ...(ingress.Services ?? []).flatMap((service, index) =>
      fromService(service, [...path, "Services", index], scope),
    ),
  ];
  const own = family.members.flatMap(portsOf);
  for (const source of wanted) {
    const ports = source.ports ?? own;
    for (const port of ports) allow(family, source, port, path);
    if (ports.length > 0) continue;
    const message = `opens ${family.name} to ${source.name}, but ${family.name} has no ports`;
    scope.report.error({ code: "no-ports", path, message, help: "Add ports or expose." });
  }
}

/** Adds one rule to a family's security group. The same rule twice is one rule. */
export function allow(family: Family, source: Source, port: OwnPort, path: Path): void {
  const createOnly = {
    GroupId: groupOf(family),
    IpProtocol: port.protocol,
    FromPort: port.number,
    ToPort: port.number,
    ...source.properties,
  };
  const name = `${family.id}From${pascal(source.name)}${pascal(port.protocol)}${port.number}`;
  const Description = describe(`${source.name} to ${family.name}`);
  family.rules.set(hashedId(name, createOnly), {
    properties: { ...createOnly, Description },
    path,
  });
}

/** EC2 takes few characters in a rule's description, and 255 of them. */
export const describe = (text: string): string =>
  text.replaceAll(/[^A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]/g, "-").slice(0, 255);

function fromService(
  { Name = "", Ports }: NonNullable<Read<typeof readIngress>["Services"]>[number],
  path: Path,
  scope: Scope,
): readonly Source[] {
  const targets = new Set(membersNamed(Name, scope.families).map((target) => target.family));
  if (targets.size === 0) {
    const message = `there is no service or family ${Name}`;
    const help = suggestion(Name, knownNames(scope.families));
    scope.report.error({ code: "unknown-service", path, message, help });
  }
  return [...targets].map((target) => ({ ...fromFamily(target, Name), ports: Ports }));
}

const fromFamily = (source: Family, name: string): Source => ({
  name,
  properties: { SourceSecurityGroupId: groupOf(source) },
  ports: undefined,
});
