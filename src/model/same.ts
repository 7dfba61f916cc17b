/** A list or an object, seen alike. */
type Parts = Readonly<Record<string, unknown>>;

/**
 * Whether two values are the same JSON: the order of keys is nothing, and what is undefined is not
 * there. What both share is not looked into.
 */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isCollection(a) || !isCollection(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  return (
    Object.keys(a).every((key) => isSameJson(a[key], own(b, key))) &&
    Object.keys(b).every((key) => b[key] === undefined || own(a, key) !== undefined)
  );
}

/** Each once, of what prints alike; the first stands for the others. */
export const distinct = <T>(all: readonly T[]): readonly T[] => [
  ...new Map(all.map((one) => [JSON.stringify(one), one])).values(),
];

const isCollection = (value: unknown): value is Parts =>
  typeof value === "object" && value !== null;

const own = (parts: Parts, key: string): unknown =>
  Object.hasOwn(parts, key) ? parts[key] : undefined;
