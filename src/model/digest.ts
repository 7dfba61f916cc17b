import { hash } from "node:crypto";
import { copyOf, keyAt, keysOf, type Parts, sizeOf } from "./parts.ts";

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
  const parts = value as Parts<unknown>;
  const keys = keysOf(parts);
  // One function: V8 spends more on functions that call each other than all they do is worth.
  let copy: Parts<unknown> | undefined = keys === undefined || sortIn(keys) ? undefined : {};
  for (let at = 0; at < sizeOf(parts, keys); at += 1) {
    const key = keyAt(at, keys);
    const part = parts[key];
    const ordered = typeof part === "object" ? inOrder(part) : part;
    if (copy === undefined && ordered === part) continue;
    copy ??= copyOf(parts);
    put(copy, key, ordered);
  }
  return copy ?? value;
}

/** Assigned, one name would become the prototype. */
function put(parts: Parts<unknown>, key: string | number, value: unknown): void {
  if (key === "__proto__") Object.defineProperty(parts, key, { value, enumerable: true });
  else parts[key] = value;
}

const keysInOrder = (object: object): readonly string[] => {
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
export const sha256 = (text: string): string => hash("sha256", text);

/** The digest of a value, the same on any machine. */
export const digestOf = (value: unknown): string => sha256(canonicalJson(value));
