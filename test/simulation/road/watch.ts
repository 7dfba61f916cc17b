import { createHash } from "node:crypto";
import type { Arena } from "../arena.ts";
import { nobody, type Onlooker } from "../effect.ts";
import { changeSetOf } from "../oracle/seen.ts";
import type { Effect } from "../process.ts";
import { account, region } from "../shop.ts";
import { type Messages, messages } from "./messages.ts";
import { most } from "./road.ts";

/** What the oracle remembers, and what should not have been. */
interface Notes {
  readonly wrongs: string[];
  /** Revisions whose plan a person approved as it was offered. */
  readonly approved: Set<string>;
  /** Pushes of images. */
  images: number;
  /** Commits that the controller made. */
  commits: number;
  readonly messages: Messages;
}

/** Looks at every write just before it has its effect. */
export interface Watch {
  readonly notes: Notes;
  readonly onlooker: Onlooker;
  attend(arena: Arena, rules: { readonly approval: boolean; readonly byDay: boolean }): void;
}

const Bucket = `trueup-${account}-${region}`;

interface Seen {
  readonly arena: Arena;
  readonly rules: { readonly approval: boolean; readonly byDay: boolean };
}

export function watch(): Watch {
  const notes: Notes = {
    wrongs: [],
    approved: new Set(),
    images: 0,
    commits: 0,
    messages: messages(),
  };
  let seen: Seen | undefined;
  const before = (effect: Effect): void => {
    if (seen === undefined) return;
    const wrongs = rules[effect.operation]?.(effect.input as Input, seen, notes) ?? [];
    notes.wrongs.push(...wrongs, ...notes.messages.sent(effect));
  };
  const after = (effect: Effect): void => {
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
  };
}

type Input = Readonly<Record<string, unknown>>;
type Rule = (input: Input, seen: Seen, notes: Notes) => readonly string[];

const when = (is: boolean, wrong: string): readonly string[] => (is ? [wrong] : []);

/** `prod` or `test.instance` and the unit; undefined: somebody else's. */
function placeOf(
  stack: string,
): { readonly environment: string; readonly key: string } | undefined {
  const [, environment = "", rest = ""] =
    /^trueup-road-(prod|test)(?:-(.+))?-(?:base|s-web|watch)-[0-9a-f]{8}$/.exec(stack) ?? [];
  if (environment === "") return undefined;
  return { environment, key: rest === "" ? environment : `${environment}.${rest}` };
}

const execute: Rule = ({ ChangeSetName }, seen, notes) => {
  const { world } = seen.arena;
  const changeSet = changeSetOf(world, String(ChangeSetName));
  if (changeSet?.executionStatus !== "AVAILABLE") return [];
  const name = changeSet.stackId.split("/")[1] ?? "";
  const place = placeOf(name);
  const [, revision = ""] = /Revision ([0-9a-f]{40})/.exec(changeSet.description ?? "") ?? [];
  if (place === undefined || revision === "") return [`W0 ${name} is executed, of what revision?`];
  return place.environment === "prod"
    ? inProd(revision, seen, notes)
    : inTest(place.key, revision, seen);
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

const rules: Readonly<Record<string, Rule>> = {
  "cloudformation:ExecuteChangeSet": execute,
};

interface Lease {
  readonly ends: string;
  readonly revision: string;
  readonly gone?: string;
}

const leaseOf = (arena: Arena, key: string): Lease | undefined =>
  objectIn(arena, `leases/road/${key}.json`);

/** More instances than there may be. */
function tooMany({ arena }: Seen): readonly string[] {
  const open = keysIn(arena, "leases/road/").filter(
    (key) => objectIn<Lease>(arena, key)?.gone === undefined,
  );
  return when(open.length > most, `T4 there are ${open.length} instances: ${open}`);
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
