import type { Value } from "../../model/template.ts";
import { numberIn, textIn } from "./literal.ts";

/** What one value may be, and how that is said: `must be …`. */
export interface Bound {
  readonly takes: string;
  readonly fits: (value: Value) => boolean;
}

/** A number; `most` is left out where there is no limit that holds for all. */
export function range(least: number, most = Number.POSITIVE_INFINITY): Bound {
  const takes = Number.isFinite(most) ? `from ${least} to ${most}` : `${least} or more`;
  return {
    takes,
    fits: (value) => {
      const number = numberIn(value);
      return number === undefined || (number >= least && number <= most);
    },
  };
}

/** Text of so many characters. */
export const letters = (least: number, most: number): Bound => ({
  takes: least === 0 ? `up to ${most} characters` : `${least} to ${most} characters`,
  fits: (value) => {
    const { length } = textIn(value) ?? "x".repeat(least);
    return length >= least && length <= most;
  },
});

/** A list of so many. */
export const items = (least: number, most: number): Bound => ({
  takes: least === 0 ? `a list of at most ${most}` : `a list of ${least} to ${most}`,
  fits: (value) => !Array.isArray(value) || (value.length >= least && value.length <= most),
});

/** One of a few words or numbers. */
export const oneOf = (...words: readonly string[]): Bound => ({
  takes: `one of ${words.join(", ")}`,
  fits: (value) => words.includes(textIn(value) ?? words[0] ?? ""),
});

/** Text of a form, which `takes` has in words. */
export const form = (expression: RegExp, takes: string): Bound => ({
  takes,
  fits: (value) => {
    const text = textIn(value);
    return text === undefined || expression.test(text);
  },
});
