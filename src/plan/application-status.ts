import type { Diagnostic } from "../model/diagnostic.ts";
import type { TerminalError } from "../model/errors.ts";
import type { ApplicationStatus, PublishedImage } from "../model/status.ts";
import { retryAfter, retrying, sameErrorOf, textOf, waiting } from "./backoff.ts";
import type { Conclusion } from "./conclude.ts";
import { conditionsOf } from "./conditions.ts";
import { arrivesSeconds, seconds, whileNew } from "./next-look.ts";
import { publishedIn } from "./statuses.ts";

/** Before anything was ever said. */
export const emptyApplication: ApplicationStatus = {
  v: 1,
  revision: undefined,
  conditions: [],
  errors: [],
  moreErrors: 0,
  environments: [],
  images: [],
};

/** What a look at an application's repository and images came to. */
interface Seen {
  readonly application: { readonly environments: Readonly<Record<string, unknown>> };
  readonly revision: string;
  readonly updates: {
    readonly images: readonly PublishedImage[];
    readonly problems: readonly Diagnostic[];
  };
  /** ISO 8601. */
  readonly now: string;
}

/** An application whose `trueup.yaml` can be read; an image that cannot be followed is an error of it. */
export function applicationStatus(seen: Seen, before: ApplicationStatus): ApplicationStatus {
  const { application, now, revision, updates } = seen;
  const stalled = updates.images.filter(({ state }) => state === "stalled");
  const conclusion: Conclusion =
    stalled.length + updates.problems.length === 0
      ? {
          state: "ready",
          reason: "Followed",
          message: "The repository is read and its images are followed.",
        }
      : {
          state: "stalled",
          reason: "ImagesNotFollowed",
          message: [
            ...stalled.map(({ message, service }) => `${service}: ${message}`),
            ...updates.problems.map(({ file, message }) => `${file}: ${message}`),
          ].join("; "),
        };
  return {
    v: 1,
    revision,
    conditions: said(conclusion, revision, before, now),
    errors: publishedIn(updates.problems),
    moreErrors: 0,
    environments: Object.keys(application.environments),
    images: updates.images,
    // Nobody announces that a registry may be read.
    nextLook:
      stalled.length === 0 ? undefined : whileNew("Stalled", { before, now }, arrivesSeconds),
  };
}

/** A broken `trueup.yaml`: the environments it had go on as they are. */
export function brokenApplication(
  error: TerminalError,
  before: ApplicationStatus,
  now: string,
): ApplicationStatus {
  const { diagnostics, message, reason } = error;
  const revision = error.revision ?? before.revision;
  const conclusion: Conclusion = { state: "stalled", reason, message };
  return {
    ...before,
    revision,
    conditions: said(conclusion, revision ?? "", before, now),
    errors: publishedIn(diagnostics),
    moreErrors: 0,
    nextLook: undefined,
  };
}

interface Moment {
  readonly before: ApplicationStatus;
  /** Whose images they are, as the queue has it. */
  readonly key: string;
  /** ISO 8601. */
  readonly now: string;
}

/**
 * A failure that may pass by itself: since when it stays, and when it is tried again. While it is of
 * one kind, what was said of it first stands.
 */
export function retryingApplication(
  error: unknown,
  { before, key, now }: Moment,
): ApplicationStatus {
  const message = textOf(error);
  const last = before.conditions.find(({ reason }) => reason === retrying)?.message;
  const told = last !== undefined && sameErrorOf(last) === sameErrorOf(message) ? last : message;
  const conclusion: Conclusion = { state: "reconciling", reason: retrying, message: told };
  const { at, since } = retryAfter(message, { before, key, now });
  const conditions = said(conclusion, before.revision ?? "", before, now);
  const nextLook = at === undefined ? undefined : seconds(at);
  return { ...before, conditions: conditions.map(waiting(since)), nextLook };
}

const said = (conclusion: Conclusion, revision: string, before: ApplicationStatus, now: string) =>
  conditionsOf({ conclusion, gates: [], revision, previous: before.conditions, now });
