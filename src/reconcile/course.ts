import type { Ephemeral } from "../application/application.ts";
import { isGlob } from "../application/glob.ts";
import { hasInstances } from "../application/instances.ts";
import { type Followed, followedAt } from "../desired/desired.ts";
import type { Moment } from "../desired/moment.ts";
import { findPlace, type Orphan, type Place, placeAt } from "../desired/place.ts";
import { fetchCommit, type Source } from "../desired/source.ts";
import { followed } from "../desired/wanted.ts";
import { courseOfLease } from "../instances/lease-course.ts";
import { lookAfterLeases } from "../instances/leases.ts";
import { courseOfOrphan } from "../instances/orphan.ts";
import { courseOfBranch, lookAfterBranches } from "../instances/previews.ts";
import { promoted } from "../instances/promoted.ts";
import { courseOfUnread } from "../instances/unread.ts";
import { TerminalError } from "../model/errors.ts";
import { environmentKey } from "../model/key.ts";
import { inForce } from "../model/requests.ts";
import type { EnvironmentStatus } from "../model/status.ts";

/** What a pass is to do about its key. */
export type Course =
  /** Take its stacks a step towards what is desired. */
  | { readonly kind: "roll"; readonly followed: Followed }
  /** There are no stacks of its own to look at. */
  | { readonly kind: "say"; readonly status: EnvironmentStatus }
  /** It was an instance, and nothing is left of it. */
  | { readonly kind: "forget" }
  /** Nothing can be said, nor done: what is there stays as it is. `why`: what is in the way. */
  | { readonly kind: "nothing"; readonly why?: TerminalError };

/** Throws a TerminalError where the environment or its revision is wrong. */
export async function courseOf(moment: Moment): Promise<Course> {
  const { ports, registration } = moment;
  const place = await findPlace(registration, moment);
  if ("why" in place) return courseOfUnread(place.why, moment);
  if ("without" in place) return courseOfOrphan(place, moment);
  const { instance } = place;
  refusePromotion(place, moment);
  refuseHold(place, moment);
  const { ephemeral } = place.environment;
  const glob = branchesOf(place);
  // It has instances instead now: what it had itself is kept like an environment that left.
  if (hasInstances(place.environment) && (await hasStacks(place, moment)))
    return courseOfOrphan(asOrphan(place), moment);
  if (ephemeral !== undefined) return courseOfLeases(ephemeral, place, moment);
  const { on } = place.environment;
  if (instance === undefined && "environment" in on) return promoted(on.environment, place, moment);
  if (instance === undefined) {
    if (glob !== undefined)
      return { kind: "say", status: await lookAfterBranches(glob, place, moment) };
    const source = await sourceOf(place, moment);
    const then = await placeAt(place, source, ports);
    return { kind: "roll", followed: await followedAt(source, then, ports) };
  }
  if (glob !== undefined) return courseOfBranch(glob, { ...place, instance }, moment);
  // It has none any more: what was made for one is kept like an environment that left.
  return courseOfOrphan(asOrphan(place), moment);
}

const asOrphan = ({ registration, tip }: Place): Orphan => ({ registration, without: tip.commit });

/** Whether an environment, and not an instance of it, has stacks on record. */
async function hasStacks({ instance }: Place, moment: Moment): Promise<boolean> {
  if (instance !== undefined) return false;
  const { application, environment, ports } = moment;
  const { record } = await ports.records.read(environmentKey(application, environment));
  return Object.keys(record.stacks).length > 0;
}

/** Somebody meant something by it: that holds, rather than being passed over in silence. */
function refusePromotion({ environment: { name, on } }: Place, { requests }: Moment): void {
  if (requests.promotion === undefined || "environment" in on) return;
  const message = `${name} takes from no other environment (from:), so nothing can be promoted to it: trueup release-hold.`;
  throw new TerminalError("NothingToPromote", message);
}

/** Each branch has a revision of its own: nothing would be held, though somebody was told so. */
function refuseHold(place: Place, { now, requests }: Moment): void {
  const { environment, instance, registration } = place;
  const isOfBranches = branchesOf(place) !== undefined && environment.ephemeral === undefined;
  if (!isOfBranches || instance !== undefined) return;
  if (inForce(requests.hold, now) === undefined) return;
  const of = `${registration.application}/${environment.name}`;
  const message = `${of} has an instance for each branch, and a hold is for one of them: trueup release-hold ${of}, then trueup rollback ${of}.INSTANCE.`;
  throw new TerminalError("NothingToHold", message);
}

async function courseOfLeases(settings: Ephemeral, place: Place, moment: Moment): Promise<Course> {
  const { instance } = place;
  if (instance !== undefined) return courseOfLease({ ...place, instance }, moment);
  return { kind: "say", status: await lookAfterLeases(settings, place, moment) };
}

/** The pattern of the branches that have an instance each. */
const branchesOf = ({ environment: { on } }: Place): string | undefined =>
  "branch" in on && isGlob(on.branch) ? on.branch : undefined;

/** The revision that an environment follows, or is held at. */
async function sourceOf(
  { environment: { name, on }, registration, tip }: Place,
  { now, ports, requests }: Moment,
): Promise<Source> {
  const hold = inForce(requests.hold, now);
  if (hold !== undefined) return fetchCommit(registration, hold.revision, ports);
  if ("branch" in on && on.branch === registration.branch) return tip;
  const { application, repository } = registration;
  return followed({ application, environment: name, repository, on }, ports);
}
