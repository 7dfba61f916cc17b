import type { Operation } from "../../../src/aws/call.ts";
import { forgetAll } from "../../../src/memo.ts";
import { type Arena, openArena } from "../arena.ts";
import type { Bug } from "../containers.ts";
import { type Moments, seenBy } from "../moments.ts";
import { pendingWith } from "../pending.ts";
import type { Effect, Fate, Life } from "../process.ts";
import { writesAtRest } from "../rest.ts";
import { endOf, wrongsAtTheEnd } from "./ending.ts";
import { type Event, happen, type Stage, statusOf } from "./events.ts";
import { arrived, firstRoad, type Rules, tipOf } from "./road.ts";
import { newestInstance, watch } from "./watch.ts";

/** One story of the road. */
export interface History {
  readonly seed: number;
  /** Left out: as on the first road. */
  readonly rules: Partial<Rules>;
  readonly events: readonly Event[];
  /** `mended`: people let go what they hold, and approve what waits. */
  readonly end: "as it is" | "mended";
}

export interface Run {
  /** What should not have been, each with its rule; empty: all is well. */
  readonly wrongs: readonly string[];
  /** Operations of the controller while things happened; what came after is not counted. */
  readonly calls: readonly Operation[];
  /** What a person sees at the end, without what differs by time. */
  readonly end: string;
  /** Milliseconds that passed in the world. */
  readonly passed: number;
}

export interface RunOptions {
  readonly bug?: Bug;
  /** Nothing is kept in memory from earlier runs. */
  readonly cold?: boolean;
  /** Where the calls and the states of the world are noted. */
  readonly moments?: Moments;
  /** Told what happens, line by line. */
  readonly say?: (line: string) => void;
}

/** Lives through a history, lets it be calm, and looks at what has become of it. */
export async function run(history: History, options: RunOptions = {}): Promise<Run> {
  const stage = await begin(history, options);
  if (options.cold) forgetAll();
  const { arena, watch: oracle } = stage;
  const from = arena.calls.length;
  const began = arena.world.now;
  const ended = (calls: readonly Operation[], end: string): Run => ({
    wrongs: oracle.notes.wrongs,
    calls,
    end,
    passed: arena.world.now - began,
  });
  for (const event of history.events) {
    options.say?.(JSON.stringify(event));
    await happen(event, stage);
    if (oracle.notes.wrongs.length > 0) return ended([], "");
  }
  const calls = arena.calls.slice(from);
  stage.pending.clear();
  stage.way = "sound";
  if (history.end === "mended") {
    await mend(stage);
    await letAllThrough(stage);
  }
  oracle.notes.wrongs.push(...(await rest(stage)), ...wrongsAtTheEnd(stage, history));
  return ended(calls, endOf(stage));
}

async function begin({ rules, seed }: History, { bug, moments, say }: RunOptions): Promise<Stage> {
  const road = { ...firstRoad, ...rules };
  const oracle = watch();
  const pending = pendingWith<Event>(() => ({
    happen: (event) => happen(event, stage),
    invoke: (of) => overlap(of ?? "", stage.arena),
  }));
  const fate = async (life: Life, operation: Operation): Promise<Fate> => {
    const fated = await pending.fate(life, operation);
    oracle.notes.messages.fated(life, operation, fated);
    return fated;
  };
  const deliver = () => {
    if (stage.way === "lost") return [];
    return stage.way === "twice" ? [0, 30_000] : [0];
  };
  const from = await arrived(road);
  const onlooker = seenBy(moments, oracle.onlooker);
  const before = (effect: Effect): void => {
    say?.(`${new Date(arena.world.now).toISOString()} ${effect.life.function} ${effect.operation}`);
    onlooker.before(effect);
  };
  const told = { ...onlooker, before, began: pending.began, ended: pending.ended };
  const arena = openArena({ seed, from, fate, deliver, onlooker: told, bug });
  oracle.attend(arena, road);
  moments?.attend(arena);
  const stage: Stage = {
    arena,
    watch: oracle,
    revisions: [tipOf(arena) ?? ""],
    offers: [],
    pending,
    way: "sound",
    road,
    tokens: 0,
  };
  return stage;
}

/** A pass beside the one that is under way. */
function overlap(of: string, arena: Arena): Promise<unknown> {
  if (of === "janitor") return arena.invoke("janitor", {});
  const key = of === "instance" ? newestInstance(arena) : `road/${of}`;
  return arena.invoke("reconcile", { Records: [{ messageId: "2", body: key }] });
}

async function mend(stage: Stage): Promise<void> {
  await happen({ do: "platform", ready: true }, stage);
  await happen({ do: "release" }, stage);
  await happen({ do: "resume", environment: "test" }, stage);
  await happen({ do: "resume", environment: "prod" }, stage);
}

/** Until nothing waits for approval, or for its window to open, any more. */
async function letAllThrough(stage: Stage): Promise<void> {
  const { arena, revisions, road } = stage;
  // Where one fails, the one before it is offered.
  for (let times = 0; times < 4 + revisions.length; times += 1) {
    const closed = road.byDay ? minutesToDay(new Date(arena.world.now)) : 0;
    await happen({ do: "wait", minutes: closed + 60 }, stage);
    if (statusOf(arena, "prod")?.digest.plan === undefined) return;
    await happen({ do: "approve", plan: "offered" }, stage);
  }
}

/** Until prod's window is open, and stays so for three hours or more. */
function minutesToDay(now: Date): number {
  const minute = now.getUTCHours() * 60 + now.getUTCMinutes();
  if (minute >= 11 * 60 && minute < 20 * 60) return 0;
  return (35 * 60 - minute) % (24 * 60);
}

/** In minutes; longer than any instance is kept. */
const quiet = 25;

/** In minutes, the quiet at the end among them: every instance that is left is made, judged and deleted. */
const longest = 100;

/** Waits until nothing is left to do; what is written when there should be nothing is wrong. */
async function rest(stage: Stage): Promise<readonly string[]> {
  const wait = () => happen({ do: "wait", minutes: quiet }, stage);
  const more = await writesAtRest(stage.arena, wait, longest / quiet);
  return more.length === 0 ? [] : [`E5 goes on writing: ${more.join(", ")}`];
}
