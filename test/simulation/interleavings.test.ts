import { expect, test } from "vitest";
import { beginnings, interleavingsFrom } from "./interleavings.ts";
import { run } from "./run.ts";

test.for(beginnings)(
  "from $world ($changeSet), whoever comes in between, and wherever, it ends well",
  { timeout: 1_200_000 },
  async (from) => {
    const failures: string[] = [];
    const all = interleavingsFrom(from);
    expect(all.length).toBeGreaterThan(100);
    for (const history of all) {
      const { wrongs } = await run(history);
      if (wrongs.length > 0) failures.push(`${JSON.stringify(history.events)}: ${wrongs}`);
    }
    expect(failures).toEqual([]);
  },
);
