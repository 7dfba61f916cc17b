import { createHash } from "node:crypto";

/** The same text for the same value, whatever the order of its keys: RFC 8785's idea on our data. */
export const canonicalJson = (value: unknown): string => JSON.stringify(inOrder(value)) ?? "null";

/** The canonical text of an object, from those of its parts. */
export const canonicalObject = (parts: Readonly<Record<string, string>>): string =>
  `{${keysInOrder(parts)
    .map((key) => `${JSON.stringify(key)}:${parts[key]}`)
    .join(",")}}`;

/** The value with the keys of every object in order, numbers first: itself where they are. */
export function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? listInOrder(value) : objectInOrder(value as Plain);
}

type Plain = Readonly<Record<string, unknown>>;

function listInOrder(list: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let at = 0; at < list.length; at += 1) {
    const item = inOrder(list[at]);
    if (item === list[at]) continue;
    copy ??= [...list];
    copy[at] = item;
  }
  return copy ?? list;
}

function objectInOrder(object: Plain): Plain {
  const keys = Object.keys(object);
  let copy = sortIn(keys) ? undefined : ({} as Record<string, unknown>);
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] as string;
    const item = inOrder(object[key]);
    if (copy === undefined && item === object[key]) continue;
    copy ??= Object.fromEntries(keys.slice(0, at).map((before) => [before, object[before]]));
    // Assigned, this one would become the prototype.
    if (key === "__proto__") Object.defineProperty(copy, key, { value: item, enumerable: true });
    else copy[key] = item;
  }
  return copy ?? object;
}

const keysInOrder = (object: Plain): readonly string[] => {
  const keys = Object.keys(object);
  sortIn(keys);
  return keys;
};

/** Sorts in place by insertion: most objects have few keys, in order already. Whether they were. */
function sortIn(keys: string[]): boolean {
  let were = true;
  for (let at = 1; at < keys.length; at += 1) {
    const key = keys[at] as string;
    if ((keys[at - 1] as string) <= key) continue;
    if (keys.length > 32) {
      keys.sort();
      return false;
    }
    were = false;
    let to = at;
    for (; to > 0 && (keys[to - 1] as string) > key; to -= 1) keys[to] = keys[to - 1] as string;
    keys[to] = key;
  }
  return were;
}

/** Lower-case hex sha256 of a text's UTF-8 bytes: 64 characters. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The digest of a value, the same on any machine. */
export const digestOf = (value: unknown): string => sha256(canonicalJson(value));
