import { randomUUID } from "node:crypto";
import type { EnvironmentStatus } from "../model/status.ts";
import { connect } from "./connection.ts";
import { readArguments, readPlace, UsageError } from "./usage.ts";
import type { Verb } from "./verb.ts";

/** Has what is deployed verified once more. */
export const verify: Verb = {
  name: "verify",
  summary: "verify what is deployed once more",
  usage: "trueup verify APP/ENV [REVISION] [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, { json: { type: "boolean" } });
    const [word = "", revision, ...more] = positionals;
    const place = readPlace([word, ...more]);
    const { people, ports } = await connect(io);
    const status = await ports.statuses.readEnvironment(place.application, place.environment);
    const { revision: about, isThere } = verifiable(status, word);
    if (revision !== undefined && !about.startsWith(revision)) {
      throw new UsageError(
        `What can be verified at ${word} is ${about.slice(0, 8) || "what its instances are at"}: only that.`,
      );
    }
    const token = randomUUID();
    await people.verify(place.application, place.environment, token);
    const where = isThere ? "" : `, in another instance for ${about.slice(0, 8)}`;
    io.out(values.json === true ? JSON.stringify({ ...place, token }) : `Asked: ${token}${where}`);
    return 0;
  },
};

interface Verifiable {
  /** Empty: each instance has its own. */
  readonly revision: string;
  /** Whether anything is deployed of it now. */
  readonly isThere: boolean;
}

/** What is deployed; or where an environment has instances, the revision that it is at. */
function verifiable(status: EnvironmentStatus | undefined, word: string): Verifiable {
  const { deployed, desired = "" } = status?.revision ?? {};
  const { instances } = status ?? {};
  if (instances !== undefined && (desired !== "" || instances.length > 0)) {
    const isThere = desired === "" || instances.some(({ revision }) => revision === desired);
    return { revision: desired, isThere };
  }
  if (deployed === undefined) throw new UsageError(`Nothing is deployed at ${word}.`);
  return { revision: deployed, isThere: true };
}
