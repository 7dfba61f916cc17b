import type { History } from "./events.ts";
import { historyOf } from "./histories.ts";
import * as road from "./road/histories.ts";
import { run as travel } from "./road/run.ts";
import { run } from "./run.ts";
import type { Sometimes } from "./sometimes.ts";
import { starts } from "./starts.ts";
import { traceOf } from "./trace.ts";

/** What the histories of a range of seeds came to. */
export interface Lived {
  seeds: number;
  readonly failures: Failure[];
  /** Seeds lived again, and those that went another way. */
  readonly determinism: { run: number; mismatches: number };
  /** Milliseconds that passed in their worlds. */
  passed: number;
}

export interface Failure {
  readonly seed?: number;
  /** It is a story of the road, not of the shop. */
  readonly road?: true;
  readonly wrongs: readonly string[];
}

export interface Range {
  readonly from: number;
  readonly count: number;
  /** Milliseconds since the epoch after which no other is begun. */
  readonly until?: number;
  readonly sometimes: Sometimes;
  /** Whether one seed in fifty is lived on the road as well. */
  readonly roads?: true;
}

/** One seed in a hundred is lived twice more. */
const everySo = 100;

/** A story of the road takes as long as seven of the shop. */
const roadEverySo = 50;

export async function liveRange(range: Range): Promise<Lived> {
  const { count, from, until = Number.POSITIVE_INFINITY } = range;
  const worlds = [...(await starts()).keys()];
  const lived: Lived = {
    seeds: 0,
    failures: [],
    determinism: { run: 0, mismatches: 0 },
    passed: 0,
  };
  for (let seed = from; seed < from + count && Date.now() < until; seed += 1) {
    await liveOne(historyOf(seed, worlds), range, lived);
    if (range.roads === true && seed % roadEverySo === 0) await liveRoad(seed, lived);
  }
  return lived;
}

async function liveOne(history: History, { sometimes }: Range, lived: Lived): Promise<void> {
  const { seed } = history;
  const once = await run(history, { sometimes });
  lived.seeds += 1;
  lived.passed += once.passed;
  if (once.wrongs.length > 0) lived.failures.push({ seed, wrongs: once.wrongs });
  if (seed % everySo !== 0) return;
  // Just as it was, and with nothing kept in memory.
  const again = [await run(history), await run(history, { forgetful: true })];
  if (!compared(lived, [once, ...again].map(traceOf))) {
    lived.failures.push({ seed, wrongs: [otherWay] });
  }
}

/** The road of a seed; one in a hundred seeds goes it once more with nothing kept in memory. */
async function liveRoad(seed: number, lived: Lived): Promise<void> {
  const story = road.historyOf(seed);
  const once = await travel(story);
  lived.seeds += 1;
  lived.passed += once.passed;
  if (once.wrongs.length > 0) lived.failures.push({ seed, road: true, wrongs: once.wrongs });
  if (seed % everySo !== 0) return;
  const again = await travel(story, { cold: true });
  if (!compared(lived, [once, again].map(traceOf))) {
    lived.failures.push({ seed, road: true, wrongs: [otherWay] });
  }
}

const otherWay = "It goes another way the next time.";

/** Whether all went the same way. */
function compared({ determinism }: Lived, traces: readonly string[]): boolean {
  determinism.run += 1;
  const isSame = traces.every((one) => one === traces[0]);
  if (!isSame) determinism.mismatches += 1;
  return isSame;
}
