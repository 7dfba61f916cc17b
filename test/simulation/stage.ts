import { failResource } from "../../src/sandbox/cloudformation/faults.ts";
import { type Random, random } from "../../src/sandbox/random.ts";
import type { Arena } from "./arena.ts";
import type { Event } from "./events.ts";
import { foreign } from "./foreign.ts";
import { fileAt, push, pushImage, register, tipOf } from "./installed.ts";
import type { Oracle } from "./oracle/watch.ts";
import type { Pending } from "./pending.ts";
import { account, firstImage, region, type Shop } from "./shop.ts";

/** A run under way. */
export interface Stage {
  readonly arena: Arena;
  readonly oracle: Oracle;
  readonly pending: Pending<Event>;
  readonly weather: Weather;
  shop: Shop;
  /** The one before it. */
  former: Shop;
  /** When the world was last left alone, and when the controller last changed something. */
  settled: { readonly from: number; at: number };
  /** Plans that were seen, oldest first. */
  readonly offers: Offer[];
  /** Former texts of the record, oldest first. */
  readonly records: string[];
  /** What is still to happen after what happens now. */
  left: readonly Event[];
  /** Whether all that comes is known: asked while it waits until then. */
  isKnown(until: number): boolean;
}

/** A plan that is offered for approval, by its digest, and the revision that it is for. */
interface Offer {
  readonly plan: string;
  readonly revision: string | undefined;
}

/** What holds until it changes: how events travel, how lists come, how far clocks are apart. */
export interface Weather {
  way: Way;
  pages: "whole" | "small";
  /** Milliseconds. */
  skew: number;
}

export const fair = (): Weather => ({ way: "sound", pages: "whole", skew: 0 });

export type Way = Extract<Event, { readonly do: "events" }>["way"];

/** When copies of an event arrive: milliseconds from now. */
export function travel(way: Way, source: Random): readonly number[] {
  switch (way) {
    case "sound":
      return [0];
    case "lost":
      return [];
    case "some":
      return source.next() < 0.5 ? [] : [0];
    case "twice":
      return [0, Math.floor(source.next() * 60_000)];
    case "late":
      return [Math.floor(source.next() * 900_000)];
  }
}

export const travelSource = (seed: number): Random => random(seed ^ 0x5eed);

const request = (leaf: string) => `/trueup/shop/dev/${leaf}`;

const put = ({ ask }: Arena, leaf: string, Value: string): unknown =>
  ask("ssm:PutParameter", { Name: request(leaf), Value, Type: "String", Overwrite: true });

function remove({ ask }: Arena, Name: string): void {
  try {
    ask("ssm:DeleteParameter", { Name });
  } catch {
    // It was not there.
  }
}

function pushed(stage: Stage, { change, unheard }: Extract<Event, { do: "push" }>): void {
  const { weather } = stage;
  const { way } = weather;
  if (unheard === true) weather.way = "lost";
  commit(stage, change);
  weather.way = way;
}

/** Commits a shop on what is there, and tells the oracle what was meant. */
function commit(stage: Stage, change: Partial<Shop>): void {
  const { arena, oracle } = stage;
  const before = stage.shop;
  stage.shop = { ...before, ...change };
  stage.former = before;
  const [, written = ""] =
    /^ {2}web:\n {4}image: (\S+)/m.exec(fileAt(arena, composePath) ?? "") ?? [];
  const isMissing = written === "" || written.includes(":9.9.9");
  const revision = push(arena, stage.shop, isMissing ? firstImage : written);
  if (revision !== undefined) oracle.pushed(revision, stage.shop);
}

const composePath = "docker-compose.yml";

/** Lets time pass, and whatever is still running to its end. */
export async function wait(stage: Stage, seconds: number): Promise<void> {
  const { arena, oracle } = stage;
  const at = arena.world.now + seconds * 1000;
  await arena.driver.settle({ at, isOver: () => stage.isKnown(at) });
  seeOffer(stage);
  oracle.lookAtData();
}

