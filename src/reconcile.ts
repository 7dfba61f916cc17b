import { carryOut, investigate } from "./carry-out.ts";
import { type Course, courseOf } from "./course.ts";
import type { Desired, Followed } from "./desired.ts";
import { isRunning, lookAtHealth } from "./health.ts";
import { canonicalJson } from "./model/digest.ts";
import { ConflictError, NotYetError, TerminalError } from "./model/errors.ts";
import type { GivenConsent } from "./model/gates.ts";
import { environmentKey, instanceIn } from "./model/key.ts";
import type { LedgerEntry } from "./model/ledger.ts";
import type { ObservedStack } from "./model/observed.ts";
import type { EnvironmentRecord } from "./model/record.ts";
import type { EnvironmentStatus } from "./model/status.ts";
import type { Moment, Scope } from "./moment.ts";
import { unmetNeeds } from "./needs.ts";
import { tellPeople } from "./notices.ts";
import { lookAt, type Observed, observe } from "./observe.ts";
import type { Comparison } from "./plan/comparison.ts";
import { settledIn } from "./plan/foreign.ts";
import { approvalEntry, entryOf, ledgerPath } from "./plan/ledger.ts";
import { remember } from "./plan/remember.ts";
import { circumstancesDigest, isAtRest } from "./plan/rest.ts";
import { type RollOut, rollOutOf, told } from "./plan/roll-out.ts";
import {
  answered,
  emptyStatus,
  retryingStatus,
  seconds,
  standstillStatus,
  statusOf,
} from "./plan/statuses.ts";
import type { Step } from "./plan/steps.ts";
import type { Ports, Stacks } from "./ports.ts";
import { recollection } from "./recollection.ts";
import { requestsOf } from "./requests.ts";
import { verifyDeployed } from "./verify.ts";

/**
 * Takes an environment from what it is towards what its repository says it should be.
 *
 * Level-triggered: whatever woke us, everything is read afresh. So a lost, repeated or late event
 * leads to the same place, and a crash between any two lines costs one more pass, never a wrong
 * write. A pass makes at most one write per stack, then reports. An invocation makes further passes
 * only while there is something to do at once, or while a change set of its own is being computed:
 * no event announces that one.
 */
export async function reconcile(
  application: string,
  environment: string,
  ports: Ports,
): Promise<void> {
  const scope: Scope = { application, environment, ports };
  let slept = 0;
  for (let passes = 0; passes < mostPasses && slept < longestSleep; passes += 1) {
    const next = await pass(scope);
    if (next === "rest") return;
    if (next === "wait") slept += await sleep(slept === 0 ? 1000 : 2000, ports);
  }
}

const mostPasses = 20;
const longestSleep = 20_000;

/** `again`: there is more to do at once. `wait`: a change set is being computed. */
type Next = "again" | "wait" | "rest";

async function pass(scope: Scope): Promise<Next> {
  const { application, environment, ports } = scope;
  const [before = emptyStatus, requests] = await Promise.all([
    ports.statuses.readEnvironment(application, environment),
    requestsOf(application, environment, ports),
  ]);
  const moment: Moment = { ...scope, before, requests, now: ports.clock.now() };
  try {
    return await follow(await courseOf(moment), moment);
  } catch (error) {
    return fail(error, moment);
  }
}

async function follow(course: Course, moment: Moment): Promise<Next> {
  switch (course.kind) {
    case "roll":
      return roll(course.followed, moment);
    case "say":
      await report(course.status, moment);
      return "rest";
    case "forget":
      return forget(moment);
    case "nothing":
      return rest(moment);
  }
}

/** An instance of which nothing is left: what was said of it would be taken for what is. */
async function forget({ application, environment, ports }: Moment): Promise<Next> {
  await ports.statuses.removeEnvironment(application, environment);
  await ports.records.remove(environmentKey(application, environment));
  return "rest";
}

