import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import { afterEach, expect, test, vi } from "vitest";
import { historyOf } from "./histories.ts";
import * as road from "./road/histories.ts";
import { run as travel } from "./road/run.ts";
import { run } from "./run.ts";
import { starts } from "./starts.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  syncBuiltinESMExports();
});

// A machine that stands still for a while must change no history.
test("no clock but the world's is asked, and no timer set", async () => {
  const worlds = [...(await starts()).keys()];
  const clocks = [
    vi.spyOn(globalThis, "setTimeout"),
    vi.spyOn(globalThis, "setInterval"),
    // As packages import it.
    vi.spyOn(timers, "setTimeout"),
    vi.spyOn(Date, "now"),
    vi.spyOn(performance, "now"),
  ];
  syncBuiltinESMExports();
  const now = vi.fn();
  const construct = (RealDate: typeof Date, given: readonly unknown[]): Date => {
    if (given.length === 0) now();
    return Reflect.construct(RealDate, given);
  };
  vi.stubGlobal("Date", new Proxy(Date, { construct }));
  for (const seed of [1, 2, 3]) await run(historyOf(seed, worlds), { cold: true });
  await travel(road.historyOf(1), { cold: true });
  for (const clock of [...clocks, now]) expect(clock).not.toHaveBeenCalled();
});
