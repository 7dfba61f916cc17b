import type { Event } from "./events.ts";
import type { Road } from "./road.ts";
import type { History } from "./run.ts";

// The road, each of its turns once: calm histories in which every call can be gone through.

const push = (change: Partial<Road>): Event => ({ do: "push", change });
const wait = (minutes: number): Event => ({ do: "wait", minutes });

interface Workload {
  readonly rules?: History["rules"];
  readonly events: readonly Event[];
}

const workloads: Readonly<Record<string, Workload>> = {
  "a revision that is good": { events: [push({ note: "b" }), wait(20)] },
  "a revision that waits for approval": {
    rules: { approval: true },
    events: [push({ note: "b" }), wait(10), { do: "approve", plan: "offered" }, wait(10)],
  },
  "a revision in another account": {
    rules: { elsewhere: true },
    events: [push({ note: "b" }), wait(20)],
  },
  "a revision that fails in another account": {
    rules: { elsewhere: true },
    events: [push({ note: "b", failsIn: "test" }), wait(12)],
  },
  "a revision that fails its test": {
    events: [push({ note: "b", failsIn: "test" }), wait(12)],
  },
  "a revision that fails in prod": {
    events: [push({ note: "b", failsIn: "prod" }), wait(20)],
  },
  "a window that opens": {
    rules: { byDay: true },
    events: [push({ note: "b" }), wait(12), wait(58)],
  },
  "an image": { events: [{ do: "image", tag: "1.0.1" }, { do: "image", tag: "1.0.2" }, wait(20)] },
  "more revisions than there may be instances": {
    rules: { most: 1 },
    events: [push({ note: "b" }), wait(1), push({ note: "c" }), wait(20)],
  },
  "a choice and its release": {
    events: [
      push({ note: "b" }),
      wait(15),
      { do: "promote", back: 1 },
      wait(8),
      { do: "release" },
      wait(8),
    ],
  },
  "one that is verified again": {
    events: [{ do: "verify", environment: "test" }, wait(15)],
  },
};

export const roads: ReadonlyMap<string, History> = new Map(
  Object.entries(workloads).map(([name, { events, rules = {} }]) => [
    name,
    { seed: 1, rules, events, end: "as it is" },
  ]),
);
