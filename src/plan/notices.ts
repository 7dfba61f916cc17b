import type { Channel, Notice, NoticePhase, Untold } from "../model/notice.ts";
import type { Condition, ConditionType, EnvironmentStatus } from "../model/status.ts";
import { retrying } from "./backoff.ts";

/** Whom a status is of, and when it was said. */
interface About {
  readonly application: string;
  readonly environment: string;
  /** ISO 8601. */
  readonly now: string;
  /** Whether a revision has arrived only once it is verified. */
  readonly verifies: boolean;
}

/**
 * Which notices a status brings that the one before did not. An environment with instances leaves
 * it to them, but for revisions that are too wrong to get one.
 */
export function noticesBetween(
  before: EnvironmentStatus,
  after: EnvironmentStatus,
  about: About,
): readonly Notice[] {
  const revision = after.revision.desired;
  if (revision === undefined) return [];
  const old = found(before, about);
  const untold = before.untold ?? [];
  return found(after, about)
    .filter(({ at, phase }) => !old.some((one) => one.phase === phase && one.at === at))
    .map(({ of = revision, phase, reason }) =>
      noticeOf({ phase, reason, revision: of }, after, about),
    )
    .filter((notice) => !untold.some((one) => isOf(one, notice)));
}

/** What was refused where it should have gone, and is still so: through which channel each. */
export function noticesAgain(
  { untold = [] }: Pick<EnvironmentStatus, "untold">,
  after: EnvironmentStatus,
  about: About,
): readonly { readonly notice: Notice; readonly by: Channel }[] {
  const revision = after.revision.desired;
  if (revision === undefined || untold.length === 0) return [];
  const all = found(after, about).map(({ of = revision, phase, reason }) =>
    noticeOf({ phase, reason, revision: of }, after, about),
  );
  return untold.flatMap((one) => {
    const notice = all.find((other) => isOf(one, other));
    return notice === undefined ? [] : [{ notice, by: one.by }];
  });
}

const isOf = ({ phase, revision }: Untold, notice: Notice): boolean =>
  phase === notice.phase && revision === notice.revision;

/** While an error is retried nobody knows how things stand: what is untold stays so. */
export const keptUntold = (
  { untold = [] }: Pick<EnvironmentStatus, "untold">,
  { conditions }: Pick<EnvironmentStatus, "conditions">,
): readonly Untold[] => (conditions.some(({ reason }) => reason === retrying) ? untold : []);

/** A leak is for the janitor to tell. */
type Phase = Exclude<NoticePhase, "leaked">;

/** Something that is so, and of which revision. */
interface Found {
  readonly phase: Phase;
  readonly reason: string;
  readonly at: string;
  /** The revision, where it is not the one that is desired. */
  readonly of?: string;
}

function found(status: EnvironmentStatus, { verifies }: About): readonly Found[] {
  const stalled = is(status, "Stalled", "True");
  const failed = stalled ?? is(status, "Verified", "False");
  if (status.instances !== undefined) {
    return stalled === undefined || toldByInstances.has(stalled.reason)
      ? []
      : [of("failed", stalled)];
  }
  const approved = is(status, "Approved", "False");
  const waits = approved !== undefined && open.has(approved.reason) ? approved : undefined;
  // Whoever wrote the verdict may have died before it could say so.
  const left = status.conditions.find(({ reason }) => reason === "VerificationFailed");
  const arrived = verifies ? verified(status) : running(status);
  return [
    ...(waits === undefined ? [] : [of("approval", waits)]),
    ...(failed === undefined ? [] : [of("failed", failed)]),
    ...(left === undefined ? [] : [{ ...of("failed", left), of: left.observedRevision }]),
    ...(arrived === undefined ? [] : [of("promoted", arrived)]),
  ];
}

/** An environment that has instances need not tell once more what one of them told. */
const toldByInstances: ReadonlySet<string> = new Set(["InstanceFailed", "InstanceStalled"]);

/** Of a plan that people can still say yes to and have not said no. */
const open: ReadonlySet<string> = new Set(["AwaitingApproval", "PlanGrew"]);

const of = (phase: Phase, { observedRevision: at, reason }: Condition): Found => ({
  phase,
  reason,
  at,
});

/** Deployed and running at the revision that is desired; what is only deleted has not arrived. */
function running(status: EnvironmentStatus): Condition | undefined {
  const { deployed, desired } = status.revision;
  const isThere = deployed === desired && status.stacks.length > 0;
  const isWell = is(status, "Healthy", "False") === undefined;
  return isThere && isWell ? is(status, "Ready", "True") : undefined;
}

function verified(status: EnvironmentStatus): Condition | undefined {
  const condition = is(status, "Verified", "True");
  const isOfThis = condition?.observedRevision === status.revision.desired;
  return isOfThis && running(status) !== undefined ? condition : undefined;
}

const is = (
  { conditions }: EnvironmentStatus,
  type: ConditionType,
  status: Condition["status"],
): Condition | undefined => conditions.find((one) => one.type === type && one.status === status);

type What = Pick<Notice, "reason" | "revision"> & { readonly phase: Phase };

function noticeOf(
  what: What,
  { digest: { plan } }: EnvironmentStatus,
  { application, environment, now: at }: About,
): Notice {
  const offered = what.phase === "approval" && plan !== undefined ? { plan } : {};
  const key = `${application}/${environment}`;
  const [said, todo] = wordsOf(what, plan);
  const text = `${key}: ${what.revision.slice(0, 8)} ${said}.\ntrueup ${todo} ${key}`;
  return { v: 1, application, environment, ...what, ...offered, text, at };
}

/** Reasons and names only: a message may repeat what a compose file or a service says. */
function wordsOf({ phase, reason }: What, plan: string | undefined): readonly [string, string] {
  switch (phase) {
    case "approval":
      return [`waits for approval of plan ${plan?.slice(0, 12) ?? ""}`, "approve"];
    case "failed":
      return reason === "Failed" || reason === "VerificationFailed"
        ? ["is deployed and failed its verification", "get"]
        : [`is stalled: ${reason}`, "explain"];
    case "promoted":
      return [reason === "Passed" ? "is deployed and verified" : "is deployed", "get"];
  }
}
