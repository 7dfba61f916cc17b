import type { LedgerEntry } from "../model/ledger.ts";
import { connect } from "./connection.ts";
import { refuseUnknown } from "./known.ts";
import { readArguments, readPlace, UsageError } from "./usage.ts";
import type { Verb } from "./verb.ts";

/** What the controller did to an environment, found of it, and on whose word. */
export const history: Verb = {
  name: "history",
  summary: "show what was done to an environment, and on whose word",
  usage: "trueup history APP/ENV [-n COUNT] [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      count: { type: "string", short: "n", default: "20" },
      json: { type: "boolean" },
    });
    const place = readPlace(positionals);
    const { application, environment } = place;
    if (!/^[1-9]\d{0,3}$/.test(values.count)) {
      throw new UsageError(`"${values.count}" is no count: write 1 to 9999.`);
    }
    const { people, ports } = await connect(io);
    const entries = await people.history(application, environment, Number(values.count));
    if (entries.length === 0) await refuseUnknown(place, ports);
    io.out(values.json === true ? JSON.stringify(entries) : entries.map(renderEntry).join("\n"));
    return 0;
  },
};

/** One entry as people read it. */
export function renderEntry({ at, conditions, plan, revision, steps, votes }: LedgerEntry): string {
  const what = [
    ...steps.map(({ kind, unit }) => `${kind} ${unit}`),
    ...conditions.map(({ reason, status, type }) => `${type}=${status} ${reason}`),
    ...votes.map(({ reason, user }) => `approved by ${user}${reason === "" ? "" : `: ${reason}`}`),
  ];
  const which = plan === undefined ? "" : `  plan ${plan.slice(0, 12)}`;
  return `${at}  ${revision.slice(0, 8)}${which}  ${what.join(", ")}`;
}
