import { sortKeys } from "./sort-keys.ts";

/** What stands in the place of an object that has one key; undefined: itself. */
export type Replace = (key: string, value: unknown) => unknown;

/** A list or an object, seen alike: to walk both in one loop, without a copy of either. */
type Parts = Record<string, unknown>;

/**
 * A value with objects in it replaced, and, where `isSorted`, with the keys of every object in
 * order, numbers first. What stays as it is is not copied.
 */
export function rewritten(value: unknown, isSorted: boolean, replace?: Replace): unknown {
  if (typeof value !== "object" || value === null) return value;
  const isList = Array.isArray(value);
  const parts = value as Parts;
  // One function, and the keys of lists too: V8 optimizes anew whenever there is a list of another
  // kind, and spends more on functions that call each other than all they do is worth.
  const keys = Object.keys(parts);
  const replaced = replacementOf(parts, keys, replace);
  if (replaced !== undefined) return replaced;
  let copy: Parts | undefined = isSorted && !isList && !sortKeys(keys) ? {} : undefined;
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] as string;
    const part = parts[key];
    const own = typeof part === "object" ? rewritten(part, isSorted, replace) : part;
    if (copy === undefined && own === part) continue;
    copy ??= copyOf(parts);
    put(copy, key, own);
  }
  return copy ?? value;
}

function replacementOf(parts: Parts, keys: readonly string[], replace?: Replace): unknown {
  if (replace === undefined || keys.length !== 1 || Array.isArray(parts)) return undefined;
  const key = keys[0] as string;
  return replace(key, parts[key]);
}

const copyOf = (parts: Parts): Parts => (Array.isArray(parts) ? [...parts] : { ...parts }) as Parts;

/** Assigned, one name would become the prototype. */
function put(parts: Parts, key: string, value: unknown): void {
  if (key === "__proto__") Object.defineProperty(parts, key, { value, enumerable: true });
  else parts[key] = value;
}
