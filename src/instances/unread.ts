import type { Moment } from "../desired/moment.ts";
import type { TerminalError } from "../model/errors.ts";
import { environmentKey, instanceIn } from "../model/key.ts";
import type { Lease } from "../model/lease.ts";
import { type EnvironmentStatus, isTrue } from "../model/status.ts";
import { inParallel } from "../parallel.ts";
import { goingAway, overdue } from "../plan/instances.ts";
import { standstillStatus, statusWith } from "../plan/statuses.ts";
import { isOver } from "../promote/leases.ts";
import { isOverdue } from "../promote/teardown.ts";

/** What becomes of a key of which nothing can be said. */
export type UnreadCourse =
  | { readonly kind: "say"; readonly status: EnvironmentStatus }
  | { readonly kind: "forget" }
  | { readonly kind: "nothing"; readonly why: TerminalError };

/** Leases end all the same: what has ended, or has an instance that has, is no longer ready. */
export async function courseOfUnread(why: TerminalError, moment: Moment): Promise<UnreadCourse> {
  const { application, before, environment, now, ports } = moment;
  const key = environmentKey(application, environment);
  const isInstance = instanceIn(environment).instance !== undefined;
  const keys = isInstance
    ? [key]
    : (await ports.leases.list(application)).filter((other) => other.startsWith(`${key}.`));
  const leases = await inParallel(keys, 5, async (one) => (await ports.leases.read(one))?.lease);
  const over = leases.find((lease): lease is Lease => lease !== undefined && isOver(lease, now));
  if (over === undefined) return { kind: "nothing", why };
  if (isInstance)
    return over.closed === undefined
      ? { kind: "say", status: tearingDown(over, moment) }
      : { kind: "forget" };
  return isTrue(before, "Ready")
    ? { kind: "say", status: standstillStatus(why, moment) }
    : { kind: "nothing", why };
}

/** How an instance stands whose lease is over. */
export function tearingDown(lease: Lease, moment: Moment): EnvironmentStatus {
  const { ends, instance } = lease;
  const { revision } = moment.before;
  const said = isOverdue(lease, moment.now)
    ? {
        reason: overdue,
        message: `${instance} is not deleted yet, though its lease ended at ${ends}. It is tried again and again: the log of JanitorFunction says what is in the way.`,
      }
    : { reason: goingAway, message: `${instance} is deleted: its lease ended at ${ends}.` };
  return statusWith(moment, { state: "reconciling", ...said }, { revision });
}
