import { limits } from "./limits.ts";

/** What `${…}` may refer to. */
export interface Scope {
  get(name: string): string | undefined;
  /** A variable is used that nothing sets and that has no default. */
  unset(name: string): void;
  /** What stands between the braces and is somebody else's to replace. */
  readonly leaveAlone?: (body: string) => boolean;
}

/** Why a text cannot be interpolated. */
export type Fault =
  | { readonly kind: "syntax"; readonly text: string }
  | { readonly kind: "required"; readonly name: string; readonly message: string };

/** `$NAME`, `${NAME}`, `${NAME:-word}` and its kin replaced by what `scope` says, `$$` by `$`. */
export function substitute(text: string, scope: Scope, depth = 0): string | Fault {
  if (depth > limits.nestedVariables) return { kind: "syntax", text: shortened(text) };
  let result = "";
  let from = 0;
  for (;;) {
    const dollar = text.indexOf("$", from);
    if (dollar < 0) return from === 0 ? text : result + text.slice(from);
    const piece = pieceAt(text, dollar, scope, depth);
    if (typeof piece.text !== "string") return piece.text;
    result += text.slice(from, dollar) + piece.text;
    from = piece.end;
  }
}

export interface Variable {
  readonly name: string;
  readonly required: boolean;
  readonly fallback: string;
  readonly alternate: string;
}

/** The variables that a text refers to, the words of their defaults not looked into. */
export function variablesIn(text: string): readonly Variable[] {
  const found: Variable[] = [];
  let at = text.indexOf("$");
  while (at >= 0) {
    const { body, end } = bodyAt(text, at);
    const [, name, operator = "", word = ""] = reference.exec(body) ?? [];
    const kind = operator.at(-1);
    const [fallback, alternate] = [kind === "-" ? word : "", kind === "+" ? word : ""];
    if (name !== undefined) found.push({ name, required: kind === "?", fallback, alternate });
    at = text.indexOf("$", end);
  }
  return found;
}

/** What stands after a `$` and is no text, and where text goes on. */
function bodyAt(text: string, dollar: number): { readonly body: string; readonly end: number } {
  if (text[dollar + 1] === "$") return { body: "", end: dollar + 2 };
  const brace = text[dollar + 1] === "{" ? closingBrace(text, dollar) : undefined;
  if (brace !== undefined) return { body: text.slice(dollar + 2, brace), end: brace + 1 };
  const body = wordAt(text, dollar + 1);
  return { body, end: dollar + 1 + body.length };
}

interface Piece {
  readonly text: string | Fault;
  readonly end: number;
}

function pieceAt(text: string, dollar: number, scope: Scope, depth: number): Piece {
  const next = text[dollar + 1];
  if (next === "$") return { text: "$", end: dollar + 2 };
  if (next === "{") return braced(text, dollar, scope, depth);
  const name = wordAt(text, dollar + 1);
  const end = dollar + 1 + name.length;
  return { text: name === "" ? "$" : valueIn(name, scope), end };
}

function wordAt(text: string, from: number): string {
  plainName.lastIndex = from;
  return plainName.exec(text)?.[0] ?? "";
}

const plainName = /[_a-zA-Z][_a-zA-Z0-9]*/y;

const reference = /^([_a-zA-Z][_a-zA-Z0-9]*)(?:(:?[-+?])(.*))?$/;

function braced(text: string, dollar: number, scope: Scope, depth: number): Piece {
  const end = closingBrace(text, dollar);
  if (end === undefined)
    return { text: { kind: "syntax", text: shortened(text) }, end: text.length };
  const body = text.slice(dollar + 2, end);
  if (scope.leaveAlone?.(body) === true) return { text: text.slice(dollar, end + 1), end: end + 1 };
  const parts = reference.exec(body);
  if (parts === null) return { text: { kind: "syntax", text: shortened(text) }, end: text.length };
  const [, name = "", operator, word = ""] = parts;
  if (operator === undefined) return { text: valueIn(name, scope), end: end + 1 };
  // The word is interpolated even where it is not used: a fault in it is a fault.
  const other = substitute(word, scope, depth + 1);
  const value = typeof other === "string" ? choose(name, operator, other, scope) : other;
  return { text: value, end: end + 1 };
}

/** Enough of a text to know it by. */
const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);

/** Braces are counted, and all of a reference stands on one line. */
function closingBrace(text: string, dollar: number): number | undefined {
  let open = 0;
  for (let i = dollar; i < text.length && text[i] !== "\n"; i++) {
    if (text.startsWith("${", i)) {
      open += 1;
      i += 1;
    } else if (text[i] === "}") {
      open -= 1;
      if (open === 0) return i;
    }
  }
  return undefined;
}

function valueIn(name: string, scope: Scope): string {
  const value = scope.get(name);
  if (value === undefined) scope.unset(name);
  return value ?? "";
}

function choose(name: string, operator: string, other: string, scope: Scope): string | Fault {
  const value = scope.get(name);
  const there = value !== undefined && (value !== "" || !operator.startsWith(":"));
  switch (operator.at(-1)) {
    case "-":
      return there ? value : other;
    case "+":
      return there ? other : (value ?? "");
    default:
      return there ? value : { kind: "required", name, message: other };
  }
}
