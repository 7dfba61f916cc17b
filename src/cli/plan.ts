import { usualDeadlines } from "../application/application.ts";
import { ask } from "../lookups.ts";
import { renderDiagnostic } from "../model/diagnostic.ts";
import { environmentKey } from "../model/key.ts";
import type { Change, Plan } from "../model/plan.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import { noRequests } from "../model/requests.ts";
import { observe } from "../observe.ts";
import { rollOutOf } from "../plan/roll-out.ts";
import type { Ports } from "../ports.ts";
import { type Connection, connect } from "./connection.ts";
import { whereOf } from "./render.ts";
import { readArguments, readPlace, UsageError } from "./usage.ts";
import type { ExitStatus, Io, Verb } from "./verb.ts";
import { renderWorkingCopy, type WorkingCopy } from "./working-copy.ts";

/** What a reconcile would change: of the working copy here, or of what the controller published. */
export const plan: Verb = {
  name: "plan",
  summary: "show what a reconcile would change",
  usage: "trueup plan [-f FILE]… [--environment E] [--json]  |  trueup plan APP/ENV [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      environment: { type: "string" },
      file: { type: "string", short: "f", multiple: true },
      json: { type: "boolean" },
    });
    const connection = await connect(io);
    const found =
      positionals.length > 0
        ? await publishedPlan(positionals, connection)
        : await localPlan(connection, {
            files: values.file ?? [],
            environment: values.environment,
            io,
          });
    io.out(values.json === true ? JSON.stringify(found) : renderPlan(found, io));
    return statusOf(found);
  },
};

const statusOf = ({ changes, gates }: Plan): ExitStatus =>
  changes.length === 0 ? 0 : gates.length > 0 ? 3 : 1;

async function publishedPlan(words: readonly string[], { ports }: Connection): Promise<Plan> {
  const { application, environment } = readPlace(words);
  const status = await ports.statuses.readEnvironment(application, environment);
  if (status === undefined) throw new UsageError(`Nothing is known of ${words[0]} yet.`);
  const { plan: digest } = status.digest;
  if (digest === undefined) return noPlan;
  const text = await ports.artifacts.read(`plans/${digest}.json`);
  if (text === undefined) throw new Error(`The plan ${digest} is not in the bucket.`);
  return JSON.parse(text) as Plan;
}

const noPlan: Plan = { digest: "", changes: [], riskier: [], settings: [], gates: [] };

interface Local {
  readonly files: readonly string[];
  readonly environment: string | undefined;
  readonly io: Io;
}

async function localPlan({ ports }: Connection, { environment, files, io }: Local): Promise<Plan> {
  const home = await ports.home();
  const copy = await renderWorkingCopy({
    ...whereOf(io),
    account: home.account,
    region: home.region,
    directory: io.cwd,
    files,
    environment,
    answer: (open, target) => ask(open, ports.lookups(target)),
  });
  for (const warning of copy.warnings) io.err(renderDiagnostic(warning));
  const key = environmentKey(copy.application, copy.environment?.name ?? "local");
  const { record } = await ports.records.read(key);
  return compared(copy, record, ports);
}

/** As the controller would plan it, without asking whether a gate holds. */
async function compared(
  { bundle, environment }: WorkingCopy,
  record: EnvironmentRecord,
  ports: Ports,
): Promise<Plan> {
  const now = ports.clock.now();
  const {
    allow: consents = [],
    approval,
    deadlines = usualDeadlines,
    selfHeal = "report",
  } = environment ?? {};
  const rules = { settings: { approval, target: bundle.target }, floor: undefined, approvers: [] };
  const desired = { bundle, revision: "working copy", consents, deadlines, rules };
  const observed = await observe(
    { ...desired, selfHeal, now },
    record,
    ports.stacks(bundle.target),
  );
  return rollOutOf({ desired, observed, record, requests: noRequests, now }).plan;
}

function renderPlan({ changes, digest, gates }: Plan, io: Io): string {
  if (changes.length === 0) return "Nothing to change.";
  const stacks = [...new Set(changes.map(({ stack }) => stack))];
  const lines = stacks.flatMap((stack) => [
    stack,
    ...changes.filter((change) => change.stack === stack).map((change) => `  ${line(change, io)}`),
  ]);
  const held = gates.map((gate) => `held: ${gate}`);
  return [...lines, ...held, `plan ${digest.slice(0, 12)}: ${changes.length} changes`].join("\n");
}

const signs = { add: "+", modify: "~", replace: "±", remove: "-" } as const;
const colors = { add: 32, modify: 33, replace: 31, remove: 31 } as const;

function line({ action, cause, logicalId, property, risk, type }: Change, { color }: Io): string {
  const sign = color ? `\u001b[${colors[action]}m${signs[action]}\u001b[0m` : signs[action];
  const what = property === "" ? "" : `  ${property}`;
  const danger = risk === "none" ? "" : `  [${risk}]`;
  const from = cause === undefined ? "" : `  ${cause.file}:${cause.line} ${cause.path}`;
  return `${sign} ${logicalId}  ${type}${what}${danger}${from}`;
}
