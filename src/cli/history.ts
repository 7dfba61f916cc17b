import type { GivenConsent, Vote } from "../model/gates.ts";
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
export function renderEntry(entry: LedgerEntry): string {
  const { at, conditions, consents = [], plan, revision, steps, votes } = entry;
  const what = [
    ...steps.map(({ kind, unit }) => `${kind} ${unit}`),
    ...conditions.map(({ reason, status, type }) => `${type}=${status} ${reason}`),
    ...votes.map((vote) => `approved by ${told(vote)}`),
    ...consents.map((consent) => `${letBy(consent)} by ${told(consent)}`),
  ];
  const which = plan === undefined ? "" : `  plan ${plan.slice(0, 12)}`;
  return `${at}  ${revision.slice(0, 8)}${which}  ${what.join(", ")}`;
}

const told = ({ reason, user }: Pick<Vote, "reason" | "user">): string =>
  `${user}${reason === "" ? "" : `: ${reason}`}`;

const letBy = ({ doomed, skip }: GivenConsent): string =>
  [
    ...(doomed === undefined ? [] : [`${doomed.slice(0, 12)} let go`]),
    ...Object.entries(skip).map(
      ([stack, ids]) => `${stack} rolled back without ${ids.join(" and ")}`,
    ),
  ].join(" and ");
