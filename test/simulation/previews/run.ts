import { type Arena, openArena } from "../arena.ts";
import { pendingWith } from "../pending.ts";
import { writesAtRest } from "../rest.ts";
import { wrongsAtTheEnd } from "./ending.ts";
import { type Event, happen, type Stage } from "./events.ts";
import { branches, registered } from "./lanes.ts";
import { instanceOf, watch } from "./watch.ts";

/** One story of branches that come and go. */
export interface History {
  readonly seed: number;
  readonly events: readonly Event[];
}

/** Lives through a history, lets it be calm, and answers what should not have been; none: all is well. */
export async function run(
  { events, seed }: History,
  say: (line: string) => void = () => undefined,
): Promise<readonly string[]> {
  const stage = await begin(seed, say);
  const { wrongs } = stage.watch;
  for (const event of events) {
    say(JSON.stringify(event));
    await happen(event, stage);
    if (wrongs.length > 0) return wrongs;
  }
  stage.pending.clear();
  stage.way = "sound";
  await happen({ do: "resume" }, stage);
  await happen({ do: "pattern", pattern: "feature/*" }, stage);
  wrongs.push(...(await rest(stage)), ...wrongsAtTheEnd(stage));
  return wrongs;
}

async function begin(seed: number, say: (line: string) => void): Promise<Stage> {
  const oracle = watch();
  const pending = pendingWith<Event>(() => ({
    happen: (event) => happen(event, stage),
    invoke: (of) => overlap(of ?? "", stage.arena),
  }));
  const deliver = () => {
    if (stage.way === "lost") return [];
    return stage.way === "twice" ? [0, 30_000] : [0];
  };
  const { onlooker } = oracle;
  const arena = openArena({
    seed,
    from: await registered(),
    fate: pending.fate,
    deliver,
    onlooker: {
      ...onlooker,
      before: (effect) => {
        const { life, operation } = effect;
        say(`${new Date(arena.world.now).toISOString()} ${life.function} ${operation}`);
        onlooker.before(effect);
      },
      began: pending.began,
      ended: pending.ended,
    },
  });
  const stage: Stage = { arena, watch: oracle, pending, way: "sound" };
  oracle.attend(arena);
  return stage;
}

/** A pass beside the one that is under way. */
function overlap(of: string, arena: Arena): Promise<unknown> {
  const branch = branches.find((one) => one === of);
  const body = `lanes/preview${branch === undefined ? "" : `.${instanceOf(branch)}`}`;
  return arena.invoke("reconcile", { Records: [{ messageId: "2", body }] });
}

/** In minutes; longer than between two sweeps. */
const quiet = 70;

/** Waits until nothing is left to do; what is written when there should be nothing is wrong. */
async function rest(stage: Stage): Promise<readonly string[]> {
  const wait = () => happen({ do: "wait", minutes: quiet }, stage);
  const more = await writesAtRest(stage.arena, wait, 8);
  return more.length === 0 ? [] : [`E1 goes on writing: ${more.join(", ")}`];
}
