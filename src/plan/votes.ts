import type { ApprovalRule, Vote } from "../model/gates.ts";
import type { Offer } from "../model/record.ts";
import { isMeant, principalOf } from "./principals.ts";

/** What people said of a plan that waits for them. */
export type Tally =
  | { readonly kind: "granted"; readonly votes: readonly Vote[]; readonly reason?: undefined }
  | {
      readonly kind: "withheld";
      readonly reason: "AwaitingApproval" | "Rejected" | "ApprovalExpired";
      readonly message: string;
    };

interface Ballot {
  readonly rule: ApprovalRule;
  readonly offer: Offer;
  readonly approvers: readonly (readonly string[])[];
  readonly votes: readonly Vote[];
  /** ISO 8601. */
  readonly now: string;
}

/**
 * Counts the votes on a plan since it was offered: one a principal, the newest, by those who may.
 * What was cast in time counts whenever it is read. That nobody answers in time is no rejection: asked
 * for anew, it is offered anew.
 */
export function tally(ballot: Ballot): Tally {
  const { now, offer, rule } = ballot;
  const name = `Plan ${offer.digest.slice(0, 12)}`;
  const cast = ballot.votes.filter((vote) => vote.digest === offer.digest && isSince(vote, offer));
  const counted = cast.filter(({ user }) => mayApprove(user, ballot.approvers));
  const rejected = newestOfEach(counted).find(isRejection);
  if (rejected !== undefined) {
    const message = `${name} was rejected by ${rejected.user}: ${rejected.reason}`;
    return { kind: "withheld", reason: "Rejected", message };
  }
  const end = endOf(offer, rule) ?? Number.POSITIVE_INFINITY;
  const inTime = counted.filter(({ at }) => Date.parse(at) <= end);
  const votes = newestOfEach(inTime).filter((vote) => !isRejection(vote));
  if (votes.length >= rule.required) return { kind: "granted", votes };
  if (Date.parse(now) > end) {
    const message = `${name} was not approved in time; trueup reconcile offers it again.`;
    return { kind: "withheld", reason: "ApprovalExpired", message };
  }
  const others = [
    ...new Set(cast.filter((vote) => !counted.includes(vote)).map(({ user }) => user)),
  ];
  const message = [
    `${name} needs ${rule.required} to approve it and has ${votes.length}`,
    ...(votes.length === 0 ? [] : [` (${votes.map(({ user }) => user).join(", ")})`]),
    ...(others.length === 0 ? [] : [`; who does not count: ${others.join(", ")}`]),
    ": trueup approve.",
  ].join("");
  return { kind: "withheld", reason: "AwaitingApproval", message };
}

/** One of each principal. */
const newestOfEach = (votes: readonly Vote[]): readonly Vote[] => [
  ...new Map(
    [...votes].sort(byTime).map((vote) => [principalOf(vote.user), vote] as const),
  ).values(),
];

const isRejection = ({ verdict }: Vote): boolean => verdict === "rejected";

/** By how much the clock of who offers a plan may be ahead of that of who notes the votes, in milliseconds. */
const mostAhead = 60_000;

/** Whether a vote came after an offer: what was known by then did not, whatever the clocks say. */
const isSince = ({ at }: Vote, { after, at: offered }: Offer): boolean =>
  Date.parse(at) >= Date.parse(offered) - mostAhead &&
  (after === undefined || Date.parse(at) > Date.parse(after));

/** When the newest was said of what people said; undefined: nobody said anything. ISO 8601. */
export const newestOf = (said: readonly { readonly at: string }[]): string | undefined =>
  said
    .map(({ at }) => at)
    .sort()
    .at(-1);

/** Whoever may is on every list. */
export const mayApprove = (user: string, approvers: readonly (readonly string[])[]): boolean =>
  approvers.every((patterns) => patterns.some((pattern) => isMeant(principalOf(user), pattern)));

/** Approving after one's own rejection takes it back; of the same instant, the rejection counts. */
const byTime = (a: Vote, b: Vote): number =>
  // Stryker disable next-line EqualityOperator: of the same verdict either will do
  Date.parse(a.at) - Date.parse(b.at) || (a.verdict < b.verdict ? -1 : 1);

/** When an offer ends, in milliseconds; undefined: never. */
export const endOf = ({ at }: Offer, { expiresSeconds }: ApprovalRule): number | undefined =>
  expiresSeconds === undefined ? undefined : Date.parse(at) + expiresSeconds * 1000;
