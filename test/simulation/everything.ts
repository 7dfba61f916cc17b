import { crashPointsOf, wrongsOf } from "./crash-points.ts";
import { errorCases, wrongsInCase } from "./error-matrix.ts";
import { beginnings, interleavingsFrom } from "./interleavings.ts";
import { firstSeed, planted } from "./planted/planted.ts";
import { run } from "./run.ts";
import { histories } from "./workloads.ts";

// What is gone through whole, for the report: each answers how many there are and what went wrong.

export interface Gone {
  run: number;
  readonly failures: string[];
}

export async function everyCrashPoint(): Promise<Gone> {
  const gone: Gone = { run: 0, failures: [] };
  for (const [name, history] of histories) {
    const calm = await run(history, { cold: true });
    for (const point of crashPointsOf(calm)) {
      const wrongs = await wrongsOf(history, point, calm);
      gone.run += 1;
      if (wrongs.length > 0) gone.failures.push(`${name}, call ${point.at}: ${wrongs.join("; ")}`);
    }
  }
  return gone;
}

export async function everyError(): Promise<Gone> {
  const gone: Gone = { run: 0, failures: [] };
  for (const one of await errorCases()) {
    const wrongs = await wrongsInCase(one);
    gone.run += 1;
    if (wrongs.length > 0)
      gone.failures.push(`${one.operation} ${one.error}: ${wrongs.join("; ")}`);
  }
  return gone;
}

export async function everyInterleaving(): Promise<Gone> {
  const gone: Gone = { run: 0, failures: [] };
  for (const history of beginnings.flatMap(interleavingsFrom)) {
    const { wrongs } = await run(history);
    gone.run += 1;
    if (wrongs.length > 0) gone.failures.push(`${JSON.stringify(history)}: ${wrongs.join("; ")}`);
  }
  return gone;
}

/** Names of the planted bugs that show within a range of seeds. */
export async function foundIn(
  range: { readonly from: number; readonly count: number },
  say: (line: string) => void,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [name, one] of planted) {
    const seed = await firstSeed(one, range);
    say(`${name}: ${seed === undefined ? "not found" : `seed ${seed}`}`);
    if (seed !== undefined) found.push(name);
  }
  return found;
}
