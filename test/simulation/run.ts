import type { Operation } from "../../src/aws/call.ts";
import { kindOf } from "../../src/aws/call.ts";
import { forgetAll, widen } from "../../src/memo.ts";
import { stopSweeping } from "../sweeping.ts";
import { openArena } from "./arena.ts";
import type { Bug } from "./containers.ts";
import { type Crossing, crossing, type Endings, standing } from "./crossing.ts";
import { isElsewhere, startsElsewhere } from "./elsewhere.ts";
import type { Event, History } from "./events.ts";
import { fileAt, tipOf } from "./installed.ts";
import { type Moments, seenBy } from "./moments.ts";
import { type Context, reasonAtTheEnd, wrongsAtTheEnd } from "./oracle/ending.ts";
import { isGivenUp, liveStacks } from "./oracle/seen.ts";
import { watch } from "./oracle/watch.ts";
import { pendingWith } from "./pending.ts";
import { firstShop } from "./shop.ts";
import type { Sometimes } from "./sometimes.ts";
import { fair, happen, mend, recordOf, type Stage, travel, travelSource, wait } from "./stage.ts";
import { startIn, starts } from "./starts.ts";
import { lineOf } from "./trace.ts";

/** What one history came to. */
export interface Run {
  /** What should not have been, each with its rule; empty: all is well. */
  readonly wrongs: readonly string[];
  readonly calls: readonly Operation[];
  /** Why it ends as it does. */
  readonly end: string;
  /** Milliseconds that passed in the world. */
  readonly passed: number;
}

export interface RunOptions {
  readonly bug?: Bug;
  readonly sometimes?: Sometimes;
  /** Told what happens, line by line. */
  readonly say?: (line: string) => void;
  /** Nothing is kept in memory from one invocation to the next. */
  readonly forgetful?: boolean;
  /** Nothing is kept in memory from earlier runs. */
  readonly cold?: boolean;
  /** Told how everything stands at each call. */
  readonly moments?: Moments;
  /** Of other runs that differ in one moment only. */
  readonly endings?: Endings;
}

// Histories come back to the same few thousand files.
widen(40);

/** Lives through one history, then lets it be calm, and looks at what has become of it. */
export async function run(history: History, options: RunOptions = {}): Promise<Run> {
  if (options.cold) forgetAll();
  const lived = await live(history, options);
  options.sometimes?.began(history);
  options.sometimes?.ended(lived.end);
  return lived;
}

async function live(history: History, options: RunOptions): Promise<Run> {
  const stage = await begin(history, options);
  const { arena, oracle } = stage;
  const began = arena.world.now;
  const way = crossing(options.endings, {
    calls: arena.calls,
    state: (until) => standing(stage, [contextOf(history), until]),
  });
  stage.isKnown = way.isKnown;
  await befall(history, { stage, way }, options);
  stage.isKnown = () => false;
  if (way.ending() === undefined && oracle.notes.wrongs.length === 0) await end(history, stage);
  const { end: how, wrongs } =
    way.ending() ?? way.leave({ wrongs: oracle.notes.wrongs, end: reasonAtTheEnd(arena) });
  return { wrongs, calls: arena.calls, end: how, passed: arena.world.now - began };
}

/** All that happens, one after the other, until something is wrong or the rest is known. */
async function befall(
  { events, start }: History,
  { stage, way }: { readonly stage: Stage; readonly way: Crossing },
  { say }: RunOptions,
): Promise<void> {
  // Whatever led to this world was announced once.
  if (start.world !== "deployed") await happen({ do: "ask" }, stage);
  for (const [at, event] of events.entries()) {
    say?.(JSON.stringify(event));
    stage.left = events.slice(at + 1);
    await happen(event, stage);
    if (way.ending() !== undefined || stage.oracle.notes.wrongs.length > 0) return;
  }
}

/** Lets it be calm, and looks. */
async function end(history: History, stage: Stage): Promise<void> {
  const { arena, oracle, pending, weather } = stage;
  pending.clear();
  Object.assign(weather, fair());
  const quiet = 610 + fastest(history) + slowest(history);
  if (history.end === "mended") {
    mend(stage);
    await calm(stage, quiet);
    oracle.notes.wrongs.push(...tooLate(stage));
  } else {
    if (isUnseen(history, stage)) await happen({ do: "ask" }, stage);
    await calm(stage, quiet);
  }
  if (history.end === "mended" && stage.shop.approval) {
    await happen({ do: "approve", plan: "offered" }, stage);
    await calm(stage, quiet);
  }
  if (oracle.notes.wrongs.length > 0) return;
  const wrongs = [
    ...(await wrongsAtTheEnd(arena, stage.shop, { ...contextOf(history), notes: oracle.notes })),
    ...(await restless(stage)),
  ];
  oracle.notes.wrongs.push(...wrongs);
  const { commits, causes } = oracle.notes;
  if (commits > causes) oracle.notes.wrongs.push(`L6 ${commits} commits for ${causes} causes`);
}

/**
 * Whether nobody might look at what there is to see: whoever left a change set lying was looking, and
 * a record that was damaged is made anew by whoever looks next, as is what nobody could deal with.
 */
const isUnseen = ({ events, start, sweep }: History, { arena, oracle }: Stage): boolean =>
  (start.changeSet === "older" && oracle.notes.revisions.size === 1) ||
  (!sweep && (events.some(({ do: does }) => does === "record") || isGivenUp(arena.world)));

const flatten = ({ events }: History): readonly Event[] =>
  events.map((event) => (event.do === "during" ? event.event : event));

/** How far, in seconds, a clock was ahead: by so much later it wakes, of what it set itself. */
const fastest = (history: History): number =>
  Math.max(0, ...flatten(history).map((event) => (event.do === "skew" ? event.seconds : 0)));

