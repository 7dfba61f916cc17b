import type { Moment } from "../desired/moment.ts";
import { environmentKey, instanceIn } from "../model/key.ts";
import type { LedgerEntry } from "../model/ledger.ts";
import type { Untold } from "../model/notice.ts";
import { isSameJson } from "../model/same.ts";
import type { EnvironmentStatus } from "../model/status.ts";
import { fitting } from "../model/status-text.ts";
import { entryOf, ledgerPath } from "../plan/ledger.ts";
import { inAMinute, seconds, wakeUp } from "../plan/next-look.ts";
import type { RollOut } from "../plan/roll-out.ts";
import type { Ports } from "../ports/ports.ts";
import { tellPeople } from "./notices.ts";

/**
 * Says how things stand, if that is news, and sees to being woken again. That a status cannot be
 * written, or people be told of it, neither fails the pass nor loses it: the next one, in a minute,
 * finds the difference.
 */
export async function report(
  status: EnvironmentStatus,
  moment: Moment,
  rollOut?: RollOut,
): Promise<void> {
  const { application, before, environment, ports } = moment;
  const key = environmentKey(application, environment);
  const plan = rollOut?.plan;
  const differs = before.digest.plan !== status.digest.plan;
  if (plan !== undefined && status.digest.plan === plan.digest && differs) {
    await ports.artifacts.put(`plans/${plan.digest}.json`, JSON.stringify(plan));
  }
  const at = wakeUp(status, before, ports.clock.now());
  if (at !== undefined) await ports.wakeups.set(key, at);
  await appendTo(entryOf(before, status, { now: moment.now, rollOut }), moment, rollOut);
  if (!differ(before, fitting(status)) && before.untold === undefined) return;
  await tellEnvironment(status, moment);
  const untold = await tellPeople(status, moment);
  if (untold === undefined || !(await publish(withUntold(status, untold), moment))) {
    await ports.wakeups.set(key, inAMinute(ports.clock.now()), "again");
  } else if (untold.length > 0) {
    // Nothing announces that a topic or a bus takes messages again.
    await ports.wakeups.set(key, seconds(Date.parse(moment.now) + patience), "again");
  }
}

/** Milliseconds until what was refused is sent once more. */
const patience = 600_000;

function withUntold(
  { untold: _, ...status }: EnvironmentStatus,
  untold: readonly Untold[],
): EnvironmentStatus {
  return untold.length === 0 ? status : { ...status, untold };
}

async function publish(status: EnvironmentStatus, moment: Moment): Promise<boolean> {
  const { application, before, environment, ports } = moment;
  if (!differ(before, fitting(status))) return true;
  try {
    await ports.statuses.writeEnvironment(application, environment, status);
    return true;
  } catch (error) {
    ports.log("status not written", { application, environment, error: String(error) });
    return false;
  }
}

/** How an instance stands is how its environment stands, which has a pass of its own. */
async function tellEnvironment(status: EnvironmentStatus, moment: Moment): Promise<void> {
  const { application, before, ports } = moment;
  const { environment, instance } = instanceIn(moment.environment);
  if (instance === undefined || !differ(standing(before), standing(status))) return;
  const at = inAMinute(ports.clock.now());
  await ports.wakeups.set(environmentKey(application, environment), at, "again");
}

const standing = ({ conditions, revision }: EnvironmentStatus) => ({
  revision,
  conditions: conditions.map(({ reason, status, type }) => [type, status, reason]),
});

const differ = (a: unknown, b: unknown): boolean => !isSameJson(a, b);

/** Written once: an entry that is there already stays. */
export async function append(entry: LedgerEntry | undefined, key: string, { artifacts }: Ports) {
  if (entry !== undefined) await artifacts.put(ledgerPath(key, entry), JSON.stringify(entry));
}

/** What was done is in the ledger before it is said. That nothing can be done is said anyhow. */
async function appendTo(
  entry: LedgerEntry | undefined,
  { application, environment, ports }: Moment,
  rollOut: RollOut | undefined,
): Promise<void> {
  try {
    await append(entry, environmentKey(application, environment), ports);
  } catch (error) {
    if (rollOut !== undefined) throw error;
    ports.log("ledger not written", { application, environment, error: String(error) });
  }
}
