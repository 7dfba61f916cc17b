import type { Moment } from "../desired/moment.ts";
import { findApplication } from "../desired/place.ts";
import { instanceIn } from "../model/key.ts";
import type { EnvironmentStatus } from "../model/status.ts";
import { noticesBetween } from "../plan/notices.ts";
import { tell } from "../tell.ts";

/**
 * Tells people what a status brings that is news, each thing at most once. To be called before the
 * status is written, so that a process that dies on the way is followed by one that finds the same
 * news. Whatever goes wrong here is a line in the log and no more.
 */
export async function tellPeople(status: EnvironmentStatus, moment: Moment): Promise<void> {
  const { application, before, environment, ports } = moment;
  const due = (verifies: boolean) => noticesBetween(before, status, { ...moment, verifies });
  if (due(true).length === 0 && due(false).length === 0) return;
  try {
    const { environments = {}, notify } = (await findApplication(application, ports)) ?? {};
    if (notify === undefined) return;
    const checks = environments[instanceIn(environment).environment]?.verify ?? [];
    for (const notice of due(checks.length > 0)) {
      if (notify.on.includes(notice.phase)) await tell(notice, notify, ports);
    }
  } catch (error) {
    ports.log("notices not sent", { application, environment, error: String(error) });
  }
}
