import { expect, test } from "vitest";
import { noEndings } from "./crossing.ts";
import { beginnings, interleavingsFrom } from "./interleavings.ts";
import { run } from "./run.ts";

test.for(beginnings)(
  "from $world ($changeSet), whoever comes in between, and wherever, it ends well",
  { timeout: 1_200_000 },
  async (from) => {
    const failures: string[] = [];
    const all = interleavingsFrom(from);
    expect(all.length).toBeGreaterThan(100);
    const endings = noEndings();
    for (const history of all) {
      const { wrongs } = await run(history, { endings });
      if (wrongs.length > 0) failures.push(`${JSON.stringify(history.events)}: ${wrongs}`);
    }
    expect(failures).toEqual([]);
    expect(endings.met).toBeGreaterThan(50);
  },
);
