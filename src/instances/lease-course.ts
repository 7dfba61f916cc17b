import { followedAt } from "../desired/desired.ts";
import type { Moment } from "../desired/moment.ts";
import { nameOf, type Place, placeAt } from "../desired/place.ts";
import { isThere } from "../desired/presence.ts";
import { fetchCommit } from "../desired/source.ts";
import { TerminalError } from "../model/errors.ts";
import { environmentKey } from "../model/key.ts";
import type { EnvironmentStatus } from "../model/status.ts";
import { isAside, isLive } from "../promote/leases.ts";
import { refuseElsewhere } from "./leased-place.ts";
import { courseOfOrphan, type OrphanCourse } from "./orphan.ts";
import { tearingDown } from "./unread.ts";

export type LeaseCourse =
  | OrphanCourse
  | { readonly kind: "say"; readonly status: EnvironmentStatus };

/** An instance is at the revision of its lease, while that lasts. */
export async function courseOfLease(
  place: Place & { readonly instance: string },
  moment: Moment,
): Promise<LeaseCourse> {
  const { now, ports } = moment;
  const key = environmentKey(place.registration.application, nameOf(place));
  const lease = (await ports.leases.read(key))?.lease;
  if (lease === undefined || lease.closed !== undefined) return withoutLease(key, place, moment);
  // What could still come is the janitor's; of what is gone there is nothing to say.
  if (lease.gone !== undefined) return { kind: "forget" };
  if (isLive(lease, now)) {
    await refuseElsewhere(lease, place, ports);
    const source = await fetchCommit(place.registration, lease.revision, ports);
    const then = await placeAt(place, source, ports);
    const followed = await followedAt(source, then, ports);
    // As old as the lease: whose first pass is late is no newer than what came after it.
    const compile = async () => ({
      ...(await followed.compile()),
      since: lease.began,
      aside: isAside(lease),
    });
    return { kind: "roll", followed: { ...followed, compile } };
  }
  return { kind: "say", status: tearingDown(lease, moment) };
}

/**
 * What has stacks and no lease nobody would ever delete, be it that the lease is lost or that it was
 * made for a branch when there were none: it is kept like what left a file, until people let it go.
 */
async function withoutLease(key: string, place: Place, moment: Moment): Promise<LeaseCourse> {
  const { record } = await moment.ports.records.read(key);
  if (!(await isThere(record, place, moment))) return { kind: "forget" };
  const { registration, tip } = place;
  if (record.settings !== undefined && Object.keys(record.stacks).length > 0)
    return courseOfOrphan({ registration, without: tip.commit }, moment);
  const message =
    "There are stacks, but neither a lease nor a record of them: delete them by hand.";
  throw new TerminalError("LeaseMissing", message);
}
