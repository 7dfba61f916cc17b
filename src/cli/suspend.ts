import { connect } from "./connection.ts";
import { readArguments, readPlace, UsageError } from "./usage.ts";
import type { Verb } from "./verb.ts";

/** Keeps the controller from changing an environment; it goes on looking and reporting. */
export const suspend: Verb = {
  name: "suspend",
  summary: "keep the controller from changing an environment",
  usage: "trueup suspend APP/ENV [--reason TEXT] [--until TIME]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      reason: { type: "string", default: "by hand" },
      until: { type: "string" },
    });
    const place = readPlace(positionals);
    const until = values.until === undefined ? {} : { until: readTime(values.until) };
    const { people } = await connect(io);
    await people.suspend(place.application, place.environment, { reason: values.reason, ...until });
    io.out(`${place.application}/${place.environment} is suspended.`);
    return 0;
  },
};

/** Lets the controller go on. */
export const resume: Verb = {
  name: "resume",
  summary: "let the controller change a suspended environment again",
  usage: "trueup resume APP/ENV",

  async run(args, io) {
    const place = readPlace(readArguments(args, {}).positionals);
    const { people } = await connect(io);
    await people.resume(place.application, place.environment);
    io.out(`${place.application}/${place.environment} is resumed.`);
    return 0;
  },
};

function readTime(text: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new UsageError(`"${text}" is no time: write 2026-12-31T18:00:00Z.`);
  return new Date(time).toISOString();
}
