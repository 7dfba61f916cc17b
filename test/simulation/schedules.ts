import { expect, test } from "vitest";
import { historyOf } from "./histories.ts";
import { type Run, run } from "./run.ts";
import { sometimes, wanted } from "./sometimes.ts";
import { starts } from "./starts.ts";
import { isFromMemory } from "./turnstile.ts";

/** What a run was, whatever was still in memory. */
export const traceOf = ({ calls, end, passed, wrongs }: Run): string =>
  JSON.stringify([calls.filter((one) => !isFromMemory(one)), end, passed, wrongs]);

/** One seed in a hundred is lived twice more: as it was, and with nothing kept in memory. */
const everySo = 100;

/** Lives through the histories of a range of seeds, as tests. */
export function schedules(from: number, count: number): void {
  const seen = sometimes();

  test(`${count} histories from seed ${from} on end well`, { timeout: 1_200_000 }, async () => {
    const worlds = [...(await starts()).keys()];
    const failures: string[] = [];
    const different: number[] = [];
    for (let seed = from; seed < from + count; seed += 1) {
      const history = historyOf(seed, worlds);
      const lived = await run(history, { sometimes: seen });
      if (lived.wrongs.length > 0) failures.push(`seed ${seed}: ${lived.wrongs.join("; ")}`);
      if (seed % everySo !== 0) continue;
      const trace = traceOf(lived);
      const again = [await run(history), await run(history, { forgetful: true })];
      if (again.some((one) => traceOf(one) !== trace)) different.push(seed);
    }
    expect(failures).toEqual([]);
    expect(different).toEqual([]);
  });

  test("all that must come about sometimes has come about", () => {
    expect(wanted.filter((name) => !seen.hits.has(name))).toEqual([]);
  });
}
