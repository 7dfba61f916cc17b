import type { Position } from "../model/diagnostic.ts";
import { type Fault, type Scope, substitute } from "./template.ts";
import { leaf, positionAt, type Source, type Tree } from "./tree.ts";

/** What an env file sets, each value at its place; or where it cannot be read. */
export type EnvFile =
  | { readonly kind: "read"; readonly values: ReadonlyMap<string, Tree> }
  | { readonly kind: "failed"; readonly at: Position; readonly message: string };

/**
 * Reads `KEY=value` lines: quotes, escapes, comments and `${…}`, which looks in the surroundings
 * first and then in what the file has set so far.
 */
export function readEnvFile(
  source: Source,
  surroundings: (name: string) => string | undefined,
  unset: (name: string) => void,
): EnvFile {
  const values = new Map<string, Tree>();
  const scope: Scope = {
    get: (name) => surroundings(name) ?? valueIn(values, name),
    unset,
  };
  const reading: Reading = {
    source,
    text: source.text,
    at: source.text.startsWith("\ufeff") ? 1 : 0,
  };
  for (;;) {
    skipBlank(reading);
    if (reading.at >= reading.text.length) return { kind: "read", values };
    const start = reading.at;
    const line = readLine(reading, scope);
    if ("message" in line) return { kind: "failed", at: positionAt(source, start), ...line };
    const value = line.inherited ? surroundings(line.key) : line.value;
    if (value !== undefined)
      values.set(line.key, leaf({ source, offset: start, key: start }, value));
  }
}

/** `docker run --env-file`'s reading: no quotes, no comments after a value, nothing replaced. */
export function readRawEnvFile(
  source: Source,
  surroundings: (name: string) => string | undefined,
): EnvFile {
  const values = new Map<string, Tree>();
  for (const match of source.text.replace(/^\ufeff/, " ").matchAll(/[^\r\n]+/g)) {
    const line = match[0].trimStart();
    if (line === "" || line.startsWith("#")) continue;
    const equals = line.indexOf("=");
    const key = equals < 0 ? line.trim() : line.slice(0, equals);
    if (key === "" || /\s/.test(key)) {
      const message = key === "" ? "the line has no name" : `the name ${key} has a space in it`;
      return { kind: "failed", at: positionAt(source, match.index), message };
    }
    const value = equals < 0 ? surroundings(key) : line.slice(equals + 1);
    if (value !== undefined)
      values.set(key, leaf({ source, offset: match.index, key: match.index }, value));
  }
  return { kind: "read", values };
}

interface Reading {
  readonly source: Source;
  readonly text: string;
  at: number;
}

type Line =
  | { readonly key: string; readonly inherited: boolean; readonly value: string }
  | { readonly message: string };

function valueIn(values: ReadonlyMap<string, Tree>, name: string): string | undefined {
  const tree = values.get(name);
  return tree?.kind === "leaf" ? String(tree.value) : undefined;
}

/** Spaces, empty lines and lines that are comments. */
function skipBlank(reading: Reading): void {
  const blank = /(?:\s+|#[^\n]*)*/y;
  blank.lastIndex = reading.at;
  blank.exec(reading.text);
  reading.at = blank.lastIndex;
}

function readLine(reading: Reading, scope: Scope): Line {
  const head = /(?:export\s+)?([^=:\n]*)([=:\n]|$)/y;
  head.lastIndex = reading.at;
  const [whole = "", name = "", end = ""] = head.exec(reading.text) ?? [];
  const key = name.trimEnd();
  if (key === "") return { message: "a value has no name before it" };
  const strange = /[^\p{L}\p{N}_.\-[\]\s]/u.exec(key)?.[0];
  if (strange !== undefined)
    return { message: `${JSON.stringify(strange)} cannot stand in a name: ${key}` };
  if (/\s/.test(key)) return { message: `the name ${JSON.stringify(key)} has a space in it` };
  reading.at += whole.length;
  if (end === "\n" || end === "") return { key, inherited: true, value: "" };
  const value = readValue(reading, scope);
  if (typeof value === "string") return { key, inherited: false, value };
  return "kind" in value ? { message: faultText(value) } : value;
}

function readValue(reading: Reading, scope: Scope): string | Fault | { readonly message: string } {
  const space = /[^\S\n]*/y;
  space.lastIndex = reading.at;
  space.exec(reading.text);
  reading.at = space.lastIndex;
  const quote = reading.text[reading.at];
  if (quote !== '"' && quote !== "'") return readBare(reading, scope);
  const quoted = quote === '"' ? /"((?:[^"\\]|\\[^])*)"/y : /'((?:[^'\\]|\\[^])*)'/y;
  quoted.lastIndex = reading.at;
  const body = quoted.exec(reading.text)?.[1];
  if (body === undefined) return { message: "a quote is not closed" };
  reading.at = quoted.lastIndex;
  return quote === "'" ? body.replaceAll("\\'", "'") : substitute(unescape(body), scope);
}

/** To the end of the line or to a comment. */
function readBare(reading: Reading, scope: Scope): string | Fault {
  const newline = reading.text.indexOf("\n", reading.at);
  const end = newline < 0 ? reading.text.length : newline;
  const line = reading.text.slice(reading.at, end);
  reading.at = end;
  return substitute(line.replace(/(?:^|\s)#.*$/, "").trimEnd(), scope);
}

const escapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  c: "",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
  // Left for interpolation, which takes a doubled $ for one.
  $: "$$",
};

function unescape(text: string): string {
  return text.replace(/\\(0[0-7]{1,3}|[^])/g, (whole, what: string) =>
    what.length > 1 ? String.fromCharCode(Number.parseInt(what, 8)) : (escapes[what] ?? whole),
  );
}

const faultText = (fault: Fault): string =>
  fault.kind === "required"
    ? `the variable ${fault.name} must be set${fault.message === "" ? "" : `: ${fault.message}`}`
    : `${JSON.stringify(fault.text)} is no valid reference to a variable`;
