/**
 * CloudFormation's statuses folded into the few classes that decisions are made on.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
 */
export type StackClass =
  /** No such stack, or only deleted ones. */
  | "absent"
  /** Made by a change set that was never executed. */
  | "review"
  /** Somebody's operation is under way. */
  | "busy"
  /** The new version is live; only leftovers are being deleted. Nothing can be written yet. */
  | "cleaning"
  /** At rest, at what was last asked for. */
  | "settled"
  /** At rest, at what was before the last, failed, update. */
  | "reverted"
  /** A first create that failed: can only be deleted. */
  | "dead"
  /** Needs a recovery operation, or a deletion tried again, before anything else. */
  | "stuck"
  /** A word we do not know: nothing is done to it. */
  | "unknown";

const stackClasses: Readonly<Record<string, StackClass>> = {
  CREATE_COMPLETE: "settled",
  CREATE_FAILED: "dead",
  CREATE_IN_PROGRESS: "busy",
  DELETE_COMPLETE: "absent",
  DELETE_FAILED: "stuck",
  DELETE_IN_PROGRESS: "busy",
  IMPORT_COMPLETE: "settled",
  IMPORT_IN_PROGRESS: "busy",
  IMPORT_ROLLBACK_COMPLETE: "reverted",
  IMPORT_ROLLBACK_FAILED: "stuck",
  IMPORT_ROLLBACK_IN_PROGRESS: "busy",
  REVIEW_IN_PROGRESS: "review",
  ROLLBACK_COMPLETE: "dead",
  ROLLBACK_FAILED: "dead",
  ROLLBACK_IN_PROGRESS: "busy",
  UPDATE_COMPLETE: "settled",
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: "cleaning",
  UPDATE_FAILED: "stuck",
  UPDATE_IN_PROGRESS: "busy",
  UPDATE_ROLLBACK_COMPLETE: "reverted",
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: "cleaning",
  UPDATE_ROLLBACK_FAILED: "stuck",
  UPDATE_ROLLBACK_IN_PROGRESS: "busy",
};

export const stackClassOf = (status: string | undefined): StackClass =>
  status === undefined ? "absent" : (stackClasses[status] ?? "unknown");

/** Whether nothing is under way, leftovers aside. */
export const isResting = (status: string | undefined): boolean =>
  ["settled", "reverted", "cleaning"].includes(stackClassOf(status));

/** Every status that CloudFormation documents. */
export const stackStatuses: readonly string[] = Object.keys(stackClasses);

export type ChangeSetClass =
  /** CloudFormation is still working it out. */
  | "computing"
  | "executable"
  /** Under way or done: the stack tells the rest. */
  | "executed"
  /** Nothing differs, says CloudFormation. */
  | "empty"
  /** Can never be executed. */
  | "failed";

/** Status and execution status are two words for one life: `CREATE_COMPLETE` stays while it executes. */
export function changeSetClassOf(seen: {
  readonly status: string;
  readonly executionStatus: string;
  readonly reason: string | undefined;
}): ChangeSetClass {
  const { executionStatus, reason, status } = seen;
  if (status === "CREATE_PENDING" || status === "CREATE_IN_PROGRESS") return "computing";
  if (status === "FAILED") return saysNoChanges(reason) ? "empty" : "failed";
  if (status !== "CREATE_COMPLETE") return "failed";
  if (executionStatus === "AVAILABLE") return "executable";
  if (executionStatus.startsWith("EXECUTE_") && executionStatus !== "EXECUTE_FAILED") {
    return "executed";
  }
  return executionStatus === "UNAVAILABLE" ? "computing" : "failed";
}

/** Both wordings; an empty list of changes alone says nothing (outputs-only updates have one). */
const saysNoChanges = (reason = ""): boolean =>
  reason.startsWith("The submitted information didn't contain changes.") ||
  reason.startsWith("No updates are to be performed");
