import type { Plan } from "../model/plan.ts";
import type { Condition } from "../model/status.ts";
import type { Ports } from "../ports/ports.ts";
import { connect } from "./connection.ts";
import { publishedPlan, renderPlan, sinceApproved } from "./show-plan.ts";
import { type Place, readArguments, readPlace, UsageError } from "./usage.ts";
import type { Io, Verb } from "./verb.ts";

/** Shows the plan that waits, asks, and writes its whole digest: never a part of it. */
export const approve: Verb = {
  name: "approve",
  summary: "approve the plan that waits",
  usage: "trueup approve APP/ENV [DIGEST] [--reason TEXT] [--yes] [--json]",
  run: (args, io) => vote("approve", args, io),
};

/** Says no to the plan that waits. */
export const reject: Verb = {
  name: "reject",
  summary: "reject the plan that waits",
  usage: "trueup reject APP/ENV [DIGEST] [--reason TEXT] [--yes] [--json]",
  run: (args, io) => vote("reject", args, io),
};

type Verdict = "approve" | "reject";

const leaves = { approve: "approval", reject: "rejection" } as const;

async function vote(verdict: Verdict, args: readonly string[], io: Io): Promise<0 | 3> {
  const { positionals, values } = readArguments(args, {
    json: { type: "boolean" },
    reason: { type: "string", default: "" },
    yes: { type: "boolean" },
  });
  const [word = "", digest, ...more] = positionals;
  const place = readPlace([word, ...more]);
  const { people, ports } = await connect(io);
  const plan = await publishedPlan(place, ports);
  const offered = await open(verdict, whole(digest, plan, word), place, ports);
  if (offered === undefined) {
    io.out(values.json === true ? JSON.stringify({ ...place }) : "Nothing waits for approval.");
    return 0;
  }
  if (values.json !== true) {
    io.out(renderPlan(plan, io));
    const since = await sinceApproved(plan, ports);
    if (since !== undefined) io.out(since);
  }
  if (values.yes !== true && !(await confirmed(verdict, word, io))) {
    io.err("Nothing was written.");
    return 3;
  }
  const written = { digest: offered, reason: values.reason };
  await people[verdict](place.application, place.environment, written);
  const said = `${word}: plan ${offered.slice(0, 12)} has your ${leaves[verdict]}.`;
  io.out(values.json === true ? JSON.stringify({ ...place, [leaves[verdict]]: written }) : said);
  return 0;
}

/** The digest to vote on; undefined: none is. A plan that no gate and no guard holds, or no longer, counts no votes. */
async function open(
  verdict: Verdict,
  offered: string | undefined,
  { application, environment }: Place,
  ports: Ports,
): Promise<string | undefined> {
  const { conditions = [] } =
    (await ports.statuses.readEnvironment(application, environment)) ?? {};
  if (offered === undefined || mayBeAsked(conditions)) return offered;
  if (verdict === "approve") return undefined;
  const word = `${application}/${environment}`;
  throw new UsageError(
    `Plan ${offered.slice(0, 12)} of ${word} waits for nobody's word, or no more, so that no rejection stops it. trueup suspend ${word} keeps what has not begun from beginning, trueup rollback ${word} goes back.`,
  );
}

/** A pass that broke off says nothing of votes, whoever was asked before. */
const mayBeAsked = (conditions: readonly Condition[]): boolean =>
  conditions.some(
    ({ reason, status, type }) =>
      (type === "Approved" && status === "False") || reason === "ProgressingWithRetry",
  );

/** The digest that is offered, if it is the one that is meant; undefined: none is offered. */
function whole(given: string | undefined, { digest }: Plan, word: string): string | undefined {
  if (given !== undefined && !/^[0-9a-f]{8,64}$/.test(given)) {
    throw new UsageError(`"${given}" is no digest: write at least 8 of its hexadecimal digits.`);
  }
  if (given !== undefined && !digest.startsWith(given)) {
    const offer = digest === "" ? "Nothing waits" : `Plan ${digest.slice(0, 12)} waits`;
    throw new UsageError(`${offer} at ${word}, not ${given.slice(0, 12)}: look again.`);
  }
  return digest === "" ? undefined : digest;
}

async function confirmed(verdict: Verdict, word: string, { ask }: Io): Promise<boolean> {
  if (ask === undefined) throw new UsageError("Nobody is there to be asked: say --yes.");
  return /^y(es)?$/i.test((await ask(`${verdict} this plan of ${word}? [y/N] `)).trim());
}