/** Makes an event happen. */
export async function happen(event: Event, stage: Stage): Promise<void> {
  const { arena, oracle, pending, weather } = stage;
  switch (event.do) {
    case "push":
      return pushed(stage, event);
    case "revert":
      return commit(stage, stage.former);
    case "image":
      return image(stage, event.tag);
    case "suspend":
      return void put(arena, "suspended", '{"reason":"a look"}');
    case "resume":
      return remove(arena, request("suspended"));
    case "hold":
      return hold(stage, event.back);
    case "release":
      return remove(arena, request("hold"));
    case "garble":
      return void put(arena, event.leaf, "{ what");
    case "ask":
      await arena.invoke("reconcile", { application: "shop", environment: "dev" });
      return;
    case "register":
      return register(arena);
    case "unregister":
      return remove(arena, "/trueup/shop/registration");
    case "chill":
      return arena.chill();
    case "approve":
      return approve(stage, event.plan);
    case "wait":
      return wait(stage, event.seconds);
    case "events":
      weather.way = event.way;
      return;
    case "pages":
      weather.pages = event.size;
      return;
    case "skew":
      weather.skew = event.seconds * 1000;
      return;
    case "record":
      return damage(stage, event.becomes);
    case "fault":
      failResource(
        { world: arena.world, account, region, principal: "" },
        { ...event, reason: "It broke." },
      );
      return;
    case "foreign":
      return foreign(event, { arena, letsGo: oracle.letsGo });
    case "fate":
    case "overlap":
    case "during":
      return pending.add(event);
  }
}

/** The plans that were offered, with the revisions that they are for, are read off the status. */
function approve(stage: Stage, which: "offered" | "former"): void {
  const { arena, offers, oracle } = stage;
  seeOffer(stage);
  const [former, offered] = [offers.at(-2), offers.at(-1)];
  const chosen = which === "offered" ? offered : former;
  if (chosen === undefined) return;
  put(arena, "approval", JSON.stringify({ digest: chosen.plan, reason: "fine" }));
  // The plan of a revision that has another by now is none of it.
  const isOf = which === "offered" || former?.revision !== offered?.revision;
  if (isOf && chosen.revision !== undefined) oracle.approved(chosen.revision);
}

function seeOffer({ arena, offers }: Stage): void {
  const { digest, revision } = statusIn(arena);
  const plan = digest?.plan;
  if (plan !== undefined && plan !== offers.at(-1)?.plan) {
    offers.push({ plan, revision: revision?.desired });
  }
}

interface Status {
  readonly digest?: { readonly plan?: string };
  readonly revision?: { readonly desired?: string };
}

function statusIn({ ask }: Arena): Status {
  try {
    const { Parameter } = ask("ssm:GetParameter", { Name: request("status") }) as {
      readonly Parameter: { readonly Value: string };
    };
    return JSON.parse(Parameter.Value);
  } catch {
    return {};
  }
}

function image({ arena, oracle }: Stage, tag: string): void {
  try {
    pushImage(arena, "web", tag);
    oracle.imagePushed();
  } catch {
    // The same image under the same tag once more.
  }
}

function hold({ arena, oracle }: Stage, back: number): void {
  const sound = [...oracle.notes.revisions].filter(([, { shop }]) => shop.file === "sound");
  const [revision] = sound.at(-1 - back) ?? sound[0] ?? [];
  if (revision !== undefined) put(arena, "hold", JSON.stringify({ revision, reason: "a look" }));
}

const recordAt = { Bucket: `trueup-${account}-${region}`, Key: "records/shop/dev.json" };

/** The record's text; undefined: there is none. */
export function recordOf({ ask }: Arena): string | undefined {
  try {
    return (ask("s3:GetObject", recordAt) as { readonly text: string }).text;
  } catch {
    return undefined;
  }
}

/** The record is lost, is no JSON, is what it was, or is a later version's. */
export function damage(
  { arena, records }: Pick<Stage, "arena" | "records">,
  becomes: "lost" | "garbled" | "old" | "future",
): void {
  const { ask } = arena;
  const text = recordOf(arena);
  if (text === undefined) return;
  records.push(text);
  if (becomes === "lost") return void ask("s3:DeleteObject", recordAt);
  const [oldest = text] = records;
  const Body = { garbled: "{ what", old: oldest, future: text.replace('"v":1', '"v":2') }[becomes];
  ask("s3:PutObject", { ...recordAt, Body });
}

/** All that people can do to make it sound again. */
export function mend(stage: Stage): void {
  const { arena } = stage;
  remove(arena, request("suspended"));
  remove(arena, request("hold"));
  register(arena);
  const worker = stage.shop.worker;
  commit(stage, {
    file: "sound",
    image: "kept",
    worker,
    note: stage.shop.note === "z" ? "y" : "z",
  });
  if (tipOf(arena) === undefined) throw new Error("The branch has no tip.");
}
