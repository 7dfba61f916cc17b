import { randomUUID } from "node:crypto";
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
    const deployed = status?.revision.deployed;
    if (deployed === undefined) throw new UsageError(`Nothing is deployed at ${word}.`);
    if (revision !== undefined && !deployed.startsWith(revision)) {
      throw new UsageError(
        `What is deployed at ${word} is ${deployed.slice(0, 8)}: only that can be verified.`,
      );
    }
    const token = randomUUID();
    await people.verify(place.application, place.environment, token);
    io.out(values.json === true ? JSON.stringify({ ...place, token }) : `Asked: ${token}`);
    return 0;
  },
};
