import { createHash } from "node:crypto";
import type { Arena } from "../arena.ts";
import { nobody, type Onlooker } from "../effect.ts";
import { credentialsIn, toldIn } from "../oracle/secrets.ts";
import { changeSetOf, saidIn } from "../oracle/seen.ts";
import type { Effect } from "../process.ts";
import { account, region } from "../shop.ts";
import { type Messages, messages } from "./messages.ts";
import { type Road, type Rules, sayOfPlatform } from "./road.ts";
import { spellings, strangeEdits } from "./texts.ts";

/** What the oracle remembers, and what should not have been. */
interface Notes {
  readonly wrongs: string[];
  /** Revisions whose plan a person approved as it was offered. */
  readonly approved: Set<string>;
  /** Pushes of images. */
  images: number;
  /** Commits that the controller made. */
  commits: number;
  /** What was meant by each revision, as far as the oracle saw it pushed. */
  readonly roads: Map<string, Road>;
  /** Revision → the images that test ran of it. */
  readonly tested: Map<string, Set<string>>;
  /** Since when somebody else's platform is not ready, in milliseconds; undefined: it is. */
  unreadySince: number | undefined;
  readonly messages: Messages;
}

/** Looks at every write just before it has its effect. */
export interface Watch {
  readonly notes: Notes;
  readonly onlooker: Onlooker;
  attend(arena: Arena, rules: Rules): void;
  /** Somebody else's platform becomes ready, or is no more. */
  platform(isReady: boolean): void;
}

const Bucket = `trueup-${account}-${region}`;

interface Seen {
  readonly arena: Arena;
  readonly rules: Rules;
}

export function watch(): Watch {
  const notes: Notes = {
    wrongs: [],
    approved: new Set(),
    images: 0,
    commits: 0,
    roads: new Map(),
    tested: new Map(),
    unreadySince: undefined,
    messages: messages(),
  };
  const secrets = [...spellings];
  let seen: Seen | undefined;
  const before = (effect: Effect): void => {
    if (seen === undefined) return;
    const wrongs = rules[effect.operation]?.(effect, seen, notes) ?? [];
    notes.wrongs.push(...wrongs, ...notes.messages.sent(effect), ...toldIn(effect, secrets));
  };
  const after = (effect: Effect, answer: unknown): void => {
    secrets.push(...credentialsIn(effect, answer));
    const { operation } = effect;
    notes.messages.marked(effect);
    if (operation === "codecommit:CreateCommit") notes.commits += 1;
    if (operation === "s3:PutObject" && seen !== undefined) notes.wrongs.push(...tooMany(seen));
  };
  return {
    notes,
    onlooker: { ...nobody, before, after },
    attend: (arena, of) => {
      seen = { arena, rules: of };
    },
    platform: (isReady) => {
      if (seen === undefined) return;
      sayOfPlatform(seen.arena, isReady);
      notes.unreadySince = isReady ? undefined : (notes.unreadySince ?? seen.arena.world.now);
    },
  };
}

type Input = Readonly<Record<string, unknown>>;
type Rule = (effect: Effect, seen: Seen, notes: Notes) => readonly string[];

const when = (is: boolean, wrong: string): readonly string[] => (is ? [wrong] : []);

/** `prod` or `test.instance` and the unit; undefined: somebody else's. */
function placeOf(
  stack: string,
): { readonly environment: string; readonly key: string } | undefined {
  const [, environment = "", rest = ""] =
    /^trueup-road-(prod|test)(?:-(.+))?-(?:base|s-[a-z]+|watch)-[0-9a-f]{8}$/.exec(stack) ?? [];
  if (environment === "") return undefined;
  return { environment, key: rest === "" ? environment : `${environment}.${rest}` };
}

