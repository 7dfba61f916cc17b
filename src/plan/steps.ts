import type { DesiredStack } from "../model/bundle.ts";

/** Asks for a change set. */
export interface Asking {
  readonly kind: "create-change-set";
  readonly unit: string;
  readonly stack: DesiredStack;
  readonly type: "CREATE" | "UPDATE";
  readonly name: string;
  readonly digest: string;
  /** Digest of the goal that it is a step to; undefined: it brings the goal itself. */
  readonly toward?: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether it puts back what others changed of the stack's resources. */
  readonly revertsDrift: boolean;
}

/** A write for a stack or change set that is there. */
export type Operating =
  | { readonly kind: "execute-change-set"; readonly unit: string; readonly id: string }
  | { readonly kind: "delete-change-set"; readonly unit: string; readonly id: string }
  /** `attempt`: how often it was asked for before. */
  | {
      readonly kind: "delete-stack";
      readonly unit: string;
      readonly id: string;
      readonly attempt: number;
    }
  /** Breaks off an update. `operation`: the change set it came from. */
  | {
      readonly kind: "cancel-update";
      readonly unit: string;
      readonly id: string;
      readonly operation: string;
      /** Why it failed; undefined: it did not, something newer takes its place. */
      readonly late?: string;
    }
  /** `skip`: logical ids that are left as they are, by people's consent. `operation`: what failed. */
  | {
      readonly kind: "continue-rollback";
      readonly unit: string;
      readonly id: string;
      readonly skip: readonly string[];
      readonly operation: string;
    };

/** The next write for one stack, as data: one decision, safe to repeat. */
export type Step = Asking | Operating;

/** Where one unit stands, and what happens next about it. */
export type Verdict =
  | { readonly kind: "deployed"; readonly unit: string }
  | { readonly kind: "act"; readonly unit: string; readonly step: Step; readonly message: string }
  /** `change-set`: nobody announces that one, so it is looked at again at once. */
  | {
      readonly kind: "waiting";
      readonly unit: string;
      readonly for: "change-set" | "stack" | "unit";
      readonly message: string;
    }
  | {
      readonly kind: "stalled";
      readonly unit: string;
      readonly reason: StallReason;
      readonly message: string;
      /** The operation that failed, to report its cause: a change set's ARN. */
      readonly failure?: string;
    };

export type StallReason =
  | "ChangeSetFailed"
  | "ChangeSetRiskier"
  | "DataAtRisk"
  | "DeadlineExceeded"
  | "ForeignTemplate"
  | "ImageMissing"
  | "ImageVulnerable"
  | "InUse"
  | "LayoutChanged"
  | "NameTaken"
  | "NetworkChanged"
  | "NoChanges"
  | "Orphaned"
  | "OutputMissing"
  | "PruneBudget"
  | "RollbackSkipped"
  | "RolledBack"
  | "SecretMissing"
  | "StackStuck"
  | "StackTaken"
  | "StatusUnknown"
  | "TerminationProtected"
  | "UnitBlocked";

/** A write, and what it is for. */
export const act = (step: Step, message: string): Verdict => ({
  kind: "act",
  unit: step.unit,
  step,
  message,
});

export const waiting = (
  unit: string,
  what: "change-set" | "stack" | "unit",
  message: string,
): Verdict => ({ kind: "waiting", unit, for: what, message });

export const stalled = (unit: string, reason: StallReason, message: string) =>
  ({ kind: "stalled", unit, reason, message }) as const;
