import { random } from "../../../src/sandbox/random.ts";
import { type Draw, drawing } from "../draw.ts";
import type { Fate } from "../process.ts";
import { fateOf } from "../road/histories.ts";
import type { Event } from "./events.ts";
import { branches } from "./lanes.ts";
import type { History } from "./run.ts";

// From a seed to a story of branches.

type Kind = "pushes" | "removals" | "patterns" | "people" | "overlaps" | "fates" | "travels";

/** How often each kind of event is drawn; left out: never. */
type Profile = Readonly<Partial<Record<Kind, number>>>;

const profiles: readonly Profile[] = [
  { pushes: 5, removals: 4 },
  { pushes: 5, removals: 4, fates: 8 },
  { pushes: 4, removals: 4, patterns: 4 },
  { pushes: 5, removals: 4, people: 3 },
  { pushes: 5, removals: 4, travels: 4, fates: 2 },
  { pushes: 5, removals: 4, overlaps: 6, fates: 3 },
  { pushes: 4, removals: 4, patterns: 2, people: 2, fates: 4, travels: 1, overlaps: 2 },
];

export function historyOf(seed: number): History {
  const draw = drawing(random(Math.imul(seed, 0x9e3779b1) ^ 0x1a9e));
  const kinds = Object.entries(draw.one(profiles)) as [Kind, number][];
  const acts = Array.from({ length: 2 + draw.upTo(5) }, () => [
    ...Array.from({ length: 1 + draw.upTo(3) }, () => events[draw.weighted(kinds)](draw)),
    events.waits(draw),
  ]);
  return { seed, events: [events.pushes(draw), ...acts.flat()] };
}

const fate = (draw: Draw): Exclude<Fate, "lives"> =>
  draw.chance(0.2) ? { stale: 1 + draw.upTo(4) } : fateOf(draw);

const events: Readonly<Record<Kind | "waits", (draw: Draw) => Event>> = {
  pushes: (draw) => ({
    do: "push",
    branch: draw.one(branches),
    change: {
      note: draw.one(["a", "b", "c", "d"]),
      worker: draw.chance(0.3),
      breaks: draw.chance(0.1),
    },
  }),
  removals: (draw) => ({ do: "remove", branch: draw.one(branches) }),
  patterns: (draw) => ({
    do: "pattern",
    pattern: draw.one(["feature/*", "feature/*", "topic/*", "none"] as const),
  }),
  people: (draw) => ({ do: draw.one(["suspend", "resume"] as const) }),
  overlaps: (draw) => ({
    do: "overlap",
    skip: draw.upTo(150),
    run: draw.chance(0.5) ? 1000 : draw.upTo(30),
    of: draw.one([...branches, "preview"] as const),
  }),
  fates: (draw) =>
    draw.chance(0.3)
      ? {
          do: "fate",
          at: draw.one([
            "cloudformation:DescribeStacks",
            "s3:ListObjectsV2",
            "cloudformation:DeleteStack",
            "cloudformation:CreateChangeSet",
            "s3:PutObject",
          ] as const),
          skip: draw.upTo(12),
          fate: fate(draw),
        }
      : { do: "fate", skip: draw.upTo(200), fate: fate(draw) },
  travels: (draw) => ({ do: "travel", way: draw.one(["sound", "lost", "twice"] as const) }),
  waits: (draw) => ({
    do: "wait",
    minutes: draw.one([
      () => 1 + draw.upTo(4),
      () => 5 + draw.upTo(15),
      () => 20 + draw.upTo(100),
    ])(),
  }),
};