const execute: Rule = ({ input, life }, seen, notes) => {
  const { ChangeSetName } = input as Input;
  const { world } = seen.arena;
  const changeSet = changeSetOf(world, String(ChangeSetName));
  if (changeSet?.executionStatus !== "AVAILABLE") return [];
  const name = changeSet.stackId.split("/")[1] ?? "";
  const place = placeOf(name);
  const [, revision = ""] = /Revision ([0-9a-f]{40})/.exec(changeSet.description ?? "") ?? [];
  if (place === undefined || revision === "") return [`W0 ${name} is executed, of what revision?`];
  const { images } = saidIn(changeSet.configuration.template);
  if (place.environment === "test") {
    const tested = notes.tested.get(revision) ?? new Set();
    notes.tested.set(revision, new Set([...tested, ...images]));
    return inTest(place.key, revision, seen);
  }
  return [
    ...inProd(revision, seen, notes),
    ...untested(revision, images, seen, notes),
    // One that nobody waits for any more may have been on its way when that was said.
    ...(life.dead ? [] : beyond(revision, seen, notes)),
  ];
};

/** Never what was not verified, not approved, or at another time. */
function inProd(revision: string, { arena, rules: of }: Seen, notes: Notes): readonly string[] {
  const short = revision.slice(0, 8);
  // Back to what was let through and verified here before: that waits for nobody.
  const isBack = verdictOn(arena, "prod", revision) === "passed";
  const isHeld = holds(arena, revision);
  const hour = new Date(arena.world.now).getUTCHours();
  return [
    ...when(
      !isHeld && verdictOn(arena, "test", revision) !== "passed",
      `P1 ${short} is executed in prod, and test has not verified it`,
    ),
    ...when(
      of.approval && !isBack && !notes.approved.has(revision),
      `P2 ${short} is executed in prod, and nobody approved it`,
    ),
    ...when(
      of.byDay && !isBack && (hour < 11 || hour >= 23),
      `P3 ${short} is executed in prod at ${hour} o'clock`,
    ),
    ...when(
      isThere(arena, "prod/suspended"),
      `P4 ${short} is executed in prod, which is suspended`,
    ),
  ];
}

/** Never without a lease that lasts, and a teardown that is set. */
function inTest(key: string, revision: string, { arena }: Seen): readonly string[] {
  const lease = leaseOf(arena, key);
  const name = `t-${createHash("sha256").update(`road/${key}`).digest("hex").slice(0, 40)}`;
  const { Schedules } = arena.ask("scheduler:ListSchedules", { NamePrefix: name }) as {
    readonly Schedules: readonly unknown[];
  };
  return [
    ...when(lease === undefined, `T1 ${key} is made without a lease`),
    ...when(
      lease !== undefined && Date.parse(lease.ends) <= arena.world.now,
      `T1 ${key} is made after its lease`,
    ),
    ...when(lease !== undefined && lease.revision !== revision, `T2 ${key} is of another revision`),
    ...when(Schedules.length === 0, `T3 ${key} is made, and nothing will delete it`),
  ];
}

/** S9: what runs in prod has run in test, where it did not fail; but for what people hold. */
function untested(
  revision: string,
  images: readonly string[],
  { arena }: Seen,
  { roads, tested }: Notes,
): readonly string[] {
  const road = roads.get(revision);
  // The first revision was tested before anybody looked.
  if (road === undefined || holds(arena, revision)) return [];
  const short = revision.slice(0, 8);
  const others = images.filter((image) => tested.get(revision)?.has(image) !== true);
  return [
    ...when(road.failsIn === "test", `S9 ${short} is executed in prod, and fails in test`),
    ...when(others.length > 0, `S9 ${short} runs in prod what test never ran: ${others}`),
  ];
}

/** Never past what people say now. */
function beyond(
  revision: string,
  { arena, rules: of }: Seen,
  { unreadySince }: Notes,
): readonly string[] {
  const short = revision.slice(0, 8);
  const hold = parameter<{ readonly revision: string }>(arena, "prod/hold");
  const isUnready =
    of.needs &&
    unreadySince !== undefined &&
    arena.world.now - unreadySince > longestRollOut &&
    hold === undefined;
  return [
    ...when(isUnready, `P5 ${short} is executed in prod, and what it needs is not ready`),
    ...when(
      hold !== undefined && hold.revision !== revision,
      `P6 ${short} is executed in prod, which is held`,
    ),
  ];
}

