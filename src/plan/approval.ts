import type { ApprovalRule, Vote } from "../model/gates.ts";
import type { Change, Fate, Riskier } from "../model/plan.ts";
import type { Offer, RecordedApproval } from "../model/record.ts";
import { badness, fateOf } from "./risk.ts";
import { newestOf, type Tally, tally } from "./votes.ts";

/** Whether a roll-out was approved: not needed, by votes just counted, or acted upon before. */
export type Approval =
  | { readonly kind: "unneeded" }
  | { readonly kind: "approved"; readonly by: RecordedApproval; readonly isNew: boolean }
  | {
      readonly kind: "withheld";
      readonly reason: Extract<Tally, { kind: "withheld" }>["reason"] | "PlanGrew";
      readonly message: string;
      readonly offer: Offer;
      readonly rule: ApprovalRule;
    };

/** One roll-out and the plan for the rest of it, as far as an approval covers them. */
export interface Asked {
  readonly plan: string;
  /** Digest of what is rolled out, where, under which gates: the same in all its waves. */
  readonly rollOut: string;
  /** By unit, what its stack is stamped with now; empty: nothing. */
  readonly stamps: Readonly<Record<string, string>>;
  readonly risks: Readonly<Record<string, Fate>>;
  /** What is put right that others changed. */
  readonly again: readonly string[];
}

interface Known {
  readonly rule: ApprovalRule;
  readonly approvers: readonly (readonly string[])[];
  readonly votes: readonly Vote[];
  readonly offered: Offer | undefined;
  readonly approval: RecordedApproval | undefined;
  readonly requestedAt: string | undefined;
  /** ISO 8601. */
  readonly now: string;
}

/**
 * An approval is for one plan, once. Acted upon, it is for the roll-out that it names: then stacks
 * may be where they started or where the roll-out takes them, and a later wave may cost no more
 * than was approved (design-aws 4).
 */
export function approvalOf(asked: Asked, known: Known): Approval {
  const { approval, rule } = known;
  const stands = approval !== undefined && covers(approval, asked);
  if (stands && growth(asked.risks, approval.risks).length === 0) {
    return { kind: "approved", by: approval, isNew: false };
  }
  const { counted, offer } = countedOf(asked.plan, known);
  if (counted.kind === "granted") {
    return { kind: "approved", by: recorded(asked, counted.votes), isNew: true };
  }
  if (!stands) return { ...counted, offer, rule };
  const more = growth(asked.risks, approval.risks).join(", ");
  const message = `What is left would do more than plan ${approval.plan.slice(0, 12)}, that was approved: ${more}. ${counted.message}`;
  return { kind: "withheld", reason: "PlanGrew", message, offer, rule };
}

/**
 * Its own roll-out, with every stack where it started or where that roll-out has taken it. What others
 * changed since is nothing that anybody approved to put right.
 */
const covers = ({ again, rollOut, stamps }: RecordedApproval, asked: Asked): boolean =>
  rollOut === asked.rollOut &&
  asked.again.every((one) => again?.includes(one)) &&
  Object.entries(asked.stamps).every(([unit, stamp]) => stamps[unit]?.includes(stamp) === true);

interface Counted {
  readonly offer: Offer;
  readonly counted: Tally;
}

/** The same offer as long as the plan is the same; one that expired is offered again on request. */
function countedOf(plan: string, known: Known): Counted {
  const { now, offered, requestedAt, votes } = known;
  const count = (offer: Offer): Counted => ({ offer, counted: tally({ ...known, offer }) });
  const anew = (): Counted => {
    const after = newestOf(votes.filter(({ digest }) => digest === plan));
    return count({ digest: plan, at: now, after, requestedAt });
  };
  if (offered?.digest !== plan) return anew();
  const before = count(offered);
  const isOver = before.counted.reason === "ApprovalExpired";
  return isOver && offered.requestedAt !== requestedAt ? anew() : before;
}

const recorded = (
  { again, plan, risks, rollOut, stamps }: Asked,
  votes: readonly Vote[],
): RecordedApproval => ({
  plan,
  rollOut,
  stamps: Object.fromEntries(Object.entries(stamps).map(([unit, stamp]) => [unit, [stamp]])),
  risks,
  ...(again.length === 0 ? {} : { again }),
  votes,
});

/** What a plan costs, by `stack/logical id`: everything worse than an update in place. */
export function risksOf(
  changes: readonly Change[],
  riskier: readonly Riskier[],
): Readonly<Record<string, Fate>> {
  const planned = changes.map((one) => [`${one.stack}/${one.logicalId}`, fateOf(one)] as const);
  const reported = riskier.map((one) => [`${one.stack}/${one.logicalId}`, one.reported] as const);
  const worse = [...planned, ...reported].filter(([, fate]) => badness(fate) > badness("update"));
  return Object.fromEntries(worse);
}

/** What now costs more than was approved, in words. */
const growth = (
  now: Readonly<Record<string, Fate>>,
  approved: Readonly<Record<string, Fate>>,
): readonly string[] =>
  Object.entries(now)
    .filter(([id, fate]) => badness(fate) > badness(approved[id] ?? "same"))
    .map(([id, fate]) => `${id} (${fate})`);
