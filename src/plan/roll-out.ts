import { stampOutput } from "../link/digests.ts";
import type { Bundle } from "../model/bundle.ts";
import { digestOf } from "../model/digest.ts";
import type { ApprovalRule, Gate, Rules, Vote } from "../model/gates.ts";
import type { ObservedStack, UnderWay } from "../model/observed.ts";
import type { Plan, Riskier } from "../model/plan.ts";
import type { EnvironmentRecord, Failure } from "../model/record.ts";
import type { RequestSet } from "../model/requests.ts";
import type { Template } from "../model/template.ts";
import { type Approval, type Asked, approvalOf, risksOf } from "./approval.ts";
import { type Conclusion, conclude } from "./conclude.ts";
import type { Deadlines } from "./deadlines.ts";
import { decide, type Leaving, type Objection } from "./decide.ts";
import { type Forecast, forecastsOf } from "./forecast.ts";
import { approvalRule, loosened, requestGates, windowGates } from "./gates.ts";
import type { Consent } from "./guard.ts";
import { moved } from "./layout.ts";
import { objectionTo, riskierOf } from "./objections.ts";
import type { Step, Verdict } from "./steps.ts";
import type { ChangeSets, Unit } from "./units.ts";

/** Desired beside observed: all that a roll-out is derived from. */
export interface Comparison {
  readonly desired: {
    readonly bundle: Bundle;
    readonly revision: string;
    readonly consents: readonly Consent[];
    readonly rules: Rules;
    readonly deadlines: Deadlines;
  };
  readonly observed: {
    readonly units: readonly Unit[];
    readonly changeSets: ReadonlyMap<string, ChangeSets>;
    readonly leaving: readonly Leaving[];
    readonly templates: ReadonlyMap<string, Template>;
    readonly underWay: ReadonlyMap<string, readonly UnderWay[]>;
    readonly foreign: ReadonlyMap<string, string>;
  };
  readonly record: EnvironmentRecord;
  readonly requests: RequestSet;
  /** Environments that this one waits for. */
  readonly unmet?: readonly Gate[];
  /** Undefined: not read, since nothing waits for any. */
  readonly votes?: readonly Vote[];
  /** ISO 8601. */
  readonly now: string;
}

/** What there is to change, what may be done about it now, and what that comes to. */
export interface RollOut {
  readonly plan: Plan;
  readonly approval: Approval;
  readonly gates: readonly Gate[];
  readonly verdicts: readonly Verdict[];
  /** None while a gate holds. */
  readonly steps: readonly Step[];
  readonly conclusion: Conclusion;
}

export function rollOutOf(comparison: Comparison): RollOut {
  const { desired, now, observed, record, requests } = comparison;
  const moves = moved(observed);
  const forecasts = forecastsOf(observed, moves);
  const draft = draftOf(comparison, forecasts);
  const objections = objectionsTo(forecasts, draft.riskier, comparison);
  const approval = approvalNeeded(draft, objections, comparison);
  const lifted = approval.kind === "approved";
  const verdicts = decide({
    ...observed,
    record,
    revision: desired.revision,
    deadlines: desired.deadlines,
    now,
    requestedAt: requests.requestedAt,
    fenced: isFenced(record, now),
    objections: new Map([...(lifted ? [] : objections), ...moves]),
  });
  const steps = verdicts.flatMap((verdict) => (verdict.kind === "act" ? [verdict.step] : []));
  const isPending = verdicts.some(({ kind }) => kind !== "deployed");
  const gates = [
    ...requestGates(requests, now),
    ...(isPending ? gatesAround(comparison) : []),
    ...approvalGate(approval, draft),
  ];
  const { settings } = draft;
  const digest = approval.kind === "approved" ? approval.by.plan : draft.plan;
  const riskier = [...draft.riskier.values()].flat();
  const changes = [...forecasts.values()].flatMap(({ planned }) => planned);
  return {
    plan: { digest, changes, riskier, settings, gates: gates.map(({ message }) => message) },
    approval,
    verdicts,
    steps: gates.length > 0 ? [] : steps,
    gates,
    conclusion: conclude(verdicts, gates),
  };
}

/** What others and the clock keep from going on: of interest only while there is something to do. */
const gatesAround = ({ desired, now, record, unmet = [] }: Comparison): readonly Gate[] => [
  ...unmet,
  ...windowGates(desired.rules, { record, now, intent: desired.bundle.digest }),
];

