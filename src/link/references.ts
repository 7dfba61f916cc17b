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

/** `value` with every reference to a resource put through `change`; undefined leaves it. */
export function mapReferences(
  value: Value,
  change: (reference: Reference) => Value | undefined,
): Value {
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) {
    const items = value as readonly Value[];
    const changed = items.map((item) => mapReferences(item, change));
    return changed.every((item, at) => item === items[at]) ? value : changed;
  }
  const properties = value as Properties;
  const reference = referenceOf(properties);
  if (reference !== undefined) return change(reference) ?? value;
  // Most of a graph stays as it is: then nothing is copied.
  let changed: Record<string, Value> | undefined;
  for (const key of Object.keys(properties)) {
    const item = properties[key] ?? "";
    const mapped = mapReferences(item, change);
    if (mapped === item) continue;
    changed ??= { ...properties };
    changed[key] = mapped;
  }
  return changed ?? value;
}

function referenceOf(value: Properties): Reference | undefined {
  const { Ref: id, "Fn::GetAtt": pair } = value;
  if (typeof id === "string" && !id.startsWith("AWS::")) return { id, attribute: undefined };
  if (!Array.isArray(pair)) return undefined;
  const [resource, attribute] = pair;
  return { id: String(resource), attribute: String(attribute) };
}
