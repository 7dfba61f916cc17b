import { random } from "../../../src/sandbox/random.ts";
import { type Draw, drawing } from "../draw.ts";
import type { Fate } from "../process.ts";
import { type Event, overlapping } from "./events.ts";
import type { History } from "./run.ts";

// From a seed to a story of the road.

type Kind = "edits" | "images" | "people" | "choices" | "others" | "overlaps" | "fates" | "travels";

/** How often each kind of event is drawn; left out: never. A mix of all would hide what needs calm. */
type Profile = Readonly<Partial<Record<Kind, number>>>;

const profiles: readonly Profile[] = [
  { edits: 6, images: 2, others: 2 },
  { edits: 5, people: 4, choices: 2 },
  { edits: 4, choices: 6 },
  { edits: 5, images: 1, fates: 8 },
  { edits: 5, travels: 4, fates: 2 },
  { edits: 2, images: 5, others: 5 },
  { edits: 5, images: 1, choices: 1, overlaps: 8 },
  { edits: 5, choices: 2, overlaps: 5, fates: 3 },
  { edits: 4, images: 2, people: 2, choices: 3, others: 1, fates: 4, travels: 1 },
];

export function historyOf(seed: number): History {
  const draw = drawing(random(Math.imul(seed, 0x9e3779b1) ^ 0x40ad));
  const kinds = Object.entries(draw.one(profiles)) as [Kind, number][];
  const rules = {
    approval: draw.chance(0.5),
    byDay: draw.chance(0.25),
    needs: draw.chance(0.5),
    elsewhere: seed % 5 === 4,
  };
  const acts = Array.from({ length: 1 + draw.upTo(4) }, () => [
    ...Array.from({ length: 1 + draw.upTo(3) }, () => events[draw.weighted(kinds)](draw)),
    events.waits(draw),
  ]);
  return { seed, rules, events: acts.flat(), end: draw.chance(0.8) ? "mended" : "as it is" };
}

const environments = ["test", "prod"] as const;

const events: Readonly<Record<Kind | "waits", (draw: Draw) => Event>> = {
  edits: (draw) => ({
    do: "push",
    change: {
      note: draw.one(["a", "b", "c", "d"]),
      failsIn: draw.one(["nowhere", "nowhere", "test", "prod"]),
      extra: draw.chance(0.15),
      leaks: draw.chance(0.1),
    },
  }),
  images: (draw) => ({ do: "image", tag: `1.0.${1 + draw.upTo(4)}` }),
  people: (draw) =>
    draw.one<() => Event>([
      () => ({ do: "approve", plan: draw.chance(0.7) ? "offered" : "former" }),
      () => ({ do: "approve", plan: "offered" }),
      () => ({ do: "suspend", environment: draw.one(environments) }),
      () => ({ do: "resume", environment: draw.one(environments) }),
    ])(),
  choices: (draw) =>
    draw.one<() => Event>([
      () => ({ do: "promote", back: draw.upTo(3) }),
      () => ({ do: "hold", back: draw.upTo(3) }),
      () => ({ do: "release" }),
      () => ({ do: "verify", environment: draw.one(environments) }),
      () => ({ do: "approve", plan: "offered" }),
    ])(),
  others: (draw) =>
    draw.one<() => Event>([
      () => ({ do: "platform", ready: draw.chance(0.3) }),
      () => ({
        do: "race",
        at: draw.one(["codecommit:CreateCommit", "ecr:DescribeImages"] as const),
        skip: draw.upTo(3),
        change: { note: draw.one(["e", "f"]) },
        tag: `1.0.${1 + draw.upTo(4)}`,
      }),
    ])(),
  overlaps: (draw) => ({
    do: "overlap",
    skip: draw.upTo(200),
    run: draw.chance(0.5) ? 1000 : draw.upTo(30),
    of: draw.one(overlapping),
  }),
  fates: (draw) => ({ do: "fate", skip: draw.upTo(200), fate: fateOf(draw) }),
  travels: (draw) => ({ do: "travel", way: draw.one(["sound", "lost", "twice"] as const) }),
  waits: (draw) => ({
    do: "wait",
    minutes: draw.one([
      () => 1 + draw.upTo(4),
      () => 5 + draw.upTo(15),
      () => 20 + draw.upTo(200),
    ])(),
  }),
};

/** Whatever becomes of a call, reads being up to date. */
export function fateOf(draw: Draw): Exclude<Fate, "lives"> {
  const error = draw.one(["ThrottlingException", "InternalFailure", "AccessDeniedException"]);
  return draw.one<() => Exclude<Fate, "lives">>([
    () => ({ dies: "before" }),
    () => ({ dies: "after" }),
    () => ({ dies: "early", arrives: 500 + draw.upTo(9500) }),
    () => ({ error, when: "before" }),
    () => ({ error: "TimeoutError", when: "after" }),
  ])();
}
