import { own } from "../model/own.ts";
import type { Promotion } from "../model/requests.ts";
import type { Verified } from "../model/verification.ts";
import type { Chosen } from "./chosen.ts";
import { latest } from "./latest.ts";

/** What an environment that takes from another should run. */
export type Wanted =
  | { readonly kind: "none"; readonly message: string }
  /** A person chose what is not verified: nothing else is taken in its place. */
  | { readonly kind: "refused"; readonly message: string }
  | {
      readonly kind: "revision";
      readonly from: Verified;
      /** Newer revisions that failed here: this one is gone back to, until another one comes. */
      readonly failedHere: readonly Verified[];
      /** A person chose this one, and newer ones wait. */
      readonly isChosen: boolean;
    };

interface Known {
  /** Verdicts of the environment before. */
  readonly before: readonly Verified[];
  readonly here: readonly Verified[];
  /** What a person asked for, and what that came to; `chosen` undefined: nothing verified. */
  readonly promotion?: Promotion | undefined;
  readonly chosen?: Chosen | undefined;
}

/**
 * The newest revision that the environment before has verified, past those that failed here; or the
 * one that a person chose. The latest verdict on a revision counts, in either place.
 */
export function wantedFrom(upstream: string, known: Known): Wanted {
  const passed = latest(known.before).filter(({ verdict }) => verdict === "passed");
  const failures = latest(known.here).filter((one) => hasFailed(one, known.promotion));
  const candidates = candidatesOf(passed, known);
  if (candidates === undefined) return { kind: "refused", message: refusal(upstream, known) };
  const wanted = candidates.find(({ revision }) =>
    failures.every((failure) => failure.revision !== revision),
  );
  if (wanted === undefined) {
    const message =
      candidates.length === 0
        ? `${upstream} has verified nothing yet: a revision has to pass its verify:.`
        : `Every revision that ${upstream} verified has failed here.`;
    return { kind: "none", message };
  }
  const newer = candidates.slice(0, candidates.indexOf(wanted)).map(({ revision }) => revision);
  const failedHere = failures.filter(({ revision }) => newer.includes(revision));
  return { kind: "revision", from: wanted, failedHere, isChosen: candidates !== passed };
}

/** Asked for after it failed, a revision is tried once more. */
const hasFailed = (
  { at, revision, verdict }: Verified,
  promotion: Promotion | undefined,
): boolean => verdict === "failed" && !(promotion?.revision === revision && at < promotion.at);

/**
 * What may be taken, the newest first; undefined: a person chose what may not. One that was the newest
 * when it was chosen keeps no later one from being taken.
 */
function candidatesOf(
  passed: readonly Verified[],
  { before, chosen, promotion }: Known,
): readonly Verified[] | undefined {
  if (promotion === undefined) return passed;
  const index = passed.findIndex(({ revision }) => revision === promotion.revision);
  const isFailed = index < 0 && before.some(({ revision }) => revision === promotion.revision);
  if (chosen === undefined || isFailed) return undefined;
  if (!chosen.passesOver) return passed;
  return index < 0 ? [chosen.verified] : passed.slice(index);
}

function refusal(upstream: string, { before, promotion }: Known): string {
  const { revision } = promotion as Promotion;
  const said = latest(before).find((one) => one.revision === revision);
  const why =
    said === undefined
      ? ""
      : ` It ${said.verdict === "failed" ? "failed" : "was inconclusive"}: ${said.message}`;
  return `${revision.slice(0, 8)} was chosen, and ${upstream} has not verified it.${why}`;
}

/**
 * The images that differ from what was verified, in words: what is promoted may differ from it by
 * its overlay, its parameters and its account, and by nothing that runs.
 */
export function imagesNotVerified(
  verified: Readonly<Record<string, string>>,
  images: Readonly<Record<string, string>>,
): readonly string[] {
  return Object.entries(images).flatMap(([container, image]) =>
    own(verified, container) === image
      ? []
      : [
          `${container} would run ${image}, and ${own(verified, container) ?? "nothing"} was verified`,
        ],
  );
}
