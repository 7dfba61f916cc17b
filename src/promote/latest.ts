import type { Verified } from "../model/verification.ts";

/**
 * The latest verdict on each revision, the revision that was wanted last first. One that is verified
 * again is as old as when it was first wanted.
 */
export function latest(verdicts: readonly Verified[]): readonly Verified[] {
  const byRevision = new Map<string, Verified>();
  for (const one of verdicts.toSorted((a, b) => a.run - b.run || compare(a.at, b.at))) {
    const before = byRevision.get(one.revision)?.since ?? one.since;
    // Stryker disable next-line EqualityOperator: of the same age either will do
    byRevision.set(one.revision, { ...one, since: one.since < before ? one.since : before });
  }
  return [...byRevision.values()].sort(
    (a, b) => compare(b.since, a.since) || compare(a.revision, b.revision),
  );
}

// Stryker disable next-line ConditionalExpression: to come after is not to come before
const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);
