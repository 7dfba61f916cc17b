import type { Knowing } from "../desired/answered.ts";
import { type Desired, type Followed, followedAt } from "../desired/desired.ts";
import type { Moment } from "../desired/moment.ts";
import { type Place, placeAt } from "../desired/place.ts";
import { fetchCommit } from "../desired/source.ts";
import { takenFrom } from "../desired/taken.ts";
import { TerminalError } from "../model/errors.ts";
import { inForce } from "../model/requests.ts";
import type { EnvironmentStatus } from "../model/status.ts";
import type { Verified } from "../model/verification.ts";
import { statusWith } from "../plan/statuses.ts";
import { latest } from "../promote/latest.ts";
import { imagesIn } from "../promote/running.ts";
import { imagesNotVerified } from "../promote/wanted.ts";

/** What an environment that takes from another is to do. */
export type Promotion =
  | { readonly kind: "roll"; readonly followed: Followed }
  | { readonly kind: "say"; readonly status: EnvironmentStatus };

/**
 * What an environment takes from the one before: the newest revision that was verified there, past
 * those that failed here, or the one that a person chose. It is compiled anew for this one: what it runs has to be what was verified, image by image.
 */
export async function promoted(upstream: string, place: Place, moment: Moment): Promise<Promotion> {
  const hold = inForce(moment.requests.hold, moment.now);
  if (hold !== undefined) return { kind: "roll", followed: await at(hold.revision, place, moment) };
  const { here, wanted } = await takenFrom(upstream, place.environment.name, moment);
  if (wanted.kind === "refused") throw new TerminalError("NotVerified", wanted.message);
  if (wanted.kind === "none") {
    const { revision } = moment.before;
    const conclusion = {
      state: "held",
      reason: "NothingVerified",
      message: wanted.message,
    } as const;
    return { kind: "say", status: statusWith(moment, conclusion, { revision }) };
  }
  const { failedHere, from, isChosen } = wanted;
  const known = latest(here).find(({ revision }) => revision === from.revision);
  const followed = await at(from.revision, place, moment);
  const compile = async (knowing?: Knowing): Promise<Desired> => {
    const compiled = await followed.compile(knowing);
    refuseUnverified(from, compiled, upstream);
    const { promotion } = moment.requests;
    const desired =
      isChosen && promotion !== undefined ? { ...compiled, chosen: promotion } : compiled;
    const [newest] = failedHere;
    if (newest === undefined) return desired;
    const goesBack = {
      from: newest.revision,
      reason: failedHere.map(wordsOf).join("; "),
      wasVerified: known?.verdict === "passed" && known.bundle === desired.bundle.digest,
    };
    return { ...desired, goesBack };
  };
  return {
    kind: "roll",
    followed: { ...followed, basis: [followed.basis, wanted, known], compile },
  };
}

const wordsOf = ({ message, revision }: Verified): string =>
  `${revision.slice(0, 8)} failed here: ${message}`;

async function at(revision: string, place: Place, { ports }: Moment): Promise<Followed> {
  const source = await fetchCommit(place.registration, revision, ports);
  return followedAt(source, await placeAt(place, source, ports), ports);
}

function refuseUnverified(from: Verified, { bundle }: Desired, upstream: string): void {
  const others = imagesNotVerified(from.images, imagesIn(bundle));
  if (others.length === 0) return;
  const error = new TerminalError(
    "NotWhatWasVerified",
    `${others.join("; ")}. What ${upstream} verified may differ by overlay, parameters and account, and by nothing that runs.`,
  );
  error.revision = from.revision;
  throw error;
}
