import type { Channel, Notice, Notify, Untold } from "./model/notice.ts";
import type { Ports } from "./ports/ports.ts";

type Means = Pick<Ports, "log" | "notices">;

/**
 * Sends one message, unless somebody did or began to. The marker goes first: of a message that is
 * lost the status tells, one that comes twice is noise. Answers where it was refused.
 */
export async function tell(
  notice: Notice,
  notify: Notify,
  means: Means,
): Promise<readonly Untold[]> {
  if (!(await means.notices.claim(notice))) return [];
  const channels = (["sns", "eventBus"] as const).map(async (by) =>
    (await isSent(notice, by, notify, means)) ? [] : [untold(notice, by)],
  );
  return (await Promise.all(channels)).flat();
}

/** Sends it once more where it was refused; each try has a marker of its own, which goes with a refusal. */
export async function tellAgain(
  notice: Notice,
  by: Channel,
  notify: Notify,
  means: Means,
): Promise<readonly Untold[]> {
  if (!(await means.notices.claim(notice, by))) return [];
  if (await isSent(notice, by, notify, means)) return [];
  await means.notices.withdraw(notice, by);
  return [untold(notice, by)];
}

const untold = ({ phase, revision }: Notice, by: Channel): Untold => ({ phase, revision, by });

/** Whether it is done with: sent, lost on its way, or not to go there at all. */
async function isSent(
  notice: Notice,
  by: Channel,
  { bus, topic }: Notify,
  { log, notices }: Means,
): Promise<boolean> {
  const { application, environment, phase, revision } = notice;
  const say = (what: string, error: string) =>
    log(what, { application, environment, phase, revision, by, error });
  try {
    const sending =
      by === "sns" ? topic && notices.publish(notice, topic) : bus && notices.put(notice, bus);
    const refusal = (await sending) || undefined;
    if (refusal !== undefined) say("notice refused", refusal.refused);
    return refusal === undefined;
  } catch (error) {
    say("notice lost", String(error));
    return true;
  }
}
