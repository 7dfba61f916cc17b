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
  unset: (name: string, at: Position) => void,
): EnvFile {
  const values = new Map<string, Tree>();
  let start = 0;
  const scope: Scope = {
    get: (name) => surroundings(name) ?? valueIn(values, name),
    unset: (name) => unset(name, positionAt(source, start)),
  };
  const reading: Reading = {
    source,
    text: source.text,
    at: source.text.startsWith("\ufeff") ? 1 : 0,
  };
  for (;;) {
    skipBlank(reading);
    if (reading.at >= reading.text.length) return { kind: "read", values };
    start = reading.at;
    const line = readLine(reading, scope);
    if ("message" in line) return { kind: "failed", at: positionAt(source, start), ...line };
    const value = line.inherited ? surroundings(line.key) : line.value;
    const place = { source, offset: start, key: start };
    if (value !== undefined) values.set(line.key, leaf(place, value));
  }
}

/** `docker run --env-file`'s reading: no quotes, no comments after a value, nothing replaced. */
export function readRawEnvFile(
  source: Source,
  surroundings: (name: string) => string | undefined,
): EnvFile {
  const values = new Map<string, Tree>();
  for (const match of source.text.replace(/^\ufeff/, " ").matchAll(/^(?!\s*(?:#|$)).+$/gm)) {
    const [, key = "", value] = /^\s*([^=]*)(?:=(.*))?$/.exec(match[0]) ?? [];
    const name = value === undefined ? key.trimEnd() : key;
    const message = wrongName(name);
    if (message !== undefined)
      return { kind: "failed", at: positionAt(source, match.index), message };
    const text = value ?? surroundings(name);
    const at = { source, offset: match.index, key: match.index };
    if (text !== undefined) values.set(name, leaf(at, text));
  }
  return { kind: "read", values };
}

function wrongName(name: string): string | undefined {
  if (name === "") return "the line has no name";
  return /\s/.test(name) ? `the name ${name} has a space in it` : undefined;
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
  const strange = /[^\p{L}\p{N}_.\-[\]\s]/u.exec(key)?.[0];
  if (strange !== undefined)
    return { message: `${JSON.stringify(strange)} cannot stand in a name: ${key}` };
  if (key.includes(" ")) return { message: `the name ${JSON.stringify(key)} has a space in it` };
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
  const quoted = quote === '"' ? /"((?:[^"\\]|\\[\s\S])*)"/y : /'((?:[^'\\]|\\[\s\S])*)'/y;
  quoted.lastIndex = reading.at;
  const body = quoted.exec(reading.text)?.[1];
  if (body === undefined) return { message: "a quote is not closed" };
  reading.at = quoted.lastIndex;
  return quote === "'" ? body.replaceAll("\\'", "'") : substitute(unescaped(body), scope);
}

/** To the end of the line or to a comment. */
function readBare(reading: Reading, scope: Scope): string | Fault {
  const newline = reading.text.indexOf("\n", reading.at);
  const end = newline < 0 ? reading.text.length : newline;
  const line = reading.text.slice(reading.at, end);
  reading.at = end;
  return substitute(line.replace(/ #.*$/, "").trimEnd(), scope);
}

const escapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
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

function unescaped(text: string): string {
  return text.replace(/\\(?:0([0-7]{3})|(.))/gs, (whole, octal?: string, letter = "") =>
    octal === undefined
      ? (escapes[letter] ?? whole)
      : String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

const faultText = (fault: Fault): string =>
  fault.kind === "required"
    ? `the variable ${fault.name} must be set${fault.message === "" ? "" : `: ${fault.message}`}`
    : `${JSON.stringify(fault.text)} is no valid reference to a variable`;
