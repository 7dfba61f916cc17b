import type { Target } from "./bundle.ts";
import type { Window } from "./window.ts";

/** One thing that keeps a roll-out from going on. */
export interface Gate {
  /** A CamelCase word that machines match on. */
  readonly reason: string;
  readonly message: string;
  /** ISO 8601: when it opens by itself; undefined: nobody knows. */
  readonly opens?: string | undefined;
}

/** How many people have to approve a plan, and how long it waits for them. */
export interface ApprovalRule {
  readonly required: number;
  /** Counted from when the plan was offered; undefined: as long as it takes. */
  readonly expiresSeconds: number | undefined;
}

/** The rule that lets through no more than either. */
export function stricter(
  a: ApprovalRule | undefined,
  b: ApprovalRule | undefined,
): ApprovalRule | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const ends = [a, b].flatMap(({ expiresSeconds }) => expiresSeconds ?? []);
  return {
    required: Math.max(a.required, b.required),
    expiresSeconds: ends.length === 0 ? undefined : Math.min(...ends),
  };
}

/** What an environment's next revision is held against: its gates, and where it lives. */
export interface Settings {
  /** Undefined: nobody has to be asked. */
  readonly approval: ApprovalRule | undefined;
  readonly target: Target;
  readonly windows: readonly Window[];
}

/** What `trueup.yaml` at the tip and the registration say of how an environment may change. */
export interface Rules {
  readonly settings: Settings;
  /** The least approval that the registration lets anybody ask for. */
  readonly floor: ApprovalRule | undefined;
  /** Windows of the registration: each list is a gate of its own. */
  readonly windows: readonly (readonly Window[])[];
  /** ARN patterns of who may approve: one of each list. None: whoever may write the parameter. */
  readonly approvers: readonly (readonly string[])[];
}

/** One version of an `approval` or a `rejection`: what it says and who wrote it, read as one. */
export interface Vote {
  readonly verdict: "approved" | "rejected";
  /** Of the plan: 64 hex. */
  readonly digest: string;
  readonly reason: string;
  /** ARN of the identity that wrote it, as Parameter Store knows it. */
  readonly user: string;
  /** ISO 8601. */
  readonly at: string;
}

/** One version of a `consent`, read like a vote: to what is said in it, and to nothing else. */
export interface GivenConsent {
  /** Digest of everything that would be deleted. */
  readonly doomed: string | undefined;
  /** By stack name: logical ids that a failed rollback may leave as they are. */
  readonly skip: Readonly<Record<string, readonly string[]>>;
  readonly reason: string;
  /** ARN. */
  readonly user: string;
  /** ISO 8601. */
  readonly at: string;
}
