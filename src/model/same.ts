import { keyAt, keysOf, type Parts, sizeOf } from "./parts.ts";

/**
 * Whether two values are the same JSON: the order of keys is nothing, and what is undefined is not
 * there. What both share is not looked into.
 */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isCollection(a) || !isCollection(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const [keys, others] = [keysOf(a), keysOf(b)];
  for (let at = 0; at < sizeOf(a, keys); at += 1) {
    const key = keyAt(at, keys);
    if (!isSameJson(a[key], own(b, key))) return false;
  }
  for (let at = 0; at < sizeOf(b, others); at += 1) {
    const key = keyAt(at, others);
    if (b[key] !== undefined && own(a, key) === undefined) return false;
  }
  return true;
}

const isCollection = (value: unknown): value is Parts<unknown> =>
  typeof value === "object" && value !== null;

const own = (parts: Parts<unknown>, key: string | number): unknown =>
  Object.hasOwn(parts, key) ? parts[key] : undefined;
