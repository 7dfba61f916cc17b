import type { Ephemeral } from "../application/application.ts";
import { isGlob } from "../application/glob.ts";
import { type Desired, followedAt, prefixAt } from "../desired/desired.ts";
import type { Moment } from "../desired/moment.ts";
import { nameOf, type Place, placeAt } from "../desired/place.ts";
import { fetchCommit } from "../desired/source.ts";
import { takenFrom } from "../desired/taken.ts";
import { followed } from "../desired/wanted.ts";
import { TerminalError } from "../model/errors.ts";
import { environmentKey } from "../model/key.ts";
import type { Lease } from "../model/lease.ts";
import type { Amounts } from "../model/quota.ts";
import { inForce, revisionIn } from "../model/requests.ts";
import type { EnvironmentStatus } from "../model/status.ts";
import { inParallel } from "../parallel.ts";
import { requestGates } from "../plan/gates.ts";
import { isReady, standingOf } from "../plan/instances.ts";
import { type Delay, leasesStatus } from "../plan/lease-status.ts";
import { seconds } from "../plan/next-look.ts";
import type { HeldLease } from "../ports/leases.ts";
import type { Ports } from "../ports/ports.ts";
import { branchesMatching } from "../promote/branches.ts";
import { instanceOfRevision } from "../promote/instance.ts";
import { asked, held, isOver, leasing, newLease, type WantedInstance } from "../promote/leases.ts";
import { takesOf } from "../promote/room.ts";
import { type InstancesKnown, type Run, runOf, saidIn, unverified } from "./instance-runs.ts";
import { renew } from "./renewal.ts";
import { lackIn } from "./room.ts";

// Environments that are made from nothing for one revision and deleted again: an instance each, by a
// lease. Only the pass of the environment changes leases; what is past its lease the janitor deletes.

interface Leased extends HeldLease {
  readonly key: string;
  readonly status: EnvironmentStatus | undefined;
}

/** Begins leases and ends them; says how their instances stand. */
export async function lookAfterLeases(
  settings: Ephemeral,
  place: Place,
  moment: Moment,
): Promise<EnvironmentStatus> {
  const { now, ports, requests } = moment;
  const leased = await leasesOf(place, ports);
  const revisions = await andAsked(await instancesWanted(place, moment), place, moment);
  const runs = await runsOf(revisions, leased, { moment, place });
  const wanted = runs.map((run) => run.wanted);
  const before = leased.map(({ lease }) => lease);
  await renew(runs, place, moment);
  const next = leasing({
    wanted,
    leases: before,
    over: new Set(runs.flatMap((run) => (run.isOver ? [run.wanted.instance] : []))),
    standings: new Map(
      leased.map(({ lease, status }) => [lease.instance, standingOf(status, lease.revision)]),
    ),
    settings,
    verifies: place.environment.verify.length > 0,
    now,
  });
  for (const lease of next.change) await move(lease, leased, moment);
  const waiting: Delay[] = next.waiting.map((one) => ({ ...one, reason: "InstancesAtMax" }));
  const [gate] = requestGates(requests, now);
  const pending = leased
    .filter(({ status }) => !isReady(status))
    .map(({ lease }) => lease.takes ?? {});
  for (const one of next.begin) {
    const delay = gate ?? (await begin(one, settings, { before, moment, pending, place }));
    if (delay !== undefined) waiting.push({ ...one, ...delay });
  }
  await wake(leased, moment);
  const changed = new Map(next.change.map((lease) => [lease.instance, lease]));
  const open = leased
    .filter(({ lease }) => lease.gone === undefined)
    .map(({ lease, status }) => ({ lease: changed.get(lease.instance) ?? lease, status }));
  const followed = wanted.filter(({ reference }) => reference !== asked);
  const doubtful = await unverified(runs, place, moment);
  return leasesStatus({ leased: open, waiting, wanted: followed, unverified: doubtful }, moment);
}

/** What the references name now, or the revision that is held. */
async function instancesWanted(
  { environment: { name: environment, on }, registration, tip }: Place,
  moment: Moment,
): Promise<readonly WantedInstance[]> {
  const { now, ports, requests } = moment;
  const hold = inForce(requests.hold, now);
  const { application, branch: trunk, repository } = registration;
  const named = (reference: string, revision: string): WantedInstance => ({
    instance: instanceOfRevision(reference, revision),
    reference,
    revision,
  });
  if (hold !== undefined) return [named(held, hold.revision)];
  if ("branch" in on && isGlob(on.branch)) {
    const { branches } = await ports.sources.refs(repository);
    return branchesMatching(on.branch, branches).map(({ commit, name }) => named(name, commit));
  }
  if ("environment" in on) {
    const { wanted } = await takenFrom(on.environment, environment, moment);
    if (wanted.kind === "refused") throw new TerminalError("NotVerified", wanted.message);
    return wanted.kind === "none" ? [] : [named(on.environment, wanted.from.revision)];
  }
  const reference = "branch" in on ? on.branch : on.tag;
  if (reference === trunk && "branch" in on) return [named(reference, tip.commit)];
  const source = await followed({ application, environment, repository, on }, ports);
  return [named(reference, source.commit)];
}

