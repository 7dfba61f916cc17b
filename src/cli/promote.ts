import { fetchApplication, fetchTip } from "../desired/source.ts";
import { own } from "../model/own.ts";
import { inForce } from "../model/requests.ts";
import type { Verified } from "../model/verification.ts";
import type { Ports } from "../ports/ports.ts";
import { latest } from "../promote/latest.ts";
import { connect } from "./connection.ts";
import { unregistered } from "./known.ts";
import { readTime } from "./suspend.ts";
import { type Place, readArguments, readPlace, UsageError } from "./usage.ts";
import type { Verb } from "./verb.ts";

/** Has an environment take a revision that the one before has verified: the newest, unless it is named. */
export const promote: Verb = {
  name: "promote",
  summary: "take a revision that the environment before has verified",
  usage: "trueup promote APP/ENV [REVISION] [--reason TEXT] [--until TIME] [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      json: { type: "boolean" },
      reason: { type: "string", default: "promoted by hand" },
      until: { type: "string" },
    });
    const [word = "", given, ...more] = positionals;
    const place = readPlace([word, ...more]);
    const until = values.until === undefined ? {} : { until: readTime(values.until) };
    const { people, ports } = await connect(io);
    const candidates = await verifiedBefore(place, ports);
    const { revision } = chosen(given, candidates, word);
    const requests = await ports.requests.read(place.application, place.environment);
    const hold = inForce(requests.hold, ports.clock.now());
    if (hold !== undefined) {
      io.err(`${word} is held at ${hold.revision.slice(0, 8)}: trueup release-hold ${word} first.`);
      return 3;
    }
    const asked = { revision, reason: values.reason, ...until };
    await people.promote(place.application, place.environment, asked);
    const waits =
      candidates[0]?.revision === revision ? "" : ": newer ones wait until trueup release-hold";
    const said = `${word} takes ${revision.slice(0, 8)}${waits}${waits === "" ? "" : ` ${word}`}.`;
    io.out(values.json === true ? JSON.stringify({ ...place, promote: asked }) : said);
    return 0;
  },
};

/** What the environment that this one takes from has verified, the newest first. */
async function verifiedBefore(
  { application, environment }: Place,
  ports: Ports,
): Promise<readonly Verified[]> {
  const registration = await ports.registrations.read(application);
  if (registration === undefined) throw new UsageError(unregistered(application));
  const tip = await fetchTip(registration, registration.branch, ports);
  const { application: found } = await fetchApplication(registration, tip, ports);
  const on = own(found.environments, environment)?.on;
  if (on === undefined) throw new UsageError(`${application} has no environment ${environment}.`);
  if (!("environment" in on)) {
    throw new UsageError(`${environment} takes from no other environment: it has no from:.`);
  }
  const verdicts = latest(await ports.verdicts.newest(application, on.environment));
  const passed = verdicts.filter(({ verdict }) => verdict === "passed");
  if (passed.length === 0) {
    const upstream = on.environment;
    throw new UsageError(
      `${upstream} has verified nothing yet: a revision has to pass its verify:.`,
    );
  }
  return passed;
}

function chosen(
  given: string | undefined,
  candidates: readonly Verified[],
  word: string,
): Verified {
  if (given !== undefined && !/^[0-9a-f]{7,40}$/.test(given)) {
    throw new UsageError(`"${given}" is no revision: write at least 7 digits of a commit.`);
  }
  const [found, other] = candidates.filter(({ revision }) => revision.startsWith(given ?? ""));
  const [newest] = candidates;
  if (found !== undefined && (given === undefined || other === undefined)) return found;
  const what = found === undefined ? "was not verified" : "is the beginning of several revisions";
  throw new UsageError(
    `${given} ${what}; ${word} could take ${candidates.map(({ revision }) => revision.slice(0, 8)).join(", ")}, of which ${newest?.revision.slice(0, 8)} is the newest.`,
  );
}
