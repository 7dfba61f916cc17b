import { isSameJson } from "../model/same.ts";

type Path = readonly (string | number)[];

/** The data with another value at a path. */
export function withValue(data: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  const before = isCollection(data) ? data : {};
  return { ...before, [step]: withValue(before[step], rest, value) };
}

/** Where two values first differ; undefined: nowhere. */
export function firstDifference(one: unknown, other: unknown, path: Path): Path | undefined {
  if (isSameJson(one, other)) return undefined;
  if (!isCollection(one) || !isCollection(other)) return path;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  for (const key of keys) {
    const found = firstDifference(one[key], other[key], [...path, key]);
    if (found !== undefined) return found;
  }
  return path;
}

const isCollection = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
