import { crashPointsOf, wrongsOf } from "./crash-points.ts";
import { noEndings } from "./crossing.ts";
import { errorCases, wrongsInCase } from "./error-matrix.ts";
import { beginnings, interleavingsFrom } from "./interleavings.ts";
import { firstSeed, planted } from "./planted/planted.ts";
import * as road from "./road/crash-points.ts";
import * as onTheRoad from "./road/planted/planted.ts";
import { roads } from "./road/workloads.ts";
import { run } from "./run.ts";
import { histories } from "./workloads.ts";

// What is gone through whole, for the report: each answers how many there are and what went wrong.

export interface Gone {
  run: number;
  /** How many there are, run or not. */
  of: number;
  readonly failures: string[];
}

/** One after the other; `isWanted` false: only counted. */
export async function everyCrashPoint(isWanted: boolean): Promise<Gone> {
  const gone: Gone = { run: 0, of: 0, failures: [] };
  for (const [name, history] of histories) {
    const { calm, points } = await crashPointsOf(history);
    gone.of += points.length;
    for (const point of isWanted ? points : []) {
      const wrongs = await wrongsOf(history, point, calm);
      tell(gone, `${name}, ${point.operation} ${point.at}`, wrongs);
    }
  }
  for (const [name, history] of roads) {
    const { calm, points } = await road.crashPointsOf(history);
    gone.of += points.length;
    for (const point of isWanted ? points : []) {
      const wrongs = await road.wrongsOf(history, point, calm);
      tell(gone, `${name}, ${point.operation} ${point.at}`, wrongs);
    }
  }
  return gone;
}

export async function everyError(isWanted: boolean): Promise<Gone> {
  const cases = await errorCases();
  const gone: Gone = { run: 0, of: cases.length, failures: [] };
  for (const one of isWanted ? cases : []) {
    tell(gone, `${one.operation} ${one.error}`, await wrongsInCase(one));
  }
  return gone;
}

export async function everyInterleaving(isWanted: boolean): Promise<Gone> {
  const gone: Gone = { run: 0, of: 0, failures: [] };
  for (const from of beginnings) {
    const all = interleavingsFrom(from);
    gone.of += all.length;
    const endings = noEndings();
    for (const history of isWanted ? all : []) {
      const { wrongs } = await run(history, { endings });
      tell(gone, JSON.stringify(history), wrongs);
    }
  }
  return gone;
}

function tell(gone: Gone, what: string, wrongs: readonly string[]): void {
  gone.run += 1;
  if (wrongs.length > 0) gone.failures.push(`${what}: ${wrongs.join("; ")}`);
}

/** Where the ranges of seeds begin in which each planted bug is looked for. */
const rangesFrom = [0, 1_000_000, 2_000_000];

/** How many planted bugs there are, the road's with them. */
export const howManyPlanted = planted.size + onTheRoad.planted.size;

/** Names of the planted bugs that show within each of three ranges of so many seeds. */
export async function foundInAll(
  count: number,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const found: string[] = [];
  const all = [
    ...[...planted].map(([name, one]) => [name, firstSeed, one] as const),
    ...[...onTheRoad.planted].map(
      ([name, one]) => [`road: ${name}`, onTheRoad.firstSeed, one] as const,
    ),
  ];
  for (const [name, first, one] of all) {
    const seeds: (number | undefined)[] = [];
    for (const from of rangesFrom) seeds.push(await first(one, { from, count }));
    say(`${name}: ${seeds.map((seed) => seed ?? "not found").join(", ")}`);
    if (seeds.every((seed) => seed !== undefined)) found.push(name);
  }
  return found;
}
