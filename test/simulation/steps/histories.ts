import { random } from "../../../src/sandbox/random.ts";
import { type Draw, drawing } from "../draw.ts";
import { fateOf } from "../road/histories.ts";
import type { Event, History } from "./run.ts";

// From a seed to a story of steps.

type Kind = "pushes" | "losses" | "overlaps" | "fates" | "travels";

/** How often each kind of event is drawn; left out: never. */
type Profile = Readonly<Partial<Record<Kind, number>>>;

const profiles: readonly Profile[] = [
  { pushes: 1 },
  { pushes: 5, fates: 6 },
  { pushes: 5, losses: 2 },
  { pushes: 5, travels: 3, fates: 2 },
  { pushes: 5, overlaps: 6 },
  { pushes: 5, overlaps: 3, fates: 3, losses: 1, travels: 1 },
];

export function historyOf(seed: number): History {
  const draw = drawing(random(Math.imul(seed, 0x9e3779b1) ^ 0x57e9));
  const kinds = Object.entries(draw.one(profiles)) as [Kind, number][];
  const acts = Array.from({ length: 2 + draw.upTo(6) }, () => [
    ...Array.from({ length: 1 + draw.upTo(2) }, () => events[draw.weighted(kinds)](draw)),
    events.waits(draw),
  ]);
  const layout = draw.chance(0.3) ? "single" : "per-service";
  return { seed, layout, events: [events.pushes(draw), ...acts.flat()] };
}

const events: Readonly<Record<Kind | "waits", (draw: Draw) => Event>> = {
  pushes: (draw) => ({
    do: "push",
    change: {
      note: draw.one(["a", "b"]),
      balanced: draw.chance(0.5),
      alarm: draw.one(["none", "plain", "target", "target"] as const),
      indexes: draw.chance(0.6) ? ["a", "b", "c"].filter(() => draw.chance(0.5)) : [],
    },
  }),
  losses: () => ({ do: "lose record" }),
  overlaps: (draw) => ({
    do: "overlap",
    skip: draw.upTo(150),
    run: draw.chance(0.5) ? 1000 : draw.upTo(30),
  }),
  fates: (draw) => ({ do: "fate", skip: draw.upTo(200), fate: fateOf(draw) }),
  travels: (draw) => ({ do: "travel", way: draw.one(["sound", "lost", "twice"] as const) }),
  waits: (draw) => ({
    do: "wait",
    seconds: draw.one([() => draw.upTo(60), () => draw.upTo(300), () => 900 + draw.upTo(3000)])(),
  }),
};
