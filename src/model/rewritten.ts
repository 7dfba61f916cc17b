import { put } from "./own.ts";
import { sortKeys } from "./sort-keys.ts";

/** What stands in the place of an object that has one key; undefined: itself. */
export type Replace = (key: string, value: unknown) => unknown;

type Parts = Record<string, unknown>;

/**
 * A value with objects in it replaced, and, where `isSorted`, with the keys of every object in
 * order, numbers first. What stays as it is is not copied.
 */
export function rewritten(value: unknown, isSorted: boolean, replace?: Replace): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value)
    ? rewrittenList(value, isSorted, replace)
    : rewrittenObject(value as Parts, isSorted, replace);
}

function rewrittenObject(parts: Parts, isSorted: boolean, replace?: Replace): unknown {
  const keys = Object.keys(parts);
  const replaced = replacementOf(parts, keys, replace);
  if (replaced !== undefined) return replaced;
  let copy: Parts | undefined = isSorted && !sortKeys(keys) ? {} : undefined;
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] as string;
    const part = parts[key];
    const own = typeof part === "object" ? rewritten(part, isSorted, replace) : part;
    if (copy === undefined && own === part) continue;
    copy ??= { ...parts };
    put(copy, key, own);
  }
  return copy ?? parts;
}

function rewrittenList(list: readonly unknown[], isSorted: boolean, replace?: Replace): unknown {
  let copy: unknown[] | undefined;
  for (let at = 0; at < list.length; at += 1) {
    const part = list[at];
    const own = typeof part === "object" ? rewritten(part, isSorted, replace) : part;
    if (own === part) continue;
    copy ??= [...list];
    copy[at] = own;
  }
  return copy ?? list;
}

function replacementOf(parts: Parts, keys: readonly string[], replace?: Replace): unknown {
  if (replace === undefined || keys.length !== 1) return undefined;
  const key = keys[0] as string;
  return replace(key, parts[key]);
}
