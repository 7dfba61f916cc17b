import { digestOf } from "../model/digest.ts";
import { type LedgerEntry, ledgerFolder } from "../model/ledger.ts";
import type { Condition, EnvironmentStatus } from "../model/status.ts";
import type { RollOut } from "./roll-out.ts";

/** Where an entry lies: by its time, and by what it says, so that writing it twice is writing it once. */
export const ledgerPath = (key: string, entry: LedgerEntry): string =>
  `${ledgerFolder(key)}${entry.at}-${digestOf(entry).slice(0, 12)}.json`;

/** Undefined: the pass did nothing and found nothing new. */
export function entryOf(
  before: EnvironmentStatus,
  after: EnvironmentStatus,
  { now, rollOut }: { readonly now: string; readonly rollOut: RollOut | undefined },
): LedgerEntry | undefined {
  const steps = (rollOut?.steps ?? []).map(({ kind, unit }) => ({ kind, unit }));
  const conditions = changed(before.conditions, after.conditions);
  if (steps.length === 0 && conditions.length === 0) return undefined;
  return {
    v: 1,
    at: now,
    revision: after.revision.desired ?? "",
    plan: after.digest.plan,
    steps,
    conditions,
    votes: [],
  };
}

/** What a plan was approved by, before it is acted upon; undefined: it was so before, or is not. */
export function approvalEntry({ approval }: RollOut, revision: string): LedgerEntry | undefined {
  if (approval.kind !== "approved" || !approval.isNew) return undefined;
  const { plan, votes } = approval.by;
  // The time of the vote that was enough, not of the pass: of two passes only one entry is left.
  const at = votes.map((vote) => vote.at).reduce((a, b) => (a < b ? b : a), "");
  return { v: 1, at, revision, plan, steps: [], conditions: [], votes };
}

/** By whose word something is deleted or left as it is, before that is done; undefined: by nobody's. */
export function consentEntry(
  { consents }: Pick<RollOut, "consents">,
  revision: string,
): LedgerEntry | undefined {
  if (consents.length === 0) return undefined;
  const at = consents.map((consent) => consent.at).reduce((a, b) => (a < b ? b : a));
  return { v: 1, at, revision, plan: undefined, steps: [], conditions: [], votes: [], consents };
}

function changed(
  before: readonly Condition[],
  after: readonly Condition[],
): LedgerEntry["conditions"] {
  const news = after.filter(({ reason, status, type }) => {
    const old = before.find((other) => other.type === type);
    return old?.status !== status || old.reason !== reason;
  });
  const gone = before.filter(({ type }) => after.every((other) => other.type !== type));
  return [
    ...news.map(({ message, reason, status, type }) => ({ type, status, reason, message })),
    ...gone.map(({ type }) => ({ type, status: "Unknown", reason: "Gone", message: "" }) as const),
  ];
}
