import { stampOutput } from "../link/digests.ts";
import { type Diagnostic, isError } from "../model/diagnostic.ts";
import { NotYetError, type TerminalError } from "../model/errors.ts";
import type { Gate } from "../model/gates.ts";
import type { DriftDetection, EnvironmentRecord } from "../model/record.ts";
import { inForce, type Promotion, type RequestSet } from "../model/requests.ts";
import type { EnvironmentStatus, PublishedError } from "../model/status.ts";
import type { Approval } from "./approval.ts";
import { retryAfter, retrying, textOf, waiting } from "./backoff.ts";
import type { Conclusion } from "./conclude.ts";
import { conditionsOf, type Said } from "./conditions.ts";
import type { Leaving } from "./decide.ts";
import { type Drifted, driftedCondition, type UnitDrift } from "./drift.ts";
import type { Health } from "./health.ts";
import { firstEnd, nextLookAfter, seconds, whileNew } from "./next-look.ts";
import type { RollOut } from "./roll-out.ts";
import type { Unit } from "./units.ts";

/** Before anything was ever said. */
export const emptyStatus: EnvironmentStatus = {
  v: 1,
  revision: { desired: undefined, deployed: undefined, verified: undefined },
  digest: { bundle: undefined, plan: undefined },
  conditions: [],
  stacks: [],
  errors: [],
  moreErrors: 0,
  requestedAt: undefined,
  nextLook: undefined,
};

interface Moment {
  readonly before: EnvironmentStatus;
  readonly requests: RequestSet;
  /** ISO 8601. */
  readonly now: string;
}

interface Passed extends Moment {
  readonly desired: {
    readonly revision: string;
    readonly bundle: { readonly digest: string };
    readonly warnings: readonly Diagnostic[];
    readonly goesBack?: { readonly reason: string; readonly from: string };
    readonly chosen?: Promotion;
    readonly selfHeal: "off" | "report" | "revert";
  };
  readonly observed: {
    readonly units: readonly Unit[];
    readonly leaving: readonly Leaving[];
    readonly foreign: ReadonlyMap<string, string>;
    readonly drifts: ReadonlyMap<string, UnitDrift>;
    readonly detections: Readonly<Record<string, DriftDetection>>;
  };
  /** Whether drift is being looked for. */
  readonly looking: boolean;
  readonly record: EnvironmentRecord;
  readonly rollOut: RollOut;
  readonly health: Health | undefined;
  readonly verified: Verified | undefined;
}

/** What became of the checks, and whether they go on. */
interface Verified extends Said {
  readonly next: "again" | "later" | "rest";
}

/** How things stand after a pass. */
export function statusOf(passed: Passed): EnvironmentStatus {
  const { before, desired, observed, record, rollOut, verified } = passed;
  const { conclusion, plan } = rollOut;
  const settled = plan.changes.length === 0 && rollOut.approval.kind !== "withheld";
  const approved = approvedBy(rollOut.approval, record.approval);
  // What has stacks of its own has no instances, whatever it had before.
  const { instances: _, ...said } = standing(
    {
      ...passed,
      approved,
      chosen: desired.chosen,
      goesBack: desired.goesBack,
      drift: driftedCondition({
        ...observed,
        lookups: lookupsIn(passed),
        reverts: desired.selfHeal === "revert",
      }),
    },
    conclusion,
    rollOut.gates,
    desired.revision,
  );
  return {
    ...said,
    revision: {
      desired: desired.revision,
      deployed: record.deployed?.revision,
      verified: verified?.status === "True" ? desired.revision : before.revision.verified,
    },
    digest: { bundle: desired.bundle.digest, plan: settled ? undefined : plan.digest },
    stacks: [
      ...observed.units.map(({ desired: { name }, stack }) => ({ name, stack })),
      ...observed.leaving.map(({ stack }) => ({ name: stack.name, stack })),
    ].map(({ name, stack }) => ({
      name,
      status: stack?.status ?? "ABSENT",
      digest: stack?.outputs[stampOutput]?.slice(0, 12) ?? "",
    })),
    errors: [],
    moreErrors: 0,
    nextLook: nextLookAfter(passed),
  };
}

/** What is found otherwise than it was for the bundle that is desired. */
const lookupsIn = ({ desired, record }: Passed): readonly string[] => {
  const { bundle, changed = [] } = record.drift?.lookups ?? {};
  return bundle === desired.bundle.digest ? changed : [];
};

