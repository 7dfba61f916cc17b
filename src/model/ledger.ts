import type { GivenConsent, Vote } from "./gates.ts";
import type { Condition } from "./status.ts";

/** What one pass did, or what it found another than before. Entries are only ever added. */
export interface LedgerEntry {
  readonly v: 1;
  /** ISO 8601. */
  readonly at: string;
  readonly revision: string;
  /** Digest of the plan that was followed, or that waits; undefined: there is none. */
  readonly plan: string | undefined;
  /** The writes that were made, at most one a unit. */
  readonly steps: readonly { readonly kind: string; readonly unit: string }[];
  /** Conditions that came, changed their status or reason, or went (`Unknown`, `Gone`). */
  readonly conditions: readonly Pick<Condition, "type" | "status" | "reason" | "message">[];
  /** The votes by which the plan was approved, where this is the moment. */
  readonly votes: readonly Vote[];
  /** By which something is deleted, or a rollback is continued without something, where this is the moment. */
  readonly consents?: readonly GivenConsent[];
}

/** Where an environment's entries lie, in the order of time. */
export const ledgerFolder = (key: string): string => `ledger/${key}/`;
