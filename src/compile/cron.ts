/**
 * Whether AWS takes a text for a time that comes again: six fields, of which the day of the month
 * or that of the week is a question mark (docs: "Cron expressions reference" of EventBridge).
 */
export function isCron(text: string): boolean {
  const form = /^cron\((\S+) +(\S+) +(\S+) +(\S+) +(\S+) +(\S+)\)$/;
  const [, ...given] = form.exec(text) ?? [];
  const marks = [given[2], given[4]].filter((field) => field === "?");
  return marks.length === 1 && fields.every((field, at) => isField(given[at] ?? "", field));
}

interface Field {
  readonly least: number;
  readonly most: number;
  readonly words?: string;
}

const fields: readonly Field[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, words: "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC" },
  { least: 1, most: 7, words: "SUN MON TUE WED THU FRI SAT" },
  { least: 1970, most: 2199 },
];

/** `1,15`, `MON-FRI`, `0/10`: its numbers are within bounds, and its words are known; signs are taken as they are. */
const isField = (text: string, { least, most, words = "" }: Field): boolean =>
  text.split(",").every((item) => {
    const [span = ""] = item.split(/[/#]/);
    return span.split("-").every((part) => {
      if (/^\d+$/.test(part)) return Number(part) >= least && Number(part) <= most;
      return !/^[A-Z]{2,}$/i.test(part) || /^LW$/.test(part) || words.includes(part.toUpperCase());
    });
  });
