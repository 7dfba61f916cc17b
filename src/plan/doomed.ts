import { digestOf } from "../model/digest.ts";
import type { ApprovalRule, GivenConsent } from "../model/gates.ts";
import type { EnvironmentRecord, RecordedDoom } from "../model/record.ts";
import type { Template } from "../model/template.ts";
import type { Leaving, Objection } from "./decide.ts";
import type { Unit } from "./units.ts";
import { mayApprove, newestOf, tally } from "./votes.ts";

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

/** A doomed set, and since when people know of it. */
type Listed = NonNullable<EnvironmentRecord["listed"]>;

/** The same as long as it is the same set: one that is gone from the list and comes back is asked about anew. */
export function listedAs(
  doomed: RecordedDoom | undefined,
  before: Listed | undefined,
  { consents, now }: Pick<Known, "consents" | "now">,
): Listed | undefined {
  if (doomed === undefined) return undefined;
  const { digest } = doomed;
  const after = newestOf(consents.filter((consent) => consent.doomed === digest));
  return before?.digest === digest ? before : { digest, at: now, after };
}

interface Known {
  /** What is being deleted by consent already. */
  readonly before: RecordedDoom | undefined;
  readonly consents: readonly GivenConsent[];
  readonly listed: Listed | undefined;
  readonly rule: ApprovalRule;
  readonly approvers: readonly (readonly string[])[];
  /** ISO 8601. */
  readonly now: string;
}

/** What people let go, and the words by which they just did; none: they did before. */
export interface LetGo {
  readonly doomed: RecordedDoom;
  readonly consents: readonly GivenConsent[];
}

/**
 * The doomed set that people let go; undefined: they have not. While it goes it gets smaller, which
 * needs no other consent; what is more, or another, does. So does what was wanted in between.
 */
export function letGo(
  doomed: RecordedDoom | undefined,
  { approvers, before, consents, listed, now, rule }: Known,
): LetGo | undefined {
  if (doomed === undefined || listed === undefined) return undefined;
  const isPart = Object.entries(doomed.stacks).every(([id, of]) => before?.stacks[id] === of);
  if (isPart) return before && { doomed: before, consents: [] };
  const { digest } = doomed;
  const votes = consents
    .filter((consent) => consent.doomed === digest)
    .map((consent) => ({ ...consent, verdict: "approved", digest }) as const);
  const offer = { ...listed, requestedAt: undefined };
  // A plan may be too old to be approved; what is not wanted stays unwanted.
  const patient = { ...rule, expiresSeconds: undefined };
  const counted = tally({ rule: patient, offer, approvers, votes, now });
  if (counted.kind !== "granted") return undefined;
  return {
    doomed,
    consents: consents.filter(
      (one) =>
        one.doomed === digest &&
        counted.votes.some(({ at, user }) => at === one.at && user === one.user),
    ),
  };
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

/** By unit: logical ids that a failed rollback may be continued without, and on whose word. */
export type Skips = ReadonlyMap<
  string,
  { readonly resources: readonly string[]; readonly consent: GivenConsent }
>;

/**
 * The newest word of those who may on each stack's failed rollback. It is about the operation that it
 * came after: of a later one nobody has said anything.
 */
export function skipsBy(
  consents: readonly GivenConsent[],
  approvers: readonly (readonly string[])[],
  units: readonly Pick<Unit, "goal" | "stack">[],
): Skips {
  const counted = consents.filter(({ user }) => mayApprove(user, approvers));
  return new Map(
    units.flatMap(({ goal: { unit }, stack }) => {
      if (stack === undefined) return [];
      const { lastUpdated, name } = stack;
      const consent = counted.findLast(({ skip }) => Object.hasOwn(skip, name));
      if (consent === undefined || Date.parse(consent.at) < Date.parse(lastUpdated)) return [];
      return [[unit, { resources: consent.skip[name] ?? [], consent }] as const];
    }),
  );
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
