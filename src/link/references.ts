import { copyOf, keyAt, keysOf, type Parts, sizeOf } from "../model/parts.ts";
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

/**
 * `value` with every reference to a resource put through `change`; undefined leaves it. Most of a
 * graph stays as it is: then nothing is copied.
 */
export function mapReferences(
  value: Value,
  change: (reference: Reference) => Value | undefined,
): Value {
  if (typeof value !== "object") return value;
  const parts = value as Parts<Value>;
  const keys = keysOf(parts);
  const reference = keys?.length === 1 ? referenceOf(keys[0], parts) : undefined;
  if (reference !== undefined) return change(reference) ?? value;
  // One function: V8 spends more on functions that call each other than all they do is worth.
  let changed: Parts<Value> | undefined;
  for (let at = 0; at < sizeOf(parts, keys); at += 1) {
    const key = keyAt(at, keys);
    const part = parts[key] as Value;
    if (typeof part !== "object") continue;
    const mapped = mapReferences(part, change);
    if (mapped === part) continue;
    changed ??= copyOf(parts);
    changed[key] = mapped;
  }
  return (changed as Properties | undefined) ?? value;
}

function referenceOf(name: string | undefined, value: Parts<Value>): Reference | undefined {
  if (name !== "Ref" && name !== "Fn::GetAtt") return undefined;
  const argument = value[name];
  if (name === "Ref" && typeof argument === "string" && !argument.startsWith("AWS::"))
    return { id: argument, attribute: undefined };
  return Array.isArray(argument)
    ? { id: String(argument[0]), attribute: String(argument[1]) }
    : undefined;
}
