import { shown } from "../../compose/shown.ts";
import { isCron } from "../cron.ts";
import { boolean, integer, list, object, type Read, text } from "../read.ts";
import type { Path, Report } from "../report.ts";

const readAction = object(
  {
    ScheduledActionName: text,
    Schedule: text,
    Timezone: text,
    StartTime: text,
    EndTime: text,
    ScalableTargetAction: object({ MinCapacity: integer, MaxCapacity: integer }),
    MacroParameters: object({ AddServiceName: boolean, AddRandomId: boolean }),
  },
  ["ScheduledActionName", "Schedule", "ScalableTargetAction"],
);

/** `x-scaling.ScheduledActions`. */
export const readActions = list(readAction);

type Action = Read<typeof readAction>;

/** What Application Auto Scaling would refuse of an action. */
export function checkAction(action: Action, path: Path, report: Report): void {
  const { Schedule, ScheduledActionName: name = "" } = action;
  const wrong = wrongAt(path, report);
  const { MinCapacity: min, MaxCapacity: max } = action.ScalableTargetAction ?? {};
  if (min !== undefined && max !== undefined && min > max)
    wrong("ScalableTargetAction", `MinCapacity ${min} is more than MaxCapacity ${max}`);
  if (Schedule !== undefined && !isTime(Schedule)) {
    const help = "For example cron(0 20 * * ? *), rate(1 hour) or at(2026-01-31T20:00:00).";
    wrong("Schedule", `${shown(Schedule)} is no time`, help);
  }
  if (name.length > 256 || /[:/|]|\p{Cc}|^ | $/u.test(name))
    wrong("ScheduledActionName", "a name has no :, / and |, no space at its ends, 256 letters");
  checkBetween(action, path, report);
}

/** From when to when it is done, and where that is the time. */
function checkBetween(action: Action, path: Path, report: Report): void {
  const { EndTime, StartTime, Timezone } = action;
  const wrong = wrongAt(path, report);
  if (Timezone !== undefined && !isZone(Timezone))
    wrong("Timezone", `there is no time zone ${shown(Timezone)}`, "As Europe/Berlin, or UTC.");
  for (const [key, time] of Object.entries({ StartTime, EndTime }))
    if (time !== undefined && !isMoment(time))
      wrong(key, `${shown(time)} is no moment`, "For example 2026-01-31T20:00:00Z.");
  if (Date.parse(StartTime ?? "") >= Date.parse(EndTime ?? ""))
    wrong("EndTime", "it ends before it begins");
}

const wrongAt =
  (path: Path, report: Report) =>
  (key: string, message: string, help = ""): void =>
    report.error({ code: "out-of-bounds", path: [...path, key], message, help });

const isTime = (text: string): boolean => {
  const [, once] = /^at\((.+)\)$/.exec(text) ?? [];
  if (once !== undefined)
    return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(once) && isMoment(`${once}Z`);
  return isCron(text) || /^rate\([1-9]\d* (?:minute|hour|day)s?\)$/.test(scheduleOf(text));
};

const units: Readonly<Record<string, string>> = { d: "day", h: "hour", m: "minute" };

/** `rate(1h)`, as files written for ComposeX have it, is `rate(1 hour)` to AWS. */
export function scheduleOf(text: string): string {
  const form = /^rate\(\s*(\d+)\s*(?:(m)(?:in(?:ute)?s?)?|(h)(?:ours?)?|(d)(?:ays?)?)\s*\)$/;
  const [, count = "", ...letters] = form.exec(text) ?? [];
  const unit = units[letters.find((letter) => letter !== undefined) ?? ""];
  return unit === undefined ? text : `rate(${count} ${unit}${Number(count) === 1 ? "" : "s"})`;
}

const isMoment = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text));

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }) !== undefined;
  } catch {
    return false;
  }
}
