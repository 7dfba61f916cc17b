import { notEmulated } from "../world.ts";

/** A pattern that EventBridge refuses. */
export class InvalidPattern extends Error {
  override readonly name = "InvalidPattern";
}

/** One entry of a pattern's array, understood. */
export type Filter = ValueFilter | { readonly kind: "exists"; readonly expected: boolean };

type ValueFilter =
  | { readonly kind: "equals"; readonly value: unknown }
  | { readonly kind: "anything-but"; readonly none: readonly ValueFilter[] }
  | { readonly kind: "numeric"; readonly tests: readonly NumericTest[] }
  | { readonly kind: "text"; readonly test: (text: string) => boolean };

type NumericTest = (value: number) => boolean;

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads one entry of a pattern's array. */
export function filterOf(entry: unknown): Filter {
  if (!isRecord(entry)) {
    if (Array.isArray(entry)) throw new InvalidPattern("Arrays within arrays are not allowed");
    return { kind: "equals", value: entry };
  }
  const [[operator, operand] = ["", undefined], ...others] = Object.entries(entry);
  if (others.length > 0) throw new InvalidPattern("Only one key allowed in match expression");
  return operation(operator, operand);
}

/** Whether one value of an event satisfies a filter. */
export function comparison(filter: ValueFilter, value: unknown): boolean {
  switch (filter.kind) {
    case "equals":
      return value === filter.value;
    case "anything-but":
      return !filter.none.some((unwanted) => comparison(unwanted, value));
    case "numeric":
      return typeof value === "number" && filter.tests.every((test) => test(value));
    case "text":
      return typeof value === "string" && filter.test(value);
  }
}

function operation(operator: string, operand: unknown): Filter {
  switch (operator) {
    case "exists":
      if (typeof operand !== "boolean") {
        throw new InvalidPattern("exists match pattern must be either true or false.");
      }
      return { kind: "exists", expected: operand };
    case "anything-but":
      return { kind: "anything-but", none: unwanted(operand) };
    case "numeric":
      return { kind: "numeric", tests: numericTests(operand) };
    case "cidr":
      throw notEmulated("cidr in event patterns");
    default:
      return { kind: "text", test: textTest(operator, operand) };
  }
}

/** What `anything-but` excludes: values, a list of them, or one text operator with one or several. */
function unwanted(operand: unknown): readonly ValueFilter[] {
  const items = Array.isArray(operand) ? operand : [operand];
  if (items.length === 0) throw new InvalidPattern("Empty arrays are not allowed");
  return items.flatMap((item): readonly ValueFilter[] => {
    if (typeof item === "string" || typeof item === "number")
      return [{ kind: "equals", value: item }];
    const [[operator, texts] = ["", undefined], ...others] = isRecord(item)
      ? Object.entries(item)
      : [];
    if (others.length > 0 || operator === "" || Array.isArray(operand)) {
      throw new InvalidPattern(
        "Value of anything-but must be an array or single string/number value.",
      );
    }
    return (Array.isArray(texts) ? texts : [texts]).map((text) => ({
      kind: "text",
      test: textTest(operator, text),
    }));
  });
}

function textTest(operator: string, operand: unknown): (text: string) => boolean {
  if (isRecord(operand) && (operator === "prefix" || operator === "suffix")) {
    const inner = operand["equals-ignore-case"];
    if (typeof inner !== "string" || Object.keys(operand).length > 1) {
      throw new InvalidPattern(`${operator} match pattern must be a string`);
    }
    const test = textTest(operator, inner.toLowerCase());
    return (text) => test(text.toLowerCase());
  }
  if (typeof operand !== "string") {
    throw new InvalidPattern(`${operator} match pattern must be a string`);
  }
  switch (operator) {
    case "prefix":
      return (text) => text.startsWith(operand);
    case "suffix":
      return (text) => text.endsWith(operand);
    case "equals-ignore-case":
      return (text) => text.toLowerCase() === operand.toLowerCase();
    case "wildcard":
      return wildcardTest(operand);
    default:
      throw new InvalidPattern(`Unrecognized match type ${operator}`);
  }
}

/** `*` stands for any characters, `\*` and `\\` for themselves. */
function wildcardTest(pattern: string): (text: string) => boolean {
  const parts: readonly string[] = pattern.match(/\\[*\\]|\*|[^*\\]+|\\/g) ?? [];
  if (parts.some((part, index) => part === "*" && parts[index + 1] === "*")) {
    throw new InvalidPattern("Consecutive wildcard characters");
  }
  if (parts.includes("\\")) throw new InvalidPattern("Invalid escape character");
  const literals = parts.reduce<string[]>(
    (pieces, part) => {
      if (part === "*") pieces.push("");
      else pieces[pieces.length - 1] += part.startsWith("\\") ? part.slice(1) : part;
      return pieces;
    },
    [""],
  );
  return (text) => fits(text, literals);
}

/** Whether the literals occur in order, the first at the start and the last at the end. */
function fits(text: string, literals: readonly string[]): boolean {
  const [first = "", ...rest] = literals;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const literal of rest) {
    const at = text.indexOf(literal, from);
    if (at < 0) return false;
    from = at + literal.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}

const operators: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

function numericTests(operand: unknown): readonly NumericTest[] {
  const fault = () => new InvalidPattern("Invalid member in numeric match");
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) throw fault();
  const tests: NumericTest[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const test = operators[String(operand[index])];
    const bound: unknown = operand[index + 1];
    if (test === undefined || typeof bound !== "number") throw fault();
    tests.push((value) => test(value, bound));
  }
  return tests;
}
