import type { Data } from "../../compose/project.ts";
import { getAtt, ref } from "../../model/template.ts";
import { base } from "../graph.ts";
import { hashedId, pascal } from "../ids.ts";
import { asIs, isMapping, mapOf, notBuilt, object, text } from "../read.ts";
import type { Scope } from "../scope.ts";
import { propertiesOf } from "../values.ts";
import type { TopLevelKey } from "./top-level-key.ts";

const readNamespace = object({
  Name: text,
  ZoneName: text,
  Properties: asIs,
  Lookup: notBuilt,
  Settings: notBuilt,
});

/** `x-cloudmap`: private DNS namespaces in which services are found by name. */
export const cloudmap: TopLevelKey = {
  key: "x-cloudmap",

  values: (name, definition, scope) => {
    const id = idOf(name, definition, scope);
    return {
      NamespaceId: ref(id),
      Arn: getAtt(id, "Arn"),
      HostedZoneId: getAtt(id, "HostedZoneId"),
      ZoneName: zoneName(definition) ?? "",
    };
  },

  compile: (data, scope) => {
    for (const [name, definition] of Object.entries(
      mapOf(asIs)(data, ["x-cloudmap"], scope.report) ?? {},
    )) {
      const path = ["x-cloudmap", name];
      const read = readNamespace(definition, path, scope.report) ?? {};
      const zone = zoneName(definition);
      if (zone === undefined) {
        const help = "For example Name: myapps.internal.";
        scope.report.error({ code: "missing-key", path, message: "Name is missing", help });
        continue;
      }
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
  },
};

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
