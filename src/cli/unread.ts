import type { ApplicationStatus } from "../model/status.ts";
import type { Ports } from "../ports/ports.ts";
import { isTrue, renderApplication } from "./show.ts";
import type { Place } from "./usage.ts";
import type { ExitStatus, Io } from "./verb.ts";

export const unreadable = "The application cannot be read, so everything stays as it is:";

/** Whether nothing of what was pushed last can be read, and environments stay at what was. */
export const isUnread = ({ conditions }: ApplicationStatus): boolean =>
  isTrue(conditions, "Stalled") && conditions.every(({ reason }) => reason !== "ImagesNotFollowed");

/** The exit status of who waited until an environment is ready: it may be so for what was pushed before. */
export async function whenReady(
  { application }: Place,
  { statuses }: Pick<Ports, "statuses">,
  io: Io,
): Promise<ExitStatus> {
  const status = await statuses.readApplication(application);
  if (status === undefined || !isUnread(status)) return 0;
  io.err(`${unreadable}\n${renderApplication(application, status, io)}`);
  return 1;
}
