import type { Operation } from "../../../src/aws/call.ts";
import type { Arena } from "../arena.ts";
import { pushImage } from "../installed.ts";
import type { Pending } from "../pending.ts";
import type { Fate } from "../process.ts";
import { push, type Road, tipOf } from "./road.ts";
import type { Watch } from "./watch.ts";

/** What happens on the road, in an order in which it can be told. */
export type Event =
  | { readonly do: "push"; readonly change: Partial<Road> }
  | { readonly do: "image"; readonly tag: string }
  /** An image is pushed, and somebody commits just before the controller's next call of this kind. */
  | ({ readonly do: "race"; readonly tag: string } & Race)
  | { readonly do: "platform"; readonly ready: boolean }
  /** `former`: one that was offered before, and is not now. */
  | { readonly do: "approve"; readonly plan: "offered" | "former" }
  /** `back`: how many revisions before the newest. */
  | { readonly do: "promote"; readonly back: number }
  | { readonly do: "hold"; readonly back: number }
  | { readonly do: "release" }
  | { readonly do: "verify"; readonly environment: "test" | "prod" }
  | { readonly do: "suspend"; readonly environment: "test" | "prod" }
  | { readonly do: "resume"; readonly environment: "test" | "prod" }
  | { readonly do: "travel"; readonly way: "sound" | "lost" | "twice" }
  /** What becomes of a call, so many calls from now: of its operation, or of those made in any case. */
  | ({ readonly do: "fate" } & Fated)
  /** Then another invocation begins, makes `run` calls, and waits for the first to end. */
  | {
      readonly do: "overlap";
      readonly skip: number;
      readonly run: number;
      readonly of: Overlapping;
    }
  | { readonly do: "wait"; readonly minutes: number };

/** Whose pass it is; `instance`: of the newest of test. */
export const overlapping = ["test", "prod", "@images", "instance", "janitor"] as const;
type Overlapping = (typeof overlapping)[number];

interface Fated {
  readonly at?: Operation;
  readonly skip: number;
  readonly fate: Exclude<Fate, "lives">;
}

/** A push that waits for a call of the controller. */
interface Race {
  readonly at: "codecommit:CreateCommit" | "ecr:DescribeImages";
  /** After so many others; left out: none. */
  readonly skip?: number;
  readonly change: Partial<Road>;
}

/** A run under way. */
export interface Stage {
  readonly arena: Arena;
  readonly watch: Watch;
  readonly revisions: string[];
  /** Plans that were seen, oldest first, each with the revision that it was offered for. */
  readonly offers: { readonly plan: string; readonly revision: string | undefined }[];
  readonly pending: Pending<Event>;
  way: "sound" | "lost" | "twice";
  road: Road;
  tokens: number;
}

const put = ({ ask }: Arena, name: string, value: unknown): unknown =>
  ask("ssm:PutParameter", {
    Name: `/trueup/road/${name}`,
    Value: JSON.stringify(value),
    Type: "String",
    Overwrite: true,
  });

function remove({ ask }: Arena, name: string): void {
  try {
    ask("ssm:DeleteParameter", { Name: `/trueup/road/${name}` });
  } catch {
    // It was not there.
  }
}

export interface Status {
  readonly revision: { readonly desired?: string; readonly deployed?: string };
  readonly digest: { readonly plan?: string };
  readonly conditions: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason: string;
  }[];
}

/** As it was published last; undefined: nothing was. */
export function statusOf({ ask }: Arena, environment: string): Status | undefined {
  try {
    const { Parameter } = ask("ssm:GetParameter", {
      Name: `/trueup/road/${environment}/status`,
    }) as { readonly Parameter: { readonly Value: string } };
    return JSON.parse(Parameter.Value);
  } catch {
    return undefined;
  }
}

export async function happen(event: Event, stage: Stage): Promise<void> {
  const { arena, pending, revisions, watch } = stage;
  const before = (back: number) => revisions.at(-1 - back) ?? revisions[0] ?? "";
  switch (event.do) {
    case "push":
      return pushed(event.change, stage);
    case "race":
      pending.add({
        do: "during",
        at: event.at,
        skip: event.skip ?? 0,
        event: { do: "push", change: event.change },
      });
      return image(event.tag, stage);
    case "platform":
      return watch.platform(event.ready);
    case "image":
      return image(event.tag, stage);
    case "approve":
      return approve(event.plan, stage);
    case "promote":
      return void put(arena, "prod/promote", { revision: before(event.back), reason: "by hand" });
    case "hold":
      return void put(arena, "prod/hold", { revision: before(event.back), reason: "a look" });
    case "release":
      remove(arena, "prod/hold");
      return remove(arena, "prod/promote");
    case "verify":
      stage.tokens += 1;
      return void put(arena, `${event.environment}/verify-at`, `token-${stage.tokens}`);
    case "suspend":
      return void put(arena, `${event.environment}/suspended`, { reason: "a look" });
    case "resume":
      return remove(arena, `${event.environment}/suspended`);
    case "travel":
      stage.way = event.way;
      return;
    case "fate":
      return pending.add({ ...event, at: event.at ?? "any" });
    case "overlap":
      return pending.add({ ...event, at: "any" });
    case "wait":
      await arena.driver.settle({ at: arena.world.now + event.minutes * 60_000 });
      note(stage);
  }
}

/** Somebody commits on top of what is there. */
function pushed(change: Partial<Road>, stage: Stage): void {
  const { arena, revisions, watch } = stage;
  note(stage);
  stage.road = { ...stage.road, ...change };
  const revision = push(arena, stage.road);
  if (revision === undefined) return;
  revisions.push(revision);
  watch.notes.roads.set(revision, stage.road);
}

/** What was offered is remembered, and revisions that the controller made. */
function note({ arena, offers, revisions, road, watch }: Stage): void {
  const { digest, revision } = statusOf(arena, "prod") ?? {};
  const plan = digest?.plan;
  if (plan !== undefined && !offers.some((one) => one.plan === plan))
    offers.push({ plan, revision: revision?.desired });
  const tip = tipOf(arena);
  if (tip === undefined || revisions.includes(tip)) return;
  revisions.push(tip);
  watch.notes.roads.set(tip, road);
}

function image(tag: string, { arena, watch }: Stage): void {
  try {
    pushImage(arena, "web", tag);
    watch.notes.images += 1;
  } catch (error) {
    // It is there already.
    if ((error as Error).name !== "ImageAlreadyExistsException") throw error;
  }
}

function approve(which: "offered" | "former", stage: Stage): void {
  note(stage);
  const { arena, offers, watch } = stage;
  const { digest } = statusOf(arena, "prod") ?? {};
  const offered = offers.find(({ plan }) => plan === digest?.plan);
  const chosen = which === "offered" ? offered : offers.at(-2);
  if (chosen === undefined) return;
  // A plan is of one revision; one that was offered before is not asked about again.
  if (chosen === offered && chosen.revision !== undefined)
    watch.notes.approved.add(chosen.revision);
  put(arena, "prod/approval", { digest: chosen.plan, reason: "as agreed" });
}
