import { createHash } from "node:crypto";

/** The same text for the same value, whatever the order of its keys: RFC 8785's idea on our data. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value))
    return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  return ofMembers(value as Readonly<Record<string, unknown>>);
}

/** By hand, without lists of pairs: a big bundle would spend a third of its time on them. */
function ofMembers(object: Readonly<Record<string, unknown>>): string {
  let text = "";
  for (const key of Object.keys(object).sort()) {
    const item = object[key];
    if (item === undefined) continue;
    text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(item)}`;
  }
  return `{${text}}`;
}

/** Lower-case hex sha256 of a text's UTF-8 bytes: 64 characters. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The digest of a value, the same on any machine. */
export const digestOf = (value: unknown): string => sha256(canonicalJson(value));
