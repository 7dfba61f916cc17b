import { prefixAt } from "../desired/desired.ts";
import type { Place } from "../desired/place.ts";
import { isSamePlace, targetAt } from "../desired/target.ts";
import { TerminalError } from "../model/errors.ts";
import type { Lease } from "../model/lease.ts";
import type { Ports } from "../ports/ports.ts";

/**
 * Throws a TerminalError where an instance would be made in another place than its lease names, or
 * under other names: the janitor, who looks by the lease alone, would never find it.
 */
export async function refuseElsewhere(lease: Lease, place: Place, ports: Ports): Promise<void> {
  const [target, prefix] = await Promise.all([targetAt(place, ports), prefixAt(place, ports)]);
  if (isSamePlace(lease.target, target) && lease.prefix === prefix) return;
  const was = `${lease.prefix}-… in ${lease.target.account}, ${lease.target.region}`;
  const is = `${prefix}-… in ${target.account}, ${target.region}`;
  throw new TerminalError(
    "TargetChanged",
    `Its lease is for ${was}, and it would be made as ${is}, where nothing would delete it. It is given up; the next revision has a lease for where it is made then.`,
  );
}
