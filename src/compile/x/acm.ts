import { type Properties, ref, type Value } from "../../model/template.ts";
import { list, object, text } from "../read.ts";
import type { Scope } from "../scope.ts";
import { textValue } from "../values.ts";
import type { Definition, XResource } from "./x-resource.ts";

const readMacros = object({ DomainNames: list(text), HostedZoneId: text }, ["DomainNames"]);

/** `x-acm`: certificates, proven through DNS. */
export const acm: XResource = {
  key: "x-acm",
  suffix: "Certificate",
  reads: ["MacroParameters"],
  returnValues: { Arn: (id) => ref(id) },
  access: {},
  parameter: { name: "CertificateArn", value: "Arn" },

  lookup: {
    type: "AWS::CertificateManager::Certificate",
    standIn: (_name, { account, region }) => ({
      Arn: `arn:aws:acm:${region}:${account}:certificate/00000000-0000-0000-0000-000000000000`,
    }),
  },

  resources: (certificate, scope) => [
    {
      id: certificate.id,
      type: "AWS::CertificateManager::Certificate",
      properties: {
        ValidationMethod: "DNS",
        ...fromMacros(certificate, scope),
        ...certificate.properties,
      },
    },
  ],
};

/** `MacroParameters`: the first name, then the others, all proven in one zone. */
function fromMacros({ path, given }: Definition, scope: Scope): Properties {
  if (given.MacroParameters === undefined) return {};
  const at = [...path, "MacroParameters"];
  const { DomainNames = [], HostedZoneId } =
    readMacros(given.MacroParameters, at, scope.report) ?? {};
  const [first = "", ...others] = DomainNames;
  const zone =
    HostedZoneId === undefined
      ? undefined
      : textValue(HostedZoneId, [...at, "HostedZoneId"], scope);
  return {
    DomainName: first,
    ...(others.length > 0 ? { SubjectAlternativeNames: others } : {}),
    ...(zone === undefined
      ? {}
      : { DomainValidationOptions: DomainNames.map((name) => proven(name, zone)) }),
  };
}

const proven = (name: string, zone: Value): Properties => ({
  DomainName: name,
  HostedZoneId: zone,
});
