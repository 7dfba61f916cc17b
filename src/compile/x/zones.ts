import type { Data } from "../../compose/project.ts";
import { type Properties, ref, type Value } from "../../model/template.ts";
import { warnBesideLookup } from "../beside-lookup.ts";
import { base } from "../graph.ts";
import { hashedId, pascal } from "../ids.ts";
import { lookUp } from "../lookups.ts";
import {
  asIs,
  asMapping,
  boolean,
  booleanOr,
  noEffect,
  object,
  passedOver,
  text,
  wrong,
} from "../read.ts";
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

/** What a lookup looks for. */
const which = ["Arn", "Identifier", "Name", "Tags"];

/** `true`, or more than that; which zone it is, is read by whoever looks for it. */
const readLookup = (id: string) =>
  booleanOr(
    object({
      [id]: (data, path, report) =>
        data === "" ? wrong("the id of a zone", path, report) : text(data, path, report),
      IsPrivateZone: (data, path, report) =>
        boolean(data, path, report) === true
          ? noEffect(`where two zones have one name, ${id} says which`)(data, path, report)
          : undefined,
      ...Object.fromEntries([...which, "RoleArn", "Region"].map((key) => [key, asIs])),
    }),
  );

const readZone = object({
  Name: text,
  ZoneName: text,
  Properties: asIs,
  Lookup: asIs,
  Settings: passedOver("zones have none"),
  MacroParameters: passedOver("a zone is what Name and Properties say"),
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
  const parameter = scope.settings.parameters?.[kind.parameter];
  if (parameter !== undefined) return parameter;
  const path = [kind.key, name, "Lookup"];
  const given = asMapping(definition).Lookup ?? false;
  const asked = readLookup(kind.id)(given, path, scope.report) ?? false;
  if (asked === false) return undefined;
  const { [kind.id]: id, IsPrivateZone: _, ...rest } = asMapping(given);
  const told = which.filter((key) => rest[key] !== undefined);
  if (typeof id === "string") {
    for (const key of told)
      noEffect(`${kind.id} says which`)(rest[key] ?? null, [...path, key], scope.report);
    return id;
  }
  // Who looks, and where, tells nothing of which: that is its own name.
  const by = told.length > 0 ? rest : { ...rest, Name: zoneName(definition) ?? "" };
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
