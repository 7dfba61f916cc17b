import type { Operation } from "../../src/aws/call.ts";
import { type Random, random } from "../../src/sandbox/random.ts";
import type { Event, ForeignAct, History, Moment, Start } from "./events.ts";
import type { Fate } from "./process.ts";
import type { Shop } from "./shop.ts";

// From a seed to a history. Each seed first draws a profile: which kinds of things happen at all. A
// mix of everything all the time would hide what needs calm.

/** How often each kind of event is drawn, by its name here; left out: never. */
type Profile = Readonly<Partial<Record<Kind, number>>>;

type Kind =
  | "edits"
  | "data"
  | "breaks"
  | "images"
  | "people"
  | "faults"
  | "fates"
  | "events"
  | "record"
  | "foreign"
  | "overlaps"
  | "approvals"
  | "hangs";

const profiles: readonly Profile[] = [
  // Calm: people at work, and nothing goes wrong.
  { edits: 6, data: 2, breaks: 2, images: 3, people: 3 },
  // Somebody has to approve.
  { edits: 5, approvals: 6, people: 1, images: 1, fates: 1 },
  // The network and the processes.
  { edits: 5, images: 2, fates: 10 },
  // Several at once.
  { edits: 6, overlaps: 8, fates: 3, images: 1 },
  // Deployments that fail.
  { edits: 5, breaks: 2, faults: 6, people: 2 },
  // Deployments that hang, and are overtaken.
  { edits: 4, hangs: 6, fates: 5, faults: 1 },
  // Others at our stacks.
  { edits: 4, foreign: 8, record: 2 },
  // Events and memory.
  { edits: 5, events: 5, record: 4, images: 2, fates: 2 },
  // Everything.
  {
    edits: 4,
    data: 2,
    breaks: 1,
    images: 1,
    people: 2,
    faults: 2,
    fates: 4,
    events: 1,
    record: 1,
    foreign: 2,
    overlaps: 3,
  },
];

/** The names of worlds to begin in. */
export type Worlds = readonly string[];

export function historyOf(seed: number, worlds: Worlds): History {
  const source = random(Math.imul(seed, 0x9e3779b1) ^ 0x51ed27);
  const draw = drawing(source);
  const profile = draw.one(profiles);
  const sweep = draw.chance(0.5);
  const start: Start = draw.chance(0.4)
    ? { world: "deployed", changeSet: "none", record: "as it was" }
    : {
        world: draw.one(worlds),
        changeSet: draw.one(["none", "none", "none", "orphan", "older", "foreign"] as const),
        record: draw.one([
          "as it was",
          "as it was",
          "as it was",
          "lost",
          "garbled",
          "old",
          "future",
        ] as const),
      };
  // What is lost without a sweep stays lost: then nobody could say that it should have been found.
  const kinds = Object.entries(profile).filter(([kind]) => sweep || kind !== "events") as [
    Kind,
    number,
  ][];
  const acts = Array.from({ length: 1 + draw.upTo(4) }, () => actOf(kinds, draw));
  return { seed, start, sweep, events: acts.flat(), end: draw.chance(0.7) ? "mended" : "as it is" };
}

/** What is the matter, what somebody does, and time for it to be seen. */
function actOf(kinds: readonly (readonly [Kind, number])[], draw: Draw): readonly Event[] {
  const matter = Array.from({ length: draw.upTo(4) }, () => drawEvent(draw.weighted(kinds), draw));
  const edit = draw.chance(0.7) ? [events.edits(draw)] : [];
  return [...matter, ...edit, events.waits(draw)];
}

interface Draw {
  upTo(most: number): number;
  chance(share: number): boolean;
  one<T>(items: readonly T[]): T;
  weighted<T>(items: readonly (readonly [T, number])[]): T;
}

function drawing(source: Random): Draw {
  const upTo = (most: number): number => Math.floor(source.next() * most);
  return {
    upTo,
    chance: (share) => source.next() < share,
    one: (items) => items[upTo(items.length)] as (typeof items)[number],
    weighted: (items) => {
      let left = source.next() * items.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return (items.at(-1) as (typeof items)[number])[0];
    },
  };
}

function drawEvent(kind: Kind, draw: Draw): Event {
  const event = events[kind](draw);
  const isInstant = !["fate", "overlap", "wait", "events"].includes(event.do);
  return isInstant && draw.chance(0.3) ? { do: "during", ...drawMoment(draw), event } : event;
}

const push = (change: Partial<Shop>): Event => ({ do: "push", change });

