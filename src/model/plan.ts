import type { Origin } from "./bundle.ts";

type ChangeAction = "add" | "modify" | "replace" | "remove";

/** What a change can cost: nothing kept, a restart, a new physical resource, or data. */
export type Risk = "none" | "may-replace" | "replace" | "data";

/** What becomes of a deployed resource, from bad to worse. */
export type Fate = "same" | "update" | "may-replace" | "replace" | "remove";

/** One resource that a roll-out would change, with what causes it. */
export interface Change {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly action: ChangeAction;
  readonly risk: Risk;
  /** The properties that differ, e.g. `ContainerDefinitions`; empty for add and remove. */
  readonly property: string;
  readonly cause: Origin | undefined;
  /** What its policy leaves of a resource that goes, in nobody's hands; absent: nothing, or nothing goes. */
  readonly left?: "all" | "snapshot";
}

/** One resource of which a change set says worse than the plan. */
export interface Riskier {
  readonly stack: string;
  readonly logicalId: string;
  readonly planned: Fate;
  readonly reported: Fate;
}

/** What an approver should see at once: more that IAM allows, or more that everybody reaches. */
export interface Callout {
  readonly stack: string;
  readonly logicalId: string;
  readonly kind: "iam" | "public";
  /** What the resource does now that it did not. */
  readonly message: string;
}

/** The difference between what is deployed and what should be. */
export interface Plan {
  /** What a person approves: bundle, revision, gates, target and the stamps it starts from. */
  readonly digest: string;
  readonly changes: readonly Change[];
  /** Where CloudFormation's own answer is worse than the plan. */
  readonly riskier: readonly Riskier[];
  readonly callouts: readonly Callout[];
  /** Digest of the plan that was acted upon last with people's approval. */
  readonly approvedLast?: string;
  /** Lookups that a person had looked up again, and that have another answer since: they cause changes. */
  readonly lookups?: readonly string[];
  /** What others changed of what is deployed, in words; absent: nothing that anybody knows. */
  readonly drift?: readonly string[];
  /** Gates that the revision loosens and targets that it changes, in words. */
  readonly settings: readonly string[];
  /** Digest of all that it would delete with its stacks: what `trueup destroy` names. */
  readonly doomed?: string;
  /** The gates that hold it, in words; empty: it may go. */
  readonly gates: readonly string[];
}
