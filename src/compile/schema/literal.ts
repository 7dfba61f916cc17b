import type { Properties, Value } from "../../model/template.ts";
import { isMapping } from "../read.ts";
import type { Path } from "../report.ts";

/** One thing that a service refuses, though the registry's schema takes it. */
export interface Breach {
  readonly path: Path;
  readonly message: string;
  readonly help?: string;
}

/** What a service says of the properties of one resource together. */
export type Rule = (properties: Properties) => readonly Breach[];

/** Also what a dynamic reference stands for: what comes out of it nobody knows here. */
export function isFunction(value: Value): boolean {
  if (typeof value === "string") return value.startsWith("{{resolve:");
  if (!isMapping(value as never)) return false;
  let isOnly = false;
  for (const key in value as Properties) {
    if (isOnly || !(key === "Ref" || key.startsWith("Fn::"))) return false;
    isOnly = true;
  }
  return isOnly;
}

/** The number that is written, as text too. Undefined: none is, or a function makes it. */
export function numberIn(value: Value | undefined): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** The text that is written; undefined where a function makes it. */
export const textIn = (value: Value | undefined): string | undefined =>
  value === undefined || typeof value === "object" || isFunction(value) ? undefined : String(value);

/** Whether `true` is written. */
export const isOn = (value: Value | undefined): boolean => /^true$/i.test(textIn(value) ?? "");

/** What is written below a key; nothing where that is no mapping, or a function makes it. */
export const below = (value: Value | undefined): Properties =>
  value !== undefined && isMapping(value as never) && !isFunction(value)
    ? (value as Properties)
    : nothing;

const nothing: Properties = {};

/** The items of a list, each with where it stands. */
export const itemsIn = (properties: Properties, key: string) =>
  listIn(properties[key]).map((item, at) => ({ item: below(item), path: [key, at] }));

export const listIn = (value: Value | undefined): readonly Value[] =>
  Array.isArray(value) ? value : [];
