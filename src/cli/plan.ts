import { usualDeadlines, usualDrift } from "../application/application.ts";
import { hasInstances } from "../application/instances.ts";
import { ask } from "../desired/lookups.ts";
import type { Bundle, Target } from "../model/bundle.ts";
import { renderDiagnostic } from "../model/diagnostic.ts";
import { environmentKey } from "../model/key.ts";
import type { Plan } from "../model/plan.ts";
import { type EnvironmentRecord, emptyRecord } from "../model/record.ts";
import { noRequests } from "../model/requests.ts";
import { asDeployed } from "../plan/as-deployed.ts";
import { rollOutOf } from "../plan/roll-out.ts";
import type { Ports } from "../ports/ports.ts";
import { refuseLayout, refuseMove, refuseOrphan, refuseRename } from "../reconcile/moving.ts";
import { lookAt, observe } from "../reconcile/observe.ts";
import { baseOf, renderRevision } from "./against.ts";
import { type Connection, connect } from "./connection.ts";
import { storedBy, takenBy } from "./desk-answers.ts";
import { whereOf } from "./render.ts";
import { publishedPlan, renderPlan } from "./show-plan.ts";
import { readArguments, readPlace, UsageError } from "./usage.ts";
import type { ExitStatus, Io, Verb } from "./verb.ts";
import { renderWorkingCopy, type Wanted, type WorkingCopy } from "./working-copy.ts";

/** What a reconcile would change: of the working copy here, or of what the controller published. */
export const plan: Verb = {
  name: "plan",
  summary: "show what a reconcile would change",
  usage:
    "trueup plan [-f FILE]… [--environment E] [--revision R] [--against deployed|DIR|REVISION] [--json]  |  trueup plan APP/ENV [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      against: { type: "string" },
      environment: { type: "string" },
      file: { type: "string", short: "f", multiple: true },
      json: { type: "boolean" },
      revision: { type: "string" },
    });
    const { against, environment, file: files = [], revision } = values;
    if (positionals.length > 0 && (against ?? environment ?? revision ?? files[0]) !== undefined)
      throw new UsageError("APP/ENV has its plan from the controller: leave the options away.");
    const connection = await connect(io);
    const found =
      positionals.length > 0
        ? await publishedPlan(readPlace(positionals), connection.ports)
        : await localPlan(connection, {
            against: against ?? "deployed",
            environment,
            files,
            io,
            revision,
          });
    io.out(values.json === true ? JSON.stringify(found) : renderPlan(found, io));
    return statusOf(found);
  },
};

const statusOf = ({ changes, gates, settings }: Plan): ExitStatus =>
  changes.length + settings.length === 0 ? 0 : gates.length > 0 ? 3 : 1;

interface Local {
  /** `deployed`, a directory or a revision. */
  readonly against: string;
  /** Undefined: the files as they are here, committed or not. */
  readonly revision: string | undefined;
  readonly files: readonly string[];
  readonly environment: string | undefined;
  readonly io: Io;
}

async function localPlan({ ports }: Connection, local: Local): Promise<Plan> {
  const { against, io, revision } = local;
  const wanted = await wantedOf(local, ports);
  const copy = await (revision === undefined
    ? renderWorkingCopy(wanted)
    : renderRevision(revision, wanted));
  for (const warning of copy.warnings) io.err(renderDiagnostic(warning));
  if (against !== "deployed")
    return comparedWith(await baseOf(against, wanted), copy, ports.clock.now());
  const { record } = await ports.records.read(keyOf(copy));
  return compared(copy, record, ports);
}

async function wantedOf({ against, environment, files, io }: Local, ports: Ports): Promise<Wanted> {
  const { account, region } = await ports.home();
  return {
    ...whereOf(io),
    account,
    region,
    directory: io.cwd,
    files,
    environment,
    answer: (open, target) => ask(open, ports.lookups(target)),
    read: storedBy(ports),
    // As `trueup render` has it, where nothing is deployed.
    deployedAs:
      against === "deployed"
        ? async (key) => (await ports.records.read(key)).record.settings?.target
        : undefined,
    take: takenBy(ports),
  };
}

/** As the controller would plan it, without asking whether a gate holds. */
async function compared(copy: WorkingCopy, record: EnvironmentRecord, ports: Ports): Promise<Plan> {
  const { bundle, environment } = copy;
  const [now, stacks] = [ports.clock.now(), ports.stacks(bundle.target)];
  await refuseMove(record, bundle.target, (target) => ports.stacks(target));
  const known = await lookAt(record, stacks);
  refuseRename(bundle, known);
  const { drift = usualDrift, selfHeal = "report" } = environment ?? {};
  // Whose roles a desk deploys with says nothing of what the controller would use.
  const desired = desiredOf(copy, record.settings?.target ?? bundle.target);
  const look = (wanted: typeof desired) =>
    observe({ ...wanted, drift, selfHeal, now, known }, record, stacks);
  if (environment !== undefined && hasInstances(environment)) {
    const none = { ...desired, bundle: { ...bundle, stacks: [] }, isOrphaned: true };
    const seen = { desired: none, observed: await look(none), record, now };
    refuseOrphan(rollOutOf({ ...nobody, key: keyOf(copy), ...seen }));
  }
  const observed = await look(desired);
  refuseLayout(observed);
  return rollOutOf({ ...nobody, key: keyOf(copy), desired, observed, record, now }).plan;
}

/** What it would be were a bundle deployed: nothing that is deployed is looked at. */
function comparedWith(base: Bundle, copy: WorkingCopy, now: string): Plan {
  const desired = desiredOf(copy, copy.bundle.target);
  const observed = asDeployed(base, copy.bundle);
  refuseLayout(observed);
  const record = { ...emptyRecord, settings: desired.rules.settings };
  return rollOutOf({ ...nobody, key: keyOf(copy), desired, observed, record, now }).plan;
}

const keyOf = ({ application, environment }: WorkingCopy): string =>
  environmentKey(application, environment?.name ?? "local");

const nobody = { requests: noRequests, consents: [], unmet: [], votes: [] };

function desiredOf({ bundle, environment }: WorkingCopy, target: Target) {
  const {
    allow: consents = [],
    approval,
    deadlines = usualDeadlines,
    pruneMax = 1,
    windows = [],
  } = environment ?? {};
  const settings = { approval, target, windows };
  const rules = { settings, floor: undefined, approvers: [], windows: [] };
  return { bundle, revision: "working copy", consents, deadlines, pruneMax, rules };
}
