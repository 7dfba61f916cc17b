import type { Outcome } from "./live-part.ts";
import type { Part } from "./parts.ts";
import type { Failure } from "./range.ts";
import { wanted } from "./sometimes.ts";

/** A part that was gone through. */
export interface Done {
  readonly part: Part;
  readonly outcome: Outcome;
}

/** What was run, and nothing else: `reports/reliability.json` but for the commit. */
export interface Reliability {
  readonly seeds: number;
  readonly crashPoints: Counts;
  readonly errorMatrix: Counts;
  readonly interleavings: Counts;
  readonly sometimes: { readonly hit: number; readonly of: number };
  readonly planted: { readonly found: number; readonly of: number };
  readonly determinism: { readonly run: number; readonly mismatches: number };
  readonly failures: readonly Failure[];
  readonly virtualHours: number;
}

interface Counts {
  readonly run: number;
  readonly of: number;
}

/** Parts come to the same in whatever order they were done. */
export function reliabilityOf(all: readonly Done[], howManyPlanted: number): Reliability {
  const done = furthest(all);
  const of = (what: Part["what"]) => done.filter(({ part }) => part.what === what);
  const hits = hitsIn(done);
  return {
    seeds: countsOf(of("seeds")).run,
    crashPoints: countsOf(of("crash points")),
    errorMatrix: countsOf(of("errors")),
    interleavings: countsOf(of("interleavings")),
    sometimes: { hit: wanted.filter((name) => hits.has(name)).length, of: wanted.length },
    planted: { found: foundInAll(of("planted")).length, of: howManyPlanted },
    determinism: {
      run: sum(done, ({ determinism }) => determinism?.run),
      mismatches: sum(done, ({ determinism }) => determinism?.mismatches),
    },
    failures: done
      .flatMap(({ outcome }) => outcome.failures)
      .toSorted((a, b) => (a.seed ?? -1) - (b.seed ?? -1)),
    virtualHours: Math.round(sum(done, ({ passed }) => passed) / 3_600_000),
  };
}

/** What was counted and then run, or looked for in some seeds and then in more, is one. */
function furthest(all: readonly Done[]): readonly Done[] {
  const found = new Map<string, Done>();
  for (const one of all) {
    const key = JSON.stringify({
      ...one.part,
      isWanted: 0,
      ...(isPlanted(one) ? { count: 0 } : {}),
    });
    const other = found.get(key);
    if (other === undefined || extentOf(one) >= extentOf(other)) found.set(key, one);
  }
  return [...found.values()];
}

const isPlanted = ({ part }: Done): boolean => part.what === "planted";

const extentOf = ({ part }: Done): number => {
  if (part.what === "planted") return part.count;
  return "isWanted" in part && part.isWanted ? 1 : 0;
};

/** Names of all that has come about. */
export const hitsIn = (done: readonly Done[]): ReadonlySet<string> =>
  new Set(done.flatMap(({ outcome }) => outcome.hits ?? []));

const countsOf = (done: readonly Done[]): Counts => ({
  run: sum(done, ({ run }) => run),
  of: sum(done, ({ of }) => of),
});

const sum = (done: readonly Done[], of: (outcome: Outcome) => number | undefined): number =>
  done.reduce((total, { outcome }) => total + (of(outcome) ?? 0), 0);

/** Seeds by planted bug, one of each range that was looked through; undefined: it does not show there. */
export function seedsOfPlanted(
  done: readonly Done[],
): ReadonlyMap<string, readonly (number | undefined)[]> {
  const seeds = new Map<string, (number | undefined)[]>();
  for (const { outcome, part } of furthest(done)) {
    if (part.what !== "planted") continue;
    const name = part.on === "road" ? `road: ${part.name}` : part.name;
    seeds.set(name, [...(seeds.get(name) ?? []), outcome.seed]);
  }
  return seeds;
}

const foundInAll = (done: readonly Done[]): readonly string[] =>
  [...seedsOfPlanted(done)].flatMap(([name, seeds]) =>
    seeds.every((seed) => seed !== undefined) ? [name] : [],
  );
