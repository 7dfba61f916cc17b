import type { Data } from "../../compose/project.ts";
import type { Answer } from "../../model/lookup.ts";
import { warnBesideLookup } from "../beside-lookup.ts";
import { base } from "../graph.ts";
import { hashedId, pascal } from "../ids.ts";
import { lookUp } from "../lookups.ts";
import { hasSections } from "../meant.ts";
import {
  asIs,
  asMapping,
  isMapping,
  type Mapping,
  noEffect,
  notBuilt,
  object,
  passedOver,
  type Reader,
} from "../read.ts";
import { type Path, silent } from "../report.ts";
import type { Scope } from "../scope.ts";
import { propertiesOf } from "../values.ts";
import { give, readUses } from "./give.ts";
import { withNamedServices } from "./named-services.ts";
import { register, withoutRegistration } from "./registration.ts";
import { each, type TopLevelKey, type Values } from "./top-level-key.ts";
import type { Given, XResource } from "./x-resource.ts";

/** What is the same for every kind: names, properties, lookups, and what services are given. */
export const resources = (kind: XResource): TopLevelKey => ({
  key: kind.key,

  values: (name, data, scope) => valuesOf(kind, name, asMapping(data), scope),

  compile: each(kind.key, (name, given, scope) => {
    if (name === "DeletionPolicy" && typeof given === "string") ownPolicies(kind, scope);
    else if (isGroup(kind, name, given)) refuseGroup(kind, name, asMapping(given), scope);
    else compileOne(kind, name, given, scope);
  }),
});

/** As ComposeX has it beside the resources: the fate of the stack that they were in. */
function ownPolicies({ key }: XResource, { report }: Scope): void {
  const message = "there is no stack of these: what holds data stays, and all else goes";
  report.warn({ code: "no-effect", path: [key, "DeletionPolicy"], message });
}

const isGroup = ({ groups }: XResource, name: string, given: Data): boolean =>
  groups?.includes(name) === true &&
  Object.keys(asMapping(given)).length > 0 &&
  !hasSections(given);

function refuseGroup({ key }: XResource, group: string, given: Mapping, { report }: Scope): void {
  const message = `what is below ${group} stands below ${key} itself`;
  const help = `Write ${key}: {${Object.keys(given)[0]}: …}.`;
  report.error({ code: "old-spelling", path: [key, group], message, help });
}

function compileOne(kind: XResource, name: string, whole: Data, scope: Scope): void {
  const path = [kind.key, name];
  const isUsed = kind.forNoService === undefined;
  const named = isUsed ? withNamedServices(whole, path, scope.report) : whole;
  const [data, registration] = withoutRegistration(withoutNames(named, path, scope));
  const { Properties, Services = {} } = readDefinition(kind)(data, path, scope.report) ?? {};
  const given = asMapping(data);
  const properties = propertiesOf(Properties as Data, [...path, "Properties"], scope);
  const found = foundOf(kind, name, given, scope);
  const own = { name, id: idOf(kind, name, given, scope), path, properties, given, found };
  if (given.Lookup !== undefined) warnBesideLookup(given, path, scope.report);
  if (found === undefined && given.Lookup === undefined)
    for (const made of kind.resources(own, scope)) scope.add({ ...made, layer: base, path });
  const values = valuesOf(kind, name, given, scope);
  if (registration !== undefined) register(own, registration, values, scope);
  const key = found?.KeyArn ?? kind.encryptedWith?.(properties);
  for (const [service, wants] of Object.entries(Services)) {
    const use = { service, wants, path: [...path, "Services", service] };
    give({ kind, name, definition: own, values, key }, use, scope);
  }
}

/** `Settings.EnvNames`, by which ComposeX before 0.18 gave variables more names. */
function withoutNames(data: Data, path: Path, { report }: Scope): Data {
  if (!isMapping(data) || !isMapping(data.Settings)) return data;
  const { EnvNames, ...Settings } = data.Settings;
  if (EnvNames === undefined) return data;
  const why = "variables of other names are asked for by Services.….ReturnValues";
  noEffect(why)(EnvNames, [...path, "Settings", "EnvNames"], report);
  return { ...data, Settings };
}

const readDefinition = (kind: XResource) => {
  const optional = (key: NonNullable<XResource["reads"]>[number]): Reader<Data> =>
    kind.reads?.includes(key) ? asIs : key === "Scaling" ? notBuilt : nothingToSet;
  return object({
    Properties: asIs,
    MacroParameters: optional("MacroParameters"),
    Scaling: optional("Scaling"),
    Settings: optional("Settings"),
    Lookup: kind.lookup === undefined && kind.find === undefined ? noLookup : asIs,
    Services: kind.forNoService === undefined ? readUses(kind) : noEffect(kind.forNoService),
  });
};

const nothingToSet = passedOver("this kind has nothing that it would set");

/** Of a kind that is not looked for yet. */
const noLookup: Reader<never> = (_data, path, report) => {
  const message = "Lookup is not supported yet";
  const help =
    "Tell services where it is by environment, and have it let in a group of x-network.AdditionalSecurityGroups.";
  report.error({ code: "not-supported-yet", path, message, help });
  return undefined;
};

function idOf({ suffix, createOnly }: XResource, name: string, given: Given, scope: Scope): string {
  const id = `${pascal(name)}${typeof suffix === "string" ? suffix : suffix(given)}`;
  return createOnly === undefined ? id : hashedId(id, createOnly(given, scope));
}

function valuesOf(kind: XResource, name: string, given: Given, scope: Scope): Values {
  const found = foundOf(kind, name, given, { ...scope, report: silent });
  const id = found === undefined ? idOf(kind, name, given, scope) : "";
  const values = Object.entries(kind.returnValues).flatMap(([key, make]) => {
    const value = found === undefined ? make(id, given) : found[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  const called = Object.entries(kind.alsoCalled ?? {}).flatMap(([name, key]) =>
    values.filter(([known]) => known === key).map(([, value]) => [name, value] as const),
  );
  return Object.fromEntries([...values, ...called]);
}

/** What is there already, by parameter or `Lookup`: then nothing is made. */
export function foundOf(
  kind: XResource,
  name: string,
  given: Given,
  scope: Scope,
): Answer | undefined {
  const parameter = kind.parameter && scope.settings.parameters?.[kind.parameter.name];
  if (kind.parameter !== undefined && parameter !== undefined)
    return { [kind.parameter.value]: parameter };
  if (given.Lookup === undefined) return undefined;
  if (kind.find !== undefined) return kind.find(name, given.Lookup, scope);
  if (kind.lookup === undefined) return undefined;
  const { type, standIn } = kind.lookup;
  const find = lookUp(`${kind.key}.${name}`, type, standIn(name, scope.settings.target));
  return find(given.Lookup, [kind.key, name, "Lookup"], scope);
}
