import { usualDeadlines, usualDrift } from "../application/application.ts";
import { approversOf, floorOf, windowsOver } from "../application/ceiling.ts";
import type { Desired, Followed } from "../desired/desired.ts";
import type { Moment } from "../desired/moment.ts";
import type { Orphan } from "../desired/place.ts";
import { digestOf } from "../model/digest.ts";
import { TerminalError } from "../model/errors.ts";
import { environmentKey, instanceIn } from "../model/key.ts";

/** What becomes of an environment that left `trueup.yaml`. */
export type OrphanCourse =
  | { readonly kind: "roll"; readonly followed: Followed }
  | { readonly kind: "forget" }
  | { readonly kind: "nothing" };

/**
 * An environment that left `trueup.yaml` keeps all it has until people consent to the deletion of
 * just that: absence is not desire. Where it lives is known from the record alone.
 */
export async function courseOfOrphan(orphan: Orphan, moment: Moment): Promise<OrphanCourse> {
  const { application, environment, ports } = moment;
  const { registration, without } = orphan;
  const key = environmentKey(application, environment);
  const { record, version } = await ports.records.read(key);
  const isEmpty = Object.keys(record.stacks).length === 0;
  if (version !== undefined && isEmpty) return { kind: "forget" };
  const isUnknown = version === undefined && moment.before.conditions.length === 0;
  if (isUnknown) return { kind: "nothing" };
  if (version === undefined && (await hasNothing(moment))) return { kind: "forget" };
  if (isEmpty || record.settings === undefined) {
    const message = `${registration.file} has no environment ${environment}.`;
    throw new TerminalError("Orphaned", message);
  }
  const { settings } = record;
  const { target } = settings;
  const { environment: name } = instanceIn(environment);
  const rules = {
    settings,
    floor: floorOf(name, registration),
    approvers: approversOf(name, registration),
    windows: windowsOver(name, registration),
  };
  const desired: Desired = {
    revision: without,
    bundle: { digest: digestOf({ target, stacks: [] }), target, stacks: [] },
    consents: [],
    deadlines: usualDeadlines,
    drift: usualDrift,
    pruneMax: 0,
    isOrphaned: true,
    rules,
    selfHeal: "off",
    verify: [],
    needs: [],
    takers: [],
    warnings: [],
  };
  const followed = { target, basis: undefined, compile: async () => desired };
  return { kind: "roll", followed };
}

/** Whether it never had a stack that anybody knows of, and has no instance that may have one. */
async function hasNothing({ application, before, environment, ports }: Moment): Promise<boolean> {
  if (before.stacks.length > 0) return false;
  const keys = await ports.records.keys(application);
  return !keys.some((key) => key.startsWith(`${environmentKey(application, environment)}.`));
}
