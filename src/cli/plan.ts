import { usualDeadlines, usualDrift } from "../application/application.ts";
import { takenFrom } from "../desired/handed-out.ts";
import { ask } from "../desired/lookups.ts";
import { renderDiagnostic } from "../model/diagnostic.ts";
import { environmentKey } from "../model/key.ts";
import type { Plan } from "../model/plan.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import { noRequests } from "../model/requests.ts";
import { rollOutOf } from "../plan/roll-out.ts";
import type { Ports } from "../ports/ports.ts";
import { refuseMove, refuseRename } from "../reconcile/moving.ts";
import { lookAt, observe } from "../reconcile/observe.ts";
import { type Connection, connect } from "./connection.ts";
import { whereOf } from "./render.ts";
import { publishedPlan, renderPlan } from "./show-plan.ts";
import { readArguments, readPlace } from "./usage.ts";
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
        ? await publishedPlan(readPlace(positionals), connection.ports)
        : await localPlan(connection, {
            files: values.file ?? [],
            environment: values.environment,
            io,
          });
    io.out(values.json === true ? JSON.stringify(found) : renderPlan(found, io));
    return statusOf(found);
  },
};

const statusOf = ({ changes, gates, settings }: Plan): ExitStatus =>
  changes.length + settings.length === 0 ? 0 : gates.length > 0 ? 3 : 1;

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
    read: async (names) =>
      new Map(
        [...(await ports.stored.read(names))].flatMap(([name, value]) =>
          "text" in value ? [[name, value.text]] : [],
        ),
      ),
    deployedAs: async (key) => (await ports.records.read(key)).record.settings?.target,
    take: (from, taker) => takenFrom(from, { ...taker, origin: here(taker.by) }, ports),
  });
  for (const warning of copy.warnings) io.err(renderDiagnostic(warning));
  const key = environmentKey(copy.application, copy.environment?.name ?? "local");
  const { record } = await ports.records.read(key);
  return compared(copy, record, ports);
}

const here = (key: string) => ({
  file: "trueup.yaml",
  line: 1,
  column: 1,
  path: `environments.${key.split("/")[1]}.parameters.from`,
});

/** As the controller would plan it, without asking whether a gate holds. */
async function compared(
  { bundle, environment }: WorkingCopy,
  record: EnvironmentRecord,
  ports: Ports,
): Promise<Plan> {
  const [now, stacks] = [ports.clock.now(), ports.stacks(bundle.target)];
  await refuseMove(record, bundle.target, (target) => ports.stacks(target));
  const known = await lookAt(record, stacks);
  refuseRename(bundle, known);
  const {
    allow: consents = [],
    approval,
    deadlines = usualDeadlines,
    drift = usualDrift,
    pruneMax = 1,
    selfHeal = "report",
    windows = [],
  } = environment ?? {};
  // Whose roles a desk deploys with says nothing of what the controller would use.
  const target = record.settings?.target ?? bundle.target;
  const settings = { approval, target, windows };
  const rules = { settings, floor: undefined, approvers: [], windows: [] };
  const desired = { bundle, revision: "working copy", consents, deadlines, pruneMax, rules };
  const observed = await observe({ ...desired, drift, selfHeal, now, known }, record, stacks);
  const nobody = { requests: noRequests, consents: [], unmet: [], votes: [] };
  return rollOutOf({ desired, observed, record, ...nobody, now }).plan;
}
