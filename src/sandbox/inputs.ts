import { firstOf } from "./key-order.ts";
import { type Answer, AwsError, type Context, notEmulated } from "./world.ts";

/**
 * An answer that takes the parameters it names and refuses any other: one that were accepted and
 * ignored would make its caller believe something that is not so.
 */
export function takes<Input extends object>(
  names: readonly (keyof Input & string)[],
  answer: (input: Input, context: Context) => unknown,
): Answer {
  const known: ReadonlySet<string> = new Set(names);
  return (input: Input | undefined, context) => {
    refuseOthers(input ?? {}, known);
    return answer(input ?? ({} as Input), context);
  };
}

/** Refuses what a nested structure holds beyond the members that are emulated. */
export function refuseOthers(input: object, known: ReadonlySet<string>): void {
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && !known.has(name)) throw notEmulated(`parameter ${name}`);
  }
}

/** The way the JSON services word a parameter that breaks its model. */
export const breaks = (value: unknown, member: string, constraint: string): AwsError =>
  new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${worded(value)}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );

/** A page of a listing, and the token of the next one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/**
 * Cuts a page out of `items`, which come in the order of their keys. The token holds the last key
 * given out, so that what comes and goes between two pages neither doubles nor hides anything else.
 */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { size, token }: { readonly size: number; readonly token: string | undefined },
): Page<T> | undefined {
  const after = token === undefined ? "" : readToken(token);
  if (after === undefined) return undefined;

  const rest =
    token === undefined ? items : items.slice(firstOf(items, (item) => keyOf(item) > after));
  const page = rest.slice(0, size);
  const last = page.at(-1);
  const more = rest.length > size && last !== undefined;
  return { items: page, next: more ? writeToken(keyOf(last)) : undefined };
}

/** Sorts by UTF-16 code units, as the tokens compare. */
export const byKey =
  <T>(keyOf: (item: T) => string) =>
  (a: T, b: T): number => {
    const [left, right] = [keyOf(a), keyOf(b)];
    return left < right ? -1 : Number(left > right);
  };

/** The last key that was given out; undefined: none was, or the token is none of ours. */
export const keyBefore = (token: string | undefined): string | undefined =>
  token === undefined ? undefined : readToken(token);

const worded = (value: unknown): string =>
  Array.isArray(value) ? `[${value.join(", ")}]` : String(value);

const mark = "after:";

const writeToken = (key: string): string => Buffer.from(mark + key).toString("base64");

function readToken(token: string): string | undefined {
  const text = Buffer.from(token, "base64").toString();
  return text.startsWith(mark) ? text.slice(mark.length) : undefined;
}
