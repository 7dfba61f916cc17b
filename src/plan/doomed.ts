import { digestOf } from "../model/digest.ts";
import type { ApprovalRule, GivenConsent } from "../model/gates.ts";
import type { RecordedDoom } from "../model/record.ts";
import type { Template } from "../model/template.ts";
import type { Leaving, Objection } from "./decide.ts";
import { mayApprove, tally } from "./votes.ts";

/** All that would be deleted, resource by resource: what a person consents to, and no more. */
export function doomedIn(
  leaving: readonly Leaving[],
  templates: ReadonlyMap<string, Template>,
): RecordedDoom | undefined {
  if (leaving.length === 0) return undefined;
  const stacks = leaving.map(({ stack, unit }) => {
    const resources = Object.entries(templates.get(unit)?.Resources ?? {});
    return [stack.id, digestOf(resources.map(([id, { Type }]) => [id, Type]).sort())] as const;
  });
  const named = Object.fromEntries(stacks);
  return { digest: digestOf(named), stacks: named };
}

interface Known {
  /** What is being deleted by consent already. */
  readonly before: RecordedDoom | undefined;
  readonly consents: readonly GivenConsent[];
  readonly rule: ApprovalRule;
  readonly approvers: readonly (readonly string[])[];
  /** ISO 8601. */
  readonly now: string;
}

/**
 * The doomed set that people let go; undefined: they have not. While it goes it gets smaller, which
 * needs no other consent; what is more, or another, does.
 */
export function letGo(
  doomed: RecordedDoom | undefined,
  { approvers, before, consents, now, rule }: Known,
): RecordedDoom | undefined {
  if (doomed === undefined) return undefined;
  const isPart = Object.entries(doomed.stacks).every(([id, of]) => before?.stacks[id] === of);
  if (isPart) return before;
  const { digest } = doomed;
  const votes = consents
    .filter((consent) => consent.doomed === digest)
    .map(({ at, reason, user }) => ({ verdict: "approved", digest, reason, user, at }) as const);
  const offer = { digest, at: "", requestedAt: undefined };
  return tally({ rule, offer, approvers, votes, now }).kind === "granted" ? doomed : undefined;
}

interface Limits {
  /** How many stacks may leave at once without anybody's word. */
  readonly most: number;
  readonly isOrphaned: boolean;
}

/** What stands against deleting the stacks that are not wanted any more, as many as there are. */
export function objectionToLeaving(
  leaving: readonly Leaving[],
  { digest }: RecordedDoom,
  { isOrphaned, most }: Limits,
): Objection | undefined {
  const confirm = `trueup destroy lists what would go, and with ${digest.slice(0, 12)} lets just that go.`;
  if (isOrphaned) {
    const message = `trueup.yaml does not ask for it any more, and it is kept as it is: ${confirm}`;
    return { reason: "Orphaned", message };
  }
  // What watches several services goes with the last of them.
  const counted = leaving.filter(({ unit }) => unit !== "watch").map(({ unit }) => unit);
  if (counted.length <= most) return undefined;
  const message = `${counted.length} stacks would be deleted at once (${counted.join(", ")}), and prune lets ${most}: ${confirm}`;
  return { reason: "PruneBudget", message };
}

/** By stack name, what people let a failed rollback be continued without: the newest word of those who may. */
export function skipsBy(
  consents: readonly GivenConsent[],
  approvers: readonly (readonly string[])[],
): ReadonlyMap<string, readonly string[]> {
  const counted = consents.filter(({ user }) => mayApprove(user, approvers));
  return new Map(counted.flatMap(({ skip }) => Object.entries(skip)));
}

/** By unit, what its stack keeps when it is deleted, as its template says. */
export const keptBy = (
  templates: ReadonlyMap<string, Template>,
): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...templates].map(([unit, { Resources }]) => [
      unit,
      Object.entries(Resources).flatMap(([id, { DeletionPolicy }]) =>
        DeletionPolicy?.startsWith("Retain") ? [id] : [],
      ),
    ]),
  );
