/**
 * A table of dotted patterns (`services.*.ports`) as a tree, so that a walk over a model carries
 * the place in the table along and finds what applies to a node without a search.
 */
export interface Rules<T> {
  readonly here: T | undefined;
  readonly named: ReadonlyMap<string, Rules<T>>;
  readonly any: Rules<T> | undefined;
}

interface Growing<T> {
  here: T | undefined;
  readonly named: Map<string, Growing<T>>;
  any: Growing<T> | undefined;
}

export function rulesOf<T>(table: Iterable<readonly [pattern: string, rule: T]>): Rules<T> {
  const root = empty<T>();
  for (const [pattern, rule] of table) {
    let at = root;
    for (const part of pattern.split(".")) at = grow(at, part);
    at.here = rule;
  }
  return root;
}

/** The part of the table that speaks of what is below one key or index. */
export const below = <T>(
  rules: Rules<T> | undefined,
  part: string | number,
): Rules<T> | undefined =>
  typeof part === "number" ? rules?.any : (rules?.named.get(part) ?? rules?.any);

/** Whether the table says nothing of what is below. */
export const isLast = <T>(rules: Rules<T>): boolean =>
  rules.any === undefined && rules.named.size === 0;

const empty = <T>(): Growing<T> => ({ here: undefined, named: new Map(), any: undefined });

function grow<T>(at: Growing<T>, part: string): Growing<T> {
  if (part === "*") {
    at.any ??= empty<T>();
    return at.any;
  }
  const next = at.named.get(part) ?? empty<T>();
  at.named.set(part, next);
  return next;
}
