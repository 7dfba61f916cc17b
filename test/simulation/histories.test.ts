import { expect, test } from "vitest";
import type { Event } from "./events.ts";
import { historyOf } from "./histories.ts";

const histories = Array.from({ length: 2000 }, (_, seed) => historyOf(seed, ["deployed"]));

const flat = (event: Event): readonly Event[] =>
  event.do === "during" ? [event, ...flat(event.event)] : [event];

const kindsIn = (events: readonly Event[]): ReadonlySet<Event["do"]> =>
  new Set(events.flatMap(flat).map((event) => event.do));

test("every history has something to deploy", () => {
  const idle = histories.filter(({ events }) => {
    const kinds = kindsIn(events);
    return !kinds.has("push") && !kinds.has("revert");
  });
  expect(idle).toEqual([]);
});

test("of ten, one at most is calm: in all others something goes wrong", () => {
  const people: ReadonlySet<Event["do"]> = new Set([
    "push",
    "revert",
    "image",
    "suspend",
    "resume",
    "hold",
    "release",
    "ask",
    "garble",
    "unregister",
    "approve",
    "wait",
  ]);
  const calm = histories.filter(({ events }) =>
    [...kindsIn(events)].every((one) => people.has(one)),
  );
  expect(calm.length / histories.length).toBeLessThan(0.15);
});

test("the sweep goes round in half of them", () => {
  const swept = histories.filter(({ sweep }) => sweep).length / histories.length;
  expect(swept).toBeGreaterThan(0.45);
  expect(swept).toBeLessThan(0.55);
});

test("the same seed is the same history", () => {
  expect(histories[7]).toEqual(historyOf(7, ["deployed"]));
});
