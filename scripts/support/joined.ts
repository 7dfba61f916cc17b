import type { Outcome } from "../../test/simulation/live-part.ts";
import type { Seeds } from "../../test/simulation/parts.ts";
import { type Done, hitsIn } from "../../test/simulation/reliability.ts";

interface OfSeeds {
  readonly part: Seeds;
  readonly outcome: Outcome;
}

export const endedWell = ({ outcome }: Done): boolean => outcome.failures.length === 0;

/** Ranges of seeds that meet and ended well are one range, all else is as it was; of the same part the first counts. */
export function joined(done: readonly Done[]): Done[] {
  const ranges = done.flatMap(({ outcome, part }): OfSeeds[] =>
    part.what === "seeds" ? [{ part, outcome }] : [],
  );
  const runs: OfSeeds[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const one of ranges.toSorted(
    ({ part: a }, { part: b }) => a.from - b.from || b.count - a.count,
  )) {
    if (one.part.from < end) continue;
    const last = runs.at(-1);
    const [first] = last ?? [];
    if (one.part.from === end && first && [first, one].every(endedWell)) last?.push(one);
    else runs.push([one]);
    end = one.part.from + one.part.count;
  }
  const others = done.filter(({ part }) => part.what !== "seeds");
  const byPart = new Map(others.toReversed().map((one) => [JSON.stringify(one.part), one]));
  return [...runs.flatMap(oneOf), ...[...byPart.values()].toReversed()];
}

/** Of ranges that follow each other. */
function oneOf(ranges: readonly OfSeeds[]): OfSeeds[] {
  const [first] = ranges;
  if (first === undefined) return [];
  const sum = (of: (one: OfSeeds) => number | undefined) =>
    ranges.reduce((total, one) => total + (of(one) ?? 0), 0);
  const part = { ...first.part, count: sum((one) => one.part.count) };
  const outcome = {
    run: sum((one) => one.outcome.run),
    of: sum((one) => one.outcome.of),
    failures: ranges.flatMap((one) => one.outcome.failures),
    determinism: {
      run: sum((one) => one.outcome.determinism?.run),
      mismatches: sum((one) => one.outcome.determinism?.mismatches),
    },
    passed: sum((one) => one.outcome.passed),
    hits: [...hitsIn(ranges)].toSorted(),
  };
  return [{ part, outcome }];
}
