import type { Bundle, Target } from "../model/bundle.ts";
import { digestOf } from "../model/digest.ts";
import type { Change, Plan } from "../model/plan.ts";
import type { EnvironmentRecord, Failure } from "../model/record.ts";
import type { RequestSet } from "../model/requests.ts";
import type { Template } from "../model/template.ts";
import { type Conclusion, conclude } from "./conclude.ts";
import { decide, type Leaving, type Objection } from "./decide.ts";
import { diff } from "./diff.ts";
import { exceeds } from "./exceeds.ts";
import { gatesOf } from "./gates.ts";
import { type Consent, guard } from "./guard.ts";
import type { Step, Verdict } from "./steps.ts";
import { type ChangeSets, stampOutput, type Unit } from "./units.ts";

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
  const changes = changesOf(comparison);
  const verdicts = decide({
    ...observed,
    record,
    revision: desired.revision,
    requestedAt: requests.requestedAt,
    objections: objectionsTo(changes, comparison),
  });
  const steps = verdicts.flatMap((verdict) => (verdict.kind === "act" ? [verdict.step] : []));
  const flat = [...changes.values()].flat();
  return {
    plan: { digest: planDigest(comparison, gates, flat), changes: flat, gates },
    verdicts,
    steps: gates.length > 0 ? [] : steps,
    conclusion: conclude(verdicts, gates),
  };
}

/** The same roll-out with the causes of its failures in place of CloudFormation's summary. */
export function told(rollOut: RollOut, failures: Readonly<Record<string, Failure>>): RollOut {
  const verdicts = rollOut.verdicts.map((verdict) => {
    const failure = verdict.kind === "stalled" ? failures[verdict.failure ?? ""] : undefined;
    return failure === undefined ? verdict : { ...verdict, message: failure.message };
  });
  return { ...rollOut, verdicts, conclusion: conclude(verdicts, rollOut.plan.gates) };
}

/** Unit → what would change in it, resource by resource. */
function changesOf({ observed }: Comparison): ReadonlyMap<string, readonly Change[]> {
  const changes = new Map<string, readonly Change[]>();
  for (const unit of observed.units) {
    if (unit.applied?.deployed === true) continue;
    const { desired, stack } = unit;
    const template = observed.templates.get(desired.unit);
    const deployed =
      template === undefined || stack === undefined
        ? undefined
        : { template, parameters: stack.parameters };
    const parameters = unit.applied?.parameters ?? expected(unit, observed.units);
    changes.set(desired.unit, diff(desired, parameters, deployed));
  }
  for (const { stack, unit } of observed.leaving) {
    const template = observed.templates.get(unit);
    changes.set(unit, template === undefined ? [] : removal(stack.name, template));
  }
  return changes;
}

/** Parameters of a unit that waits: what its providers give today, else which output it will be. */
function expected({ desired }: Unit, units: readonly Unit[]): Readonly<Record<string, string>> {
  const given = Object.entries(desired.parameters).map(([name, value]) => {
    if (typeof value === "string") return [name, value];
    const [provider, output] = value.output;
    const stack = units.find((unit) => unit.desired.unit === provider)?.stack;
    return [name, stack?.outputs[output] ?? `{${provider}.${output}}`];
  });
  return Object.fromEntries(given);
}

const removal = (stack: string, template: Template): readonly Change[] =>
  diff(
    {
      name: stack,
      unit: "",
      template: { AWSTemplateFormatVersion: "2010-09-09", Resources: {} },
      parameters: {},
      tags: {},
      capabilities: [],
      dependsOn: [],
      origins: {},
    },
    {},
    { template, parameters: {} },
  );

function objectionsTo(
  changes: ReadonlyMap<string, readonly Change[]>,
  { desired, now, observed }: Comparison,
): ReadonlyMap<string, Objection> {
  const objections = new Map<string, Objection>();
  for (const [unit, planned] of changes) {
    const { blocked, message } = guard(planned, desired.consents, now.slice(0, 10));
    if (blocked.length > 0) objections.set(unit, { reason: "DataAtRisk", message });

    const reported = observed.changeSets.get(unit)?.wanted?.changes ?? [];
    const [riskier] = exceeds(planned, reported);
    if (riskier === undefined) continue;
    const { logicalId, planned: expectedAction, reported: said } = riskier;
    objections.set(unit, {
      reason: "ChangeSetRiskier",
      message: `${logicalId}: planned is "${expectedAction}", the change set says "${said}".`,
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
    target: bundle.target satisfies Target,
    from: observed.units.map(({ desired, stack }) => [
      desired.name,
      stack?.id,
      stack?.outputs[stampOutput],
    ]),
    risks: changes.filter(({ risk }) => risk !== "none").map(({ cause: _, ...change }) => change),
  });
