import type { Template } from "../model/template.ts";
import type { Comparison } from "./comparison.ts";
import { references } from "./expand.ts";
import type { RollOut } from "./roll-out.ts";

/** What an environment hands out, and a roll-out would take from those that have it. */
export interface Withdrawn {
  readonly unit: string;
  /** Logical ids. */
  readonly resources: readonly string[];
}

/**
 * Whoever takes `parameters` from here runs in it: CloudFormation would delete what it can of it, and
 * leave the rest, before anybody has moved. `outputs`: the names of those that may be taken.
 */
export function withdrawnBy(
  { plan, steps }: Pick<RollOut, "plan" | "steps">,
  {
    observed,
  }: { readonly observed: Pick<Comparison["observed"], "leaving" | "templates" | "units"> },
  outputs: readonly string[],
): readonly Withdrawn[] {
  const changing = observed.units.map(({ desired: { name, unit } }) => {
    const lost = new Set(
      plan.changes
        .filter(({ action, stack }) => stack === name && lossy.has(action))
        .map(({ logicalId }) => logicalId),
    );
    const resources = handedOutIn(observed.templates.get(unit), outputs).filter((id) =>
      lost.has(id),
    );
    return { unit, resources };
  });
  const going = observed.leaving
    .filter(({ unit }) => steps.some((step) => step.kind === "delete-stack" && step.unit === unit))
    .map(({ unit }) => ({ unit, resources: handedOutIn(observed.templates.get(unit), outputs) }));
  return [...changing, ...going].filter(({ resources }) => resources.length > 0);
}

const lossy: ReadonlySet<string> = new Set(["remove", "replace"]);

/** Logical ids of what some outputs are of. */
function handedOutIn(
  template: Template | undefined,
  outputs: readonly string[],
): readonly string[] {
  const ids = outputs.flatMap((name) => {
    const output = template?.Outputs?.[name];
    return output === undefined ? [] : references(output.Value);
  });
  return [...new Set(ids)];
}
