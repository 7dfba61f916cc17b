import type { Vote } from "../model/gates.ts";
import type { LedgerEntry } from "../model/ledger.ts";
import type { ConditionType } from "../model/status.ts";

/** What a ledger tells of one commit, the last time that it was wanted. */
export interface Told {
  /** ISO 8601, each; undefined: the ledger does not say. */
  readonly desired: string | undefined;
  readonly deployed: string | undefined;
  readonly verified: string | undefined;
  /** Who approved it. */
  readonly votes: readonly Vote[];
}

/** `entries`: the newest last. `isWhole`: whether there are no older ones. */
export function toldOf(commit: string, entries: readonly LedgerEntry[], isWhole: boolean): Told {
  const end = entries.findLastIndex(({ revision }) => revision === commit) + 1;
  const start = entries.slice(0, end).findLastIndex(({ revision }) => revision !== commit) + 1;
  const run = entries.slice(start, end);
  const since = (type: ConditionType): string | undefined =>
    run.find(({ conditions }) =>
      conditions.some((one) => one.type === type && one.status === "True"),
    )?.at;
  return {
    // What is wanted since before the oldest entry at hand is so since nobody knows when.
    desired: start > 0 || isWhole ? run[0]?.at : undefined,
    deployed: since("Ready"),
    verified: since("Verified"),
    votes: run.flatMap(({ votes }) => votes),
  };
}

/** The commits that a ledger tells of, the newest first, each once. */
export const commitsIn = (entries: readonly LedgerEntry[]): readonly string[] => [
  ...new Set(entries.toReversed().flatMap(({ revision }) => (revision === "" ? [] : [revision]))),
];
