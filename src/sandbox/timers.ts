import { notEmulated } from "./world.ts";

/** When a rule or a schedule is due: once, or again and again. */
export type Timer =
  | { readonly kind: "once"; readonly at: number }
  | { readonly kind: "recurring"; readonly next: (after: number) => number | undefined };

/** Reads `rate(…)`, `cron(…)` and `at(…)`, all in UTC; undefined: it is none of them. */
export function timerOf(expression: string): Timer | undefined {
  const [, kind = "", inner = ""] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  switch (kind) {
    case "rate":
      return rateOf(inner);
    case "cron":
      return cronOf(inner);
    case "at":
      return atOf(inner);
    default:
      return undefined;
  }
}

const minute = 60_000;
const day = 24 * 60 * minute;
const units: Readonly<Record<string, number>> = { minute, hour: 60 * minute, day };

function rateOf(text: string): Timer | undefined {
  const [, count = "", unit = "", plural] = /^([1-9]\d*) (minute|hour|day)(s)?$/.exec(text) ?? [];
  const length = Number(count) * (units[unit] ?? 0);
  if (length === 0 || Number(count) > 1 !== (plural === "s")) return undefined;
  return { kind: "recurring", next: (after) => after + length };
}

function atOf(text: string): Timer | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return undefined;
  const at = Date.parse(`${text}Z`);
  return Number.isNaN(at) ? undefined : { kind: "once", at };
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** How far ahead a cron expression is looked for; what comes later never comes. */
const mostDays = 366 * 8;

function cronOf(text: string): Timer | undefined {
  const fields = text.trim().split(/\s+/);
  const [minuteField, hourField, dateField, monthField, weekdayField, yearField] = fields;
  if (fields.length !== 6 || (dateField === "?") === (weekdayField === "?")) return undefined;
  const minutes = fieldOf(minuteField, { least: 0, most: 59 });
  const hours = fieldOf(hourField, { least: 0, most: 23 });
  const dates = fieldOf(dateField, { least: 1, most: 31 });
  const inMonths = fieldOf(monthField, { least: 1, most: 12, names: months });
  const days = fieldOf(weekdayField, { least: 1, most: 7, names: weekdays });
  const years = fieldOf(yearField, { least: 1970, most: 2199 });
  if (!minutes || !hours || !dates || !inMonths || !days || !years) return undefined;

  const isDay = (date: Date) =>
    years.has(date.getUTCFullYear()) &&
    inMonths.has(date.getUTCMonth() + 1) &&
    dates.has(date.getUTCDate()) &&
    days.has(date.getUTCDay() + 1);
  const times = [...hours]
    .flatMap((hour) => [...minutes].map((one) => hour * 60 + one))
    .sort((a, b) => a - b);
  const next = (after: number): number | undefined => {
    const today = after - (after % day);
    for (let index = 0; index < mostDays; index += 1) {
      const start = today + index * day;
      if (!isDay(new Date(start))) continue;
      const time = times.find((candidate) => start + candidate * minute > after);
      if (time !== undefined) return start + time * minute;
    }
    return undefined;
  };
  return { kind: "recurring", next };
}

interface Range {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

/** The values one cron field allows. */
function fieldOf(text = "", range: Range): ReadonlySet<number> | undefined {
  if (/[LW#]/.test(text.replace(/JUL/g, "").replace(/WED/g, ""))) {
    throw notEmulated(`the cron field ${text}`);
  }
  const values = text.split(",").map((part) => partOf(part, range));
  return values.includes(undefined) ? undefined : new Set(values.flatMap((part) => part ?? []));
}

function partOf(text: string, range: Range): readonly number[] | undefined {
  const [, span = "", step] = /^([^/]+)(?:\/(\d+))?$/.exec(text) ?? [];
  const [from = "", to] = span.split("-");
  const all = from === "*" || from === "?";
  const first = all ? range.least : numberOf(from, range);
  const last = all || (to === undefined && step) ? range.most : numberOf(to ?? from, range);
  const stride = Number(step ?? 1);
  if (first === undefined || last === undefined || first > last || stride === 0) return undefined;
  return Array.from(
    { length: Math.floor((last - first) / stride) + 1 },
    (_, index) => first + index * stride,
  );
}

function numberOf(text: string, { least, most, names = [] }: Range): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  const value = named >= 0 ? named + least : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}
