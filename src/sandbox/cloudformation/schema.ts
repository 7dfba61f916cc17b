import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";
import type { Properties, Value } from "./state.ts";
import { isObject } from "./templates/references.ts";

type Database = ReturnType<typeof loadAwsServiceSpecSync>;
type Entity = NonNullable<ReturnType<typeof typeOf>>;
type Property = Entity["properties"][string];
type PropertyType = Property["type"];

let loaded: Database | undefined;

/** CloudFormation's registry: read once, at the first look, since it takes half a second. */
function database(): Database {
  loaded ??= loadAwsServiceSpecSync();
  return loaded;
}

const lookUp = (type: string) =>
  [...database().lookup("resource", "cloudFormationType", "equals", type)][0];

const types = new Map<string, ReturnType<typeof lookUp>>();

/** What the registry says about a resource type; undefined: there is no such type. */
export function typeOf(type: string) {
  const known = types.get(type) ?? lookUp(type);
  types.set(type, known);
  return known;
}

/** A type that holds nothing and is known to every region, though not to the registry. */
export const isMarker = (type: string): boolean => type === "AWS::CDK::Metadata";

/** Whether `Fn::GetAtt` may ask a type for an attribute: its attributes, and its own properties. */
export function hasAttribute(type: string, attribute: string): boolean {
  const entity = typeOf(type);
  if (entity === undefined) return false;
  const [first = ""] = attribute.split(".");
  return attribute in entity.attributes || first in entity.properties;
}

/** Whether stack tags reach resources of a type. */
export const isTaggable = (type: string): boolean => typeOf(type)?.tagInformation !== undefined;

/** Whether a changed property makes a new resource, in the words of a change set. */
export type Recreation = "Always" | "Conditionally" | "Never";

/** What a changed top-level property means for a resource, its changed members taken into account. */
export function recreationOf(
  type: string,
  name: string,
  before: Value | undefined,
  after: Value | undefined,
): Recreation {
  const entity = typeOf(type);
  const property = entity?.properties[name];
  if (entity === undefined || property === undefined) return "Never";
  const additional = entity.additionalReplacementProperties ?? [];
  if (additional.some(([first, ...rest]) => first === name && rest.length === 0)) return "Always";
  return worst([own(property), nested(property.type, before, after)]);
}

const own = ({ causesReplacement }: Property): Recreation => {
  if (causesReplacement === "yes") return "Always";
  return causesReplacement === "maybe" ? "Conditionally" : "Never";
};

function nested(
  type: PropertyType,
  before: Value | undefined,
  after: Value | undefined,
): Recreation {
  if (type.type !== "ref" || !isObject(before) || !isObject(after)) return "Never";
  const members = Object.entries(definition(type.reference).properties);
  return worst(
    members
      .filter(([key]) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
      .flatMap(([key, member]) => [own(member), nested(member.type, before[key], after[key])]),
  );
}

function worst(all: readonly Recreation[]): Recreation {
  if (all.includes("Always")) return "Always";
  return all.includes("Conditionally") ? "Conditionally" : "Never";
}

const definition = (reference: { readonly $ref: string }) =>
  database().get("typeDefinition", reference.$ref);

/** What is wrong with a resource's properties, worded as CloudFormation words it. */
export function faultsOf(type: string, properties: Properties): readonly string[] {
  const entity = typeOf(type);
  return entity === undefined ? [] : members(entity.properties, properties, "");
}

function members(
  known: Readonly<Record<string, Property>>,
  given: Properties,
  path: string,
): readonly string[] {
  const missing = Object.entries(known)
    .filter(([key, { required }]) => required === true && !(key in given))
    .map(([key]) => `The property {${path}/${key}} is required`);
  const strange = Object.keys(given).filter((key) => !(key in known));
  const unsupported =
    strange.length === 0
      ? []
      : [`Encountered unsupported properties in {${path}/}: [${strange.join(", ")}]`];
  const wrong = Object.entries(given).flatMap(([key, value]) => {
    const property = known[key];
    if (property === undefined) return [];
    const types = [property.type, ...(property.previousTypes ?? [])];
    return fitting(types, value, `${path}/${key}`);
  });
  return [...missing, ...unsupported, ...wrong];
}

/** Right if any of the types takes the value; otherwise what the first one says. */
function fitting(types: readonly PropertyType[], value: Value, path: string): readonly string[] {
  const complaints = types.map((type) => misfit(type, value, path));
  return complaints.some((found) => found.length === 0) ? [] : (complaints[0] ?? []);
}

/** What is wrong with a value, if it is not of a type; CloudFormation takes text for numbers. */
function misfit(type: PropertyType, value: Value, path: string): readonly string[] {
  if (typeof value === "string" && value.startsWith("{{resolve:")) return [];
  switch (type.type) {
    case "array":
      if (!Array.isArray(value)) return mismatch(path, "List");
      return value.flatMap((item, at) => misfit(type.element, item, `${path}/${at}`));
    case "map":
      if (!isObject(value)) return mismatch(path, "Map");
      return Object.entries(value).flatMap(([key, item]) =>
        misfit(type.element, item, `${path}/${key}`),
      );
    case "ref":
      if (!isObject(value)) return mismatch(path, "Object");
      return members(definition(type.reference).properties, value, path);
    case "union":
      return fitting(type.types, value, path);
    default:
      return plain[type.type]?.test(JSON.stringify(value)) === false
        ? mismatch(
            path,
            type.type.replace(/^./, (letter) => letter.toUpperCase()),
          )
        : enumerated(type, value, path);
  }
}

/** Values without parts, as JSON. */
const plain: Readonly<Record<string, RegExp>> = {
  boolean: /^"?(true|false)"?$/,
  integer: /^"?-?\d+"?$/,
  number: /^"?-?\d+(\.\d+)?"?$/,
  string: /^[^[{]/,
  tag: /^\{(?=.*"Key":)(?=.*"Value":)/,
};

const mismatch = (path: string, name: string): readonly string[] => [
  `Value of property {${path}} does not match type {${name}}`,
];

function enumerated(type: PropertyType, value: Value, path: string): readonly string[] {
  const allowed = "allowedValues" in type ? type.allowedValues : undefined;
  if (!Array.isArray(allowed) || allowed.map(String).includes(String(value))) return [];
  return [`Value of property {${path}} is not one of {${allowed.join(", ")}}`];
}
