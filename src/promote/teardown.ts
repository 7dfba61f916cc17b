import type { Lease } from "../model/lease.ts";
import { rankOf } from "../model/rank.ts";

/** A stack that is there. */
export interface Remnant {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** `watch`, `s-<family>`, `base` or `all`. */
  readonly unit: string;
}

/** One deletion to ask for. `giveUp`: what failed to be deleted is left behind. */
export interface Deletion {
  readonly stack: Remnant;
  readonly giveUp: boolean;
}

export interface Teardown {
  readonly deletions: readonly Deletion[];
  /** The lease as it should be written before anything is deleted. */
  readonly lease: Lease;
}

/** Deletions that fail are asked for again, so often and so far apart, before anything is left behind. */
const mostFailures = 5;
const secondsBetween = 60;

/** How long after its end something of a lease may still come: a late pass of the controller, and slack. */
const stragglerSeconds = 600;

/**
 * What is deleted next of what a lease has: first what looks at services, then services, then what
 * they share. Pure: the same remains, the same deletions.
 */
export function teardownOf(lease: Lease, stacks: readonly Remnant[], now: string): Teardown {
  if (stacks.length === 0) return { deletions: [], lease: emptied(lease, now) };
  const top = Math.max(...stacks.map(({ unit }) => rankOf(unit)));
  const deletions = stacks
    .filter((stack) => rankOf(stack.unit) === top && isDeletable(stack, lease, now))
    .map((stack) => ({ stack, giveUp: isHopeless(stack, lease) }));
  const again = deletions.filter(({ stack }) => hasFailed(stack));
  const failures = again.map(({ stack: { id } }) => {
    return [id, { count: (lease.failures[id]?.count ?? 0) + 1, at: now }] as const;
  });
  const { gone: _, ...there } = lease;
  return {
    deletions,
    lease: { ...there, failures: { ...lease.failures, ...Object.fromEntries(failures) } },
  };
}

function emptied(lease: Lease, now: string): Lease {
  const gone = lease.gone ?? now;
  const isSafe = Date.parse(now) >= Date.parse(lease.ends) + stragglerSeconds * 1000;
  return isSafe ? { ...lease, gone, closed: now } : { ...lease, gone };
}

const hasFailed = ({ status }: Remnant): boolean => status === "DELETE_FAILED";

const isHopeless = (stack: Remnant, { failures }: Lease): boolean =>
  hasFailed(stack) && (failures[stack.id]?.count ?? 0) >= mostFailures;

/** What moves by itself is waited for; only a creation can be broken off by a deletion. */
function isDeletable(stack: Remnant, { failures }: Lease, now: string): boolean {
  const { id, status } = stack;
  if (hasFailed(stack)) {
    const last = failures[id]?.at;
    return last === undefined || Date.parse(now) >= Date.parse(last) + secondsBetween * 1000;
  }
  return !status.endsWith("_IN_PROGRESS") || breakable.has(status);
}

const breakable: ReadonlySet<string> = new Set(["CREATE_IN_PROGRESS", "REVIEW_IN_PROGRESS"]);

/** How long a lease may be over before somebody has to look: many stacks take their time. */
const overdueSeconds = 5_400;

export const isOverdue = ({ ends, gone }: Lease, now: string): boolean =>
  gone === undefined && Date.parse(now) > Date.parse(ends) + overdueSeconds * 1000;
