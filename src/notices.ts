import { instanceIn } from "./model/key.ts";
import type { Notice, Notify } from "./model/notice.ts";
import type { EnvironmentStatus } from "./model/status.ts";
import type { Moment } from "./moment.ts";
import { findApplication } from "./place.ts";
import { noticesBetween } from "./plan/notices.ts";

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
      if (notify.on.includes(notice.phase)) await tell(notice, notify, moment);
    }
  } catch (error) {
    ports.log("notices not sent", { application, environment, error: String(error) });
  }
}

/** The marker goes first: of a message that is lost the status tells, one that comes twice is noise. */
async function tell(
  notice: Notice,
  { bus, topic }: Notify,
  { ports: { log, notices } }: Moment,
): Promise<void> {
  if (!(await notices.claim(notice))) return;
  const sending = await Promise.allSettled([
    ...(topic === undefined ? [] : [notices.publish(notice, topic)]),
    ...(bus === undefined ? [] : [notices.put(notice, bus)]),
  ]);
  for (const one of sending) {
    if (one.status === "fulfilled") continue;
    const { application, environment, phase, revision } = notice;
    const error = String(one.reason);
    log("notice lost", { application, environment, phase, revision, error });
  }
}
