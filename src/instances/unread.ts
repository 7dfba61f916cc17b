import type { Moment } from "../desired/moment.ts";
import type { TerminalError } from "../model/errors.ts";
import { environmentKey, instanceIn } from "../model/key.ts";
import type { Lease } from "../model/lease.ts";
import { type EnvironmentStatus, isTrue } from "../model/status.ts";
import { inParallel } from "../parallel.ts";
import { standstillStatus, statusWith } from "../plan/statuses.ts";
import { isOver } from "../promote/leases.ts";

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
export function tearingDown({ ends, instance }: Lease, moment: Moment): EnvironmentStatus {
  const { revision } = moment.before;
  const message = `${instance} is deleted: its lease ended at ${ends}.`;
  const conclusion = { state: "reconciling", reason: "TearingDown", message } as const;
  return statusWith(moment, conclusion, { revision });
}
