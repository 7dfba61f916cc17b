import { endOfUntil, isTime } from "../model/time.ts";
import { connect } from "./connection.ts";
import { refuseUnknown } from "./known.ts";
import { readArguments, readPlace, UsageError } from "./usage.ts";
import type { Verb } from "./verb.ts";

/** Keeps the controller from changing an environment; it goes on looking and reporting. */
export const suspend: Verb = {
  name: "suspend",
  summary: "keep the controller from changing an environment",
  usage: "trueup suspend APP/ENV [--reason TEXT] [--until TIME] [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      json: { type: "boolean" },
      reason: { type: "string", default: "by hand" },
      until: { type: "string" },
    });
    const place = readPlace(positionals);
    const until = values.until === undefined ? {} : { until: readTime(values.until) };
    const { people, ports } = await connect(io);
    await refuseUnknown(place, ports);
    const suspended = { reason: values.reason, ...until };
    await people.suspend(place.application, place.environment, suspended);
    const said = `${place.application}/${place.environment} is suspended.`;
    io.out(values.json === true ? JSON.stringify({ ...place, suspended }) : said);
    return 0;
  },
};

/** Lets the controller go on. */
export const resume: Verb = {
  name: "resume",
  summary: "let the controller change a suspended environment again",
  usage: "trueup resume APP/ENV [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, { json: { type: "boolean" } });
    const place = readPlace(positionals);
    const { people, ports } = await connect(io);
    await refuseUnknown(place, ports);
    const { application, environment } = place;
    const { broken, suspended } = await ports.requests.read(application, environment);
    await people.resume(application, environment);
    const key = `${application}/${environment}`;
    const was = suspended !== undefined || broken.suspended !== undefined;
    const said = was ? `${key} is resumed.` : `Nothing was suspended: ${key} goes on as before.`;
    io.out(values.json === true ? JSON.stringify({ ...place, suspended: null }) : said);
    return 0;
  },
};

/** A time to come as people write it, as ISO 8601 in UTC; a day is its end. */
export function readTime(text: string): string {
  if (!isTime(text)) throw new UsageError(`"${text}" is no time: write 2026-12-31T18:00:00Z.`);
  if (endOfUntil(text) <= Date.now())
    throw new UsageError(`${text} is over: write a time to come.`);
  return new Date(endOfUntil(text)).toISOString();
}
