/** What people are told of. */
export type NoticePhase = "approval" | "failed" | "promoted" | "leaked";

/** What a message goes through. */
export type Channel = "sns" | "eventBus";

/** A message that was refused where it should have gone: it was not sent, and is tried again. */
export interface Untold extends Pick<Notice, "phase" | "revision"> {
  readonly by: Channel;
}

/** Where an application's notices go, and which: `notify:` of `trueup.yaml`. */
export interface Notify {
  /** ARN of an SNS topic. */
  readonly topic: string | undefined;
  /** Name of an event bus of the controller's account and region. */
  readonly bus: string | undefined;
  readonly on: readonly NoticePhase[];
}

/** One message about an environment, or an instance of one, at a revision: `schemas/notice.schema.json`. */
export interface Notice {
  readonly v: 1;
  readonly application: string;
  readonly environment: string;
  readonly revision: string;
  readonly phase: NoticePhase;
  /** The reason of the condition that it is about. */
  readonly reason: string;
  /** The digest of the plan that waits for people. */
  readonly plan?: string;
  /** What people read, and one line on what to do; at most 280 characters. */
  readonly text: string;
  /** ISO 8601. */
  readonly at: string;
}
