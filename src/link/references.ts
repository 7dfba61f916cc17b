import { type Replace, rewritten } from "../model/rewritten.ts";
import type { Value } from "../model/template.ts";

/** A value of a resource that another needs: `Ref`, or `Fn::GetAtt` with an attribute. */
export interface Reference {
  readonly id: string;
  /** Undefined: its `Ref`. */
  readonly attribute: string | undefined;
}

/** The name under which a value crosses from one stack to another. */
export const symbolOf = ({ id, attribute }: Reference): string =>
  `${id}${attribute?.replaceAll(/[^A-Za-z0-9]/g, "") ?? "Ref"}`;

/** Answers what stands in a reference's place; undefined: itself. */
export type Resolve = (reference: Reference) => Value | undefined;

/** The value with every reference to a resource put through `resolve`. */
export const resolved = <T>(value: T, resolve: Resolve): T =>
  rewritten(value, false, replacing(resolve)) as T;

/** The same as its canonical text. */
export const resolvedText = (value: unknown, resolve: Resolve): string =>
  JSON.stringify(rewritten(value, true, replacing(resolve)));

const replacing =
  (resolve: Resolve): Replace =>
  (name, argument) => {
    const reference = referenceOf(name, argument);
    return reference && resolve(reference);
  };

function referenceOf(name: string, argument: unknown): Reference | undefined {
  if (name === "Ref")
    return typeof argument === "string" && !argument.startsWith("AWS::")
      ? { id: argument, attribute: undefined }
      : undefined;
  return name === "Fn::GetAtt" && Array.isArray(argument)
    ? { id: String(argument[0]), attribute: String(argument[1]) }
    : undefined;
}
