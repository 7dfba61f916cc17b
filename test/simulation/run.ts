import type { Operation } from "../../src/aws/call.ts";
import { kindOf } from "../../src/aws/call.ts";
import { forgetAll } from "../../src/memo.ts";
import { openArena } from "./arena.ts";
import type { Bug } from "./containers.ts";
import type { History } from "./events.ts";
import { fileAt, stopSweeping, tipOf } from "./installed.ts";
import { type Context, reasonAtTheEnd, wrongsAtTheEnd } from "./oracle/ending.ts";
import { liveStacks } from "./oracle/seen.ts";
import { watch } from "./oracle/watch.ts";
import { pendingWith } from "./pending.ts";
import { firstShop } from "./shop.ts";
import type { Sometimes } from "./sometimes.ts";
import { happen, mend, type Stage, travel, travelSource, wait } from "./stage.ts";
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
}

/** Lives through one history, then lets it be calm, and looks at what has become of it. */
export async function run(history: History, options: RunOptions = {}): Promise<Run> {
  if (options.cold) forgetAll();
  const lived = await live(history, options);
  options.sometimes?.began(history);
  options.sometimes?.ended(lived.end);
  return lived;
}

async function live(history: History, options: RunOptions): Promise<Run> {
  const { say } = options;
  const stage = await begin(history, options);
  const { arena, oracle, pending, travels } = stage;
  const began = arena.world.now;
  // Whatever led to this world was announced once.
  if (history.start.world !== "deployed") await happen({ do: "ask" }, stage);
  for (const event of history.events) {
    say?.(JSON.stringify(event));
    await happen(event, stage);
    if (oracle.notes.wrongs.length > 0) return ended(stage, began);
  }
  pending.clear();
  travels.way = "sound";
  if (history.end === "mended") mend(stage);
  await calm(stage);
  if (history.end === "mended" && stage.shop.approval) {
    await happen({ do: "approve", plan: "offered" }, stage);
    await calm(stage);
  }
  if (oracle.notes.wrongs.length > 0) return ended(stage, began);
  const wrongs = [
    ...(await wrongsAtTheEnd(arena, stage.shop, { ...contextOf(history), notes: oracle.notes })),
    ...(await restless(stage)),
  ];
  oracle.notes.wrongs.push(...wrongs);
  const { commits, causes } = oracle.notes;
  if (commits > causes) oracle.notes.wrongs.push(`L6 ${commits} commits for ${causes} causes`);
  return ended(stage, began);
}

function contextOf({ events, start }: History): Pick<Context, "forgot" | "meddled"> {
  const flat = events.map((event) => (event.do === "during" ? event.event : event));
  return {
    forgot:
      start.record !== "as it was" ||
      start.changeSet === "orphan" ||
      flat.some((event) => event.do === "record"),
    meddled: flat.some((event) => event.do === "foreign"),
  };
}

function ended({ arena, oracle }: Stage, began: number): Run {
  return {
    wrongs: oracle.notes.wrongs,
    calls: arena.calls,
    end: reasonAtTheEnd(arena),
    passed: arena.world.now - began,
  };
}

async function begin(
  history: History,
  { bug, forgetful, say, sometimes }: RunOptions,
): Promise<Stage> {
  const { seed, start, sweep } = history;
  const from = (await starts()).get(start.world);
  if (from === undefined) throw new Error(`No start is called ${start.world}.`);
  const oracle = watch();
  const travels: Stage["travels"] = { way: "sound" };
  const source = travelSource(seed);
  const pending = pendingWith(() => ({
    happen: (event) => happen(event, stage),
    invoke: () => arena.invoke("reconcile", { Records: [{ messageId: "2", body: "shop/dev" }] }),
  }));
  const arena = openArena({
    seed,
    from,
    bug,
    deliver: () => travel(travels.way, source),
    fate: async (life, operation) => {
      oracle.asked(life, operation);
      const fate = await pending.fate(life, operation);
      sometimes?.fate(operation, fate);
      return fate;
    },
    onlooker: {
      ...oracle.onlooker,
      began: () => {
        if (forgetful) forgetAll();
      },
      ended: (life) => pending.ended(life),
      before: (effect) => {
        say?.(lineOf(effect, arena, began));
        oracle.onlooker.before(effect);
      },
      after: (effect, answer) => {
        oracle.onlooker.after(effect, answer);
        sometimes?.after(effect, answer);
      },
      refused: (effect, error) => sometimes?.refused(effect, error),
    },
  });
  const began = arena.world.now;
  const stage: Stage = {
    arena,
    oracle,
    pending,
    travels,
    shop: firstShop,
    offers: [],
    records: [],
  };
  if (!sweep) stopSweeping(arena);
  oracle.attend(arena);
  adopt(stage);
  startIn(arena, start, stage.records);
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
  stage.shop = { ...firstShop, note, timeout: Number(timeout) };
  oracle.pushed(tip, stage.shop);
}

/** Waits until nothing is left to do: ten minutes without a write, and no stack on its way. */
async function calm(stage: Stage): Promise<void> {
  const { arena, oracle } = stage;
  const until = arena.world.now + 5 * 3_600_000;
  while (arena.world.now < until) {
    const writes = await writesWithin(610, stage);
    const moving = liveStacks(arena.world).some(({ status }) => /[^W]_IN_PROGRESS$/.test(status));
    if (writes.length === 0 && !moving) return;
  }
  oracle.notes.wrongs.push("L1 there is no rest within five hours");
}

async function writesWithin(seconds: number, stage: Stage): Promise<readonly Operation[]> {
  const { arena } = stage;
  const before = arena.calls.length;
  await wait(stage, seconds);
  return arena.calls.slice(before).filter((one) => kindOf(one) === "mutating");
}

/** Writes when nothing is left to do: there should be none, for two sweeps more, of statuses neither. */
async function restless(stage: Stage): Promise<readonly string[]> {
  const { arena } = stage;
  const before = arena.calls.length;
  await wait(stage, 1210);
  const idle: ReadonlySet<Operation> = new Set(["s3:PutObject", "ssm:PutParameter"]);
  const more = arena.calls
    .slice(before)
    .filter((one) => kindOf(one) === "mutating" || idle.has(one));
  return more.length === 0 ? [] : [`L2 goes on writing: ${[...new Set(more)].join(", ")}`];
}
