import { isSameJson } from "../model/same.ts";
import type { Properties, Value } from "../model/template.ts";
import { isIntrinsic, isList, isUnknown } from "./diff-values.ts";

/** Whether something comes out different. */
export type Certainty = "no" | "perhaps" | "yes";

export const surer = (a: Certainty, b: Certainty): Certainty =>
  a === "yes" || b === "yes" ? "yes" : a === "perhaps" ? a : b;

/** A place in a resource's properties that differs, or that is the same but asks other resources. */
export interface Difference {
  /** From the property's name down, without the indexes of lists. */
  readonly path: readonly string[];
  readonly certainty: Certainty;
  readonly asks: readonly Question[];
}

/** What one resource asks of another: an attribute, or (undefined) what `Ref` gives. */
export interface Question {
  readonly resource: string;
  readonly attribute: string | undefined;
}

/** Where two evaluated values differ, as deep as both have parts. The order of keys is no difference. */
export function differences(
  old: Value | undefined,
  now: Value | undefined,
  path: readonly string[] = [],
): readonly Difference[] {
  if (isList(old) && isList(now)) return listDifferences(old, now, path);
  if (isPlain(old) && isPlain(now)) return partDifferences(old, now, path);
  // What comes or goes as a whole does so with every part of it.
  const parts = partDifferences(isPlain(old) ? old : {}, isPlain(now) ? now : {}, path);
  return [...leafDifferences(old, now, path), ...parts];
}

function leafDifferences(
  old: Value | undefined,
  now: Value | undefined,
  path: readonly string[],
): readonly Difference[] {
  const asks = questions(now);
  const certainty = certaintyOf(old, now);
  return certainty === "no" && asks.length === 0 ? [] : [{ path, certainty, asks }];
}

function certaintyOf(old: Value | undefined, now: Value | undefined): Certainty {
  if (isSameJson(old, now)) return "no";
  return isUnknown(old) || isUnknown(now) ? "perhaps" : "yes";
}

/** A longer or shorter list differs as a list; what both have is compared one by one. */
function listDifferences(
  old: readonly Value[],
  now: readonly Value[],
  path: readonly string[],
): readonly Difference[] {
  const common = Math.min(old.length, now.length);
  const inside = old.slice(0, common).flatMap((item, index) => differences(item, now[index], path));
  return old.length === now.length ? inside : [{ path, certainty: "yes", asks: [] }, ...inside];
}

function partDifferences(
  old: Properties,
  now: Properties,
  path: readonly string[],
): readonly Difference[] {
  const before = new Map(Object.entries(old));
  const after = new Map(Object.entries(now));
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].flatMap((key) => differences(before.get(key), after.get(key), [...path, key]));
}

const isPlain = (value: Value | undefined): value is Properties =>
  typeof value === "object" && !isList(value) && !isIntrinsic(value);

/** Every reference in a value. */
function questions(value: Value | undefined): readonly Question[] {
  if (typeof value !== "object") return [];
  const { Ref: name, "Fn::GetAtt": attribute } = value as Properties;
  if (typeof name === "string") return [{ resource: name, attribute: undefined }];
  if (isList(attribute)) {
    return [{ resource: String(attribute[0]), attribute: String(attribute[1]) }];
  }
  return Object.values(value).flatMap(questions);
}
