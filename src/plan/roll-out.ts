import { originsIn, stampOutput } from "../link/digests.ts";
import type { Bundle, ParameterValue } from "../model/bundle.ts";
import { digestOf } from "../model/digest.ts";
import type { Change, Plan } from "../model/plan.ts";
import type { EnvironmentRecord, Failure } from "../model/record.ts";
import type { RequestSet } from "../model/requests.ts";
import type { Template } from "../model/template.ts";
import { type Conclusion, conclude } from "./conclude.ts";
import { decide, type Leaving, type Objection } from "./decide.ts";
import { diff, foreseen, removal } from "./diff.ts";
import { outputsAfter } from "./diff-outputs.ts";
import { exceeds } from "./exceeds.ts";
import { gatesOf } from "./gates.ts";
import { type Consent, guard } from "./guard.ts";
import { moved } from "./layout.ts";
import type { Step, Verdict } from "./steps.ts";
import type { ChangeSets, Unit } from "./units.ts";

/** Desired beside observed: all that a roll-out is derived from. */
export interface Comparison {
  readonly desired: {
    readonly bundle: Bundle;
    readonly revision: string;
    readonly consents: readonly Consent[];
  };
  readonly observed: {
    readonly units: readonly Unit[];
    readonly changeSets: ReadonlyMap<string, ChangeSets>;
    readonly leaving: readonly Leaving[];
    readonly templates: ReadonlyMap<string, Template>;
    readonly underWay: ReadonlyMap<string, readonly string[]>;
    readonly foreign: ReadonlyMap<string, string>;
  };
  readonly record: EnvironmentRecord;
  readonly requests: RequestSet;
  /** ISO 8601. */
  readonly now: string;
}

/** What there is to change, what may be done about it now, and what that comes to. */
export interface RollOut {
  readonly plan: Plan;
  readonly verdicts: readonly Verdict[];
  /** None while a gate holds. */
  readonly steps: readonly Step[];
  readonly conclusion: Conclusion;
}

export function rollOutOf(comparison: Comparison): RollOut {
  const { desired, now, observed, record, requests } = comparison;
  const gates = gatesOf(requests, now);
  const moves = moved(observed);
  const forecasts = forecastsOf(comparison, moves);
  const verdicts = decide({
    ...observed,
    record,
    revision: desired.revision,
    requestedAt: requests.requestedAt,
    fenced: isFenced(record, now),
    objections: new Map([...objectionsTo(forecasts, comparison), ...moves]),
  });
  const steps = verdicts.flatMap((verdict) => (verdict.kind === "act" ? [verdict.step] : []));
  const changes = [...forecasts.values()].flatMap(({ planned }) => planned);
  return {
    plan: { digest: planDigest(comparison, gates, changes), changes, gates },
    verdicts,
    steps: gates.length > 0 ? [] : steps,
    conclusion: conclude(verdicts, gates),
  };
}

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
  return { ...rollOut, verdicts, conclusion: conclude(verdicts, rollOut.plan.gates) };
}

/** What would change in one unit: as it will be, and as CloudFormation may exaggerate it. */
interface Forecast {
  readonly planned: readonly Change[];
  readonly foreseen: readonly Change[];
}

/** Of all that changes but of what would change its stack: that is no plan. */
function forecastsOf(
  { observed }: Comparison,
  moves: ReadonlyMap<string, Objection>,
): ReadonlyMap<string, Forecast> {
  const forecasts = new Map<string, Forecast>();
  const given = new Map<string, Readonly<Record<string, ParameterValue>>>();
  for (const unit of observed.units) {
    // The goal, not what is asked on the way: what goes last is in the plan from the beginning.
    const { goal: desired, stack } = unit;
    if (unit.applied?.deployed === true && desired === unit.desired) {
      given.set(desired.unit, stack?.outputs ?? {});
      continue;
    }
    const template = observed.templates.get(desired.unit);
    const deployed = template && stack && { ...stack, template, origins: originsIn(template) };
    const parameters = unit.applied?.parameters ?? expected(unit, given);
    given.set(desired.unit, outputsAfter(desired, parameters, deployed));
    forecasts.set(desired.unit, {
      planned: diff(desired, parameters, deployed),
      foreseen: foreseen(desired, parameters, deployed),
    });
  }
  for (const { stack, unit } of observed.leaving) {
    const template = observed.templates.get(unit);
    const planned =
      template === undefined ? [] : removal(stack.name, template, originsIn(template));
    forecasts.set(unit, { planned, foreseen: planned });
  }
  for (const unit of moves.keys()) forecasts.delete(unit);
  return forecasts;
}

/** Parameters of a unit that waits: what its providers will give once they are rolled out. */
function expected(
  { goal }: Unit,
  given: ReadonlyMap<string, Readonly<Record<string, ParameterValue>>>,
): Readonly<Record<string, ParameterValue>> {
  const parameters = Object.entries(goal.parameters).map(([name, value]) => {
    if (typeof value === "string") return [name, value];
    const [provider, output] = value.output;
    return [name, given.get(provider)?.[output] ?? value];
  });
  return Object.fromEntries(parameters);
}

function objectionsTo(
  forecasts: ReadonlyMap<string, Forecast>,
  { desired, now, observed }: Comparison,
): ReadonlyMap<string, Objection> {
  const objections = new Map<string, Objection>();
  for (const [unit, { foreseen: tolerated, planned }] of forecasts) {
    const { blocked, message } = guard(planned, desired.consents, now.slice(0, 10));
    if (blocked.length > 0) objections.set(unit, { reason: "DataAtRisk", message });

    const reported = observed.changeSets.get(unit)?.wanted?.changes ?? [];
    const [riskier] = exceeds(planned, reported, tolerated);
    if (riskier === undefined) continue;
    objections.set(unit, {
      reason: "ChangeSetRiskier",
      message: `${riskier.logicalId}: planned is "${riskier.planned}", the change set says "${riskier.reported}".`,
    });
  }
  return objections;
}

/** What a person approves: everything that would make it another roll-out. */
const planDigest = (
  { desired: { bundle, revision }, observed }: Comparison,
  gates: readonly string[],
  changes: readonly Change[],
): string =>
  digestOf({
    bundle: bundle.digest,
    revision,
    gates,
    target: bundle.target,
    from: observed.units.map(({ desired, stack }) => [
      desired.name,
      stack?.id,
      stack?.outputs[stampOutput],
    ]),
    risks: changes.filter(({ risk }) => risk !== "none").map(({ cause: _, ...change }) => change),
  });
