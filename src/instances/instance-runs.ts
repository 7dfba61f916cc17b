import type { Moment } from "../desired/moment.ts";
import type { Place } from "../desired/place.ts";
import type { Lease } from "../model/lease.ts";
import { isAbout, type Promotion } from "../model/requests.ts";
import type { Unverified } from "../plan/lease-status.ts";
import type { Ports } from "../ports/ports.ts";
import { instanceOfRun } from "../promote/instance.ts";
import { latest } from "../promote/latest.ts";
import { isOver, type WantedInstance } from "../promote/leases.ts";

/** What is known of instances that are or were there. */
export interface InstancesKnown {
  /** Leases that are not closed. */
  readonly leases: readonly Lease[];
  /** A lease that is closed; undefined: there was none of this instance. */
  over(instance: string): Promise<Lease | undefined>;
  /** A token by which people have what is deployed verified once more, or one revision. */
  readonly request: string | undefined;
  /** The revision that a person chose for the environment. */
  readonly promotion: Promotion | undefined;
  /** ISO 8601. */
  readonly now: string;
}

/** The instance that a revision has now, is to have, or had last. */
export interface Run {
  readonly wanted: WantedInstance;
  /** It was there, and is not to come again. */
  readonly isOver: boolean;
  /** Its time ran out, whatever it was at. */
  readonly ranOut: boolean;
}

/**
 * A revision has its instance once; and once more for each time that somebody has it verified, or
 * chooses it after it did not pass, and the last one is not there to do it.
 */
export async function runOf(
  first: WantedInstance,
  known: InstancesKnown,
  said: Said,
): Promise<Run> {
  const { now, promotion } = known;
  const request = isAbout(known.request, first.revision) ? known.request : undefined;
  const at = (run: number) => instanceOfRun(first.instance, run);
  const { last, run } = await lastRun(at, known);
  const isThere = last !== undefined && !isOver(last, now);
  const isNew = request !== undefined && request !== last?.request;
  const isGone = last !== undefined && !isThere;
  const isAsked = isNew && isGone && !(await said.isAnswered(request, first.revision));
  const chosen = promotion?.revision === first.revision ? promotion.at : undefined;
  // What it was made for it is not made for again, whatever the clock of whoever made it said.
  const isNews = isGone && chosen !== undefined && chosen !== last.chosen && last.began < chosen;
  const isChosen = isNews && !(await said.hasPassed(first.revision));
  if (last === undefined || isAsked || isChosen) {
    const instance = at(run + 1);
    return { wanted: { ...first, instance, request, chosen }, isOver: false, ranOut: false };
  }
  const ranOut = isGone && last.reason === "Expired";
  return { wanted: { ...first, instance: at(run) }, isOver: !isThere, ranOut };
}

/** Runs have been one after the other; 0: there was none. */
async function lastRun(
  at: (run: number) => string,
  { leases, over }: InstancesKnown,
): Promise<{ readonly run: number; readonly last: Lease | undefined }> {
  let last: Lease | undefined;
  for (let run = 0; ; run += 1) {
    const name = at(run + 1);
    const next = leases.find(({ instance }) => instance === name) ?? (await over(name));
    if (next === undefined) return { run, last };
    last = next;
  }
}

/** Revisions whose instance is gone and that are not known to be good. */
export async function unverified(
  runs: readonly Run[],
  { environment: { name, verify }, registration: { application } }: Place,
  { ports }: Moment,
): Promise<readonly Unverified[]> {
  const over = runs.filter(({ isOver }) => isOver);
  if (verify.length === 0 || over.length === 0) return [];
  const verdicts = latest(await ports.verdicts.newest(application, name));
  return over.flatMap(({ ranOut, wanted: { revision } }): readonly Unverified[] => {
    const { message, verdict = ranOut ? "none" : "failed" } =
      verdicts.find((one) => one.revision === revision) ?? {};
    return verdict === "passed" ? [] : [{ revision, verdict, message }];
  });
}

/** What verdicts say of revisions. */
interface Said {
  /** Whether one answers a token. */
  isAnswered(token: string, revision: string): Promise<boolean>;
  /** Whether the latest says that it passed. */
  hasPassed(revision: string): Promise<boolean>;
}

export const saidIn = (
  application: string,
  environment: string,
  { verdicts }: Pick<Ports, "verdicts">,
): Said => {
  const on = async (revision: string) =>
    (await verdicts.newest(application, environment)).filter((one) => one.revision === revision);
  return {
    isAnswered: async (token, revision) =>
      (await on(revision)).some(({ request }) => request === token),
    hasPassed: async (revision) =>
      latest(await on(revision)).some(({ verdict }) => verdict === "passed"),
  };
};
