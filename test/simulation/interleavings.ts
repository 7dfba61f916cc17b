import type { Event, History, Moment, Start } from "./events.ts";

// Two or three who act at the same time: an invocation, another one, and a person. The first is
// interrupted, the second too, and then each goes on to its end: two preemptions at every place.

const push: Event = { do: "push", change: { note: "b", timeout: 90 } };
const newer: Event = { do: "push", change: { note: "c", timeout: 30 } };

const start = (world: string, changeSet: Start["changeSet"] = "none"): Start => ({
  world,
  changeSet,
  record: "as it was",
});

/** Where they begin. */
export const beginnings: readonly Start[] = [
  start("deployed"),
  start("deployed", "older"),
  start("registered"),
  start("base UPDATE_IN_PROGRESS"),
  start("s-web UPDATE_ROLLBACK_COMPLETE"),
  start("s-web ROLLBACK_COMPLETE"),
  start("s-web UPDATE_ROLLBACK_FAILED"),
];

/** Who acts beside the first invocation, which carries out a push. */
const actors: Readonly<Record<string, (first: Moment, run: number) => readonly Event[]>> = {
  "another invocation": (first, calls) => [{ do: "overlap", ...first, run: calls }],
  "a newer push and another invocation": (first, calls) => [
    { do: "during", ...first, event: newer },
    { do: "overlap", ...first, run: calls },
  ],
};

/** Persons who act in between, all at once. */
const persons: Readonly<Record<string, Event>> = {
  "a newer push": newer,
  "a suspension": { do: "suspend" },
  "a change by hand": { do: "foreign", act: "update", unit: "base" },
  "an execution by hand": { do: "foreign", act: "execute ours", unit: "base" },
  "a deletion by hand": { do: "foreign", act: "delete ours", unit: "base" },
  "an image": { do: "image", tag: "1.0.1" },
  "a lost record": { do: "record", becomes: "lost" },
};

const history = (from: Start, between: readonly Event[]): History => ({
  seed: 1,
  start: from,
  sweep: true,
  events: [...between, push, { do: "wait", seconds: 60 }],
  end: "mended",
});

/** As many calls as a pass makes, and those of the one that follows it. */
const mostCalls = 40;

/** Every interleaving from one beginning. */
export function interleavingsFrom(from: Start): readonly History[] {
  const places = Array.from({ length: mostCalls }, (_, skip): Moment => ({ at: "any", skip }));
  const alone = places.flatMap((first) =>
    Object.values(persons).map((event) => history(from, [{ do: "during", ...first, event }])),
  );
  // Between a second invocation's calls the first can only matter where it is about to write.
  const writes: readonly Moment[] = [0, 1, 2].map((skip) => ({ at: "mutating", skip }));
  const together = Object.values(actors).flatMap((act) => [
    ...places.map((first) => history(from, act(first, 1000))),
    ...writes.flatMap((first) => places.map(({ skip }) => history(from, act(first, skip)))),
  ]);
  return [...alone, ...together];
}
