import { type Arena, openArena } from "../arena.ts";
import { nobody } from "../effect.ts";
import { changeSetOf, liveStacks, saidIn, stackOf } from "../oracle/seen.ts";
import { type Pending, pendingWith } from "../pending.ts";
import type { Effect, Fate } from "../process.ts";
import { writesAtRest } from "../rest.ts";
import { account, region } from "../shop.ts";
import { type App, composeOf, deployed, firstApp, type Layout, push } from "./app.ts";

/** What happens, in an order in which it can be told. */
export type Event =
  | { readonly do: "push"; readonly change: Partial<App> }
  | { readonly do: "lose record" }
  | { readonly do: "travel"; readonly way: "sound" | "lost" | "twice" }
  /** What becomes of a call, so many calls from now. */
  | { readonly do: "fate"; readonly skip: number; readonly fate: Exclude<Fate, "lives"> }
  /** Then another invocation begins, makes `run` calls, and waits for the first to end. */
  | { readonly do: "overlap"; readonly skip: number; readonly run: number }
  | { readonly do: "wait"; readonly seconds: number };

/** One story of updates that are steps to what is asked for. */
export interface History {
  readonly seed: number;
  readonly layout: Layout;
  readonly events: readonly Event[];
}

interface Stage {
  readonly arena: Arena;
  readonly pending: Pending<Event>;
  readonly wrongs: string[];
  way: "sound" | "lost" | "twice";
  app: App;
  /** Whether the controller may not know what it was about. */
  forgot: boolean;
  /** The text that each commit asks for. */
  readonly texts: Map<string, string>;
}

/** Lives through a history, lets it be calm, and answers what should not have been; none: all is well. */
export async function run(
  history: History,
  say: (line: string) => void = () => undefined,
): Promise<readonly string[]> {
  const stage = await begin(history, say);
  for (const event of history.events) {
    say(JSON.stringify(event));
    await happen(event, stage);
    if (stage.wrongs.length > 0) return stage.wrongs;
  }
  stage.pending.clear();
  stage.way = "sound";
  // A person: what was broken off for a push may be told from a failure by the record alone.
  if (stage.forgot) await rest(stage);
  ask(stage);
  return [...(await rest(stage)), ...wrongsAtTheEnd(stage), ...stage.wrongs];
}

async function begin({ layout, seed }: History, say: (line: string) => void): Promise<Stage> {
  const pending = pendingWith<Event>(() => ({
    happen: (event) => happen(event, stage),
    invoke: () => stage.arena.invoke("reconcile", { Records: [{ messageId: "2", body: key }] }),
  }));
  const deliver = () => {
    if (stage.way === "lost") return [];
    return stage.way === "twice" ? [0, 30_000] : [0];
  };
  const before = (effect: Effect): void => {
    const { life, operation } = effect;
    say(`${new Date(arena.world.now).toISOString()} ${life.id} ${life.function} ${operation}`);
    if (operation === "cloudformation:CancelUpdateStack") cancelled(effect, stage);
  };
  const arena = openArena({
    seed,
    from: await deployed(layout),
    fate: pending.fate,
    deliver,
    onlooker: { ...nobody, before, began: pending.began, ended: pending.ended },
  });
  const stage: Stage = {
    arena,
    pending,
    wrongs: [],
    way: "sound",
    app: firstApp,
    forgot: false,
    texts: new Map(),
  };
  return stage;
}

const key = "steps/dev";

async function happen(event: Event, stage: Stage): Promise<void> {
  const { arena, pending } = stage;
  switch (event.do) {
    case "push": {
      stage.app = { ...stage.app, ...event.change };
      const made = push(arena, stage.app);
      if (made !== undefined) stage.texts.set(made, composeOf(stage.app));
      return;
    }
    case "lose record":
      stage.forgot = true;
      return void arena.ask("s3:DeleteObject", {
        Bucket: `trueup-${account}-${region}`,
        Key: "records/steps/dev.json",
      });
    case "travel":
      stage.way = event.way;
      return;
    case "fate":
    case "overlap":
      return pending.add({ ...event, at: "any" });
    case "wait":
      await arena.driver.settle({ at: arena.world.now + event.seconds * 1000 });
  }
}

