import { originsIn } from "../link/digests.ts";
import { outputNamed } from "../link/packs.ts";
import type { Origin, ParameterValue } from "../model/bundle.ts";
import type { Callout, Change } from "../model/plan.ts";
import type { Template } from "../model/template.ts";
import type { Leaving } from "./decide.ts";
import { diff, foreseen, removal } from "./diff.ts";
import { outputsAfter } from "./diff-outputs.ts";
import { calloutsOf } from "./exposure.ts";
import type { Unit } from "./units.ts";

interface Seen {
  readonly units: readonly Unit[];
  readonly leaving: readonly Leaving[];
  readonly templates: ReadonlyMap<string, Template>;
}

/** What would change in one unit: as it will be, and as CloudFormation may exaggerate it. */
export interface Forecast {
  readonly planned: readonly Change[];
  readonly foreseen: readonly Change[];
  /** What an approver should see at once. */
  readonly callouts: readonly Callout[];
  /** Where its resources come from, by logical id. */
  readonly origins: Readonly<Record<string, Origin>>;
}

/**
 * By unit, of every one that is not as it should be in the end; but of what would change its stack
 * none, since that is no plan.
 */
export function forecastsOf(
  observed: Seen,
  moves: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, Forecast> {
  const forecasts = new Map<string, Forecast>();
  const given = new Map<string, Readonly<Record<string, ParameterValue>>>();
  for (const unit of observed.units) {
    // The goal, not what is asked on the way: what goes last is in the plan from the beginning.
    const { goal: desired, stack } = unit;
    if (unit.applied?.deployed === true && desired === unit.desired) {
      // Stryker disable next-line OptionalChaining: a unit that is deployed has a stack
      given.set(desired.unit, stack?.outputs ?? {});
      continue;
    }
    const template = observed.templates.get(desired.unit);
    const deployed = template && stack && { ...stack, template, origins: originsIn(template) };
    const parameters = unit.applied?.parameters ?? expected(unit, given);
    given.set(desired.unit, outputsAfter(desired, parameters, deployed));
    const planned = diff(desired, parameters, deployed);
    forecasts.set(desired.unit, {
      planned,
      callouts: callouts(planned, template, desired.template),
      foreseen: foreseen(desired, parameters, deployed),
      origins: desired.origins,
    });
  }
  for (const { stack, unit } of observed.leaving) {
    const template = observed.templates.get(unit);
    if (template !== undefined) forecasts.set(unit, departure(stack.name, template));
  }
  for (const unit of moves.keys()) forecasts.delete(unit);
  return forecasts;
}

function departure(stack: string, template: Template): Forecast {
  const origins = originsIn(template);
  const planned = removal(stack, template, origins);
  return { planned, foreseen: planned, callouts: [], origins };
}

const callouts = (
  changes: readonly Change[],
  before: Template | undefined,
  after: Template,
): readonly Callout[] =>
  changes.flatMap(({ logicalId, stack }) => {
    const resource = after.Resources[logicalId];
    if (resource === undefined) return [];
    const found = calloutsOf(before?.Resources[logicalId], resource);
    return found.map((callout) => ({ stack, logicalId, ...callout }));
  });

/** Parameters of a unit that waits: what its providers will give once they are rolled out. */
function expected(
  { goal }: Unit,
  given: ReadonlyMap<string, Readonly<Record<string, ParameterValue>>>,
): Readonly<Record<string, ParameterValue>> {
  const parameters = Object.entries(goal.parameters).map(([name, value]) => {
    if (typeof value === "string") return [name, value];
    const [provider, output] = value.output;
    return [name, outputNamed(given.get(provider) ?? {}, output) ?? value];
  });
  return Object.fromEntries(parameters);
}
