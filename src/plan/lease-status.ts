import type { TerminalError } from "../model/errors.ts";
import type { Lease } from "../model/lease.ts";
import type { RequestSet } from "../model/requests.ts";
import type { EnvironmentStatus } from "../model/status.ts";
import type { Conclusion } from "./conclude.ts";
import { isReady, overall, stateOf } from "./instances.ts";
import { publishedIn, statusWith } from "./statuses.ts";

/** An instance that is not begun, and why. */
export interface Delay {
  readonly instance: string;
  readonly revision: string;
  readonly reason: string;
  /** Where its revision is wrong. */
  readonly error?: TerminalError;
  readonly message?: string;
}

/** A revision whose instance is gone and that did not pass there. */
export interface Unverified {
  readonly revision: string;
  /** `none`: time ran out before there was any. */
  readonly verdict: "failed" | "inconclusive" | "none";
  /** The verdict's; undefined: it never came to one. */
  readonly message: string | undefined;
}

interface Leases {
  readonly leased: readonly {
    readonly lease: Lease;
    readonly status: EnvironmentStatus | undefined;
  }[];
  readonly waiting: readonly Delay[];
  readonly wanted: readonly { readonly revision: string }[];
  readonly unverified: readonly Unverified[];
}

interface Moment {
  readonly before: EnvironmentStatus;
  readonly requests: RequestSet;
  /** ISO 8601. */
  readonly now: string;
}

/** How an environment stands that has an instance for each revision. */
export function leasesStatus(leases: Leases, moment: Moment): EnvironmentStatus {
  const { leased, waiting, wanted } = leases;
  const [only, ...more] = wanted;
  const ready = leased.filter(({ status }) => isReady(status)).map(({ lease }) => lease);
  const newest = ready.toSorted((a, b) => (a.began < b.began ? 1 : -1));
  const wrong = waiting.flatMap(({ error }) => error ?? []);
  return {
    ...statusWith(moment, conclusionOf(leases), {
      revision: {
        desired: more.length === 0 ? only?.revision : undefined,
        deployed: newest[0]?.revision,
        verified: moment.before.revision.verified,
      },
      instances: [
        ...leased.map(({ lease, status }) => ({
          name: lease.instance,
          revision: lease.revision,
          state: stateOf(status),
          ends: lease.ends,
        })),
        ...waiting.map(({ instance: name, reason: state, revision }) => ({
          name,
          revision,
          state,
        })),
      ],
    }),
    errors: wrong.flatMap(({ diagnostics }) => publishedIn(diagnostics)),
  };
}

function conclusionOf({ leased, unverified, waiting }: Leases): Conclusion {
  const wrong = waiting.flatMap(({ error }) => error ?? [])[0];
  if (wrong !== undefined) {
    return { state: "stalled", reason: wrong.reason, message: wrong.message };
  }
  const [first] = waiting;
  if (first !== undefined) {
    const { instance, message = "It waits until others are gone.", reason } = first;
    const said = `${instance}: ${message}`;
    // A person ends that, and nothing else does.
    return reason === "Suspended"
      ? { state: "held", reason: "Held", message: said }
      : { state: "reconciling", reason, message: said };
  }
  const [doubtful] = unverified;
  if (leased.length === 0 && doubtful !== undefined) {
    const reason = doubtful.verdict === "failed" ? "InstanceFailed" : "NotVerified";
    return { state: "stalled", reason, message: wordsOf(doubtful) };
  }
  if (leased.length === 0) {
    const message = "There is no instance now: the last one was deleted when it was done with.";
    return { state: "ready", reason: "NothingLeased", message };
  }
  return overall(leased.map(({ lease, status }) => ({ name: lease.instance, status })));
}

function wordsOf({ message = "its deployment did.", revision, verdict }: Unverified): string {
  const what = revision.slice(0, 8);
  switch (verdict) {
    case "failed":
      return `${what} failed, and its instance is deleted: ${message} To have it verified in another one: trueup verify.`;
    case "inconclusive":
      return `Nobody could tell whether ${what} is good: ${message} To have it verified in another instance: trueup verify.`;
    case "none":
      return `The instance of ${what} ran out of time before it was verified. To have it verified in another one: trueup verify. If it takes longer than that: ephemeral.ttl.`;
  }
}
