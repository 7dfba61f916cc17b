import { instanceIn } from "../model/key.ts";
import type { LedgerEntry } from "../model/ledger.ts";
import type { Ports } from "../ports/ports.ts";
import { type Connection, connect } from "./connection.ts";
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
    const connection = await connect(io);
    await refuseUnknown(place, connection.ports);
    await refuseLeased(place, connection.ports);
    const revision = isWhole(given) ? given : await chosen(given, place, connection);
    const hold = { revision, reason: values.reason, ...until };
    await connection.people.hold(place.application, place.environment, hold);
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
    const { application, environment } = place;
    const { broken, hold, promotion } = await ports.requests.read(application, environment);
    await people.release(application, environment);
    const key = `${application}/${environment}`;
    const was = (hold ?? promotion ?? broken.hold ?? broken.promote) !== undefined;
    const said = was
      ? `${key} follows again what it did before.`
      : `Nothing was held: ${key} goes on as before.`;
    io.out(values.json === true ? JSON.stringify({ ...place, hold: null }) : said);
    return 0;
  },
};

/** What has a lease is of one revision until it is deleted; another one has an instance of its own. */
async function refuseLeased({ application, environment: key }: Place, { statuses }: Ports) {
  const { environment, instance } = instanceIn(key);
  const { instances = [] } = (await statuses.readEnvironment(application, environment)) ?? {};
  if (!instances.some(({ ends, name }) => name === instance && ends !== undefined)) return;
  throw new UsageError(
    `${application}/${key} is of one revision for good: trueup rollback ${application}/${environment} REVISION makes an instance of another.`,
  );
}

const isWhole = (given: string | undefined): given is string =>
  given !== undefined && /^[0-9a-f]{40}$/.test(given);

/** Of the revisions that were deployed once: the one that begins so, or the last but what is wanted now. */
async function chosen(
  given: string | undefined,
  { application, environment }: Place,
  { people, ports }: Connection,
): Promise<string> {
  if (given !== undefined && !/^[0-9a-f]{7,39}$/.test(given)) {
    throw new UsageError(`"${given}" is no revision: write at least 7 digits of a commit.`);
  }
  const status = await ports.statuses.readEnvironment(application, environment);
  const entries = await people.history(application, environment, mostEntries);
  const ready = entries.filter(wasReady).toReversed();
  const { deployed = "", desired } = status?.revision ?? {};
  const past = new Set([deployed, ...ready.map(({ revision }) => revision)]);
  past.delete("");
  if (given === undefined) past.delete(desired ?? "");
  const [found, other] = [...past].filter((revision) => revision.startsWith(given ?? ""));
  if (found !== undefined && (given === undefined || other === undefined)) return found;
  if (given === undefined) throw new UsageError("No other was deployed here: name the REVISION.");
  const what = found === undefined ? "was not deployed here" : "begins several revisions";
  throw new UsageError(`${given} ${what}: write all 40 digits of a commit.`);
}

const wasReady = ({ conditions }: LedgerEntry): boolean =>
  conditions.some(({ status, type }) => type === "Ready" && status === "True");

/** How far back is looked. */
const mostEntries = 200;
