import type { ApprovalRule, Gate, GivenConsent } from "../model/gates.ts";
import type { Plan } from "../model/plan.ts";
import type { EnvironmentRecord, Failure, RecordedDoom } from "../model/record.ts";
import { type Approval, approvalOf } from "./approval.ts";
import { takenOver } from "./claims.ts";
import { clingingIn } from "./clinging.ts";
import type { Comparison } from "./comparison.ts";
import { type Conclusion, conclude } from "./conclude.ts";
import { decide, type Objection } from "./decide.ts";
import { agreedIn } from "./detections.ts";
import {
  doomedIn,
  keptBy,
  type LetGo,
  letGo,
  listedAs,
  objectionToLeaving,
  type Skips,
  skipsBy,
} from "./doomed.ts";
import { type Draft, draftOf } from "./draft.ts";
import { type Forecast, forecastsOf } from "./forecast.ts";
import { takenBy } from "./foreign.ts";
import { requestGates, windowGates } from "./gates.ts";
import { moved } from "./layout.ts";
import { uprooted } from "./network.ts";
import { objectionTo } from "./objections.ts";
import type { Step, Verdict } from "./steps.ts";
import { withLosses } from "./taken-out.ts";
import { intentOf } from "./units.ts";

/** What there is to change, what may be done about it now, and what that comes to. */
export interface RollOut {
  readonly plan: Plan;
  readonly approval: Approval;
  /** What people let be deleted; undefined: nothing. */
  readonly letGo: RecordedDoom | undefined;
  /** What would be deleted, and since when people know of it. */
  readonly listed: EnvironmentRecord["listed"];
  /** The words of people that are acted upon now. */
  readonly consents: readonly GivenConsent[];
  readonly gates: readonly Gate[];
  readonly verdicts: readonly Verdict[];
  /** None while a gate holds. */
  readonly steps: readonly Step[];
  readonly conclusion: Conclusion;
}

export function rollOutOf(comparison: Comparison): RollOut {
  const { desired, now, observed, record, requests } = comparison;
  const moves = new Map([...moved(observed), ...takenBy(observed.units, record)]);
  const forecasts = withLosses(forecastsOf(observed, moves), observed.units, record);
  const draft = draftOf(comparison, forecasts);
  const stands = standing(forecasts, draft, comparison);
  const fixed = new Map([...uprooted(observed), ...moves]);
  // What would change its stack or its network nobody can let through, so nobody is asked.
  const liftable = new Map([...stands.liftable].filter(([unit]) => !fixed.has(unit)));
  const approval = approvalNeeded(draft, liftable, comparison);
  const taken = takenOver(observed);
  const skips = skipsBy(comparison.consents, desired.rules.approvers, observed.units);
  const verdicts = decide({
    ...observed,
    record,
    revision: desired.revision,
    deadlines: desired.deadlines,
    now,
    requestedAt: requests.requestedAt,
    fenced: isFenced(record, now),
    skips: new Map([...skips].map(([unit, { resources }]) => [unit, resources])),
    keeps: keptBy(observed.templates),
    agreed: agreedIn(observed.detections),
    clinging: clingingIn(observed.templates),
    objections: new Map([
      ...(approval.kind === "approved" ? [] : liftable),
      ...taken.objections,
      ...fixed,
      ...(comparison.missing ?? []),
    ]),
    awaited: taken.awaited,
  });
  // Back to what was let through and verified here before: that waits for nobody.
  const isPending = !goesBackTo(desired) && verdicts.some(({ kind }) => kind !== "deployed");
  const gates = [
    ...requestGates(requests, now),
    ...(isPending ? gatesAround(comparison) : []),
    ...approvalGate(approval, draft),
  ];
  const asked = verdicts.flatMap((verdict) => (verdict.kind === "act" ? [verdict.step] : []));
  const steps = gates.length > 0 ? [] : asked;
  const digest = approval.kind === "approved" ? approval.by.plan : draft.plan;
  const riskier = [...draft.riskier.values()].flat();
  const changes = [...forecasts.values()].flatMap(({ planned }) => planned);
  return {
    plan: {
      digest,
      changes,
      riskier,
      callouts: [...forecasts.values()].flatMap(({ callouts }) => callouts),
      ...(record.approval === undefined ? {} : { approvedLast: record.approval.plan }),
      ...driftIn(observed),
      ...lookedUpIn(comparison),
      settings: draft.settings,
      ...(stands.doomed === undefined ? {} : { doomed: stands.doomed.digest }),
      gates: gates.map(({ message }) => message),
    },
    approval,
    letGo: stands.gone?.doomed,
    listed: stands.listed,
    consents: [...(stands.gone?.consents ?? []), ...consentsTo(steps, skips)],
    verdicts,
    steps,
    gates,
    conclusion: isOver(desired, verdicts) ? destroyed : conclude(verdicts, gates),
  };
}

/** By whose word something is left out of what is done now. */
const consentsTo = (steps: readonly Step[], skips: Skips): readonly GivenConsent[] =>
  steps.flatMap((step) => {
    const by = step.kind === "continue-rollback" && step.skip.length > 0 && skips.get(step.unit);
    return by ? [by.consent] : [];
  });

const driftIn = ({ drifts }: Comparison["observed"]): Pick<Plan, "drift"> =>
  drifts.size === 0
    ? {}
    : { drift: [...drifts].map(([unit, { message }]) => `${unit}: ${message}`) };

