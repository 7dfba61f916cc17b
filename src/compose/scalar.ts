import type { Leaf, Scalar, Special } from "./tree.ts";

/** A word's value, and what it was written as. */
export interface Word {
  readonly value: Scalar;
  readonly as?: Special;
}

/** What an unquoted word means, as the reference's YAML reader has it: YAML 1.2 with 1.1's octals. */
export function plainScalar(text: string): Word {
  const word = words.get(text);
  if (word !== undefined) return { value: word };
  const first = text.charCodeAt(0);
  const numeric = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  return numeric ? numeral(text) : { value: text };
}

/** As Go's `fmt.Sprint` writes a value: what a number in `environment` or `labels` becomes. */
export function sprint({ value, as }: Pick<Leaf, "value" | "as">): string {
  if (value === null) return "";
  if (typeof value !== "number") return String(value);
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const exponent = as === "float" && value !== 0 ? Number(value.toExponential().split("e")[1]) : 0;
  if (exponent >= -4 && exponent < 6) return Object.is(value, -0) ? "-0" : String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}

const words = new Map<string, Scalar>([
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, Number.NaN] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map((word) => [word, Infinity] as const),
  ...["-.inf", "-.Inf", "-.INF"].map((word) => [word, -Infinity] as const),
]);

function numeral(text: string): Word {
  const date = timestamp(text);
  if (date !== undefined) return { value: date, as: "date" };
  const digits = text.replaceAll("_", "");
  const whole = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/.exec(digits);
  if (whole !== null) return wholeNumber(text, whole[1] ?? "", whole[2] ?? "");
  const float = /^[+-]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][+-]?[0-9]+)?$/;
  const value = float.test(digits) ? Number(digits) : Number.NaN;
  return Number.isFinite(value) ? { value, as: "float" } : { value: text };
}

/** What 64 bits do not hold is a float where it is decimal, and text where it is not. */
function wholeNumber(text: string, sign: string, digits: string): Word {
  const octal = /^0[oO]?([0-7]+)$/.exec(digits);
  const big = BigInt(octal === null ? digits : `0o${octal[1]}`) * (sign === "-" ? -1n : 1n);
  if (big > 0xffff_ffff_ffff_ffffn || big < -0x8000_0000_0000_0000n)
    return /^\d+$/.test(digits)
      ? { value: Number(`${sign}${digits}`), as: "float" }
      : { value: text };
  const isSafe = big >= Number.MIN_SAFE_INTEGER && big <= Number.MAX_SAFE_INTEGER;
  return { value: isSafe ? Number(big) : big };
}

/** An unquoted date or time in RFC 3339; undefined if it is none. */
function timestamp(text: string): string | undefined {
  const match =
    /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|\s+)(\d\d?):(\d\d?):(\d\d?)(\.\d+)?(Z|[+-]\d\d:\d\d)?)?$/.exec(
      text,
    );
  if (match === null) return undefined;
  const [, year, month = "", day = "", hour = "0", minute = "0", second = "0", part = "", zone] =
    match;
  const two = (digits: string): string => digits.padStart(2, "0");
  const date = `${year}-${two(month)}-${two(day)}`;
  const known = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(known.getTime()) || known.getUTCDate() !== Number(day)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const fraction = part.replace(/\.?0+$/, "");
  return `${date}T${two(hour)}:${two(minute)}:${two(second)}${fraction}${zone ?? "Z"}`;
}
