import { createHash } from "node:crypto";

/** The same text for the same value, whatever the order of its keys: RFC 8785's idea on our data. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value))
    return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
  return `{${entries.join(",")}}`;
}

/** Lower-case hex sha256 of a text's UTF-8 bytes: 64 characters. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The digest of a value, the same on any machine. */
export const digestOf = (value: unknown): string => sha256(canonicalJson(value));
