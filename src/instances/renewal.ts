import type { Moment } from "../desired/moment.ts";
import { type Place, takersOf } from "../desired/place.ts";
import { inForce } from "../model/requests.ts";
import { nowAfter } from "../model/time.ts";
import { renewed } from "../promote/latest.ts";
import { isAside } from "../promote/leases.ts";
import type { Run } from "./instance-runs.ts";
import { giveVerdict } from "./verdicts.ts";

/**
 * What was verified in an instance that is gone, and is followed again, is verified all the same: no
 * other is made for it. Of several that are followed none is the newest, nor is what a person chose.
 */
export async function renew(runs: readonly Run[], place: Place, moment: Moment): Promise<void> {
  const { application, before, now, ports, requests } = moment;
  const [run, ...others] = runs.filter(({ wanted }) => !isAside(wanted));
  if (run === undefined || others.length > 0 || !run.isOver) return;
  const { revision } = run.wanted;
  const isNews = revision !== before.revision.desired;
  if (!isNews || inForce(requests.promotion, now) !== undefined) return;
  const environment = place.environment.name;
  const verdicts = await ports.verdicts.newest(application, environment);
  const earlier = verdicts.map(({ since }) => since);
  const verified = renewed(revision, verdicts, { now, since: nowAfter(earlier, now) });
  const of = { application, environment, takers: takersOf(place) };
  if (verified !== undefined) await giveVerdict(verified, of, ports);
}