/** How an environment stands of which no stacks were looked at. */
export const statusWith = (
  moment: Moment,
  conclusion: Conclusion,
  said: Partial<EnvironmentStatus>,
): EnvironmentStatus => ({
  ...standing(
    said.instances === undefined ? moment : { ...moment, before: withoutOwn(moment.before) },
    conclusion,
    [],
    said.revision?.desired ?? "",
  ),
  errors: [],
  moreErrors: 0,
  nextLook:
    conclusion.state === "reconciling"
      ? whileNew("Reconciling", moment)
      : firstEnd(moment.requests, moment.now),
  ...said,
});

/** Of what has instances, and had services of its own before, these are not to be said any more. */
const withoutOwn = (before: EnvironmentStatus): EnvironmentStatus => ({
  ...before,
  digest: emptyStatus.digest,
  conditions: before.conditions.filter(({ type }) => type !== "Healthy" && type !== "Verified"),
});

/**
 * What is desired cannot be known now, and what is deployed stays as it is: until a new revision or
 * a person mends it, or until what has to be ready first is, which is looked at again.
 */
export function standstillStatus(
  error: TerminalError | NotYetError,
  moment: Moment,
): EnvironmentStatus {
  const { message, reason } = error;
  const waits = error instanceof NotYetError;
  const desired = error.revision ?? moment.before.revision.desired;
  const said = waits
    ? standing(moment, held(message), [{ reason: error.reason, message }], desired ?? "")
    : standing(moment, { state: "stalled", reason, message }, [], desired ?? "");
  return {
    ...said,
    revision: { ...said.revision, desired },
    errors: waits ? [] : publishedIn(error.diagnostics),
    moreErrors: 0,
    nextLook:
      (waits ? whileNew("Held", moment) : undefined) ?? firstEnd(moment.requests, moment.now),
  };
}

const held = (message: string): Conclusion => ({
  state: "held",
  reason: "Held",
  message: `Held: ${message}.`,
});

/** A failure that may pass by itself: since when it stays, and when it is tried again. */
export function retryingStatus(
  error: unknown,
  moment: Moment & { readonly key: string },
): EnvironmentStatus {
  const message = textOf(error);
  const conclusion: Conclusion = { state: "reconciling", reason: retrying, message };
  const { before } = moment;
  const { at, since } = retryAfter(message, moment);
  const said = standing(moment, conclusion, [], before.revision.desired ?? "");
  return {
    ...said,
    conditions: said.conditions.map(waiting(since)),
    requestedAt: before.requestedAt,
    nextLook: at === undefined ? undefined : seconds(at),
  };
}

/** Nothing new to say, but whoever asked is answered. */
export const answered = (
  before: EnvironmentStatus,
  { requestedAt }: RequestSet,
): EnvironmentStatus => ({ ...before, requestedAt });

interface Seen extends Moment {
  readonly approved?: Said | undefined;
  readonly drift?: Drifted | undefined;
  readonly health?: Health | undefined;
  readonly verified?: Said | undefined;
  readonly goesBack?: { readonly reason: string; readonly from: string } | undefined;
  readonly chosen?: Promotion | undefined;
}

/** What is waited for; else by whom the last plan that anybody was asked about was approved. */
function approvedBy(approval: Approval, last: EnvironmentRecord["approval"]): Said | undefined {
  if (approval.kind === "withheld") return { ...approval, status: "False" };
  const by = approval.kind === "approved" ? approval.by : last;
  if (by === undefined) return undefined;
  const votes = by.votes.map(({ reason, user }) => (reason === "" ? user : `${user}: ${reason}`));
  const message = `Plan ${by.plan.slice(0, 12)}, by ${votes.join("; ")}`;
  return { status: "True", reason: "Approved", message };
}

const standing = (
  { approved, before, chosen, drift, goesBack, health, now, requests, verified }: Seen,
  conclusion: Conclusion,
  gates: readonly Gate[],
  revision: string,
): EnvironmentStatus => ({
  ...before,
  conditions: conditionsOf({
    conclusion,
    gates,
    drift,
    approved,
    health,
    verified,
    goesBack,
    chosen,
    hold: inForce(requests.hold, now),
    revision,
    previous: before.conditions,
    now,
  }),
  requestedAt: requests.requestedAt,
});

/** What is wrong, without what is only warned of. */
export const publishedIn = (diagnostics: readonly Diagnostic[]): readonly PublishedError[] =>
  diagnostics.filter(isError).map(published);

const published = (diagnostic: Diagnostic): PublishedError => {
  const { column, file, help, line, message, path } = diagnostic;
  return { file, line, column, path, message, help };
};