/** And the revision that people want verified, until it is. */
async function andAsked(
  wanted: readonly WantedInstance[],
  { environment: { name, verify }, registration: { application } }: Place,
  { ports, requests: { verifyAt = "" } }: Moment,
): Promise<readonly WantedInstance[]> {
  const revision = revisionIn(verifyAt);
  if (revision === undefined || verify.length === 0) return wanted;
  if (wanted.some((one) => one.revision === revision)) return wanted;
  if (await saidIn(application, name, ports).isAnswered(verifyAt, revision)) return wanted;
  const instance = instanceOfRevision(asked, revision);
  return [...wanted, { instance, reference: asked, revision }];
}

/** Leases that are not closed. One that is closed is put where it is only looked for by its name. */
async function leasesOf(place: Place, ports: Ports): Promise<readonly Leased[]> {
  const { application } = place.registration;
  const keys = (await ports.leases.list(application)).filter((key) =>
    key.startsWith(`${environmentKey(application, place.environment.name)}.`),
  );
  const found = await inParallel(keys, 5, async (key): Promise<Leased | undefined> => {
    const held = await ports.leases.read(key);
    if (held === undefined) return undefined;
    if (held.lease.closed === undefined) {
      const environment = key.slice(application.length + 1);
      return {
        key,
        ...held,
        status: await ports.statuses.readEnvironment(application, environment),
      };
    }
    await ports.artifacts.put(overPath(key), JSON.stringify(held.lease));
    await ports.leases.remove(key);
    return undefined;
  });
  return found.flatMap((one) => one ?? []);
}

const overPath = (key: string): string => `over/${key}.json`;

const keyOf = (place: Place, instance: string): string =>
  environmentKey(place.registration.application, nameOf({ ...place, instance }));

/** Which instances their revisions have now, or had: one that was there is not tried again by itself. */
function runsOf(
  wanted: readonly WantedInstance[],
  leased: readonly Leased[],
  { moment, place }: About,
): Promise<readonly Run[]> {
  const { now, ports, requests } = moment;
  const { name, verify } = place.environment;
  const known: InstancesKnown = {
    now,
    leases: leased.map(({ lease }) => lease),
    request: verify.length === 0 ? undefined : requests.verifyAt,
    promotion: inForce(requests.promotion, now),
    over: async (instance) => {
      const text = await ports.artifacts.read(overPath(keyOf(place, instance)));
      return text === undefined ? undefined : (JSON.parse(text) as Lease);
    },
  };
  const said = saidIn(place.registration.application, name, ports);
  return inParallel(wanted, 5, (one) => runOf(one, known, said));
}

/** A lease that ends at another time: first its teardown is, so that it never lacks one. */
async function move(lease: Lease, leased: readonly Leased[], { ports }: Moment): Promise<void> {
  const held = leased.find(({ lease: { instance } }) => instance === lease.instance);
  if (held === undefined) return;
  await ports.wakeups.set(held.key, notBefore(lease.ends, ports), "teardown");
  await ports.leases.write(held.key, lease, held.version);
}

/** No wake-up can be set for less than a minute ahead of when it is set, which is late in a pass. */
const notBefore = (time: string, { clock }: Pick<Ports, "clock">): string =>
  seconds(Math.max(Date.parse(time), Date.parse(clock.now()) + 60_000));

interface About {
  readonly moment: Moment;
  readonly place: Place;
}

interface Beginning extends About {
  /** The leases that there are. */
  readonly before: readonly Lease[];
  /** What is taken by what is being made. */
  readonly pending: Amounts[];
}

/**
 * Begins a lease: its teardown is set, then it is written, and only then may anything be made for it.
 * A crash in between leaves a teardown that finds nothing, or a lease that ends by itself.
 */
async function begin(
  wanted: WantedInstance,
  settings: Ephemeral,
  { before, moment, pending, place }: Beginning,
): Promise<Omit<Delay, keyof WantedInstance> | undefined> {
  const { now, ports } = moment;
  const at = { ...place, instance: wanted.instance };
  let desired: Desired;
  try {
    const source = await fetchCommit(place.registration, wanted.revision, ports);
    const followed = await followedAt(source, await placeAt(at, source, ports), ports);
    desired = await followed.compile();
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    return { reason: error.reason, error };
  }
  const { application } = place.registration;
  const { name: environment } = place.environment;
  const { target } = desired.bundle;
  const takes = takesOf(desired.bundle);
  const lack = await lackIn(target, takes, { pending, ports });
  if (lack !== undefined) return { reason: "QuotaReached", message: lack };
  pending.push(takes);
  const { notify } = place.application;
  const isTold = notify?.on.includes("leaked") === true;
  const of = {
    application,
    environment,
    prefix: await prefixAt(place, ports),
    ...(isTold ? { notify } : {}),
    takes,
    target,
  };
  const lease = newLease(wanted, settings, of, { before, now });
  const key = keyOf(place, wanted.instance);
  await ports.wakeups.set(key, notBefore(lease.ends, ports), "teardown");
  await ports.leases.write(key, lease, undefined);
  await ports.queue.send([key], `${wanted.revision} ${now}`);
  return undefined;
}

/** Instances of which nothing was said yet: whoever began them may have died before it could wake them. */
async function wake(leased: readonly Leased[], { now, ports }: Moment): Promise<void> {
  for (const { key, lease, status } of leased) {
    if (status?.revision.desired === lease.revision || isOver(lease, now)) continue;
    await ports.queue.send([key], `${lease.revision} ${now}`);
  }
}
