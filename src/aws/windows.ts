import { isDuration, secondsIn } from "../model/duration.ts";
import { type Window, windowProblem } from "../model/window.ts";

/** Windows of a registration, written as in `trueup.yaml`, in which nothing is wrong. */
export const windowsFrom = (written: unknown): readonly Window[] =>
  (written as readonly Written[]).map(windowFrom);

/** All that is wrong with what should be windows. */
export function wrongWindows(written: unknown): readonly string[] {
  if (!Array.isArray(written)) return ["windows that are no list"];
  return written.flatMap((item) => {
    const wrong = wrongWith(item);
    return wrong === undefined ? [] : [`a window that ${wrong}`];
  });
}

function wrongWith(item: unknown): string | undefined {
  if (typeof item !== "object" || item === null) return "is no mapping";
  const { allow, deny, for: span, overrun = false, timezone = "UTC", ...rest } = item as Written;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return `has the unknown key "${unknown}"`;
  const [cron, ...others] = [allow, deny].filter((line) => line !== undefined);
  if (typeof cron !== "string" || others.length > 0) return "has not exactly one of allow and deny";
  if (!isDuration(span)) return "has a for that is no duration such as 62h";
  if (typeof timezone !== "string" || typeof overrun !== "boolean") {
    return "has a timezone that is no text, or an overrun that is neither true nor false";
  }
  const problem = windowProblem({ cron, timezone });
  return problem === undefined ? undefined : `is none: ${problem.message}`;
}

type Written = Readonly<Record<string, unknown>>;

const windowFrom = (item: Written): Window => ({
  kind: item.deny === undefined ? "allow" : "deny",
  cron: String(item.deny ?? item.allow),
  seconds: secondsIn(String(item.for)),
  timezone: String(item.timezone ?? "UTC"),
  overrun: item.overrun === true,
});