/** What has begun goes on: milliseconds. */
const longestRollOut = 10 * 60_000;

/** T5: the janitor takes what is still leased. */
const takeDown: Rule = ({ input, life }, { arena }) => {
  const id = String((input as Input).StackName);
  const place = placeOf(id.split("/")[1] ?? id);
  const lease = place && leaseOf(arena, place.key);
  if (life.function !== "janitor" || place === undefined) return [];
  if (place.environment === "prod") return [`T5 ${id} is deleted`];
  const isOver = lease === undefined || Date.parse(lease.ends) <= arena.world.now;
  return when(!isOver, `T5 ${place.key} is deleted before its lease is over`);
};

const rules: Readonly<Record<string, Rule>> = {
  "cloudformation:DeleteStack": takeDown,
  "cloudformation:ExecuteChangeSet": execute,
  "codecommit:CreateCommit": (effect, { arena }) => strangeEdits(effect, arena),
};

interface Lease {
  readonly ends: string;
  readonly revision: string;
  readonly gone?: string;
}

const leaseOf = (arena: Arena, key: string): Lease | undefined =>
  objectIn(arena, `leases/road/${key}.json`);

/** More instances than there may be. */
function tooMany({ arena, rules: { most } }: Seen): readonly string[] {
  const open = keysIn(arena, "leases/road/").filter(
    (key) => objectIn<Lease>(arena, key)?.gone === undefined,
  );
  return when(open.length > most, `T4 there are ${open.length} instances: ${open}`);
}

/** The key of the instance of test that was leased last, or else of test. */
export function newestInstance(arena: Arena): string {
  const began = (key: string) => objectIn<Lease>(arena, key)?.ends ?? "";
  const [newest] = keysIn(arena, "leases/road/test.").toSorted((a, b) =>
    began(a) < began(b) ? 1 : -1,
  );
  return newest?.replace(/^leases\/(.*)\.json$/, "$1") ?? "road/test";
}

function objectIn<T>({ ask }: Arena, Key: string): T | undefined {
  try {
    return JSON.parse((ask("s3:GetObject", { Bucket, Key }) as { readonly text: string }).text);
  } catch {
    return undefined;
  }
}

/** Whether somebody began to tell people of it. */
export const isMarked = (arena: Arena, environment: string, of: string): boolean =>
  objectIn(arena, `notices/road/${environment}/${of}.json`) !== undefined;

function keysIn({ ask }: Arena, Prefix: string): readonly string[] {
  const { Contents = [] } = ask("s3:ListObjectsV2", { Bucket, Prefix }) as {
    readonly Contents?: readonly { readonly Key: string }[];
  };
  return Contents.map(({ Key }) => Key);
}

interface Verdict {
  readonly verdict: string;
  readonly run: number;
}

/** The latest verdict on a revision; undefined: there is none. */
export const verdictOn = (
  arena: Arena,
  environment: string,
  revision: string,
): string | undefined =>
  keysIn(arena, `verdicts/road/${environment}/`)
    .filter((key) => key.includes(revision))
    .flatMap((key) => objectIn<Verdict>(arena, key) ?? [])
    .sort((a, b) => a.run - b.run)
    .at(-1)?.verdict;

function parameter<T>({ ask }: Arena, name: string): T | undefined {
  try {
    const { Parameter } = ask("ssm:GetParameter", { Name: `/trueup/road/${name}` }) as {
      readonly Parameter: { readonly Value: string };
    };
    return JSON.parse(Parameter.Value);
  } catch {
    return undefined;
  }
}

const isThere = (arena: Arena, name: string): boolean => parameter(arena, name) !== undefined;

const holds = (arena: Arena, revision: string): boolean =>
  parameter<{ readonly revision: string }>(arena, "prod/hold")?.revision === revision;