const events: Readonly<Record<Kind | "waits", (draw: Draw) => Event>> = {
  edits: (draw) =>
    draw.one<() => Event>([
      () => push({ timeout: draw.one([30, 60, 90]) }),
      () => push({ note: draw.one(["a", "b", "c"]) }),
      () => push({ note: draw.one(["a", "b", "c"]), timeout: draw.one([30, 60, 90]) }),
      () => push({ worker: draw.chance(0.5) }),
    ])(),
  data: (draw) =>
    draw.one<() => Event>([
      () =>
        push({
          queue: draw.one(["jobs", "tasks"]),
          allow: draw.chance(0.6) ? ["remove-queue"] : [],
        }),
      () =>
        push({ key: draw.one(["id", "sku"]), allow: draw.chance(0.4) ? ["replace-table"] : [] }),
      () => push({ table: draw.chance(0.5), allow: draw.chance(0.5) ? ["remove-table"] : [] }),
    ])(),
  breaks: (draw) =>
    push(
      draw.one<Partial<Shop>>([
        { file: "broken" },
        { file: "empty" },
        { file: "untrue" },
        { image: "missing" },
        { file: "sound", image: "kept" },
        { file: "sound", image: "kept", note: "b" },
      ]),
    ),
  approvals: (draw) =>
    draw.one<() => Event>([
      () => push({ approval: true, note: draw.one(["a", "b", "c"]) }),
      () => ({ do: "approve", plan: "offered" }),
      () => ({ do: "approve", plan: draw.chance(0.5) ? "offered" : "former" }),
      () => ({ do: "wait", seconds: 30 + draw.upTo(60) }),
    ])(),
  hangs: (draw) =>
    draw.one<() => Event>([
      () => push({ image: "missing", note: draw.one(["a", "b", "c"]) }),
      () => push({ image: "kept", note: draw.one(["a", "b", "c"]) }),
      () => ({ do: "fault", type: "AWS::ECS::Service", on: "rollback", times: 1 + draw.upTo(4) }),
      () => ({ do: "fault", type: "AWS::ECS::Service", on: "update", times: 1 }),
    ])(),
  images: (draw) => ({ do: "image", tag: `1.0.${1 + draw.upTo(3)}` }),
  people: (draw) =>
    draw.one<() => Event>([
      () => ({ do: "suspend" }),
      () => ({ do: "resume" }),
      () => ({ do: "hold", back: draw.upTo(3) }),
      () => ({ do: "release" }),
      () => ({ do: "ask" }),
      () => ({ do: "garble", leaf: draw.one(["hold", "suspended"]) }),
      () => ({ do: "unregister" }),
      () => push({ approval: draw.chance(0.7), timeout: draw.one([30, 60, 90]) }),
      () => ({ do: "approve", plan: draw.chance(0.7) ? "offered" : "former" }),
    ])(),
  faults: (draw) => ({
    do: "fault",
    type: draw.one(["AWS::ECS::Service", "AWS::SQS::Queue", "AWS::IAM::Policy"] as const),
    on: draw.one(["create", "update", "delete", "rollback"] as const),
    times: 1 + draw.upTo(3),
  }),
  fates: (draw) => ({
    do: "fate",
    ...drawMoment(draw),
    fate: drawFate(draw),
  }),
  events: (draw) => ({
    do: "events",
    way: draw.one(["sound", "lost", "some", "twice", "late"] as const),
  }),
  record: (draw) =>
    draw.chance(0.3)
      ? { do: "chill" }
      : { do: "record", becomes: draw.one(["lost", "garbled", "old", "future"] as const) },
  foreign: (draw) => ({
    do: "foreign",
    act: draw.one<ForeignAct>([
      "update",
      "delete",
      "own change set",
      "execute ours",
      "delete ours",
      "fail ours",
      "cancel",
    ]),
    unit: draw.one(["base", "s-web"] as const),
  }),
  overlaps: (draw) => ({ do: "overlap", ...drawMoment(draw), run: draw.upTo(40) }),
  waits: (draw) => ({
    do: "wait",
    seconds: draw.one<() => number>([
      () => 1 + draw.upTo(20),
      () => 20 + draw.upTo(200),
      () => 200 + draw.upTo(1200),
    ])(),
  }),
};

/** Weighted towards what matters: most calls are reads. */
const drawMoment = (draw: Draw): Moment =>
  draw.one<() => Moment>([
    () => ({ at: "any", skip: draw.upTo(60) }),
    () => ({ at: "mutating", skip: draw.upTo(3) }),
    () => ({ at: draw.one(mutating), skip: 0 }),
  ])();

const mutating: readonly Operation[] = [
  "cloudformation:CancelUpdateStack",
  "cloudformation:ContinueUpdateRollback",
  "cloudformation:CreateChangeSet",
  "cloudformation:DeleteChangeSet",
  "cloudformation:DeleteStack",
  "cloudformation:ExecuteChangeSet",
  "codecommit:CreateCommit",
];

const errors = [
  "ThrottlingException",
  "ServiceUnavailable",
  "InternalFailure",
  "ExpiredTokenException",
  "AccessDeniedException",
  "TimeoutError",
];

function drawFate(draw: Draw): Fate {
  const arrives = 500 + draw.upTo(9500);
  return draw.one<() => Fate>([
    () => ({ dies: "before" }),
    () => ({ dies: "after" }),
    () => ({ dies: "early", arrives }),
    () => ({ error: draw.one(errors), when: "before" }),
    () => ({ error: "TimeoutError", when: "after" }),
    () => ({ error: "TimeoutError", when: "early", arrives }),
  ])();
}
