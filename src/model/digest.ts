import { createHash } from "node:crypto";

/** The same text for the same value, whatever the order of its keys: RFC 8785's idea on our data. */
export const canonicalJson = (value: unknown): string => JSON.stringify(inOrder(value)) ?? "null";

/** A copy with the keys of every object in order, numbers first. */
export function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const object = value as Readonly<Record<string, unknown>>;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(object).sort()) {
    const item = inOrder(object[key]);
    // Assigned, this one would become the prototype.
    if (key === "__proto__") Object.defineProperty(copy, key, { value: item, enumerable: true });
    else copy[key] = item;
  }
  return copy;
}

/** Lower-case hex sha256 of a text's UTF-8 bytes: 64 characters. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The digest of a value, the same on any machine. */
export const digestOf = (value: unknown): string => sha256(canonicalJson(value));
