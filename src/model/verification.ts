/** One check of `verify:`, as it is written; text may hold `${revision}` and `${outputs.NAME}`. */
export type Check =
  | {
      readonly kind: "http";
      readonly url: string;
      /** The name to ask for, where the address has another. */
      readonly host?: string;
      readonly status: number;
      /** A text that has to stand in the body. */
      readonly match?: string;
      readonly retries: number;
      readonly withinSeconds: number;
    }
  | { readonly kind: "lambda"; readonly function: string }
  | { readonly kind: "codebuild"; readonly project: string }
  | { readonly kind: "task"; readonly service: string; readonly command: readonly string[] };

/** `failed`: the check says no. `inconclusive`: nobody could tell, and a person has to look. */
export type Verdict = "passed" | "failed" | "inconclusive";

/** What one look at a check came to. `errored`: the look itself went wrong, and may go right yet. */
export type Finding =
  | { readonly kind: "said"; readonly verdict: Verdict; readonly message: string }
  | { readonly kind: "running"; readonly handle: string }
  | { readonly kind: "errored"; readonly message: string };

/** A verification under way: its checks one after the other, and where the current one is. */
export interface Verification {
  readonly revision: string;
  readonly bundle: string;
  /** Of this revision, from 1. */
  readonly run: number;
  /** ISO 8601. */
  readonly began: string;
  readonly index: number;
  /** ISO 8601: when the current check began. */
  readonly since: string;
  readonly tries: number;
  readonly errors: number;
  /** Of a build or a task that was started: its id. */
  readonly handle?: string;
  /** The token of the request that it answers. */
  readonly request?: string | undefined;
}

/**
 * That an environment was verified at a revision, or failed to be: written once and never again.
 * What may be promoted is read from these and from nothing else.
 */
export interface Verified {
  readonly v: 1;
  readonly revision: string;
  readonly bundle: string;
  readonly run: number;
  readonly verdict: Verdict;
  readonly message: string;
  /** ISO 8601: since when the environment wanted this revision. The newest is promoted. */
  readonly since: string;
  /** It was a person who wanted it, for a look: it comes after all that was followed. */
  readonly aside?: true;
  /** ISO 8601: when it was given; of one that is read, as S3 knows it. */
  readonly at: string;
  /** `<family>/<container>` → image, as they ran. */
  readonly images: Readonly<Record<string, string>>;
  /** The token of the request that it answers. */
  readonly request?: string | undefined;
}
