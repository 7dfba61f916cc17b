import type { Verified } from "../model/verification.ts";

/**
 * The latest verdict on each revision, the revision that was wanted last first. One that is verified
 * again is as old as when it was first wanted.
 */
export function latest(verdicts: readonly Verified[]): readonly Verified[] {
  const byRevision = new Map<string, Verified>();
  for (const one of verdicts) {
    const other = byRevision.get(one.revision) ?? one;
    const { since } = compare(one.since, other.since) < 0 ? one : other;
    byRevision.set(one.revision, { ...(isLater(one, other) ? one : other), since });
  }
  return [...byRevision.values()].sort(
    (a, b) => compare(b.since, a.since) || compare(a.revision, b.revision),
  );
}

const isLater = (one: Verified, other: Verified): boolean =>
  one.run === other.run ? one.at > other.at : one.run > other.run;

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
