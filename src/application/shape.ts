/**
 * What a part of `trueup.yaml` may look like, as data: it is checked from here, and described to
 * editors from here.
 */
export type Shape =
  | { readonly kind: "text"; readonly format: Format }
  | { readonly kind: "choice"; readonly values: readonly string[] }
  | { readonly kind: "integer"; readonly least: number; readonly most: number }
  | { readonly kind: "flag" }
  | { readonly kind: "list"; readonly of: Shape; readonly least: number }
  | { readonly kind: "map"; readonly names: Format; readonly of: Shape; readonly least: number }
  | ObjectShape
  /** Forms that differ in their YAML kind, so that no text fits two of them. */
  | { readonly kind: "either"; readonly forms: readonly Shape[] };

export interface ObjectShape {
  readonly kind: "object";
  readonly keys: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
  /** One of these keys has to be there, and only one. */
  readonly exactlyOne: readonly string[];
  /** A key that no other may stand beside. */
  readonly alone: string | undefined;
}

/** A kind of text: its name as people say it, a pattern that all of it matches, how to write it. */
export interface Format {
  readonly what: string;
  readonly pattern: RegExp;
  readonly help: string;
}

export const text = (format: Format): Shape => ({ kind: "text", format });

export const choice = (...values: readonly string[]): Shape => ({ kind: "choice", values });

export const integer = (least: number, most: number): Shape => ({ kind: "integer", least, most });

/** `true` or `false`. */
export const flag: Shape = { kind: "flag" };

export const list = (of: Shape, least = 0): Shape => ({ kind: "list", of, least });

export const map = (names: Format, of: Shape, least = 0): Shape => ({
  kind: "map",
  names,
  of,
  least,
});

export const either = (...forms: readonly Shape[]): Shape => ({ kind: "either", forms });

export const object = (
  keys: Readonly<Record<string, Shape>>,
  rules: Partial<Pick<ObjectShape, "required" | "exactlyOne" | "alone">> = {},
): Shape => ({
  kind: "object",
  keys,
  required: rules.required ?? [],
  exactlyOne: rules.exactlyOne ?? [],
  alone: rules.alone,
});
