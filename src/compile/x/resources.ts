import type { Data } from "../../compose/project.ts";
import { base } from "../graph.ts";
import { pascal } from "../ids.ts";
import { asIs, isMapping, mapOf, notBuilt, object, type Reader } from "../read.ts";
import type { Scope } from "../scope.ts";
import { propertiesOf } from "../values.ts";
import { give, readUses } from "./give.ts";
import type { TopLevelKey, Values } from "./top-level-key.ts";
import type { Given, XResource } from "./x-resource.ts";

/** What is the same for every kind: names, properties, and what services are given. */
export const resources = (kind: XResource): TopLevelKey => ({
  key: kind.key,

  values: (name, data) => valuesOf(kind, name, isMapping(data) ? data : {}),

  compile: (data, scope) => {
    for (const [name, given] of Object.entries(mapOf(asIs)(data, [kind.key], scope.report) ?? {}))
      compileOne(kind, name, given, scope);
  },
});

function compileOne(kind: XResource, name: string, data: Data, scope: Scope): void {
  const path = [kind.key, name];
  const { Properties, Services = {} } = readDefinition(kind)(data, path, scope.report) ?? {};
  const given = isMapping(data) ? data : {};
  const properties = propertiesOf(Properties as Data, [...path, "Properties"], scope);
  const id = idOf(kind, name);
  for (const made of kind.resources({ name, id, path, properties, given }, scope))
    scope.add({ ...made, layer: base, path });
  const values = valuesOf(kind, name, given);
  const key = kind.encryptedWith?.(properties);
  for (const [service, wants] of Object.entries(Services)) {
    const use = { service, wants, path: [...path, "Services", service] };
    give({ kind, name, id, values, key }, use, scope);
  }
}

const readDefinition = (kind: XResource) => {
  const optional = (key: NonNullable<XResource["reads"]>[number]): Reader<Data> =>
    kind.reads?.includes(key) ? asIs : notBuilt;
  return object({
    Properties: asIs,
    MacroParameters: optional("MacroParameters"),
    Scaling: optional("Scaling"),
    Settings: optional("Settings"),
    Lookup: notBuilt,
    Services: readUses,
  });
};

const idOf = (kind: XResource, name: string): string => `${pascal(name)}${kind.suffix}`;

const valuesOf = (kind: XResource, name: string, given: Given): Values =>
  Object.fromEntries(
    Object.entries(kind.returnValues).flatMap(([key, make]) => {
      const value = make(idOf(kind, name), given);
      return value === undefined ? [] : [[key, value]];
    }),
  );
