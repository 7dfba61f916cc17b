import type { Verified } from "../model/verification.ts";

/**
 * The latest verdict on each revision, the one that was followed last first. A revision is as old as
 * when it was last begun to be followed, whatever people had verified beside it; one that never was
 * comes last.
 */
export function latest(verdicts: readonly Verified[]): readonly Verified[] {
  const byRevision = new Map<string, Verified>();
  for (const one of verdicts.toSorted((a, b) => a.run - b.run || compare(a.at, b.at))) {
    byRevision.set(one.revision, placed(one, byRevision.get(one.revision)));
  }
  return [...byRevision.values()].sort(
    (a, b) =>
      Number(a.aside === true) - Number(b.aside === true) ||
      compare(b.since, a.since) ||
      compare(a.revision, b.revision),
  );
}

/** A verdict in the place that its revision has by those before it. */
function placed(one: Verified, before: Verified | undefined): Verified {
  if (one.aside !== true || before === undefined || before.aside === true) return one;
  const { aside: _, ...followed } = one;
  return { ...followed, since: before.since };
}

/**
 * What was verified before, beside what was followed too, and is followed again: the verdict to be
 * given once more, which makes it the newest. Undefined: it is, or has not passed.
 */
export function renewed(
  revision: string,
  verdicts: readonly Verified[],
  { now, since }: { readonly now: string; readonly since: string },
): Verified | undefined {
  const all = latest(verdicts);
  const known = all.find((one) => one.revision === revision);
  if (known?.verdict !== "passed") return undefined;
  const isNewest = all[0] === known || since <= (all[0]?.since ?? "");
  if (isNewest && known.aside !== true) return undefined;
  const { aside: _, ...verdict } = known;
  return { ...verdict, run: known.run + 1, since, at: now };
}

// Stryker disable next-line ConditionalExpression: to come after is not to come before
const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);
