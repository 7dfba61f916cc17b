import type { Moment } from "../desired/moment.ts";
import { findApplication } from "../desired/place.ts";
import { instanceIn } from "../model/key.ts";
import type { Notify, Untold } from "../model/notice.ts";
import { own } from "../model/own.ts";
import type { EnvironmentStatus } from "../model/status.ts";
import { errorClassOf } from "../plan/backoff.ts";
import { keptUntold, noticesAgain, noticesBetween } from "../plan/notices.ts";
import { tell, tellAgain } from "../tell.ts";

/**
 * Tells people what a status brings that is news, each thing at most once, and what was refused
 * before; answers what is refused still. Undefined: it is not done with, and the status is to wait,
 * so that the next pass finds the same news. What will not pass by itself is a line in the log.
 */
export async function tellPeople(
  status: EnvironmentStatus,
  moment: Moment,
): Promise<readonly Untold[] | undefined> {
  const { application, before, environment, ports } = moment;
  const kept = keptUntold(before, status);
  const due = (verifies: boolean) => ({
    news: noticesBetween(before, status, { ...moment, verifies }),
    again: noticesAgain(before, status, { ...moment, verifies }),
  });
  const isNothing = ({ again, news }: ReturnType<typeof due>) => again.length + news.length === 0;
  if (isNothing(due(true)) && isNothing(due(false))) return kept;
  try {
    const { environments = {}, notify } = (await findApplication(application, ports)) ?? {};
    if (notify === undefined) return [];
    const checks = own(environments, instanceIn(environment).environment)?.verify ?? [];
    return [...kept, ...(await tellAll(due(checks.length > 0), notify, ports))];
  } catch (error) {
    ports.log("notices not sent", { application, environment, error: String(error) });
    return errorClassOf(String(error)) === "other" ? (before.untold ?? []) : undefined;
  }
}

async function tellAll(
  {
    again,
    news,
  }: { again: ReturnType<typeof noticesAgain>; news: ReturnType<typeof noticesBetween> },
  notify: Notify,
  ports: Moment["ports"],
): Promise<readonly Untold[]> {
  const untold: Untold[] = [];
  for (const notice of news) {
    if (notify.on.includes(notice.phase)) untold.push(...(await tell(notice, notify, ports)));
  }
  for (const { by, notice } of again) {
    if (notify.on.includes(notice.phase))
      untold.push(...(await tellAgain(notice, by, notify, ports)));
  }
  return untold;
}
