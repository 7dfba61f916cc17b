import { kindOf, type Operation } from "../../../src/aws/call.ts";
import { forgetAll } from "../../../src/memo.ts";
import { type Arena, openArena } from "../arena.ts";
import { type Moments, seenBy } from "../moments.ts";
import { liveStacks, saidIn } from "../oracle/seen.ts";
import type { Fate, Life } from "../process.ts";
import { type Event, happen, type Stage, statusOf } from "./events.ts";
import { arrived, firstRoad, type Road, tipOf } from "./road.ts";
import { isMarked, verdictOn, watch } from "./watch.ts";

/** One story of the road. */
export interface History {
  readonly seed: number;
  /** What is fixed from the beginning: nobody opens a gate on the way. */
  readonly rules: Pick<Road, "approval" | "byDay">;
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
}

/** Lives through a history, lets it be calm, and looks at what has become of it. */
export async function run(history: History, moments?: Moments): Promise<Run> {
  const stage = await begin(history, moments);
  // Making the world that it begins in has left memories.
  forgetAll();
  const { arena, watch: oracle } = stage;
  const from = arena.calls.length;
  for (const event of history.events) {
    await happen(event, stage);
    if (oracle.notes.wrongs.length > 0) return { wrongs: oracle.notes.wrongs, calls: [], end: "" };
  }
  const calls = arena.calls.slice(from);
  stage.fates.length = 0;
  stage.way = "sound";
  if (history.end === "mended") await mend(stage);
  await happen({ do: "wait", minutes: 60 }, stage);
  if (history.end === "mended") await approveAll(stage);
  oracle.notes.wrongs.push(...atTheEnd(stage, history), ...(await restless(stage)));
  return { wrongs: oracle.notes.wrongs, calls, end: endOf(stage) };
}

async function begin({ rules, seed }: History, moments?: Moments): Promise<Stage> {
  const road = { ...firstRoad, ...rules };
  const oracle = watch();
  const fates: Stage["fates"] = [];
  const drawn = (): Fate => {
    for (const one of fates) one.skip -= 1;
    const due = fates.findIndex(({ skip }) => skip < 0);
    return due < 0 ? "lives" : (fates.splice(due, 1)[0]?.fate ?? "lives");
  };
  const fate = (life: Life, operation: Operation): Fate => {
    const fated = drawn();
    oracle.notes.messages.fated(life, operation, fated);
    return fated;
  };
  let stage: Stage | undefined;
  const deliver = () => {
    if (stage?.way === "lost") return [];
    return stage?.way === "twice" ? [0, 30_000] : [0];
  };
  const from = await arrived(road);
  const arena = openArena({
    seed,
    from,
    fate,
    deliver,
    onlooker: seenBy(moments, oracle.onlooker),
  });
  oracle.attend(arena, rules);
  moments?.attend(arena);
  const revisions = [tipOf(arena) ?? ""];
  stage = {
    arena,
    watch: oracle,
    revisions,
    offers: [],
    fates,
    way: "sound",
    road,
    tokens: 0,
  };
  return stage;
}

async function mend(stage: Stage): Promise<void> {
  await happen({ do: "release" }, stage);
  await happen({ do: "resume", environment: "test" }, stage);
  await happen({ do: "resume", environment: "prod" }, stage);
}

/** Until nothing waits for approval any more; a window may have to open in between. */
async function approveAll(stage: Stage): Promise<void> {
  for (let times = 0; times < 4; times += 1) {
    if (statusOf(stage.arena, "prod")?.digest.plan === undefined) return;
    await happen({ do: "approve", plan: "offered" }, stage);
    await happen({ do: "wait", minutes: 13 * 60 }, stage);
  }
}

const instancesIn = ({ world }: Arena): readonly string[] =>
  liveStacks(world)
    .map(({ name }) => name)
    .filter((name) => name.startsWith("trueup-road-test-"));

/** What has to hold whatever happened, once all is calm. */
function atTheEnd({ arena, revisions, watch: { notes } }: Stage, history: History) {
  const left = instancesIn(arena);
  const leaks = arena.log.filter((line) => line.startsWith("leak "));
  const status = statusOf(arena, "prod");
  const wanted = revisions.findLast(
    (revision) =>
      verdictOn(arena, "test", revision) === "passed" &&
      verdictOn(arena, "prod", revision) !== "failed",
  );
  const isThere = status?.revision.deployed === wanted;
  return [
    ...(left.length === 0 ? [] : [`E1 left behind: ${left}`]),
    ...(leaks.length === 0 ? [] : [`E2 ${leaks[0]}`]),
    ...(history.end === "as it is" || wanted === undefined || isThere
      ? []
      : [`E3 prod is at ${status?.revision.deployed}, and should be at ${wanted}`]),
    ...(notes.commits <= notes.images ? [] : [`E4 ${notes.commits} commits of ${notes.images}`]),
    ...notes.messages.lost(),
    ...(notes.messages.wasForbidden() ? [] : untold(arena)),
  ];
}

/** What prod says of itself and nobody began to tell. */
function untold(arena: Arena): readonly string[] {
  const { conditions = [], revision } = statusOf(arena, "prod") ?? {};
  const says = (...reasons: readonly string[]) =>
    conditions.find(({ reason }) => reasons.includes(reason));
  const isThere = revision?.deployed === revision?.desired && says("Deployed") !== undefined;
  const due = [
    ...(isThere && says("Passed") !== undefined ? ["promoted"] : []),
    ...(says("AwaitingApproval", "PlanGrew") === undefined ? [] : ["approval"]),
  ];
  return due
    .filter((phase) => !isMarked(arena, "prod", `${revision?.desired}-${phase}`))
    .map((phase) => `N3 nobody is told: prod ${revision?.desired} ${phase}`);
}

/** Writes when nothing is left to do: there should be none. */
async function restless(stage: Stage): Promise<readonly string[]> {
  const { calls } = stage.arena;
  const before = calls.length;
  await happen({ do: "wait", minutes: 25 }, stage);
  const more = calls.slice(before).filter((one) => kindOf(one) === "mutating");
  return more.length === 0 ? [] : [`E5 goes on writing: ${[...new Set(more)].join(", ")}`];
}

function endOf({ arena, revisions, watch: { notes } }: Stage): string {
  const status = statusOf(arena, "prod");
  const said = (status?.conditions ?? []).map(
    ({ reason, status: is, type }) => `${type}=${is} ${reason}`,
  );
  const at = (revision: string | undefined) => revisions.indexOf(revision ?? "");
  const web = liveStacks(arena.world).find(({ name }) => name.startsWith("trueup-road-prod-s-web"));
  const template = web?.configuration?.template;
  return JSON.stringify({
    prod: [at(status?.revision.desired), at(status?.revision.deployed), ...said],
    runs: template && [saidIn(template).notes, saidIn(template).images],
    test: statusOf(arena, "test")?.conditions.map(({ reason }) => reason),
    commits: notes.commits,
  });
}
