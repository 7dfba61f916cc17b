import { stampOutput } from "../link/digests.ts";
import { digestOf } from "../model/digest.ts";
import type { ApprovalRule } from "../model/gates.ts";
import type { ObservedStack } from "../model/observed.ts";
import type { Riskier } from "../model/plan.ts";
import { type Asked, risksOf } from "./approval.ts";
import type { Comparison } from "./comparison.ts";
import type { Forecast } from "./forecast.ts";
import { approvalRule, loosened } from "./gates.ts";
import { riskierOf } from "./objections.ts";
import { againIn } from "./units.ts";

type Forecasts = ReadonlyMap<string, Forecast>;

/** A plan before anybody was asked: what there is to approve, and by how many. */
export interface Draft extends Asked {
  /** Undefined: no gate; a person may still have to say that data may go. */
  readonly rule: ApprovalRule | undefined;
  /** By unit. */
  readonly riskier: ReadonlyMap<string, readonly Riskier[]>;
  readonly settings: readonly string[];
}

export function draftOf({ desired, observed, record }: Comparison, forecasts: Forecasts): Draft {
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
  const again = againIn(observed.units);
  const plan = digestOf({ rollOut, from, risks, again });
  return {
    plan,
    rollOut,
    again,
    rule,
    risks,
    riskier,
    settings: loosened(record.settings, rules.settings),
    stamps: Object.fromEntries(stacks.map(([unit, stack]) => [unit, stampOf(stack)])),
  };
}

const stampOf = (stack: ObservedStack | undefined): string => stack?.outputs[stampOutput] ?? "";
