import type { Properties, Value } from "../model/template.ts";

/** A value of a resource that another needs: `Ref`, or `Fn::GetAtt` with an attribute. */
export interface Reference {
  readonly id: string;
  /** Undefined: its `Ref`. */
  readonly attribute: string | undefined;
}

/** The name under which a value crosses from one stack to another. */
export const symbolOf = ({ id, attribute }: Reference): string =>
  `${id}${(attribute ?? "Ref").replaceAll(/[^A-Za-z0-9]/g, "")}`;

type Change = (reference: Reference) => Value | undefined;

/**
 * `value` with every reference to a resource put through `change`; undefined leaves it. Most of a
 * graph stays as it is: then nothing is copied.
 */
export function mapReferences(value: Value, change: Change): Value {
  if (typeof value !== "object") return value;
  return Array.isArray(value)
    ? mapItems(value as readonly Value[], change)
    : mapProperties(value as Properties, change);
}

function mapItems(items: readonly Value[], change: Change): readonly Value[] {
  let changed: Value[] | undefined;
  for (let at = 0; at < items.length; at += 1) {
    const item = items[at] as Value;
    const mapped = mapReferences(item, change);
    if (mapped === item) continue;
    changed ??= [...items];
    changed[at] = mapped;
  }
  return changed ?? items;
}

function mapProperties(properties: Properties, change: Change): Value {
  const keys = Object.keys(properties);
  const [only] = keys;
  if (keys.length === 1 && (only === "Ref" || only === "Fn::GetAtt")) {
    const reference = referenceOf(only, properties[only] as Value);
    return (reference && change(reference)) ?? properties;
  }
  let changed: Record<string, Value> | undefined;
  for (const key of keys) {
    const item = properties[key] as Value;
    const mapped = mapReferences(item, change);
    if (mapped === item) continue;
    changed ??= { ...properties };
    changed[key] = mapped;
  }
  return changed ?? properties;
}

function referenceOf(name: "Fn::GetAtt" | "Ref", argument: Value): Reference | undefined {
  if (typeof argument === "string")
    return name === "Fn::GetAtt" || argument.startsWith("AWS::")
      ? undefined
      : { id: argument, attribute: undefined };
  if (!Array.isArray(argument)) return undefined;
  const [resource, attribute] = argument;
  return { id: String(resource), attribute: String(attribute) };
}
