import type { Data } from "../../compose/project.ts";
import { getAtt, ref } from "../../model/template.ts";
import { base } from "../graph.ts";
import { hashedId, pascal } from "../ids.ts";
import { lookupReader } from "../lookups.ts";
import { asIs, isMapping, mapOf, notBuilt, object, text } from "../read.ts";
import { silent } from "../report.ts";
import type { Scope } from "../scope.ts";
import { propertiesOf } from "../values.ts";
import type { TopLevelKey } from "./top-level-key.ts";

const readNamespace = object({
  Name: text,
  ZoneName: text,
  Properties: asIs,
  Lookup: asIs,
  Settings: notBuilt,
});

/** `x-cloudmap`: private DNS namespaces in which services are found by name. */
export const cloudmap: TopLevelKey = {
  key: "x-cloudmap",

  values: (name, definition, scope) => {
    const zone = { ZoneName: zoneName(definition) ?? "" };
    const existing = existingNamespace(name, definition, { ...scope, report: silent });
    if (existing !== undefined) return { NamespaceId: existing, ...zone };
    const id = idOf(name, definition, scope);
    return {
      NamespaceId: ref(id),
      Arn: getAtt(id, "Arn"),
      HostedZoneId: getAtt(id, "HostedZoneId"),
      ...zone,
    };
  },

  compile: (data, scope) => {
    const definitions = mapOf(asIs)(data, ["x-cloudmap"], scope.report) ?? {};
    for (const [name, definition] of Object.entries(definitions))
      compileOne(name, definition, scope);
  },
};

function compileOne(name: string, definition: Data, scope: Scope): void {
  const path = ["x-cloudmap", name];
  const read = readNamespace(definition, path, scope.report) ?? {};
  const zone = zoneName(definition);
  if (zone === undefined) {
    const help = "For example Name: myapps.internal.";
    scope.report.error({ code: "missing-key", path, message: "Name is missing", help });
    return;
  }
  if (existingNamespace(name, definition, scope) !== undefined) return;
  scope.add({
    id: idOf(name, definition, scope),
    type: "AWS::ServiceDiscovery::PrivateDnsNamespace",
    layer: base,
    properties: {
      ...propertiesOf(read.Properties, [...path, "Properties"], scope),
      Name: zone,
      Vpc: scope.network().vpc,
    },
    path,
  });
}

/** The id of a namespace that is there already: given as a parameter, named, or looked up. */
function existingNamespace(name: string, definition: Data, scope: Scope): string | undefined {
  const { NamespaceId } = scope.settings.parameters ?? {};
  if (NamespaceId !== undefined) return NamespaceId;
  const asked = isMapping(definition) ? definition.Lookup : undefined;
  if (asked === undefined || asked === null || asked === false) return undefined;
  const { NamespaceId: id, ...rest } = isMapping(asked) ? asked : {};
  if (typeof id === "string") return id;
  const path = ["x-cloudmap", name, "Lookup"];
  const by = Object.keys(rest).length > 0 ? rest : { Name: zoneName(definition) ?? "" };
  const type = "AWS::ServiceDiscovery::PrivateDnsNamespace";
  const lookup = lookupReader(`x-cloudmap.${name}`, type)(by, path, scope.report);
  const standIn = { NamespaceId: "ns-0000000000000000" };
  return lookup === undefined
    ? standIn.NamespaceId
    : scope.lookups.answer(lookup, standIn, path).NamespaceId;
}

const zoneName = (definition: Data): string | undefined => {
  if (!isMapping(definition)) return undefined;
  const properties = isMapping(definition.Properties) ? definition.Properties : {};
  const name = definition.ZoneName ?? definition.Name ?? properties.Name;
  return typeof name === "string" && name !== "" ? name : undefined;
};

const idOf = (name: string, definition: Data, scope: Scope): string =>
  hashedId(`${pascal(name)}Namespace`, {
    Name: zoneName(definition) ?? "",
    Vpc: scope.network().vpc,
  });
