import { endOfUntil } from "./time.ts";

/** What people ask of one environment, each a parameter under `/trueup/<app>/<env>/`. */
export interface RequestSet {
  /** A token: whoever wrote it waits until the status repeats it. */
  readonly requestedAt: string | undefined;
  /** `until`: ISO 8601, after which it no longer holds; a day counts to its end. */
  readonly suspended: { readonly reason: string; readonly until: string | undefined } | undefined;
  /** A revision to be at, whatever the branch says: how people roll back. */
  readonly hold: Hold | undefined;
  /** A revision to take from the environment before, whatever is newer there. */
  readonly promotion: Promotion | undefined;
  /** Whether anybody approved or rejected any plan, ever: then it is worth reading who. */
  readonly voted: boolean;
  /** A token: each has what is deployed verified once more, or the revision that it names. */
  readonly verifyAt: string | undefined;
  /** Whether anybody ever consented to anything. */
  readonly consented: boolean;
  /** Leaves that are there but cannot be read as what they should be: leaf → what is wrong. */
  readonly broken: Readonly<Record<string, string>>;
}

/** Nobody asks for anything. */
export const noRequests: RequestSet = {
  requestedAt: undefined,
  suspended: undefined,
  hold: undefined,
  promotion: undefined,
  voted: false,
  verifyAt: undefined,
  consented: false,
  broken: {},
};

export interface Hold {
  /** 40 hex. */
  readonly revision: string;
  readonly reason: string;
  readonly until: string | undefined;
}

/** Unlike a hold it has to be what the environment before has verified. */
export interface Promotion extends Hold {
  /** ISO 8601: when it was asked for. */
  readonly at: string;
}

/** What was asked until some time; undefined: nothing was, or that time is over. */
export const inForce = <Request extends { readonly until: string | undefined }>(
  request: Request | undefined,
  now: string,
): Request | undefined =>
  request?.until === undefined || endOfUntil(request.until) > Date.parse(now) ? request : undefined;

/** What a token begins with that asks to look again at what was looked up, and at what is deployed. */
export const refreshing = "refresh-";

/** The parameters by which people ask: a closed list, of which each wakes the controller. */
export const requestLeaves = [
  "approval",
  "consent",
  "hold",
  "promote",
  "rejection",
  "requested-at",
  "suspended",
  "verify-at",
] as const;

export type RequestLeaf = (typeof requestLeaves)[number];

/** The revision that a token of `verify-at` is about, `TOKEN+REVISION`; undefined: whatever is deployed. */
export const revisionIn = (token: string): string | undefined =>
  /\+([0-9a-f]{40})$/.exec(token)?.[1];

/** Whether a token of `verify-at` is about a revision. */
export const isAbout = (token: string | undefined, revision: string): boolean =>
  token !== undefined && (revisionIn(token) ?? revision) === revision;
