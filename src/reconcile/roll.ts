import type { Desired, Followed } from "../desired/desired.ts";
import { type Moment, sessionOf } from "../desired/moment.ts";
import { unmetNeeds } from "../desired/needs.ts";
import type { Target } from "../model/bundle.ts";
import type { GivenConsent } from "../model/gates.ts";
import { environmentKey, instanceIn } from "../model/key.ts";
import type { ObservedStack } from "../model/observed.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import { refreshing } from "../model/requests.ts";
import { isSameJson } from "../model/same.ts";
import { type IndexedStack, indexPath } from "../model/stack-index.ts";
import type { EnvironmentStatus } from "../model/status.ts";
import type { Comparison } from "../plan/comparison.ts";
import { driftMemory, isDue, tickOf } from "../plan/detections.ts";
import { settledIn } from "../plan/foreign.ts";
import { approvalEntry, consentEntry } from "../plan/ledger.ts";
import { remember, withFailures, withRecoveries } from "../plan/remember.ts";
import { circumstancesDigest, isAtRest, isRestful } from "../plan/rest.ts";
import { type RollOut, rollOutOf, told } from "../plan/roll-out.ts";
import { statusOf } from "../plan/statuses.ts";
import type { Step } from "../plan/steps.ts";
import { intentOf } from "../plan/units.ts";
import type { Ports, Stacks } from "../ports/ports.ts";
import { carryOut, investigate } from "./carry-out.ts";
import { computingIn, type Wait } from "./computing.ts";
import { survey } from "./drift.ts";
import { inUse } from "./handing-out.ts";
import { isRunning, lookAtHealth } from "./health.ts";
import { refuseMove, refuseRename } from "./moving.ts";
import { lookAt, type Observed, observe } from "./observe.ts";
import { publishOutline } from "./outline.ts";
import { preflight } from "./preflight.ts";
import { recollection } from "./recollection.ts";
import { append, report } from "./report.ts";
import { verifyDeployed } from "./verify.ts";

/** `again`: there is more to do at once. Otherwise change sets are waited for first. */
export type Next = "again" | "rest" | Wait;

/** One pass over an environment that is known to follow something. */
export async function roll(followed: Followed, moment: Moment): Promise<Next> {
  const { before: status, ports, requests } = moment;
  const stacksAt = (target: Target): Stacks => ports.stacks(target, sessionOf(moment));
  const stacks = stacksAt(followed.target);
  const recollected = await recollection(moment, followed.target, stacksAt);
  const { record } = recollected;
  await refuseMove(record, followed.target, stacksAt);
  const known = await lookAt(record, stacks);
  const { basis } = followed;
  const mayRest = basis !== undefined && record.rested !== undefined && isRestful(status);
  const circumstances = { basis, record, requests, status, stacks: known };
  const isRested = mayRest && record.rested === circumstancesDigest(circumstances);
  if (isRested && !isDue(record.drift, moment.now)) return "rest";
  const desired = await followed.compile({
    anew: refreshedBy(moment) ?? tickOf(record.drift, moment),
    question: record.asked,
  });
  return move(desired, { ...recollected, basis, known, moment, stacks });
}

/** The request to look again at everything that nobody has answered yet. */
function refreshedBy({ before, requests: { requestedAt } }: Moment): string | undefined {
  const isNew = requestedAt !== before.requestedAt;
  return isNew && requestedAt?.startsWith(refreshing) ? requestedAt : undefined;
}

/** What a pass begins with. */
interface Start {
  readonly basis: unknown;
  readonly moment: Moment;
  readonly record: EnvironmentRecord;
  readonly version: string | undefined;
  readonly known: ReadonlyMap<string, ObservedStack | undefined>;
  readonly stacks: Stacks;
}

async function move(desired: Desired, start: Start): Promise<Next> {
  const { known, moment, record, stacks } = start;
  const { application, environment, now, ports, requests } = moment;
  const key = environmentKey(application, environment);
  refuseRename(desired.bundle, known);
  const observed = await observe({ ...desired, known, now }, record, stacks);
  const [unmet, consents] = await Promise.all([
    unmetNeeds(key, desired.needs, ports),
    consentsTo(observed, moment),
  ]);
  const comparison = { key, desired, observed, record, requests, consents, unmet, votes: [], now };
  const proposed = await proposalOf(comparison, moment);
  const failures = await investigate(proposed, observed, { moment, desired, record, stacks });
  const rollOut = told(proposed, { ...record.failures, ...failures });

  const remembered = remember(record, {
    now,
    ...desired,
    ...rollOut,
    asked: desired.asked?.question,
    leaving: observed.leaving,
    settled: settledIn(observed.units, observed.foreign),
    intent: intentOf(desired.bundle, observed.units),
    drift: driftMemory(record.drift, {
      ...observed,
      key,
      now,
      bundle: desired.bundle,
      selfHeal: desired.selfHeal,
      everySeconds: desired.drift.everySeconds,
      verdicts: rollOut.verdicts,
    }),
    failures,
  });
  await appendWords(rollOut, desired.revision, { key, ports });
  await writeIndex(rollOut.steps, key, ports);
  const carried = await actOn(rollOut, desired, { ...start, remembered });
  if (carried === "again") return "again";

  const health = await lookAtHealth({ desired, moment, observed, record, rollOut, stacks });
  const { units } = observed;
  const refreshed = refreshedBy(moment) !== undefined;
  const passed = { desired, key, now, record: carried.record, refreshed, rollOut, units };
  const surveyed = await survey(passed, carried.version, {
    records: ports.records,
    stacks,
    lookups: ports.lookups(desired.bundle.target, sessionOf(moment)),
  });
  const looked = { ...moment, desired, health, record: surveyed.record };
  const verified = isRunning(rollOut, health)
    ? await verifyDeployed({ ...looked, units }, surveyed.version, ports)
    : undefined;
  const { looking } = surveyed;
  const status = statusOf({ ...looked, looking, observed, rollOut, verified });
  await publishOutline(desired, moment);
  await report(status, moment, rollOut);
  if (isAtRest({ desired, record: surveyed.record, rollOut, status })) {
    // A record that was behind names fewer than the next pass will look at.
    const known = new Map(units.map(({ goal, stack }) => [goal.unit, stack] as const));
    await leaveAtRest({ ...start, ...surveyed, known }, status);
  }
  const isEmpty = Object.keys(surveyed.record.stacks).length === 0;
  const next = verified?.next === "again" ? "again" : nextAfter(rollOut, isEmpty);
  return next ?? { computing: computingIn(rollOut, observed), ports, stacks };
}

