import { Cron } from "croner";

/** `windows:` — times that begin on a cron line, in which roll-outs may begin, or may not. */
export interface Window {
  readonly kind: "allow" | "deny";
  /** Five fields: minute, hour, day of month, month, day of week. */
  readonly cron: string;
  readonly seconds: number;
  /** IANA name. A day of 23 or 25 hours is as long as that zone makes it. */
  readonly timezone: string;
  /** Whether what began before may go on to its end: into a `deny`, or past the end of an `allow`. */
  readonly overrun: boolean;
}

/** When a window begins. */
export const clockOf = ({ cron, timezone }: Pick<Window, "cron" | "timezone">): Cron =>
  new Cron(cron, { timezone, paused: true, mode: "5-part" });

/** Five fields with a blank between: minute, hour, day of month, month, day of week. */
export const cronLine = /^\S+(?: \S+){4}$/;

/** What is wrong with a window, and by which of the two. */
export interface WindowProblem {
  readonly by: "cron" | "timezone";
  readonly message: string;
}

/** What is wrong with a cron line or a time zone; undefined: nothing. */
export function windowProblem(
  window: Pick<Window, "cron" | "timezone">,
): WindowProblem | undefined {
  const { cron, timezone } = window;
  if (!isZone(timezone)) return { by: "timezone", message: "there is no such time zone" };
  if (!cronLine.test(cron)) return { by: "cron", message: "it has not five fields" };
  try {
    const comes = clockOf(window).nextRun(new Date(0)) !== null;
    return comes ? undefined : { by: "cron", message: "it never comes" };
  } catch (error) {
    const message = String(error).replace(/^\w*Error: (?:Cron\w*: )?/, "");
    return { by: "cron", message };
  }
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