/** How long, in seconds, an event may still be on its way. */
const slowest = (history: History): number =>
  flatten(history).some((event) => event.do === "events" && event.way === "late") ? 900 : 0;

function contextOf(history: History): Pick<Context, "forgot" | "meddled"> {
  const { start } = history;
  const flat = flatten(history);
  return {
    forgot:
      start.record !== "as it was" ||
      start.changeSet === "orphan" ||
      flat.some((event) => event.do === "record"),
    meddled: flat.some((event) => event.do === "foreign"),
  };
}

async function begin(
  history: History,
  { bug, forgetful, moments, say, sometimes }: RunOptions,
): Promise<Stage> {
  const { seed, start, sweep } = history;
  const from = (await starts()).get(start.world) ?? (await startsElsewhere()).get(start.world);
  if (from === undefined) throw new Error(`No start is called ${start.world}.`);
  const oracle = watch();
  const weather = fair();
  const source = travelSource(seed);
  const pending = pendingWith<Event>(() => ({
    happen: (event) => happen(event, stage),
    invoke: () => arena.invoke("reconcile", { Records: [{ messageId: "2", body: "shop/dev" }] }),
  }));
  const arena = openArena({
    seed,
    from,
    bug,
    deliver: () => travel(weather.way, source),
    pages: () => weather.pages,
    skew: ({ id }) => (id % 2 === 0 ? weather.skew : 0),
    fate: async (life, operation) => {
      const fate = await pending.fate(life, operation);
      sometimes?.fate(operation, fate);
      return fate;
    },
    onlooker: seenBy(moments, {
      ...oracle.onlooker,
      began: (life) => {
        if (forgetful) forgetAll();
        pending.began(life);
      },
      ended: (life) => pending.ended(life),
      before: (effect) => {
        say?.(lineOf(effect, arena, began));
        oracle.onlooker.before(effect);
      },
      after: (effect, answer) => {
        oracle.onlooker.after(effect, answer);
        if (kindOf(effect.operation) === "mutating") stage.settled.at = arena.world.now;
        sometimes?.after(effect, answer);
      },
      refused: (effect, error) => sometimes?.refused(effect, error),
    }),
  });
  const began = arena.world.now;
  const first = { ...firstShop, elsewhere: isElsewhere(start.world) };
  const stage: Stage = {
    arena,
    oracle,
    pending,
    weather,
    shop: first,
    former: first,
    settled: { from: began, at: began },
    offers: [],
    records: [],
    left: [],
    isKnown: () => false,
  };
  if (!sweep) await stopSweeping(arena.ask);
  oracle.attend(arena);
  moments?.attend(arena);
  adopt(stage);
  startIn(arena, start, stage.records);
  oracle.recorded(recordOf(arena) ?? "");
  oracle.lookAtData();
  return stage;
}

/** The revisions that are there when the oracle comes in. */
function adopt(stage: Stage): void {
  const { arena, oracle } = stage;
  const tip = tipOf(arena);
  if (tip === undefined) return;
  const text = fileAt(arena, "docker-compose.yml") ?? "";
  const [, timeout = "60"] = /VisibilityTimeout: (\d+)/.exec(text) ?? [];
  const [, note = "a"] = /NOTE: (\w+)/.exec(text) ?? [];
  stage.shop = { ...stage.shop, note, timeout: Number(timeout) };
  oracle.pushed(tip, stage.shop);
}

/** Once all is mended and nothing is in the way: an operation of CloudFormation's, and two sweeps. */
const longest = 20 * 60_000;

/** Whether it took too long until there was nothing left to do. */
function tooLate({ settled }: Stage): readonly string[] {
  const minutes = Math.round((settled.at - settled.from) / 60_000);
  return settled.at - settled.from > longest ? [`L1 takes ${minutes} minutes to be at rest`] : [];
}

/** Waits until nothing is left to do: no write for so many seconds, and no stack on its way. */
async function calm(stage: Stage, quiet: number): Promise<void> {
  const { arena, oracle } = stage;
  const until = arena.world.now + 5 * 3_600_000;
  stage.settled = { from: arena.world.now, at: arena.world.now };
  while (arena.world.now < until) {
    const writes = await writesWithin(quiet, stage);
    const moving = liveStacks(arena.world).some(({ status }) => /[^W]_IN_PROGRESS$/.test(status));
    if (writes.length === 0 && !moving) return;
  }
  oracle.notes.wrongs.push("L1 there is no rest within five hours");
}

async function writesWithin(seconds: number, stage: Stage): Promise<readonly Operation[]> {
  const { arena } = stage;
  const before = arena.calls.length;
  await wait(stage, seconds);
  return arena.calls.slice(before).filter((one) => kindOf(one) === "mutating" || isMemory(one));
}

/**
 * Writes when nothing is left to do, for two sweeps more and whoever looks: there should be none. A
 * record that was damaged at the very end is made anew by the first look after it.
 */
async function restless(stage: Stage): Promise<readonly string[]> {
  const { arena } = stage;
  const look = () => arena.invoke("reconcile", { Records: [{ messageId: "3", body: "shop/dev" }] });
  const began = arena.calls.length;
  await wait(stage, 1210);
  const waited = arena.calls.length;
  await look();
  const mended = arena.calls.length;
  await look();
  await look();
  const more = [
    ...arena.calls.slice(began).filter((one) => kindOf(one) === "mutating"),
    ...[...arena.calls.slice(began, waited), ...arena.calls.slice(mended)].filter(isMemory),
  ];
  return more.length === 0 ? [] : [`L2 goes on writing: ${[...new Set(more)].join(", ")}`];
}

const isMemory = (operation: Operation): boolean =>
  operation === "s3:PutObject" || operation === "ssm:PutParameter";
