import type { Properties } from "../../../model/template.ts";
import { type Breach, textIn } from "../literal.ts";

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const dayLength = 24 * 60;

/** `03:00-04:00` or `sun:03:00-sun:04:00`, in minutes from Monday; undefined: of no such form. */
function spanOf(text: string) {
  const form = /^(?:([a-z]{3}):)?(\d\d?):(\d\d)-(?:([a-z]{3}):)?(\d\d?):(\d\d)$/i;
  const [, day, hour, minute, lastDay, lastHour, lastMinute] = form.exec(text) ?? [];
  if (hour === undefined) return undefined;
  const at = (on: string | undefined, hours: unknown, minutes: unknown): number =>
    Math.max(0, days.indexOf(on?.toLowerCase() ?? "")) * dayLength +
    Number(hours) * 60 +
    Number(minutes);
  const whole = day === undefined ? dayLength : 7 * dayLength;
  const from = at(day, hour, minute);
  const length = (at(lastDay, lastHour, lastMinute) - from + whole) % whole;
  return { from, length, whole };
}

/** Says where a window is shorter than it may be. */
export function longEnough(properties: Properties, key: string, least: number): readonly Breach[] {
  const span = spanOf(textIn(properties[key]) ?? "");
  return span !== undefined && span.length < least
    ? [
        {
          path: [key],
          message: `${key} is ${span.length} minutes, and has to be ${least} at least`,
        },
      ]
    : [];
}

/** Whether a window of every day and one of the week have a minute in common. */
export function overlap(daily: string | undefined, weekly: string | undefined): boolean {
  const [each, once] = [spanOf(daily ?? ""), spanOf(weekly ?? "")];
  if (each === undefined || once === undefined) return false;
  const between = (once.from - each.from + 7 * dayLength) % dayLength;
  return between < each.length || dayLength - between < once.length;
}