/** What is done is on record before it is, and what was answered after it. Refused: that is for a next pass. */
async function actOn(
  { steps }: RollOut,
  desired: Desired,
  {
    moment,
    record,
    remembered,
    stacks,
    version,
  }: Start & { readonly remembered: EnvironmentRecord },
): Promise<"again" | { readonly record: EnvironmentRecord; readonly version: string | undefined }> {
  const { application, environment, ports } = moment;
  const key = environmentKey(application, environment);
  const write = (next: EnvironmentRecord, last: EnvironmentRecord, written: string | undefined) =>
    isSameJson(next, last) ? written : ports.records.write(key, next, written);

  const ahead = await write(remembered, record, version);
  const { answered, error, refused } = await carryOut(steps, desired, { moment, stacks });
  const carried = withRecoveries(withFailures(remembered, refused), answered);
  const written = await write(carried, remembered, ahead);
  if (error !== undefined) throw error;
  return Object.keys(refused).length > 0 ? "again" : { record: carried, version: written };
}

/** On whose word it is done stands in the ledger before it is. */
async function appendWords(
  rollOut: RollOut,
  revision: string,
  { key, ports }: { readonly key: string; readonly ports: Ports },
): Promise<void> {
  await append(approvalEntry(rollOut, revision), key, ports);
  await append(consentEntry(rollOut, revision), key, ports);
}

/** The next pass under the same circumstances need not find out that it has nothing to do. */
async function leaveAtRest(
  { basis, known: stacks, moment, record, version }: Start,
  status: EnvironmentStatus,
): Promise<void> {
  const { application, environment, ports, requests } = moment;
  const rested = circumstancesDigest({ basis, record, requests, status, stacks });
  if (basis === undefined || record.rested === rested) return;
  const key = environmentKey(application, environment);
  await ports.records.write(key, { ...record, rested }, version);
}

/** Read only where something is to be deleted, or is stuck. */
async function consentsTo(
  { leaving, units }: Observed,
  { application, environment, ports, requests }: Moment,
): Promise<readonly GivenConsent[]> {
  const asks = leaving.length > 0 || units.some(({ phase }) => phase === "stuck");
  const { environment: name } = instanceIn(environment);
  return asks && requests.consented ? ports.requests.consents(application, name) : [];
}

/** The roll-out when everything is known that it turns out to depend on. */
async function proposalOf(comparison: Comparison, moment: Moment): Promise<RollOut> {
  const first = rollOutOf(comparison);
  const known = await asked(first, comparison, moment);
  const next = known === comparison ? first : rollOutOf(known);
  const { application, environment, ports } = moment;
  const key = environmentKey(application, environment);
  const missing = new Map([
    ...(await preflight(next, known, { ports, session: sessionOf(moment) })),
    ...(await inUse(next, known, { key, ports })),
  ]);
  return missing.size === 0 ? next : rollOutOf({ ...known, missing });
}

/** Who voted is read only where a plan waits for it. */
async function asked(
  rollOut: RollOut,
  comparison: Comparison,
  { application, environment, ports, requests }: Moment,
): Promise<Comparison> {
  if (rollOut.approval.kind !== "withheld" || !requests.voted) return comparison;
  const votes = await ports.requests.votes(application, instanceIn(environment).environment);
  return { ...comparison, votes };
}

/** Whose the stacks are that come to be. */
async function writeIndex(
  steps: readonly Step[],
  key: string,
  { artifacts }: Ports,
): Promise<void> {
  for (const step of steps) {
    if (step.kind !== "create-change-set" || step.type !== "CREATE") continue;
    const { name, unit } = step.stack;
    const indexed: IndexedStack = { key, stack: name, unit };
    await artifacts.put(indexPath(name), JSON.stringify(indexed));
  }
}

/** `isEmpty`: no stack is on record. Undefined: a change set is being computed. */
function nextAfter(
  { conclusion, steps, verdicts }: RollOut,
  isEmpty: boolean,
): "again" | "rest" | undefined {
  // Nothing is wanted and nothing is left: that is for the next pass to see.
  if (isEmpty && conclusion.reason === "Destroyed") return "again";
  if (conclusion.state !== "reconciling") return "rest";
  if (steps.some(({ kind }) => kind === "delete-change-set")) return "again";
  const computing = verdicts.some((one) => one.kind === "waiting" && one.for === "change-set");
  return computing || steps.some(({ kind }) => kind === "create-change-set") ? undefined : "rest";
}
