import type { EnvironmentRecord } from "../model/record.ts";
import type { Template } from "../model/template.ts";
import type { Forecast } from "./forecast.ts";
import { holdsData } from "./risk.ts";
import type { Unit } from "./units.ts";

/** Logical ids of what holds data, to be remembered of a stack that is as it should be. */
export const preciousIn = ({ Resources }: Template): readonly string[] =>
  Object.entries(Resources)
    .filter(([, { Type }]) => holdsData(Type))
    .map(([id]) => id)
    .sort();

/**
 * What held data and was taken out of its stack by somebody else may live on outside of it: made
 * anew it would be empty, and whoever uses it would be given that.
 */
export function withLosses(
  forecasts: ReadonlyMap<string, Forecast>,
  units: readonly Unit[],
  { stacks }: Pick<EnvironmentRecord, "stacks">,
): ReadonlyMap<string, Forecast> {
  const known = new Map(
    units.flatMap(({ applied, goal: { unit }, stack }) => {
      const { holds = [], settled } = stacks[unit] ?? {};
      // What is put back of drift is in its stack, and gone for good.
      const isDrift = applied?.again?.kind === "drift";
      const isKnown = stack !== undefined && settled?.id === stack.id && !isDrift;
      return isKnown ? [[unit, new Set(holds)]] : [];
    }) as readonly (readonly [string, ReadonlySet<string>])[],
  );
  return new Map(
    [...forecasts].map(([unit, forecast]) => {
      const held = known.get(unit);
      const planned = forecast.planned.map((change) =>
        change.action === "add" && held?.has(change.logicalId) === true
          ? { ...change, risk: "data" as const }
          : change,
      );
      return [unit, { ...forecast, planned }];
    }),
  );
}
