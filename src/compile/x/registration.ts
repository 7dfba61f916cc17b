import type { Data } from "../../compose/project.ts";
import { shown } from "../../compose/shown.ts";
import { type Properties, ref, type Value } from "../../model/template.ts";
import { base } from "../graph.ts";
import { suggestion } from "../nearest.ts";
import { boolean, integer, isMapping, mapOf, object, text, textOr } from "../read.ts";
import type { Scope } from "../scope.ts";
import { textValue } from "../values.ts";
import type { Values } from "./top-level-key.ts";
import type { Definition } from "./x-resource.ts";

const readRegistration = textOr(
  object(
    {
      Namespace: text,
      ForceRegister: boolean,
      DnsSettings: object({ Hostname: text, Port: integer }),
      ReturnValues: mapOf(text),
      AdditionalAttributes: mapOf(text),
    },
    ["Namespace"],
  ),
);

/** A definition without what is the same for all kinds: `Settings.x-cloudmap`. */
export function withoutRegistration(data: Data): readonly [rest: Data, registration?: Data] {
  if (!isMapping(data) || !isMapping(data.Settings)) return [data];
  const { "x-cloudmap": registration, ...settings } = data.Settings;
  if (registration === undefined) return [data];
  const { Settings: _, ...rest } = data;
  const isEmpty = Object.keys(settings).length === 0;
  return [isEmpty ? rest : { ...rest, Settings: settings }, registration];
}

/** Where a kind of resource is reached, if it is one that is reached by an address. */
const addresses = [
  "Endpoint.Address",
  "PrimaryEndPoint.Address",
  "RedisEndpoint.Address",
  "ConfigurationEndpoint.Address",
];

/**
 * `Settings.x-cloudmap`: a resource found in a namespace: by a name that stands for its address
 * where it has one, else by what is told of it.
 */
export function register(
  { found, id, name, path: at }: Definition,
  data: Data,
  values: Values,
  scope: Scope,
): void {
  const path = [...at, "Settings", "x-cloudmap"];
  const read = readRegistration(data, path, scope.report) ?? {};
  const settings = typeof read === "string" ? { Namespace: read } : read;
  const { AdditionalAttributes = {}, DnsSettings = {}, Namespace = "" } = settings;
  if (found !== undefined && settings.ForceRegister !== true) {
    const message = `${name} is there already, and is not registered unless ForceRegister says so`;
    scope.report.warn({ code: "no-effect", path, message });
    return;
  }
  const called = Namespace.replace(/^x-cloudmap::/, "");
  const namespace = { kind: "x-cloudmap", name: called, returned: "NamespaceId" };
  const key = addresses.find((one) => values[one] !== undefined);
  const usual = name.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-");
  const service = `${id}DiscoveryService`;
  const told = Object.entries(AdditionalAttributes).map(
    ([attribute, word]) =>
      [attribute, textValue(word, [...path, "AdditionalAttributes", attribute], scope)] as const,
  );
  const port = DnsSettings.Port ?? (key && values[key.replace("Address", "Port")]);
  scope.add({
    id: service,
    type: "AWS::ServiceDiscovery::Service",
    layer: base,
    properties: {
      Name: DnsSettings.Hostname ?? usual,
      NamespaceId: scope.resolve(namespace, path) ?? "",
      ...(key === undefined
        ? { Type: "HTTP" }
        : {
            DnsConfig: { DnsRecords: [{ Type: "CNAME", TTL: 15 }], RoutingPolicy: "WEIGHTED" },
          }),
    },
    path,
  });
  scope.add({
    id: `${id}Registration`,
    type: "AWS::ServiceDiscovery::Instance",
    layer: base,
    properties: {
      ServiceId: ref(service),
      InstanceId: usual,
      InstanceAttributes: {
        ...(key === undefined ? {} : { AWS_INSTANCE_CNAME: values[key] ?? "" }),
        ...(port === undefined ? {} : { port }),
        ...attributesOf(settings.ReturnValues, { name, path, values }, scope),
        ...Object.fromEntries(told),
      },
    },
    path,
  });
}

interface Told {
  readonly name: string;
  readonly path: readonly (string | number)[];
  readonly values: Values;
}

/** What `ReturnValues` names, by the names it gives; without it all that there is to tell. */
function attributesOf(
  wanted: Readonly<Record<string, string>> | undefined,
  { name, path, values }: Told,
  { report }: Scope,
): Properties {
  if (wanted === undefined) return values;
  const found = Object.entries(wanted).flatMap(([key, attribute]) => {
    const value: Value | undefined = Object.hasOwn(values, key) ? values[key] : undefined;
    if (value !== undefined) return [[attribute, value] as const];
    const message = `${name} has no value ${shown(key)}`;
    const at = [...path, "ReturnValues", key];
    report.error({
      code: "unknown-value",
      path: at,
      message,
      help: suggestion(key, Object.keys(values)),
    });
    return [];
  });
  return Object.fromEntries(found);
}