/** One pass over an environment that is known to follow something. */
async function roll(followed: Followed, moment: Moment): Promise<Next> {
  const { before: status, ports, requests } = moment;
  const stacks = ports.stacks(followed.target);
  const recollected = await recollection(moment, stacks);
  const { record } = recollected;
  const known = await lookAt(record, stacks);
  const { basis } = followed;
  const here = circumstancesDigest({ basis, record, requests, status, stacks: known });
  if (basis !== undefined && record.rested === here) return "rest";
  return move(await followed.compile(), { ...recollected, basis, known, moment, stacks });
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
  const { known, moment, record, stacks, version } = start;
  const { application, environment, now, ports, requests } = moment;
  const key = environmentKey(application, environment);
  const observed = await observe({ ...desired, known, now }, record, stacks);
  const [unmet, consents] = await Promise.all([
    unmetNeeds(key, desired.needs, ports),
    consentsTo(observed, moment),
  ]);
  const comparison = { desired, observed, record, requests, consents, unmet, now };
  const proposed = await asked(rollOutOf(comparison), comparison, moment);
  const failures = await investigate(proposed, observed, { moment, desired, record, stacks });
  const rollOut = told(proposed, { ...record.failures, ...failures });

  const remembered = remember(record, {
    now,
    ...desired,
    ...rollOut,
    leaving: observed.leaving,
    settled: settledIn(observed.units, observed.foreign),
    failures,
  });
  const { steps } = rollOut;
  await append(approvalEntry(rollOut, desired.revision), key, ports);
  await writeIndex(steps, key, ports);
  const written = differ(record, remembered)
    ? await ports.records.write(key, remembered, version)
    : version;

  await carryOut(steps, desired, stacks);
  const health = await lookAtHealth({ desired, moment, observed, rollOut, stacks });
  const looked = { ...moment, desired, health, record: remembered };
  const verified = isRunning(rollOut, health)
    ? await verifyDeployed({ ...looked, units: observed.units }, written, ports)
    : undefined;
  const status = statusOf({ ...looked, observed, rollOut, verified });
  await report(status, moment, rollOut);
  if (isAtRest({ desired, record: remembered, rollOut, status })) {
    await leaveAtRest({ ...start, record: remembered, version: written }, status);
  }
  return verified?.next === "again" ? "again" : nextAfter(rollOut, desired);
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

/** Who voted is read only where a plan waits for it; the roll-out is then what it comes to. */
async function asked(
  rollOut: RollOut,
  comparison: Comparison,
  { application, environment, ports, requests }: Moment,
): Promise<RollOut> {
  if (rollOut.approval.kind !== "withheld" || !requests.voted) return rollOut;
  const votes = await ports.requests.votes(application, instanceIn(environment).environment);
  return rollOutOf({ ...comparison, votes });
}

/** Written once: an entry that is there already stays. */
async function append(entry: LedgerEntry | undefined, key: string, { artifacts }: Ports) {
  if (entry !== undefined) await artifacts.put(ledgerPath(key, entry), JSON.stringify(entry));
}

/** Stack name → key, for events, which carry no tags: written before the stack is there. */
async function writeIndex(
  steps: readonly Step[],
  key: string,
  { artifacts }: Ports,
): Promise<void> {
  for (const step of steps) {
    if (step.kind !== "create-change-set" || step.type !== "CREATE") continue;
    const { name, unit } = step.stack;
    await artifacts.put(`index/${name.slice(-8)}`, JSON.stringify({ key, stack: name, unit }));
  }
}

function nextAfter({ conclusion, steps, verdicts }: RollOut, desired: Desired): Next {
  const { isOrphaned = false, leftAt } = desired;
  // Nothing is wanted and nothing is left: that is for the next pass to see.
  if ((isOrphaned || leftAt !== undefined) && verdicts.length === 0) return "again";
  if (conclusion.state !== "reconciling") return "rest";
  if (steps.some(({ kind }) => kind === "delete-change-set")) return "again";
  const computing = verdicts.some((one) => one.kind === "waiting" && one.for === "change-set");
  return computing || steps.some(({ kind }) => kind === "create-change-set") ? "wait" : "rest";
}

/** Nothing can be said about this environment now; whoever asked is answered all the same. */
async function rest(moment: Moment): Promise<Next> {
  const { before, requests } = moment;
  if (before !== emptyStatus) await report(answered(before, requests), moment);
  return "rest";
}

/** A terminal error waits for a new revision or a person; any other is tried again, later. */
async function fail(error: unknown, moment: Moment): Promise<Next> {
  const { application, environment, ports } = moment;
  const isKnown = error instanceof TerminalError || error instanceof NotYetError;
  const reason = isKnown ? error.reason : "Retrying";
  ports.log("pass failed", { application, environment, reason, error: String(error) });
  if (isKnown) {
    await report(standstillStatus(error, moment), moment);
  } else {
    const soon = seconds(Date.parse(moment.now) + 60_000);
    const isConflict = error instanceof ConflictError;
    await report(
      isConflict ? { ...moment.before, nextLook: soon } : retryingStatus(error, moment),
      moment,
    );
  }
  return "rest";
}

/**
 * Says how things stand, if that is news, and sees to being woken again. That a status cannot be
 * written neither fails the pass nor loses it: the next one, in a minute, finds the difference.
 */
async function report(status: EnvironmentStatus, moment: Moment, rollOut?: RollOut): Promise<void> {
  const { application, before, environment, ports } = moment;
  const key = environmentKey(application, environment);
  const plan = rollOut?.plan;
  const differs = before.digest.plan !== status.digest.plan;
  if (plan !== undefined && status.digest.plan === plan.digest && differs) {
    await ports.artifacts.put(`plans/${plan.digest}.json`, JSON.stringify(plan));
  }
  if (status.nextLook !== undefined && status.nextLook !== before.nextLook) {
    await ports.wakeups.set(key, status.nextLook);
  }
  await append(entryOf(before, status, { now: moment.now, rollOut }), key, ports);
  if (!differ(before, status)) return;
  await tellEnvironment(status, moment);
  await tellPeople(status, moment);
  try {
    await ports.statuses.writeEnvironment(application, environment, status);
  } catch (error) {
    ports.log("status not written", { application, environment, error: String(error) });
    await ports.wakeups.set(key, seconds(Date.parse(moment.now) + 60_000));
  }
}

/** How an instance stands is how its environment stands, which has a pass of its own. */
async function tellEnvironment(status: EnvironmentStatus, moment: Moment): Promise<void> {
  const { application, before, now, ports } = moment;
  const { environment, instance } = instanceIn(moment.environment);
  if (instance === undefined || !differ(standing(before), standing(status))) return;
  const at = seconds(Date.parse(now) + 60_000);
  await ports.wakeups.set(environmentKey(application, environment), at);
}

const standing = ({ conditions, revision }: EnvironmentStatus) => ({
  revision,
  conditions: conditions.map(({ reason, status, type }) => [type, status, reason]),
});

const differ = (a: unknown, b: unknown): boolean => canonicalJson(a) !== canonicalJson(b);

async function sleep(milliseconds: number, { clock }: Ports): Promise<number> {
  await clock.sleep(milliseconds);
  return milliseconds;
}