/** Until what was found anew is deployed. */
const lookedUpIn = ({ desired, record }: Comparison): Pick<Plan, "lookups"> => {
  const { bundle, lookedUp } = desired;
  const isDeployed = record.deployed?.bundle === bundle.digest;
  return lookedUp === undefined || isDeployed ? {} : { lookups: lookedUp };
};

const goesBackTo = ({ goesBack }: Comparison["desired"]): boolean => goesBack?.wasVerified === true;

/** What others and the clock keep from going on: of interest only while there is something to do. */
const gatesAround = ({ desired, now, observed, record, unmet }: Comparison): readonly Gate[] => [
  ...unmet,
  ...windowGates(desired.rules, { record, now, intent: intentOf(desired.bundle, observed.units) }),
];

/** Whether nothing of it is wanted, and nothing is left. */
const isOver = (
  { isOrphaned = false, leftAt }: Comparison["desired"],
  verdicts: readonly Verdict[],
): boolean => (isOrphaned || leftAt !== undefined) && verdicts.length === 0;

const destroyed: Conclusion = {
  state: "ready",
  reason: "Destroyed",
  message: "Nothing is left of it.",
};

/** How long the call of a process that is no more may take to arrive: its limit, and some slack. */
const fenceSeconds = 15;

function isFenced({ cancelledAt }: EnvironmentRecord, now: string): boolean {
  // Stryker disable next-line ConditionalExpression: now is before no time at all
  if (cancelledAt === undefined) return false;
  return Date.parse(now) < Date.parse(cancelledAt) + fenceSeconds * 1000;
}

/** The same roll-out with the causes of its failures in place of CloudFormation's summary. */
export function told(rollOut: RollOut, failures: Readonly<Record<string, Failure>>): RollOut {
  const verdicts = rollOut.verdicts.map((verdict) => {
    // Stryker disable next-line ConditionalExpression,StringLiteral: what has no failure finds none
    const failure = verdict.kind === "stalled" ? failures[verdict.failure ?? ""] : undefined;
    return failure === undefined ? verdict : { ...verdict, message: failure.message };
  });
  const { conclusion, gates } = rollOut;
  const comesTo = conclusion === destroyed ? destroyed : conclude(verdicts, gates);
  return { ...rollOut, verdicts, conclusion: comesTo };
}

/** Undefined rule, no objection, nothing to do: nobody is asked. One person is enough for what only the guard holds. */
function approvalNeeded(
  draft: Draft,
  objections: ReadonlyMap<string, Objection>,
  { desired, now, observed, record, requests, votes }: Comparison,
): Approval {
  if (desired.isOrphaned) return { kind: "unneeded" };
  const pending =
    draft.settings.length > 0 ||
    observed.leaving.length > 0 ||
    observed.units.some(({ applied }) => applied?.deployed !== true);
  const isGated = draft.rule !== undefined && !goesBackTo(desired);
  if (!pending || (!isGated && objections.size === 0)) return { kind: "unneeded" };
  const { rule = onePerson } = draft;
  const { approval, offered } = record;
  const { approvers } = desired.rules;
  const { requestedAt } = requests;
  return approvalOf(draft, { rule, approvers, votes, offered, approval, requestedAt, now });
}

/** The guard stalls by itself; a gate holds all of a roll-out. */
const approvalGate = (approval: Approval, { rule }: Draft): readonly Gate[] =>
  approval.kind === "withheld" && rule !== undefined ? [approval] : [];

const onePerson: ApprovalRule = { required: 1, expiresSeconds: undefined };

/** What stands against a roll-out until its plan is approved. */
interface Standing {
  readonly liftable: ReadonlyMap<string, Objection>;
  readonly doomed: RecordedDoom | undefined;
  readonly listed: EnvironmentRecord["listed"];
  readonly gone: LetGo | undefined;
}

function standing(
  forecasts: ReadonlyMap<string, Forecast>,
  draft: Draft,
  comparison: Comparison,
): Standing {
  const { consents, desired, key, now, observed, record } = comparison;
  const { rule = onePerson } = draft;
  const { approvers } = desired.rules;
  const doomed = doomedIn(observed.leaving, observed.templates);
  const listed = listedAs(doomed, record.listed, { consents, now });
  const gone = letGo(doomed, { rule, approvers, consents, listed, before: record.doomed, now });

  const liftable = new Map<string, Objection>();
  for (const [unit, forecast] of forecasts) {
    // Stryker disable next-line ArrayDeclaration: every forecast has its list
    const worse = draft.riskier.get(unit) ?? [];
    const objection = objectionTo(forecast, worse, {
      consents: desired.consents,
      ids: observed.ids.get(unit),
      isGone: desired.leftAt !== undefined,
      key,
      today: now.slice(0, 10),
    });
    if (objection !== undefined) liftable.set(unit, objection);
  }
  if (gone !== undefined) for (const { unit } of observed.leaving) liftable.delete(unit);
  const deletions = gone === undefined ? deletionsHeld(doomed, comparison) : new Map();
  return { liftable: new Map([...liftable, ...deletions]), doomed, listed, gone };
}

/** An environment that left `trueup.yaml` goes by consent to all of it and by nothing else. */
function deletionsHeld(
  doomed: RecordedDoom | undefined,
  { desired, observed: { leaving } }: Comparison,
): ReadonlyMap<string, Objection> {
  const { isOrphaned = false, pruneMax: most } = desired;
  const objection = doomed && objectionToLeaving(leaving, doomed, { isOrphaned, most });
  return objection === undefined
    ? new Map()
    : new Map(leaving.map(({ unit }) => [unit, objection] as const));
}
