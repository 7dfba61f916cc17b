import type { Moment } from "../desired/moment.ts";
import { findApplication } from "../desired/place.ts";
import { instanceIn } from "../model/key.ts";
import type { EnvironmentStatus } from "../model/status.ts";
import { errorClassOf } from "../plan/backoff.ts";
import { noticesBetween } from "../plan/notices.ts";
import { tell } from "../tell.ts";

/**
 * Tells people what a status brings that is news, each thing at most once; answers whether that is
 * done with. To be called before the status is written, which is to wait where it is not: the next
 * pass finds the same news. What will not pass by itself is a line in the log and no more.
 */
export async function tellPeople(status: EnvironmentStatus, moment: Moment): Promise<boolean> {
  const { application, before, environment, ports } = moment;
  const due = (verifies: boolean) => noticesBetween(before, status, { ...moment, verifies });
  if (due(true).length === 0 && due(false).length === 0) return true;
  try {
    const { environments = {}, notify } = (await findApplication(application, ports)) ?? {};
    if (notify === undefined) return true;
    const checks = environments[instanceIn(environment).environment]?.verify ?? [];
    for (const notice of due(checks.length > 0)) {
      if (notify.on.includes(notice.phase)) await tell(notice, notify, ports);
    }
    return true;
  } catch (error) {
    ports.log("notices not sent", { application, environment, error: String(error) });
    return errorClassOf(String(error)) === "other";
  }
}
