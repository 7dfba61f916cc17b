import type { Data } from "../../compose/project.ts";
import { type Properties, ref, type Value } from "../../model/template.ts";
import { warnBesideLookup } from "../beside-lookup.ts";
import { base } from "../graph.ts";
import { hashedId, pascal } from "../ids.ts";
import { lookUp } from "../lookups.ts";
import { asIs, asMapping, noEffect, notBuilt, object, text } from "../read.ts";
import { silent } from "../report.ts";
import { type ParameterName, propertiesIn, type Scope } from "../scope.ts";
import { propertiesOf } from "../values.ts";
import { each, type TopLevelKey, type Values } from "./top-level-key.ts";
import { kept } from "./x-resource.ts";

/** A kind of DNS zone: `x-cloudmap` and `x-route53` differ in no more than this. */
export interface ZoneKind {
  readonly key: `x-${string}`;
  readonly type: string;
  readonly suffix: string;
  /** What its id is called, and the parameter of trueup.yaml that stands for it. */
  readonly id: "HostedZoneId" | "NamespaceId";
  readonly parameter: ParameterName;
  readonly standIn: string;
  /** What it cannot change without being another. */
  readonly createOnly: (name: string, scope: Scope) => Properties;
  readonly values: (id: string) => Values;
  /** Whether the world outside knows it, so that it stays when it leaves the file. */
  readonly stays: boolean;
}

const readZone = object({
  Name: text,
  ZoneName: text,
  Properties: asIs,
  Lookup: asIs,
  Settings: notBuilt,
  MacroParameters: notBuilt,
});

/** DNS zones: made, looked up, or given as a parameter. */
export const zones = (kind: ZoneKind): TopLevelKey => ({
  key: kind.key,

  values: (name, definition, scope) => {
    const zone = { ZoneName: zoneName(definition) ?? "" };
    const existing = existingZone(kind, name, definition, { ...scope, report: silent });
    if (existing !== undefined) return { [kind.id]: existing, ...zone };
    const id = idOf(kind, name, definition, scope);
    return { [kind.id]: ref(id), ...kind.values(id), ...zone };
  },

  compile: each(kind.key, (name, definition, scope) => {
    compileOne(kind, name, definition, scope);
  }),
});

function compileOne(kind: ZoneKind, name: string, definition: Data, scope: Scope): void {
  const path = [kind.key, name];
  const read = readZone(definition, path, scope.report) ?? {};
  const zone = zoneName(definition);
  if (zone === undefined) {
    const help = "For example Name: myapps.internal.";
    scope.report.error({ code: "missing-key", path, message: "Name is missing", help });
    return;
  }
  if (!/^[!-~]{1,1024}$/.test(zone)) {
    const message = `${zone} is no name of a zone`;
    scope.report.error({ code: "bad-name", path, message, help: "For example myapps.internal." });
  }
  if (existingZone(kind, name, definition, scope) !== undefined) {
    const given = asMapping(definition);
    if (given.Lookup !== undefined) warnBesideLookup(given, path, scope.report);
    return;
  }
  scope.add({
    id: idOf(kind, name, definition, scope),
    type: kind.type,
    layer: base,
    properties: {
      ...propertiesOf(read.Properties, [...path, "Properties"], scope),
      ...kind.createOnly(zone, scope),
    },
    ...(kind.stays ? kept : {}),
    path,
  });
}

/** The id of a zone that is there already: given as a parameter, named, or looked up. */
function existingZone(
  kind: ZoneKind,
  name: string,
  definition: Data,
  scope: Scope,
): Value | undefined {
  const given = scope.settings.parameters?.[kind.parameter];
  if (given !== undefined) return given;
  const asked = asMapping(definition).Lookup;
  if (asked === undefined || asked === null || asked === false) return undefined;
  const { [kind.id]: id, IsPrivateZone, ...rest } = asMapping(asked);
  const path = [kind.key, name, "Lookup"];
  if (IsPrivateZone === true || IsPrivateZone === "true")
    noEffect(`where two zones have one name, ${kind.id} says which`)(
      IsPrivateZone,
      [...path, "IsPrivateZone"],
      scope.report,
    );
  if (typeof id === "string") return id;
  // Who looks, and where, tells nothing of which: that is its own name.
  const isTold = ["Arn", "Identifier", "Name", "Tags"].some((key) => rest[key] !== undefined);
  const by = isTold ? rest : { ...rest, Name: zoneName(definition) ?? "" };
  const standIn = { [kind.id]: kind.standIn };
  return lookUp(`${kind.key}.${name}`, kind.type, standIn)(by, path, scope)[kind.id];
}

const zoneName = (definition: Data): string | undefined => {
  const { Name, ZoneName } = asMapping(definition);
  const name = ZoneName ?? Name ?? propertiesIn(definition).Name;
  return typeof name === "string" && name !== "" ? name : undefined;
};

const idOf = (kind: ZoneKind, name: string, definition: Data, scope: Scope): string =>
  hashedId(`${pascal(name)}${kind.suffix}`, kind.createOnly(zoneName(definition) ?? "", scope));
