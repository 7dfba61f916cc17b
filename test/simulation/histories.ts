import type { Operation } from "../../src/aws/call.ts";
import { random } from "../../src/sandbox/random.ts";
import { memories, mutations } from "./calls.ts";
import { anyErrors } from "./declared-errors.ts";
import { type Draw, drawing } from "./draw.ts";
import type { Event, ForeignAct, History, Moment, Start } from "./events.ts";
import { drawFate } from "./fates.ts";
import type { Fate } from "./process.ts";
import { type Kind, needsSweep, profiles, troubles } from "./profiles.ts";
import { rarityOf } from "./rarities.ts";
import { mayBeStale } from "./reads.ts";
import type { Shop } from "./shop.ts";

// From a seed to a history. Each seed first draws a profile: which kinds of things happen at all. A
// mix of everything all the time would hide what needs calm.

/** The names of worlds to begin in. */
export type Worlds = readonly string[];

export function historyOf(seed: number, worlds: Worlds): History {
  const rarity = rarityOf(seed);
  if (rarity !== undefined) return rarity;
  const source = random(Math.imul(seed, 0x9e3779b1) ^ 0x51ed27);
  const draw = drawing(source);
  const profile = draw.one(profiles);
  const sweep = draw.chance(0.5);
  const start: Start = draw.chance(0.4)
    ? { world: "deployed", changeSet: "none", record: "as it was" }
    : {
        world: draw.one(draw.chance(0.15) ? rareWorlds(worlds) : worlds),
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
  const kinds = (Object.entries(profile) as [Kind, number][]).filter(
    ([kind]) => sweep || !needsSweep.has(kind),
  );
  const acts = Array.from({ length: draw.weighted(lengths) }, () => actOf(kinds, draw));
  const all = [...opening(start, kinds, draw), ...acts.flat()];
  const change = all.some(isPush) ? [] : [events.edits(draw)];
  const end = draw.chance(0.7) ? "mended" : "as it is";
  const closing = end === "as it is" && draw.chance(0.4) ? lastWords(draw) : [];
  return { seed, start, sweep, events: [...change, ...all, ...closing], end };
}

/** What goes wrong first. Some calls are made in few worlds only: there something befalls them. */
function opening(
  start: Start,
  kinds: readonly (readonly [Kind, number])[],
  draw: Draw,
): readonly Event[] {
  const trouble = kinds.filter(([kind]) => troubles.has(kind));
  if (trouble.length === 0) return [];
  const fateAt = (at: Operation): Event => ({ do: "fate", at, skip: 0, fate: drawFate(draw) });
  const rare = rareCall(start);
  if (rare !== undefined && draw.chance(0.9)) return [fateAt(rare)];
  if (kinds.some(([kind]) => kind === "approvals") && draw.chance(0.5)) return asking(draw);
  if (draw.chance(0.05)) return leaving(draw, fateAt);
  if (draw.chance(0.1)) return [writing(draw, fateAt), events.images(draw), events.waits(draw)];
  if (!trouble.some(([kind]) => kind === "hangs") || draw.chance(0.3)) {
    return [drawEvent(draw.weighted(trouble), draw)];
  }
  const hanging = push({ image: "missing", note: draw.one(["a", "b", "c"]) });
  const overtaking = draw.one([push({ image: "kept", note: draw.one(["a", "b", "c"]) }), revert]);
  const struck = draw.chance(0.9) ? [fateAt("cloudformation:CancelUpdateStack")] : [];
  const again: readonly Event[] = [{ do: "wait", seconds: 200 + draw.upTo(200) }, revert];
  const back = draw.chance(0.3) ? again : [];
  return [hanging, { do: "wait", seconds: 60 + draw.upTo(120) }, ...struck, overtaking, ...back];
}

/** Somebody approves a plan, and later there is another; or the other is there already. */
function asking(draw: Draw): readonly Event[] {
  const one = push({ approval: true, note: draw.one(["b", "c"]) });
  const other = push({ note: "a", timeout: draw.one([30, 90]) });
  const later: Event = { do: "wait", seconds: 200 + draw.upTo(200) };
  return draw.chance(0.5)
    ? [one, soon(draw), { do: "approve", plan: "offered" }, later]
    : [one, soon(draw), other, soon(draw), { do: "approve", plan: "former" }, later];
}

/** A second service comes and goes, and something befalls the controller as it goes. */
const leaving = (draw: Draw, fateAt: (at: Operation) => Event): readonly Event[] => [
  push({ worker: true }),
  { do: "wait", seconds: 200 + draw.upTo(200) },
  { ...fateAt("cloudformation:DescribeStacks"), skip: draw.upTo(6) } as Event,
  push({ worker: false }),
  soon(draw),
];

/** What befalls the controller as it writes an image into a file. */
const writing = (draw: Draw, fateAt: (at: Operation) => Event): Event =>
  draw.one<() => Event>([
    () => fateAt("codecommit:CreateCommit"),
    () => during("codecommit:CreateCommit", events.edits(draw)),
    () => during("ecr:DescribeImages", events.edits(draw)),
  ])();

const during = (at: Operation, event: Event): Event => ({ do: "during", at, skip: 0, event });

/** Those that few histories would begin in and many calls need. */
function rareWorlds(worlds: Worlds): Worlds {
  const rare = worlds.filter((world) => world.endsWith(" UPDATE_ROLLBACK_FAILED"));
  return rare.length === 0 ? worlds : rare;
}

/** What is called in a world such as this and hardly in any other. */
function rareCall({ changeSet, world }: Start): Operation | undefined {
  if (world.endsWith(" UPDATE_ROLLBACK_FAILED")) return "cloudformation:ContinueUpdateRollback";
  if (/ (CREATE_FAILED|ROLLBACK_COMPLETE|ROLLBACK_FAILED)$/.test(world)) {
    return "cloudformation:DeleteStack";
  }
  return changeSet === "older" ? "cloudformation:DeleteChangeSet" : undefined;
}

/** What happens last, and is left so. */
const lastWords = (draw: Draw): readonly Event[] =>
  draw.one<() => readonly Event[]>([
    () => [{ do: "unregister" }],
    () => [push({ file: "untrue" })],
    () => {
      const unit = draw.one(["base", "s-web"] as const);
      const fails: Event = { do: "foreign", act: "fail ours", unit };
      return [during("cloudformation:ExecuteChangeSet", fails), events.edits(draw), soon(draw)];
    },
    () => {
      const at = draw.one(["codecommit:GetBranch", "sqs:SendMessageBatch"] as const);
      const fate: Fate = { error: draw.one(anyErrors), when: "before" };
      return [{ do: "fate", at, skip: draw.upTo(2), fate }, events.edits(draw), soon(draw)];
    },
  ])();

const soon = (draw: Draw): Event => ({ do: "wait", seconds: 60 + draw.upTo(200) });

/** Most bugs show in a short history; some need a long one. */
const lengths: readonly (readonly [number, number])[] = [
  [1, 60],
  [2, 25],
  [3, 8],
  [4, 4],
  [6, 3],
];

const isPush = (event: Event): boolean =>
  event.do === "push" || event.do === "revert" || (event.do === "during" && isPush(event.event));

/** What is the matter, what somebody does, and time for it to be seen. */
function actOf(kinds: readonly (readonly [Kind, number])[], draw: Draw): readonly Event[] {
  const matter = Array.from({ length: draw.upTo(4) }, () => drawEvent(draw.weighted(kinds), draw));
  const edit = draw.chance(0.7) ? [events.edits(draw)] : [];
  return [...matter, ...edit, events.waits(draw)];
}

function drawEvent(kind: Kind, draw: Draw): Event {
  const event = events[kind](draw);
  const isInstant = !["fate", "overlap", "wait", "events", "pages", "skew"].includes(event.do);
  return isInstant && draw.chance(0.3) ? { do: "during", ...drawMoment(draw), event } : event;
}

const push = (change: Partial<Shop>): Event => ({ do: "push", change });
const revert: Event = { do: "revert" };

const events: Readonly<Record<Kind | "waits", (draw: Draw) => Event>> = {
  edits: (draw) =>
    draw.one<() => Event>([
      () => push({ timeout: draw.one([30, 60, 90]) }),
      () => push({ note: draw.one(["a", "b", "c"]) }),
      () => push({ note: draw.one(["a", "b", "c"]), timeout: draw.one([30, 60, 90]) }),
      () => push({ worker: draw.chance(0.5) }),
      () => revert,
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
      () => revert,
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
  stale: (draw) => ({
    do: "fate",
    at: draw.one(mayBeStale),
    skip: draw.upTo(5),
    fate: { stale: 1 + draw.upTo(3) },
  }),
  pages: (draw) => ({ do: "pages", size: draw.chance(0.8) ? "small" : "whole" }),
  clocks: (draw) => ({ do: "skew", seconds: draw.one([-900, -60, -5, 5, 60, 900]) }),
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
    () => ({ at: draw.one(mutations), skip: 0 }),
    () => ({ at: draw.one(memories), skip: draw.upTo(4) }),
  ])();
