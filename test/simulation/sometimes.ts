import { kindOf, type Operation } from "../../src/aws/call.ts";
import { mutations } from "./calls.ts";
import type { Event, History } from "./events.ts";
import { unitOf } from "./oracle/seen.ts";
import type { Effect, Fate } from "./process.ts";
import { mayBeStale } from "./reads.ts";

// What must come about in some run or other: a state that is never reached proves nothing.

const statuses = [
  "CREATE_COMPLETE",
  "CREATE_FAILED",
  "CREATE_IN_PROGRESS",
  "DELETE_FAILED",
  "DELETE_IN_PROGRESS",
  "IMPORT_COMPLETE",
  "IMPORT_IN_PROGRESS",
  "IMPORT_ROLLBACK_COMPLETE",
  "IMPORT_ROLLBACK_FAILED",
  "IMPORT_ROLLBACK_IN_PROGRESS",
  "REVIEW_IN_PROGRESS",
  "ROLLBACK_COMPLETE",
  "ROLLBACK_FAILED",
  "ROLLBACK_IN_PROGRESS",
  "UPDATE_COMPLETE",
  "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
  "UPDATE_FAILED",
  "UPDATE_IN_PROGRESS",
  "UPDATE_ROLLBACK_COMPLETE",
  "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
  "UPDATE_ROLLBACK_FAILED",
  "UPDATE_ROLLBACK_IN_PROGRESS",
  // A deleted stack is no stack; and a word that nobody knows.
  "ABSENT",
  "REFACTOR_PENDING",
];

const fates = [
  "dies before",
  "dies after",
  "dies early",
  "error before",
  "error after",
  "error early",
];

const ends = [
  "ApplicationFileInvalid",
  "ChangeSetFailed",
  "DataAtRisk",
  "Deployed",
  "ForeignTemplate",
  "Held",
  "NoChanges",
  "NotRegistered",
  "RolledBack",
  "SourceInvalid",
  "StackStuck",
  "StatusUnknown",
];

const happenings = [
  "push",
  "revert",
  "image",
  "suspend",
  "resume",
  "release",
  "approve offered",
  "approve former",
  "ask",
  "chill",
  "unregister",
  "hold",
  "garble hold",
  "garble suspended",
  "wait",
  "fate",
  "overlap",
  "during",
  "events sound",
  "events lost",
  "events some",
  "events twice",
  "events late",
  "pages small",
  "pages whole",
  "skew ahead",
  "skew behind",
  "record lost",
  "record garbled",
  "record old",
  "record future",
  "fault create",
  "fault update",
  "fault delete",
  "fault rollback",
  "foreign update",
  "foreign delete",
  "foreign own change set",
  "foreign execute ours",
  "foreign delete ours",
  "foreign fail ours",
  "foreign cancel",
];

const refusals = [
  "cloudformation:CreateChangeSet ValidationError",
  "cloudformation:DescribeChangeSet ChangeSetNotFoundException",
  "cloudformation:ExecuteChangeSet InvalidChangeSetStatusException",
  "codecommit:CreateCommit ParentCommitIdOutdatedException",
  "s3:PutObject PreconditionFailed",
];

/** All that is on the list. */
export const wanted: readonly string[] = [
  ...statuses.map((status) => `sees ${status}`),
  ...["CREATE_PENDING", "CREATE_IN_PROGRESS", "CREATE_COMPLETE", "FAILED"].map(
    (one) => `reads ${one}`,
  ),
  ...mutations.map((operation) => `makes ${operation}`),
  ...mutations.flatMap((operation) => fates.map((fate) => `${operation} ${fate}`)),
  ...mayBeStale.map((operation) => `${operation} is behind`),
  ...ends.map((end) => `ends ${end}`),
  ...happenings.map((happening) => `happens: ${happening}`),
  ...["orphan", "older", "foreign"].map((kind) => `starts with a change set: ${kind}`),
  ...["lost", "garbled", "old", "future"].map((kind) => `starts with a record: ${kind}`),
  ...refusals.map((refusal) => `refused: ${refusal}`),
  "sweeps",
  "does without a sweep",
];

/** What came about, and how often. */
export interface Sometimes {
  readonly hits: Map<string, number>;
  began(history: History): void;
  ended(reason: string): void;
  fate(operation: Operation, fate: Fate): void;
  after(effect: Effect, answer: unknown): void;
  refused(effect: Effect, error: unknown): void;
}

export function sometimes(): Sometimes {
  const hits = new Map<string, number>();
  const hit = (name: string): void => void hits.set(name, (hits.get(name) ?? 0) + 1);
  return {
    hits,
    began: ({ events, start, sweep }) => {
      for (const event of events.flatMap(inside)) hit(`happens: ${event.do}${detailOf(event)}`);
      hit(`starts with a change set: ${start.changeSet}`);
      hit(`starts with a record: ${start.record}`);
      hit(sweep ? "sweeps" : "does without a sweep");
    },
    ended: (reason) => hit(`ends ${reason}`),
    fate: (operation, fate) => {
      if (fate === "lives") return;
      hit(`${operation} ${wordOf(fate)}`);
    },
    after: ({ operation }, answer) => {
      if (kindOf(operation) === "mutating") hit(`makes ${operation}`);
      if (operation === "cloudformation:DescribeChangeSet") {
        hit(`reads ${(answer as { readonly Status: string }).Status}`);
      }
      if (operation !== "cloudformation:DescribeStacks") return;
      const { Stacks } = answer as {
        readonly Stacks: readonly { readonly StackName: string; readonly StackStatus: string }[];
      };
      for (const { StackName, StackStatus } of Stacks) {
        if (unitOf(StackName) !== undefined) hit(`sees ${StackStatus}`);
      }
    },
    refused: ({ operation }, error) => {
      hit(`refused: ${operation} ${(error as Error).name}`);
      if (operation === "cloudformation:DescribeStacks") hit("sees ABSENT");
    },
  };
}

const wordOf = (fate: Exclude<Fate, "lives">): string =>
  "stale" in fate ? "is behind" : "dies" in fate ? `dies ${fate.dies}` : `error ${fate.when}`;

const inside = (event: Event): readonly Event[] =>
  event.do === "during" ? [event, ...inside(event.event)] : [event];

function detailOf(event: Event): string {
  switch (event.do) {
    case "approve":
      return ` ${event.plan}`;
    case "garble":
      return ` ${event.leaf}`;
    case "events":
      return ` ${event.way}`;
    case "pages":
      return ` ${event.size}`;
    case "skew":
      return event.seconds > 0 ? " ahead" : " behind";
    case "record":
      return ` ${event.becomes}`;
    case "fault":
      return ` ${event.on}`;
    case "foreign":
      return ` ${event.act}`;
    default:
      return "";
  }
}
