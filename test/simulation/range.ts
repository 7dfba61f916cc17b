import type { History } from "./events.ts";
import { historyOf } from "./histories.ts";
import { run } from "./run.ts";
import type { Sometimes } from "./sometimes.ts";
import { starts } from "./starts.ts";
import { traceOf } from "./trace.ts";

/** What the histories of a range of seeds came to. */
export interface Lived {
  seeds: number;
  readonly failures: { readonly seed: number; readonly wrongs: readonly string[] }[];
  /** Seeds lived again, and those that went another way. */
  readonly determinism: { run: number; mismatches: number };
  /** Milliseconds that passed in their worlds. */
  passed: number;
}

export interface Range {
  readonly from: number;
  readonly count: number;
  /** Milliseconds since the epoch after which no other is begun. */
  readonly until?: number;
  readonly sometimes: Sometimes;
  readonly say?: (line: string) => void;
}

/** One seed in a hundred is lived twice more. */
const everySo = 100;

export async function liveRange(range: Range): Promise<Lived> {
  const { count, from, say, until = Number.POSITIVE_INFINITY } = range;
  const worlds = [...(await starts()).keys()];
  const lived: Lived = {
    seeds: 0,
    failures: [],
    determinism: { run: 0, mismatches: 0 },
    passed: 0,
  };
  for (let seed = from; seed < from + count && Date.now() < until; seed += 1) {
    await liveOne(historyOf(seed, worlds), range, lived);
    if (seed % 1000 === 999) say?.(`${lived.seeds} histories, ${lived.failures.length} failures`);
  }
  return lived;
}

async function liveOne(history: History, { say, sometimes }: Range, lived: Lived): Promise<void> {
  const { seed } = history;
  const once = await run(history, { sometimes });
  lived.seeds += 1;
  lived.passed += once.passed;
  if (once.wrongs.length > 0) {
    lived.failures.push({ seed, wrongs: once.wrongs });
    say?.(`Seed ${seed}: ${once.wrongs.join("; ")}`);
  }
  if (seed % everySo !== 0) return;
  // Just as it was, and with nothing kept in memory.
  const again = [await run(history), await run(history, { forgetful: true })];
  lived.determinism.run += 1;
  if (again.every((one) => traceOf(one) === traceOf(once))) return;
  lived.determinism.mismatches += 1;
  say?.(`Seed ${seed} goes another way the next time.`);
}
