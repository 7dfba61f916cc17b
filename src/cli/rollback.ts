import type { Ports } from "../ports/ports.ts";
import { connect } from "./connection.ts";
import { refuseUnknown } from "./known.ts";
import { readTime } from "./suspend.ts";
import { type Place, readArguments, readPlace, UsageError } from "./usage.ts";
import type { Verb } from "./verb.ts";

/** Goes to a revision and stays there: newer ones wait until the hold is released. */
export const rollback: Verb = {
  name: "rollback",
  summary: "go to a revision and hold it",
  usage: "trueup rollback APP/ENV [REVISION] [--reason TEXT] [--until TIME] [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      json: { type: "boolean" },
      reason: { type: "string", default: "rolled back by hand" },
      until: { type: "string" },
    });
    const [word = "", given, ...more] = positionals;
    const place = readPlace([word, ...more]);
    const until = values.until === undefined ? {} : { until: readTime(values.until) };
    const { people, ports } = await connect(io);
    await refuseUnknown(place, ports);
    const revision = given ?? (await lastGood(place, ports));
    if (!/^[0-9a-f]{40}$/.test(revision)) {
      throw new UsageError(`"${revision}" is no revision: write all 40 digits of a commit.`);
    }
    const hold = { revision, reason: values.reason, ...until };
    await people.hold(place.application, place.environment, hold);
    const said = `${word} is held at ${revision.slice(0, 8)}; trueup release-hold ${word} ends it.`;
    io.out(values.json === true ? JSON.stringify({ ...place, hold }) : said);
    return 0;
  },
};

/** Follows again what it follows: its branch, or what the environment before verifies. */
export const releaseHold: Verb = {
  name: "release-hold",
  summary: "follow again, after a rollback or a promotion",
  usage: "trueup release-hold APP/ENV [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, { json: { type: "boolean" } });
    const place = readPlace(positionals);
    const { people, ports } = await connect(io);
    await refuseUnknown(place, ports);
    await people.release(place.application, place.environment);
    const said = `${place.application}/${place.environment} follows again what it did before.`;
    io.out(values.json === true ? JSON.stringify({ ...place, hold: null }) : said);
    return 0;
  },
};

/** What was deployed before the revision that does not get through. */
async function lastGood({ application, environment }: Place, { statuses }: Ports): Promise<string> {
  const status = await statuses.readEnvironment(application, environment);
  const { deployed, desired } = status?.revision ?? {};
  if (deployed !== undefined && deployed !== desired) return deployed;
  throw new UsageError("What is desired is deployed: name the REVISION to go back to.");
}
