import type { Template } from "./template.ts";

/** What CloudFormation says of one stack, in one answer. */
export interface ObservedStack {
  readonly name: string;
  /** The stack's ARN: a name that is used again has another. */
  readonly id: string;
  /** CloudFormation's own word, of which there may one day be more than we know. */
  readonly status: string;
  readonly reason: string | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  /** Of the stack, which its resources take on; undefined: not told. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Whether somebody has it protected from being deleted; undefined: nobody has. */
  readonly isProtected?: boolean;
  /** ARN of the change set that was executed last, whatever came of it. */
  readonly changeSetId: string | undefined;
  /** ISO 8601; of the last update, else of the creation. */
  readonly lastUpdated: string;
  /** ISO 8601: when it was last begun to be deleted; undefined: it never was. */
  readonly deletionBegan?: string;
  /** The template as it was submitted; read only where a plan needs it. */
  readonly template?: Template;
}

export interface ObservedChangeSet {
  /** ARN. */
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly executionStatus: string;
  readonly reason: string | undefined;
  readonly description: string | undefined;
  readonly changes: readonly ChangeSetChange[];
  /** ISO 8601. */
  readonly createdAt: string;
}

/** A resource that the operation on its stack is busy with. */
export interface UnderWay {
  readonly logicalId: string;
  readonly type: string;
  /** ISO 8601: when it began with it. */
  readonly since: string;
}

/** One resource of a change set as CloudFormation reports it. */
export interface ChangeSetChange {
  readonly logicalId: string;
  readonly type: string;
  readonly action: "Add" | "Modify" | "Remove" | "Import" | "Dynamic" | "SyncWithActual";
  readonly replacement: "True" | "False" | "Conditional" | undefined;
}

/** One ECS service as it runs. */
export interface RunningService {
  readonly logicalId: string;
  /** ARN of the stack's own task definition; undefined: the stack has none, or several. */
  readonly wanted: string | undefined;
  /** ARN of the task definition of the newest deployment; undefined: there is no such service. */
  readonly running: string | undefined;
  /** `IN_PROGRESS`, `COMPLETED` or `FAILED`. */
  readonly rollout: string | undefined;
  readonly desiredTasks: number;
  readonly runningTasks: number;
  /** Why it does not run as it should, as ECS says it; undefined: it does, or ECS does not say. */
  readonly cause?: string;
}

/** Whether a service runs what it should, as often as it should. */
export const isWell = (service: RunningService): boolean => {
  const { desiredTasks, rollout, running, runningTasks, wanted } = service;
  return (
    (wanted === undefined || running === wanted) &&
    (rollout === undefined || rollout === "COMPLETED") &&
    runningTasks >= desiredTasks
  );
};