const ask = ({ arena }: Stage): unknown =>
  arena.ask("ssm:PutParameter", {
    Name: `/trueup/${key}/requested-at`,
    Value: String(arena.world.now),
    Type: "String",
    Overwrite: true,
  });

/** What is under way for the newest push is not broken off. */
function cancelled({ input }: Effect, { app, arena, forgot, texts, wrongs }: Stage): void {
  const stack = stackOf(arena.world, (input as { readonly StackName: string }).StackName);
  const { description = "" } = changeSetOf(arena.world, stack?.changeSetId ?? "") ?? {};
  const [, revision = ""] = /Revision ([0-9a-f]{40})/.exec(description) ?? [];
  if (!forgot && texts.get(revision) === composeOf(app))
    wrongs.push(`T1 breaks off ${stack?.name}, which is wanted`);
}

function wrongsAtTheEnd({ app, arena }: Stage): readonly string[] {
  const units = new Map(
    liveStacks(arena.world).flatMap((stack) => {
      const [, unit = ""] = /^trueup-steps-dev-(.+)-[0-9a-f]{8}$/.exec(stack.name) ?? [];
      return unit === "" ? [] : [[unit, stack] as const];
    }),
  );
  const web = (units.get("s-web") ?? units.get("all"))?.configuration?.template;
  const runs = web === undefined ? "nothing" : saidIn(web).notes.join();
  const isBalanced = Object.values(web?.Resources ?? {}).some(
    ({ Properties }) => Properties?.LoadBalancers !== undefined,
  );
  const isWatched = [...units.values()].some(({ configuration }) =>
    Object.values(configuration?.template.Resources ?? {}).some(
      ({ Type }) => Type === "AWS::CloudWatch::Alarm",
    ),
  );
  const table = [...units.values()]
    .flatMap(({ configuration }) => Object.values(configuration?.template.Resources ?? {}))
    .find(({ Type }) => Type === "AWS::DynamoDB::Table");
  const indexes = JSON.stringify(table?.Properties?.GlobalSecondaryIndexes ?? []).match(/by-\w/g);
  const isIndexed = (indexes ?? []).join() === app.indexes.map((one) => `by-${one}`).join();
  const state = stateOf(arena);
  return [
    ...(runs === app.note ? [] : [`T2 web runs ${runs}, and wants ${app.note}`]),
    ...(isBalanced === app.balanced ? [] : [`T3 web is balanced: ${isBalanced}`]),
    ...(isWatched === (app.alarm !== "none") ? [] : [`T4 it is watched: ${isWatched}`]),
    ...(isIndexed ? [] : [`T7 the indexes are ${indexes}`]),
    ...(state === "Deployed" ? [] : [`T5 it is said to be ${state}`]),
  ];
}

function stateOf({ ask: put }: Arena): string | undefined {
  const { Parameter } = put("ssm:GetParameter", { Name: `/trueup/${key}/status` }) as {
    readonly Parameter: { readonly Value: string };
  };
  const { conditions } = JSON.parse(Parameter.Value) as {
    readonly conditions: readonly { readonly type: string; readonly reason: string }[];
  };
  return conditions.find(({ type }) => type === "Ready")?.reason;
}

/** In seconds; longer than between two sweeps. */
const quiet = 4200;

/** Waits until nothing is left to do; what is written when there should be nothing is wrong. */
async function rest(stage: Stage): Promise<readonly string[]> {
  const wait = () => happen({ do: "wait", seconds: quiet }, stage);
  const more = await writesAtRest(stage.arena, wait, 8);
  return more.length === 0 ? [] : [`T6 goes on writing: ${more.join(", ")}`];
}
