import type { CrashPoint } from "./crash-points.ts";
import * as shop from "./crash-points.ts";
import { noEndings } from "./crossing.ts";
import { errorCases, wrongsInCase } from "./error-matrix.ts";
import { beginnings, interleavingsFrom } from "./interleavings.ts";
import type { CrashPoints, Errors, Interleavings, Part, Planted, Seeds } from "./parts.ts";
import { firstSeed, planted } from "./planted/planted.ts";
import { type Failure, liveRange } from "./range.ts";
import * as road from "./road/crash-points.ts";
import * as onTheRoad from "./road/planted/planted.ts";
import { roads } from "./road/workloads.ts";
import { run } from "./run.ts";
import { sometimes } from "./sometimes.ts";
import { histories } from "./workloads.ts";

/** What a part came to. */
export interface Outcome {
  readonly run: number;
  /** How many there are, run or not. */
  readonly of: number;
  readonly failures: readonly Failure[];
  /** Seeds lived again, and those that went another way. */
  readonly determinism?: { readonly run: number; readonly mismatches: number };
  /** Names of what has come about that sometimes must. */
  readonly hits?: readonly string[];
  /** Milliseconds that passed in the worlds of it. */
  readonly passed?: number;
  /** The seed under which a planted bug shows. */
  readonly seed?: number | undefined;
}

/** Goes through a part; no other seed is begun once `until` has passed, in milliseconds since the epoch. */
export function livePart(part: Part, until: number): Promise<Outcome> {
  switch (part.what) {
    case "seeds":
      return seeds(part, until);
    case "crash points":
      return part.on === "shop"
        ? crashPoints(part, histories, shop)
        : crashPoints(part, roads, road);
    case "errors":
      return errors(part);
    case "interleavings":
      return interleavings(part);
    case "planted":
      return shown(part);
  }
}

async function seeds({ count, from }: Seeds, until: number): Promise<Outcome> {
  const seen = sometimes();
  const lived = await liveRange({ from, count, until, sometimes: seen, roads: true });
  const { determinism, failures, passed, seeds: lives } = lived;
  return { run: lives, of: lives, failures, determinism, passed, hits: [...seen.hits.keys()] };
}

/** How every call of a history is gone through. */
interface Way<H, R> {
  crashPointsOf(history: H): Promise<{ readonly calm: R; readonly points: readonly CrashPoint[] }>;
  wrongsOf(history: H, point: CrashPoint, calm: R): Promise<readonly string[]>;
}

async function crashPoints<H, R>(
  { isWanted, name }: CrashPoints,
  workloads: ReadonlyMap<string, H>,
  { crashPointsOf, wrongsOf }: Way<H, R>,
): Promise<Outcome> {
  const history = known(workloads, name);
  const { calm, points } = await crashPointsOf(history);
  return gone(points, isWanted, async (point) => ({
    name: `${name}, ${point.operation} ${point.at}`,
    wrongs: await wrongsOf(history, point, calm),
  }));
}

async function errors({ isWanted }: Errors): Promise<Outcome> {
  return gone(await errorCases(), isWanted, async (one) => ({
    name: `${one.operation} ${one.error}`,
    wrongs: await wrongsInCase(one),
  }));
}

async function interleavings({ beginning, isWanted }: Interleavings): Promise<Outcome> {
  const from = beginnings[beginning];
  const all = from === undefined ? [] : interleavingsFrom(from);
  const endings = noEndings();
  return gone(all, isWanted, async (history) => ({
    name: JSON.stringify(history),
    wrongs: (await run(history, { endings })).wrongs,
  }));
}

/** One after the other. */
async function gone<T>(
  all: readonly T[],
  isWanted: boolean,
  live: (one: T) => Promise<{ readonly name: string; readonly wrongs: readonly string[] }>,
): Promise<Outcome> {
  if (!isWanted) return { run: 0, of: all.length, failures: [] };
  const failures: Failure[] = [];
  for (const one of all) {
    const { name, wrongs } = await live(one);
    if (wrongs.length > 0) failures.push({ wrongs: [`${name}: ${wrongs.join("; ")}`] });
  }
  return { run: all.length, of: all.length, failures };
}

async function shown({ count, from, name, on }: Planted): Promise<Outcome> {
  const range = { from, count };
  const seed = await (on === "shop"
    ? firstSeed(known(planted, name), range)
    : onTheRoad.firstSeed(known(onTheRoad.planted, name), range));
  return { run: 1, of: 1, failures: [], seed };
}

function known<T>(all: ReadonlyMap<string, T>, name: string): T {
  const found = all.get(name);
  if (found === undefined) throw new Error(`Nothing is called ${name}.`);
  return found;
}
