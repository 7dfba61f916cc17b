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

/** What is wrong with a cron line or a time zone; undefined: nothing. */
export function windowProblem(window: Pick<Window, "cron" | "timezone">): string | undefined {
  try {
    // A wrong time zone only shows when a time is asked for.
    return clockOf(window).nextRun(new Date(0)) === null ? "never comes" : undefined;
  } catch (error) {
    return String(error).replace(/^\w*Error: (?:Cron\w*: )?/, "");
  }
}
