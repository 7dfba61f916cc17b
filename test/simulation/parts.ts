import { beginnings } from "./interleavings.ts";
import { planted } from "./planted/planted.ts";
import { planted as plantedOnTheRoad } from "./road/planted/planted.ts";
import { roads } from "./road/workloads.ts";
import { histories } from "./workloads.ts";

// All that `npm run simulate` goes through, in parts that stand on their own: whoever has a hand free
// takes the next one.

export type Part = Seeds | CrashPoints | Errors | Interleavings | Planted;

/** The histories of some seeds. */
export interface Seeds {
  readonly what: "seeds";
  readonly from: number;
  readonly count: number;
}

/** What is counted and, if it is wanted, gone through whole. */
interface Whole {
  readonly isWanted: boolean;
}

/** Every call of one workload, with all that can befall it. */
export interface CrashPoints extends Whole {
  readonly what: "crash points";
  readonly on: "shop" | "road";
  readonly name: string;
}

/** Every operation with every error. */
export interface Errors extends Whole {
  readonly what: "errors";
}

/** Every interleaving from one beginning, by its index. */
export interface Interleavings extends Whole {
  readonly what: "interleavings";
  readonly beginning: number;
}

/** A planted bug that is looked for in one range of seeds. */
export interface Planted {
  readonly what: "planted";
  readonly on: "shop" | "road";
  readonly name: string;
  readonly from: number;
  readonly count: number;
}

export interface Wish {
  readonly from: number;
  /** How many seeds: `Infinity` until time is up. */
  readonly count: number;
  /** Crash points, errors and interleavings too. */
  readonly all: boolean;
  /** So many seeds for each planted bug, in each of three ranges. */
  readonly planted: number;
}

/** One seed in so many is lived twice more: a part has one of them. */
const seedsInPart = 100;

/** How many planted bugs there are, the road's with them. */
export const howManyPlanted = planted.size + plantedOnTheRoad.size;

/** Where the ranges of seeds begin in which each planted bug is looked for. */
const rangesFrom = [0, 1_000_000, 2_000_000];

/** Every part, what takes longest first. */
export function* partsOf({ all: isWanted, count, from, planted: most }: Wish): Generator<Part> {
  for (const name of roads.keys()) yield { what: "crash points", on: "road", name, isWanted };
  for (const name of histories.keys()) yield { what: "crash points", on: "shop", name, isWanted };
  yield { what: "errors", isWanted };
  for (const beginning of beginnings.keys()) yield { what: "interleavings", beginning, isWanted };
  if (most > 0) yield* plantedParts(most);
  for (let seed = from; seed < from + count; seed += seedsInPart) {
    yield { what: "seeds", from: seed, count: Math.min(seedsInPart, from + count - seed) };
  }
}

function* plantedParts(count: number): Generator<Planted> {
  for (const from of rangesFrom) {
    for (const name of planted.keys()) yield { what: "planted", on: "shop", name, from, count };
    for (const name of plantedOnTheRoad.keys()) {
      yield { what: "planted", on: "road", name, from, count };
    }
  }
}
