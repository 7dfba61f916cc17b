import type { Lease } from "../model/lease.ts";
import type { Ports } from "../ports/ports.ts";
import { instanceOfRun } from "../promote/instance.ts";
import { isOver, type WantedInstance } from "../promote/leases.ts";

/** What is known of instances that are or were there. */
export interface InstancesKnown {
  /** Leases that are not closed. */
  readonly leases: readonly Lease[];
  /** A lease that is closed; undefined: there was none of this instance. */
  over(instance: string): Promise<Lease | undefined>;
  /** A token by which people have what is deployed verified once more. */
  readonly request: string | undefined;
  /** ISO 8601. */
  readonly now: string;
}

/** The instance that a revision has now, is to have, or had last. */
export interface Run {
  readonly wanted: WantedInstance;
  /** It was there, and is not to come again. */
  readonly isOver: boolean;
}

/**
 * A revision has its instance once; and once more for each time that somebody has it verified and
 * the last one is not there to do it.
 */
export async function runOf(
  first: WantedInstance,
  known: InstancesKnown,
  isAnswered: (token: string, revision: string) => Promise<boolean>,
): Promise<Run> {
  const { now, request } = known;
  const at = (run: number) => instanceOfRun(first.instance, run);
  const { last, run } = await lastRun(at, known);
  const isThere = last !== undefined && !isOver(last, now);
  const isNew = request !== undefined && request !== last?.request;
  const isAsked =
    isNew && last !== undefined && !isThere && !(await isAnswered(request, first.revision));
  if (last === undefined || isAsked) {
    const instance = at(run + 1);
    return { wanted: { ...first, instance, request }, isOver: false };
  }
  return { wanted: { ...first, instance: at(run) }, isOver: !isThere };
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

/** Whether a verdict on a revision says that it answers a token. */
export const answeredIn =
  (application: string, environment: string, { verdicts }: Pick<Ports, "verdicts">) =>
  async (token: string, revision: string): Promise<boolean> => {
    const known = await verdicts.newest(application, environment);
    return known.some((one) => one.revision === revision && one.request === token);
  };
