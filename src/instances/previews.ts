import { type Followed, followedAt, nothingAt } from "../desired/desired.ts";
import type { Moment } from "../desired/moment.ts";
import { type Place, placeAt } from "../desired/place.ts";
import { isThere } from "../desired/presence.ts";
import { fetchCommit } from "../desired/source.ts";
import { whereabouts } from "../desired/target.ts";
import { TerminalError } from "../model/errors.ts";
import { environmentKey, instanceIn, parseKey } from "../model/key.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import { inForce } from "../model/requests.ts";
import type { EnvironmentStatus } from "../model/status.ts";
import { inParallel } from "../parallel.ts";
import { isUndecided, overall, stateOf } from "../plan/instances.ts";
import { seconds } from "../plan/next-look.ts";
import { statusWith } from "../plan/statuses.ts";
import type { Ports } from "../ports/ports.ts";
import {
  type Branch,
  branchesMatching,
  clashing,
  goneSeconds,
  mayLeave,
} from "../promote/branches.ts";
import { instanceOfBranch } from "../promote/instance.ts";
import { courseOfOrphan, type OrphanCourse } from "./orphan.ts";

// Environments that follow a pattern of branches: an instance of its own for each branch, made when
// the branch is there and deleted when it is gone.

/** How the instances stand; those that have to move are queued. */
export async function lookAfterBranches(
  glob: string,
  place: Place,
  moment: Moment,
): Promise<EnvironmentStatus> {
  const { application, environment, ports } = moment;
  const branches = await branchesOf(glob, place, ports);
  const left = (await instancesKnown(place, ports)).filter(
    (name) => !branches.some(({ instance }) => instance === name),
  );
  const wanted = [
    ...branches.map(({ commit, instance }) => ({ name: instance, commit })),
    ...left.map((name) => ({ name, commit: undefined })),
  ];
  const instances = await inParallel(wanted, 5, async ({ commit, name }) => {
    const key = `${environment}.${name}`;
    const status = await ports.statuses.readEnvironment(application, key);
    if (commit !== undefined && status?.revision.desired !== commit) {
      await ports.queue.send([environmentKey(application, key)], commit);
    }
    return { name, revision: commit ?? status?.revision.desired ?? "", status };
  });
  return statusWith(moment, overall(instances), {
    revision: { desired: undefined, deployed: undefined, verified: undefined },
    instances: instances.map(({ name, revision, status }) => ({
      name,
      revision,
      state: stateOf(status),
    })),
  });
}

type Instance = Place & { readonly instance: string };

/** What becomes of the instance of one branch. */
export type BranchCourse =
  | OrphanCourse
  | { readonly kind: "say"; readonly status: EnvironmentStatus };

/** An instance is at the tip of its branch; one whose branch is gone for good goes too. */
export async function courseOfBranch(
  glob: string,
  place: Instance,
  moment: Moment,
): Promise<BranchCourse> {
  const { now, ports, requests } = moment;
  const { registration, tip } = place;
  const branches = await branchesOf(glob, place, ports);
  const branch = branches.find(({ instance }) => instance === place.instance);
  if (branch === undefined && (await hasBranch(place, ports))) {
    // The pattern is another, and it is not that the branch is gone: kept like what left a file.
    return courseOfOrphan({ registration, without: tip.commit }, moment);
  }
  if (branch === undefined) return leave(branches, place, moment);
  const commit = inForce(requests.hold, now)?.revision ?? branch.commit;
  const source = await fetchCommit(registration, commit, ports);
  const then = await placeAt(place, source, ports);
  return { kind: "roll", followed: await followedAt(source, then, ports) };
}

/** Whether the branch of an instance is there, though no pattern means it any more. */
async function hasBranch({ instance, registration }: Instance, { sources }: Ports) {
  const { branches } = await sources.refs(registration.repository);
  return [...branches.keys()].some((name) => instanceOfBranch(name) === instance);
}

/**
 * The list is whole, or it is an error. One without the branch of `trueup.yaml` itself cannot be
 * believed about any other.
 */
async function branchesOf(
  glob: string,
  { registration: { branch: trunk, repository } }: Place,
  { sources }: Ports,
): Promise<readonly Branch[]> {
  const { branches } = await sources.refs(repository);
  if (!branches.has(trunk)) throw new Error(`The branches of ${repository} lack ${trunk}.`);
  const matching = branchesMatching(glob, branches);
  const clash = clashing(matching).map(({ name }) => name);
  if (clash.length > 0) {
    const message = `The branches ${clash.join(" and ")} would share an instance.`;
    throw new TerminalError("InstanceClash", `${message} Rename one.`);
  }
  return matching;
}

/** Instances that have a record: they have, or had, stacks. */
async function instancesKnown(
  { environment: { name }, registration: { application } }: Place,
  { records }: Ports,
): Promise<readonly string[]> {
  return (await records.keys(application)).flatMap((text) => {
    const key = parseKey(text);
    if (key === undefined || !("environment" in key)) return [];
    const { environment, instance } = instanceIn(key.environment);
    return environment === name && instance !== undefined ? [instance] : [];
  });
}

/** Gone means: not in two whole lists, some time apart. Then it goes like what left a file. */
async function leave(
  branches: readonly Branch[],
  place: Instance,
  moment: Moment,
): Promise<BranchCourse> {
  const { application, environment, now, ports } = moment;
  const key = environmentKey(application, environment);
  const { record, version } = await ports.records.read(key);
  const leftAt = record.leftAt ?? now;
  const at = seconds(Date.parse(leftAt) + goneSeconds * 1000);
  if (!(await isThere(record, place, moment))) return { kind: "forget" };
  if (record.leftAt === undefined) await ports.records.write(key, { ...record, leftAt }, version);
  if (Date.parse(now) < Date.parse(at)) {
    const message = `Its branch is gone: deleted if it still is at ${at}.`;
    return say(moment, "BranchGone", message, { nextLook: at });
  }
  if (!(await isDue(branches, place, ports))) {
    return say(moment, "PruneBudget", "Its branch is gone; others are being deleted first.");
  }
  return { kind: "roll", followed: await nothingLeft(record, leftAt, { moment, place }) };
}

async function isDue(branches: readonly Branch[], place: Instance, ports: Ports): Promise<boolean> {
  const { application, environment, instance } = place;
  const all = await instancesKnown(place, ports);
  const gone = all.filter((name) => !branches.some((branch) => branch.instance === name));
  // One that a person has to decide on keeps no other back.
  const undecided = await inParallel(gone, 5, async (name) => {
    const key = `${environment.name}.${name}`;
    return isUndecided(await ports.statuses.readEnvironment(application.name, key));
  });
  const leaving = gone.filter((name, index) => name === instance || undecided[index] === false);
  return mayLeave(instance, { all, leaving });
}

async function nothingLeft(
  record: EnvironmentRecord,
  leftAt: string,
  { moment, place }: { readonly moment: Moment; readonly place: Instance },
): Promise<Followed> {
  const revision = record.deployed?.revision ?? moment.before.revision.desired ?? "";
  return nothingAt(revision, leftAt, place, await whereabouts(record, place, moment.ports));
}

const say = (
  moment: Moment,
  reason: string,
  message: string,
  said: Partial<EnvironmentStatus> = {},
): BranchCourse => {
  const { revision } = moment.before;
  const conclusion = { state: "reconciling", reason, message } as const;
  return { kind: "say", status: statusWith(moment, conclusion, { revision, ...said }) };
};
