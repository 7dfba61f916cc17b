import { digestOf } from "../model/digest.ts";
import type { ObservedStack } from "../model/observed.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import type { RequestSet } from "../model/requests.ts";
import type { EnvironmentStatus } from "../model/status.ts";
import type { RollOut } from "./roll-out.ts";

/** All that a pass depends on. */
interface Circumstances {
  /** What the desired state follows from. */
  readonly basis: unknown;
  readonly requests: RequestSet;
  readonly record: EnvironmentRecord;
  /** As it was published last. */
  readonly status: EnvironmentStatus;
  /** By unit. */
  readonly stacks: ReadonlyMap<string, ObservedStack | undefined>;
}

/**
 * Tells circumstances from others. A pass that found nothing to do leaves this behind: under the
 * same ones the next would find nothing either, and need not compile to know.
 */
export function circumstancesDigest(seen: Circumstances): string {
  const { basis, record, requests, stacks, status } = seen;
  const { rested: _, ...remembered } = record;
  const operations = [...stacks].map(([unit, stack]) => [
    unit,
    stack?.id,
    stack?.status,
    stack?.lastUpdated,
    stack?.changeSetId,
  ]);
  return digestOf([basis, requests, remembered, status, operations.sort()]);
}

interface Passed {
  readonly desired: {
    readonly bundle: { readonly digest: string };
    readonly revision: string;
    readonly verify: readonly unknown[];
  };
  /** As it was before what is deployed was verified. */
  readonly record: EnvironmentRecord;
  readonly rollOut: Pick<RollOut, "conclusion" | "steps">;
  readonly status: EnvironmentStatus;
}

/** Whether there was nothing to do, and nothing is to be done at some time either. */
export const isAtRest = (passed: Passed): boolean => {
  const { rollOut, status } = passed;
  return (
    rollOut.steps.length === 0 &&
    rollOut.conclusion.state === "ready" &&
    isVerified(passed) &&
    isRestful(status)
  );
};

/** Whether a status says of nothing that it is the matter, nor is to be looked at at some time. */
export const isRestful = ({ conditions, nextLook, untold }: EnvironmentStatus): boolean =>
  nextLook === undefined &&
  untold === undefined &&
  conditions.every(
    ({ reason, status: is, type }) =>
      type === "Drifted" || reason === nothingToVerify || (is === "True" && !troubles.has(type)),
  );

/** The reason of `Verified` where somebody asks for it and there are no checks: none will come by itself. */
export const nothingToVerify = "NothingToVerify";

/** Whether there was nothing to verify, or it is on record already: then this pass wrote none of it. */
const isVerified = ({ desired, record: { verdict, verification } }: Passed): boolean =>
  desired.verify.length === 0 ||
  (verification === undefined &&
    verdict?.revision === desired.revision &&
    verdict.bundle === desired.bundle.digest);

/** What is there only while something is the matter. */
const troubles: ReadonlySet<string> = new Set(["Held", "Reconciling", "Stalled"]);
