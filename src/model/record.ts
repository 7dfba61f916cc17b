/**
 * The controller's own memory of one environment: memory, not authority. Lost, stale or damaged it
 * may delay, never cause a change.
 */
export interface EnvironmentRecord {
  readonly v: 1;
  /** Every stack this environment ever had and that may still exist, by unit. Written before the create. */
  readonly stacks: Readonly<Record<string, RecordedStack>>;
  /** What is being rolled out. Written ahead of the first write for it. */
  readonly intent: { readonly revision: string; readonly bundle: string } | undefined;
  /** What was last seen wholly deployed. */
  readonly deployed: { readonly revision: string; readonly bundle: string } | undefined;
  /** Failed operations already reported, by change-set ARN: with what they were asked for. */
  readonly failures: Readonly<Record<string, Failure>>;
  /** Operations broken off for something newer, by change-set ARN: they did not fail. */
  readonly cancelled: readonly string[];
  /** ISO 8601: when that was last asked for. */
  readonly cancelledAt: string | undefined;
}

export interface RecordedStack {
  readonly name: string;
  /** The change set made last: what a newer intent has to see gone first. */
  readonly changeSet: string | undefined;
  /** The write that was made last, noted before it was made: so that of two passes only one makes it. */
  readonly wrote: string | undefined;
  /** How often its failed rollback was continued since it last rested. */
  readonly recoveries: number;
  /** The last operation after which all of it was found to be ours. */
  readonly settled?: Settled | undefined;
}

/** What tells one operation on a stack from another. */
export interface Settled {
  readonly id: string;
  readonly lastUpdated: string;
  /** ARN of its change set. */
  readonly changeSet: string | undefined;
}

export interface Failure {
  readonly revision: string;
  /** The request token of that time: a newer one is a person asking to try again. */
  readonly requestedAt: string | undefined;
  readonly message: string;
}

export const emptyRecord: EnvironmentRecord = {
  v: 1,
  stacks: {},
  intent: undefined,
  deployed: undefined,
  failures: {},
  cancelled: [],
  cancelledAt: undefined,
};
