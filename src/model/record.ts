import type { DriftedResource } from "./drift.ts";
import type { Settings, Vote } from "./gates.ts";
import type { Fate } from "./plan.ts";
import type { Verification, Verified } from "./verification.ts";

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
  /** When the roll-out under way, or the last one, made its first write. ISO 8601. */
  readonly began: { readonly bundle: string; readonly at: string } | undefined;
  /** What was last seen wholly deployed. */
  readonly deployed: { readonly revision: string; readonly bundle: string } | undefined;
  /** Failed operations already reported, by change-set ARN, or by the name of one that was refused: with what they were asked for. */
  readonly failures: Readonly<Record<string, Failure>>;
  /** Operations broken off for something newer, by change-set ARN: they did not fail. */
  readonly cancelled: readonly string[];
  /** ISO 8601: when that was last asked for. */
  readonly cancelledAt: string | undefined;
  /** ISO 8601: when the branch of an instance was first seen to be gone. */
  readonly leftAt?: string | undefined;
  /** Digest of all that a pass depended on that found nothing to do; undefined: none did. */
  readonly rested?: string | undefined;
  /** Tells what was looked up last from other things; undefined: nothing was. */
  readonly asked?: string | undefined;
  /** What is known of drift; undefined: nobody looks for any. */
  readonly drift?: DriftMemory | undefined;
  /** The settings that were last let through: a revision that loosens them is held against them. */
  readonly settings: Settings | undefined;
  /** What is being deleted by people's consent. */
  readonly doomed: RecordedDoom | undefined;
  /** What would be deleted, as it was put before people: consents from before that do not count. */
  readonly listed?: Pick<Offer, "after" | "at" | "digest"> | undefined;
  /** The plan that waits for approval. */
  readonly offered: Offer | undefined;
  /** The approval that was acted upon last. */
  readonly approval: RecordedApproval | undefined;
  /** What is wanted, and since when. */
  readonly wanted: { readonly revision: string; readonly since: string } | undefined;
  /** The verification that is under way. */
  readonly verification: Verification | undefined;
  /** The last verdict, so that it need not be read again. */
  readonly verdict: RecordedVerdict | undefined;
}

/** When drift is looked for next, and what was found. */
export interface DriftMemory {
  /** ISO 8601. */
  readonly due: string;
  /** Whether what others changed is put right, what was looked up too. */
  readonly reverts?: true | undefined;
  /** What is found otherwise than it was for a bundle, each in a sentence; undefined: nothing. */
  readonly lookups?: { readonly bundle: string; readonly changed: readonly string[] } | undefined;
  /** By unit. */
  readonly units: Readonly<Record<string, DriftDetection>>;
}

/** One detection of drift in one stack: true of it until its next operation. */
export interface DriftDetection {
  /** CloudFormation's id of it. */
  readonly id: string;
  /** ISO 8601: when it was asked for. */
  readonly at: string;
  /** The operation on the stack that was the last one then. */
  readonly after: Settled;
  /** Undefined: it is not over yet. */
  readonly found?: readonly DriftedResource[] | undefined;
  /** Why some resources could not be looked at. */
  readonly incomplete?: string | undefined;
}

/** Stacks to be deleted, to the last resource. */
export interface RecordedDoom {
  readonly digest: string;
  /** By stack id, a digest of the resources in it. */
  readonly stacks: Readonly<Record<string, string>>;
}

/** A plan as it was put before people: votes from before that do not count. */
export interface Offer {
  /** Of the plan. */
  readonly digest: string;
  /** ISO 8601. */
  readonly at: string;
  /** ISO 8601, by the clock of the votes: when the newest was cast on it that was known then; undefined: none was. */
  readonly after?: string | undefined;
  /** The request token of that time: a newer one has an expired plan offered again. */
  readonly requestedAt: string | undefined;
}

/** An approval, used up by the roll-out that it names: written ahead of the first write of it. */
export interface RecordedApproval {
  /** Digest of the plan that was approved. */
  readonly plan: string;
  /** Digest of what is rolled out, where, under which gates. */
  readonly rollOut: string;
  /** By unit: the digests its stack may be at, which are where it started and what was asked since. */
  readonly stamps: Readonly<Record<string, readonly string[]>>;
  /** What the plan would cost, by `stack/logical id`: nothing worse is approved. */
  readonly risks: Readonly<Record<string, Fate>>;
  /** What is put right that others changed: nothing else of that kind is approved. */
  readonly again?: readonly string[];
  readonly votes: readonly Vote[];
}

/** A verdict that is written, and the token of the request that it answers. */
export type RecordedVerdict = Verified & { readonly request: string | undefined };

export interface RecordedStack {
  readonly name: string;
  /** What a rollback was continued without, and which: until another operation nobody knows what is there. */
  readonly skipped?: Skipped | undefined;
  /** The change set made last: what a newer intent has to see gone first. */
  readonly changeSet: string | undefined;
  /** Of change sets made last that bring no goal, but are a step to one: by name the goal's digest. */
  readonly steps?: Readonly<Record<string, string>> | undefined;
  /** Since when it is deployed, or wanted no more, though that change set was asked for and is not there: it may come yet. ISO 8601. */
  readonly doubtful?: string | undefined;
  /** The write that was made last, noted before it was made: so that of two passes only one makes it. */
  readonly wrote: string | undefined;
  /** How often its failed rollback was continued since it last rested. */
  readonly recoveries: number;
  /** When that was last asked for, since it last was deployed. ISO 8601. */
  readonly continued?: string | undefined;
  /** How often its deletion was asked for, and when last. ISO 8601. */
  readonly deletion?: { readonly tries: number; readonly at: string } | undefined;
  /** The last operation after which all of it was found to be ours. */
  readonly settled?: Settled | undefined;
  /** Logical ids of what held data in it then. */
  readonly holds?: readonly string[] | undefined;
}

/** What tells one operation on a stack from another. */
export interface Settled {
  readonly id: string;
  readonly lastUpdated: string;
  /** ARN of its change set. */
  readonly changeSet: string | undefined;
}

export interface Skipped {
  /** ARN of the change set that was rolled back. */
  readonly operation: string;
  /** Logical ids. */
  readonly resources: readonly string[];
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
  began: undefined,
  deployed: undefined,
  failures: {},
  cancelled: [],
  cancelledAt: undefined,
  settings: undefined,
  doomed: undefined,
  offered: undefined,
  approval: undefined,
  wanted: undefined,
  verification: undefined,
  verdict: undefined,
};
