import type { Arena } from "../arena.ts";
import { liveStacks, saidIn } from "../oracle/seen.ts";
import { type Event, type Stage, statusOf } from "./events.ts";
import { fileAt } from "./road.ts";
import type { History } from "./run.ts";
import { hasSecret, patchIn } from "./texts.ts";
import { isMarked, verdictOn } from "./watch.ts";

/** What has to hold whatever happened, once all is calm. */
export function wrongsAtTheEnd(stage: Stage, history: History): readonly string[] {
  const { arena, watch } = stage;
  const { commits, images, messages } = watch.notes;
  return [
    ...leftBehind(arena),
    ...(commits <= images ? [] : [`E4 ${commits} commits of ${images}`]),
    ...(arena.log.some(hasSecret) ? ["S6 the log tells a secret"] : []),
    ...messages.lost(),
    ...(messages.wasForbidden() ? [] : untold(arena)),
    ...(history.end === "mended" ? notArrived(stage, history) : []),
  ];
}

function leftBehind({ log, world }: Arena): readonly string[] {
  const left = liveStacks(world)
    .map(({ name }) => name)
    .filter((name) => name.startsWith("trueup-road-test-"));
  const leaks = log.filter((line) => line.startsWith("leak "));
  return [
    ...(left.length === 0 ? [] : [`E1 left behind: ${left}`]),
    ...(leaks.length === 0 ? [] : [`E2 ${leaks[0]}`]),
  ];
}

/** What has not come where it should have, with nothing in its way any more. */
function notArrived(stage: Stage, { events }: History): readonly string[] {
  const { arena, revisions, watch } = stage;
  const { notes } = watch;
  const deployed = statusOf(arena, "prod")?.revision.deployed;
  const wanted = revisions.findLast(
    (revision) =>
      verdictOn(arena, "test", revision) === "passed" &&
      verdictOn(arena, "prod", revision) !== "failed",
  );
  // What test has not run is refused, and nothing else is taken in its place.
  const isRefused = wanted === undefined || notes.roads.get(wanted)?.extra === true;
  const tip = revisions.at(-1) ?? "";
  const road = notes.roads.get(tip);
  const isSound = road?.failsIn === "nowhere" && !road.extra && !road.leaks;
  const isOld = newestIn(arena) > patchIn(fileAt(arena, "docker-compose.yml"));
  return [
    ...(isRefused || deployed === wanted
      ? []
      : [`E3 prod is at ${deployed}, and should be at ${wanted}`]),
    ...(isSound && deployed !== tip && !(events.some(isFate) && isUnverified(arena, tip))
      ? [`E6 ${tip} is sound, and prod is at ${deployed}`]
      : []),
    ...(isOld ? ["E7 the newest image is not followed"] : []),
  ];
}

const isFate = ({ do: does }: Event): boolean => does === "fate";

/** Whether calls that failed and processes that died left nobody to tell, and people know. */
const isUnverified = (arena: Arena, revision: string): boolean =>
  [undefined, "inconclusive"].includes(verdictOn(arena, "test", revision)) &&
  statusOf(arena, "test")?.conditions.some(({ reason }) => reason === "NotVerified") === true;

/** The last number of the newest version that there is. */
function newestIn({ ask }: Arena): number {
  const { imageDetails } = ask("ecr:DescribeImages", { repositoryName: "web" }) as {
    readonly imageDetails: readonly { readonly imageTags?: readonly string[] }[];
  };
  const tags = imageDetails.flatMap(({ imageTags = [] }) => imageTags);
  return Math.max(...tags.map((tag) => patchIn(`web:${tag}`)));
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

/** What a person sees at the end, without what differs by time. */
export function endOf({ arena, revisions, watch: { notes } }: Stage): string {
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
