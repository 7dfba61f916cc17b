import type { Verified } from "../model/verification.ts";

/** What an environment that takes from another should run. */
export type Wanted =
  | { readonly kind: "none"; readonly message: string }
  | {
      readonly kind: "revision";
      readonly from: Verified;
      /** Newer revisions that failed here: this one is gone back to, until another one comes. */
      readonly failedHere: readonly Verified[];
    };

/**
 * The newest revision that the environment before has verified, past those that failed here. The
 * latest verdict on a revision counts, in either place.
 */
export function wantedFrom(
  upstream: string,
  { before, here }: { readonly before: readonly Verified[]; readonly here: readonly Verified[] },
): Wanted {
  const failures = latest(here).filter(({ verdict }) => verdict === "failed");
  const candidates = latest(before).filter(({ verdict }) => verdict === "passed");
  const isFailed = ({ revision }: Verified) => failures.some((one) => one.revision === revision);
  const wanted = candidates.find((candidate) => !isFailed(candidate));
  if (wanted === undefined) {
    const message =
      candidates.length === 0
        ? `${upstream} has verified nothing yet.`
        : `Every revision that ${upstream} verified has failed here.`;
    return { kind: "none", message };
  }
  const newer = candidates.slice(0, candidates.indexOf(wanted)).map(({ revision }) => revision);
  const failedHere = failures.filter(({ revision }) => newer.includes(revision));
  return { kind: "revision", from: wanted, failedHere };
}

/** The latest verdict on each revision, the revision that was wanted last first. */
export function latest(verdicts: readonly Verified[]): readonly Verified[] {
  const byRevision = new Map<string, Verified>();
  for (const one of verdicts) {
    const other = byRevision.get(one.revision);
    if (other === undefined || isLater(one, other)) byRevision.set(one.revision, one);
  }
  return [...byRevision.values()].sort(
    (a, b) => compare(b.since, a.since) || compare(a.revision, b.revision),
  );
}

const isLater = (one: Verified, other: Verified): boolean =>
  one.run === other.run ? one.at > other.at : one.run > other.run;

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/**
 * The images that differ from what was verified, in words: what is promoted may differ from it by
 * its overlay, its parameters and its account, and by nothing that runs.
 */
export function imagesNotVerified(
  verified: Readonly<Record<string, string>>,
  images: Readonly<Record<string, string>>,
): readonly string[] {
  return Object.entries(images).flatMap(([container, image]) =>
    verified[container] === image
      ? []
      : [`${container} would run ${image}, and ${verified[container] ?? "nothing"} was verified`],
  );
}
