import type { Data } from "../../compose/project.ts";
import { type Properties, ref, type Value } from "../../model/template.ts";
import { literal } from "../names.ts";
import { asList, asMapping, isMapping, list, object, text } from "../read.ts";
import type { Path } from "../report.ts";
import { definitionOf, type Scope } from "../scope.ts";
import { hostedZone } from "./hosted-zone.ts";
import { route53 } from "./route53.ts";
import type { Definition, XResource } from "./x-resource.ts";

const readMacros = object({ DomainNames: list(text), HostedZoneId: text }, ["DomainNames"]);

/** `x-acm`: certificates, proven through DNS. */
export const acm: XResource = {
  key: "x-acm",
  suffix: "Certificate",
  reads: ["MacroParameters"],
  // Listeners of network load balancers hold on to it, each in a family's stack.
  createOnly: ({ Properties: own, MacroParameters = {} }, scope) => {
    const { Tags: _, ...properties } = asMapping(own);
    const given = { ...properties, MacroParameters: ordered(MacroParameters) } as Properties;
    return { ...given, ...zonesIn(given, scope) };
  },
  returnValues: { Arn: (id) => ref(id) },
  access: {},
  forNoService: "listeners name the certificates that they have",
  parameter: { name: "CertificateArn", value: "Arn" },

  lookup: {
    type: "AWS::CertificateManager::Certificate",
    standIn: (_name, { account, region }) => ({
      Arn: `arn:aws:acm:${region}:${account}:certificate/00000000-0000-0000-0000-000000000000`,
    }),
  },

  resources: (certificate, scope) => {
    const properties = allProven({
      ValidationMethod: "DNS",
      ...fromMacros(certificate, scope),
      ...certificate.properties,
    });
    checkProof(properties, certificate.path, scope);
    return [{ id: certificate.id, type: "AWS::CertificateManager::Certificate", properties }];
  },
};

/** In another zone it is another certificate, also where the files call that zone the same. */
function zonesIn(given: Properties, scope: Scope): Properties {
  const names = JSON.stringify(given).matchAll(/x-route53::([A-Za-z0-9_-]+)/g);
  const ids = [...names].flatMap(([, name = ""]) => {
    const definition = definitionOf("x-route53", name, scope);
    if (definition === undefined) return [];
    const id = route53.values?.(name, definition, scope).HostedZoneId;
    return id === undefined ? [] : [id];
  });
  return ids.length === 0 ? {} : { zones: ids };
}

/** Without a zone the certificate, and with it the stack, waits for somebody to prove the name. */
function checkProof(properties: Properties, path: Path, { report }: Scope): void {
  const { DomainName, ValidationMethod } = properties;
  if ((DomainName ?? "") === "") {
    const help = "Add MacroParameters: {DomainNames: [www.example.com], HostedZoneId: …}.";
    report.error({ code: "missing-key", path, message: "DomainName is missing", help });
  }
  if (ValidationMethod !== "DNS" || (DomainName ?? "") === "") return;
  const unproven = unprovenIn(properties);
  if (unproven.length === 0) return;
  const message = `the stack waits until somebody has made the DNS records that prove ${unproven.map(literal).join(", ")}`;
  const help = "Add HostedZoneId, and they are made for you.";
  report.warn({ code: "by-hand", path, message, help });
}

const zonedIn = ({ DomainValidationOptions }: Properties): readonly Properties[] =>
  (asList(DomainValidationOptions) as readonly Properties[]).filter(
    ({ HostedZoneId }) => HostedZoneId !== undefined,
  );

/** The names for which no zone is said. */
function unprovenIn(properties: Properties): readonly Value[] {
  const { DomainName, SubjectAlternativeNames } = properties;
  const proven = new Set(zonedIn(properties).map((option) => bare(option.DomainName)));
  return [DomainName, ...asList(SubjectAlternativeNames)].filter(
    (name) => name !== undefined && !proven.has(bare(name)),
  ) as readonly Value[];
}

/**
 * As ECS ComposeX has it: where one zone is said, the other names are proven in that too. A name
 * that has not even the last two labels of a proven one is in another zone for sure.
 */
function allProven(properties: Properties): Properties {
  const zoned = zonedIn(properties);
  const [zone, ...others] = new Set(zoned.map(({ HostedZoneId }) => JSON.stringify(HostedZoneId)));
  if (zone === undefined || others.length > 0) return properties;
  const places = new Set(zoned.map(({ DomainName }) => lastLabels(DomainName)));
  const more = unprovenIn(properties)
    .filter((name) => places.has(lastLabels(name)))
    .map((name) => ({ DomainName: name, HostedZoneId: zoned[0]?.HostedZoneId as Value }));
  if (more.length === 0) return properties;
  const given = asList(properties.DomainValidationOptions);
  return { ...properties, DomainValidationOptions: [...given, ...more] };
}

const lastLabels = (name: Value | undefined): string =>
  String(name).toLowerCase().split(".").slice(-2).join(".");

/** One record proves a name and everything below it. */
const bare = (name: Value | undefined): string => String(name).replace(/^\*\./, "");

/** `MacroParameters`: the first name, then the others, all proven in one zone. */
function fromMacros({ path, given }: Definition, scope: Scope): Properties {
  if (given.MacroParameters === undefined) return {};
  const at = [...path, "MacroParameters"];
  const { DomainNames = [], HostedZoneId } =
    readMacros(given.MacroParameters, at, scope.report) ?? {};
  const all = inOrder(DomainNames);
  const [first = "", ...others] = all;
  const names = { names: DomainNames, path: [...at, "DomainNames"] };
  const zone =
    HostedZoneId === undefined
      ? undefined
      : hostedZone(HostedZoneId, [...at, "HostedZoneId"], names, scope);
  return {
    DomainName: first,
    ...(others.length > 0 ? { SubjectAlternativeNames: others } : {}),
    ...(zone === undefined
      ? {}
      : { DomainValidationOptions: all.map((name) => provenIn(name, zone)) }),
  };
}

const ordered = (macros: Data): Data =>
  isMapping(macros) && Array.isArray(macros.DomainNames)
    ? { ...macros, DomainNames: inOrder(macros.DomainNames) }
    : macros;

/** The first is the certificate's own; in another order the others would be another certificate. */
const inOrder = <T>([first, ...others]: readonly T[]): readonly T[] =>
  first === undefined ? [] : [first, ...others.sort()];

const provenIn = (name: string, zone: Value): Properties => ({
  DomainName: name,
  HostedZoneId: zone,
});
