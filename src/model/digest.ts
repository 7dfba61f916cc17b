import { createHash, hash } from "node:crypto";
import { rewritten } from "./rewritten.ts";

/** The same text for the same value, whatever the order of its keys: RFC 8785's idea on our data. */
export const canonicalJson = (value: unknown): string => JSON.stringify(inOrder(value)) ?? "null";

/** The canonical text of an object, from those of its parts. */
export function canonicalObject(parts: ReadonlyMap<string, string>): string {
  let text = "";
  for (const key of [...parts.keys()].sort())
    text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${parts.get(key)}`;
  return `{${text}}`;
}

/** The value with the keys of every object in order, numbers first: itself where they are. */
export const inOrder = (value: unknown): unknown => rewritten(value, true);

/** Lower-case hex sha256 of a text's UTF-8 bytes: 64 characters. */
export const sha256 = (text: string): string => hash("sha256", text);

/** The same of the texts one after the other, which together may be long. */
export function sha256Of(texts: Iterable<string>): string {
  const all = createHash("sha256");
  for (const text of texts) all.update(text);
  return all.digest("hex");
}

/** The digest of a value, the same on any machine. */
export const digestOf = (value: unknown): string => sha256(canonicalJson(value));
