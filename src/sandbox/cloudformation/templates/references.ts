import type { Properties, ResourceDeclaration, Template, Value } from "../state.ts";
import { attributeOf } from "./parse.ts";

/** A place in a template that speaks of a parameter, a pseudo parameter or a resource. */
export interface Reference {
  readonly name: string;
  /** Absent: `Ref`. */
  readonly attribute?: string;
}

/** A JSON object: neither list nor null. */
export const isObject = (value: unknown): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The one key of an intrinsic function and its argument. */
export function intrinsicOf(value: Value): readonly [string, Value] | undefined {
  if (!isObject(value)) return undefined;
  const [[name, argument] = [], ...others] = Object.entries(value);
  if (name === undefined || argument === undefined || others.length > 0) return undefined;
  return name === "Ref" || name === "Condition" || name.startsWith("Fn::")
    ? [name, argument]
    : undefined;
}

/** Everything that a value refers to; with `holds`, only in the branches of `Fn::If` that count. */
export function referencesIn(
  value: Value,
  holds?: (condition: string) => boolean,
): readonly Reference[] {
  if (Array.isArray(value)) return value.flatMap((item) => referencesIn(item, holds));
  const intrinsic = intrinsicOf(value);
  if (intrinsic === undefined) {
    return isObject(value) ? Object.values(value).flatMap((item) => referencesIn(item, holds)) : [];
  }
  const [name, argument] = intrinsic;
  switch (name) {
    case "Ref":
      return typeof argument === "string" ? [{ name: argument }] : [];
    case "Fn::GetAtt":
      return attributeReference(argument, holds);
    case "Fn::Sub":
      return substitutions(argument, holds);
    case "Fn::If": {
      if (!Array.isArray(argument) || holds === undefined) return referencesIn(argument, holds);
      const [condition, yes = null, no = null] = argument;
      return referencesIn(holds(String(condition)) ? yes : no, holds);
    }
    default:
      return referencesIn(argument, holds);
  }
}

function attributeReference(
  argument: Value,
  holds?: (condition: string) => boolean,
): readonly Reference[] {
  const pair = attributeOf(argument);
  if (!Array.isArray(pair)) return [];
  const [name, ...attribute] = pair;
  if (typeof name !== "string") return [];
  return [{ name, attribute: attribute.join(".") }, ...referencesIn(attribute, holds)];
}

function substitutions(
  argument: Value,
  holds?: (condition: string) => boolean,
): readonly Reference[] {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const own = isObject(variables) ? variables : {};
  const named = namesIn(String(text))
    .filter((name) => !(name in own))
    .map((name) => {
      const [resource = "", ...attribute] = name.split(".");
      return attribute.length === 0
        ? { name: resource }
        : { name: resource, attribute: attribute.join(".") };
    });
  return [...named, ...referencesIn(own, holds)];
}

/** The names in `${…}` of a text; `${!…}` is a literal. */
const namesIn = (text: string): string[] =>
  [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name = ""]) => name.trim());

/** The resources that must exist before this one: references and `DependsOn`. */
export function dependenciesOf(
  declaration: ResourceDeclaration,
  template: Template,
  holds: (condition: string) => boolean,
): readonly string[] {
  const { DependsOn = [], Metadata = {}, Properties = {} } = declaration;
  const named = [Properties, Metadata].flatMap((part) =>
    referencesIn(part, holds).map(({ name }) => name),
  );
  const all = [...(typeof DependsOn === "string" ? [DependsOn] : DependsOn), ...named];
  return [...new Set(all)].filter((name) => {
    const other = template.Resources[name];
    return other !== undefined && (other.Condition === undefined || holds(other.Condition));
  });
}
