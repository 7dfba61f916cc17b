import type { Target } from "./bundle.ts";
import type { Notify } from "./notice.ts";
import type { Amounts } from "./quota.ts";

/**
 * What an instance of an ephemeral environment lives by: written before anything of it is made, and
 * all that has to be known to delete it again.
 */
export interface Lease {
  readonly v: 1;
  readonly application: string;
  readonly environment: string;
  readonly instance: string;
  /** The commit that it is at, for good. */
  readonly revision: string;
  /** The branch or tag that named it. */
  readonly reference: string;
  /** The token by which somebody had it verified once more, when it began. */
  readonly request?: string | undefined;
  /** When somebody had chosen its revision, as it was known when it began. */
  readonly chosen?: string | undefined;
  readonly target: Target;
  /** What the names of its stacks begin with. */
  readonly prefix: string;
  /** Who is told if it leaks; undefined: nobody. */
  readonly notify?: Notify;
  /** What it takes of what is limited. */
  readonly takes?: Amounts;
  /** ISO 8601, as are the others. */
  readonly began: string;
  /** When it is to be deleted. */
  readonly ends: string;
  /** What `ends` is never moved beyond. */
  readonly latest: string;
  /** Why it ends then, in a CamelCase word. */
  readonly reason: string;
  /** Whether it was kept for people to look at what failed: that happens once. */
  readonly kept: boolean;
  /** When nothing of it was left. */
  readonly gone?: string | undefined;
  /** When nothing of it could come any more. */
  readonly closed?: string | undefined;
  /** Deletions that failed, by stack id. */
  readonly failures: Readonly<Record<string, FailedDeletion>>;
  /** What could not be deleted, and is nobody's now. */
  readonly leaked: readonly Leaked[];
}

interface FailedDeletion {
  /** How often it was asked for again. */
  readonly count: number;
  /** When that was last. */
  readonly at: string;
}

export interface Leaked {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}
