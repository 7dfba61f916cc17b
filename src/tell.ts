import type { Notice, Notify } from "./model/notice.ts";
import type { Ports } from "./ports/ports.ts";

/**
 * Sends one message, unless somebody did or began to. The marker goes first: of a message that is
 * lost the status tells, one that comes twice is noise.
 */
export async function tell(
  notice: Notice,
  { bus, topic }: Notify,
  { log, notices }: Pick<Ports, "log" | "notices">,
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