/** How long the call of a process that is no more may take to arrive: its limit, and some slack. */
const fenceSeconds = 15;

const isFenced = ({ cancelledAt }: EnvironmentRecord, now: string): boolean =>
  cancelledAt !== undefined && Date.parse(now) < Date.parse(cancelledAt) + fenceSeconds * 1000;

/** The same roll-out with the causes of its failures in place of CloudFormation's summary. */
export function told(rollOut: RollOut, failures: Readonly<Record<string, Failure>>): RollOut {
  const verdicts = rollOut.verdicts.map((verdict) => {
    const failure = verdict.kind === "stalled" ? failures[verdict.failure ?? ""] : undefined;
    return failure === undefined ? verdict : { ...verdict, message: failure.message };
  });
  return { ...rollOut, verdicts, conclusion: conclude(verdicts, rollOut.gates) };
}

type Forecasts = ReadonlyMap<string, Forecast>;

/** A plan before anybody was asked: what there is to approve, and by how many. */
interface Draft extends Asked {
  /** Undefined: no gate; a person may still have to say that data may go. */
  readonly rule: ApprovalRule | undefined;
  /** By unit. */
  readonly riskier: ReadonlyMap<string, readonly Riskier[]>;
  readonly settings: readonly string[];
}

function draftOf({ desired, observed, record }: Comparison, forecasts: Forecasts): Draft {
  const { bundle, revision, rules } = desired;
  const names = new Map([
    ...observed.units.map(({ desired: { name, unit } }) => [unit, name] as const),
    ...observed.leaving.map(({ stack, unit }) => [unit, stack.name] as const),
  ]);
  const riskier = new Map(
    [...forecasts].map(([unit, forecast]) => [
      unit,
      riskierOf(unit, names.get(unit) ?? unit, forecast, observed.changeSets),
    ]),
  );
  const changes = [...forecasts.values()].flatMap(({ planned }) => planned);
  const risks = risksOf(changes, [...riskier.values()].flat());
  const rule = approvalRule(record.settings, rules);
  const rollOut = digestOf({ bundle: bundle.digest, revision, rule, settings: rules.settings });
  const stacks = [
    ...observed.units.map(({ desired: { unit }, stack }) => [unit, stack] as const),
    ...observed.leaving.map(({ stack, unit }) => [unit, stack] as const),
  ];
  const from = stacks.map(([unit, stack]) => [unit, stack?.id, stampOf(stack), stack?.changeSetId]);
  const plan = digestOf({ rollOut, from, risks });
  return {
    plan,
    rollOut,
    rule,
    risks,
    riskier,
    settings: loosened(record.settings, rules.settings),
    stamps: Object.fromEntries(stacks.map(([unit, stack]) => [unit, stampOf(stack)])),
  };
}

const stampOf = (stack: ObservedStack | undefined): string => stack?.outputs[stampOutput] ?? "";

/** Undefined rule, no objection, nothing to do: nobody is asked. One person is enough for what only the guard holds. */
function approvalNeeded(
  draft: Draft,
  objections: ReadonlyMap<string, Objection>,
  { desired, now, observed, record, requests, votes = [] }: Comparison,
): Approval {
  const pending =
    draft.settings.length > 0 ||
    observed.leaving.length > 0 ||
    observed.units.some(({ applied }) => applied?.deployed !== true);
  if (!pending || (draft.rule === undefined && objections.size === 0)) return { kind: "unneeded" };
  const { rule = { required: 1, expiresSeconds: undefined } } = draft;
  const { approval, offered } = record;
  const { approvers } = desired.rules;
  const { requestedAt } = requests;
  return approvalOf(draft, { rule, approvers, votes, offered, approval, requestedAt, now });
}

/** The guard stalls by itself; a gate holds all of a roll-out. */
const approvalGate = (approval: Approval, { rule }: Draft): readonly Gate[] =>
  approval.kind === "withheld" && rule !== undefined ? [approval] : [];

function objectionsTo(
  forecasts: Forecasts,
  riskier: Draft["riskier"],
  { desired, now }: Comparison,
): ReadonlyMap<string, Objection> {
  const objections = new Map<string, Objection>();
  for (const [unit, forecast] of forecasts) {
    const worse = riskier.get(unit) ?? [];
    const objection = objectionTo(forecast, worse, desired.consents, now.slice(0, 10));
    if (objection !== undefined) objections.set(unit, objection);
  }
  return objections;
}
