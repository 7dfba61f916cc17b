import { connect } from "./connection.ts";
import { publishedPlan, renderPlan } from "./show-plan.ts";
import { readArguments, readPlace, UsageError } from "./usage.ts";
import type { Verb } from "./verb.ts";

/**
 * Consents to the deletion of just what is listed: an environment that left `trueup.yaml`, or
 * stacks of services that left the repository. What is more by then, or another, stays.
 */
export const destroy: Verb = {
  name: "destroy",
  summary: "list what would be deleted, or let just that go",
  usage: "trueup destroy APP/ENV [DIGEST] [--reason TEXT] [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      json: { type: "boolean" },
      reason: { type: "string", default: "" },
    });
    const [word = "", given, ...more] = positionals;
    const place = readPlace([word, ...more]);
    const { people, ports } = await connect(io);
    const plan = await publishedPlan(place, ports);
    const { doomed } = plan;
    const changes = plan.changes.filter(({ action }) => action === "remove");
    if (given === undefined) {
      const listed = renderPlan({ ...plan, changes, callouts: [], riskier: [], settings: [] }, io);
      const said =
        doomed === undefined
          ? "Nothing is to be deleted."
          : `${listed}\nTo let just that go: trueup destroy ${word} ${doomed.slice(0, 12)}`;
      io.out(values.json === true ? JSON.stringify({ ...place, doomed, changes }) : said);
      return 0;
    }
    if (!/^[0-9a-f]{8,64}$/.test(given)) {
      throw new UsageError(`"${given}" is no digest: write at least 8 of its hexadecimal digits.`);
    }
    if (doomed?.startsWith(given) !== true) {
      const what = doomed === undefined ? "Nothing" : `What ${doomed.slice(0, 12)} stands for`;
      throw new UsageError(`${what} is to be deleted at ${word}, not ${given}: list it again.`);
    }
    const consent = { doomed, reason: values.reason };
    await people.consent(place.application, place.environment, consent);
    const said = `${word}: what ${doomed.slice(0, 12)} stands for is let go.`;
    io.out(values.json === true ? JSON.stringify({ ...place, consent }) : said);
    return 0;
  },
};
