import { originsIn, stackDigest, stampOutput, unstamped } from "../link/digests.ts";
import { apart } from "../link/packs.ts";
import type { DesiredStack, ParameterValue, Target } from "../model/bundle.ts";
import type { ObservedStack } from "../model/observed.ts";
import { isSameJson } from "../model/same.ts";
import type { Template } from "../model/template.ts";
import { expand } from "./expand.ts";

/**
 * What is asked of a unit now. `asked` is the bundle's own stack, or that stack with beside it what
 * deployed consumers still import. `holds`: it is so already, and is let be until they have moved.
 */
export interface Now {
  readonly asked: DesiredStack;
  readonly holds: boolean;
}

interface Deployed {
  readonly stack: ObservedStack;
  readonly template: Template;
  /** Names of the outputs that other stacks, as they are deployed, have as parameters. */
  readonly imported: ReadonlySet<string>;
}

/**
 * Expand → migrate → contract (design-aws 2): CloudFormation would take away what a stack no longer
 * holds before its consumers have moved. Both templates follow from deployed and desired alone.
 */
export function expanded(desired: DesiredStack, deployed: Deployed, target: Target): Now {
  const before = unstamped(deployed.template);
  const kept: DesiredStack = {
    ...desired,
    template: before,
    parameters: parametersOf(desired, before, deployed),
  };
  if (contains(before, desired.template) && isStamped(kept, deployed.stack, target)) {
    return { asked: kept, holds: true };
  }
  const template = expand(desired.template, before, deployed.imported);
  if (template === undefined) return { asked: desired, holds: false };
  return {
    asked: {
      ...desired,
      template,
      parameters: parametersOf(desired, template, deployed),
      origins: { ...originsIn(deployed.template), ...desired.origins },
    },
    holds: false,
  };
}

/** Its own values, and for parameters that only the kept resources use, the deployed ones. */
const parametersOf = (
  { parameters }: DesiredStack,
  template: Template,
  { stack }: Deployed,
): Readonly<Record<string, ParameterValue>> =>
  Object.fromEntries(
    Object.keys(template.Parameters ?? {}).map((name) => [
      name,
      parameters[name] ?? stack.parameters[name] ?? "",
    ]),
  );

/** Ours, not somebody's template that happens to have all of it. */
function isStamped(kept: DesiredStack, stack: ObservedStack, target: Target): boolean {
  return stackDigest(kept, stack.parameters, target) === stack.outputs[stampOutput];
}

/** Whether every resource, output and parameter of `part` stands in `whole` just so. */
const contains = (whole: Template, part: Template): boolean =>
  (["Resources", "Outputs", "Parameters"] as const).every((section) => {
    const others = entriesOf(whole, section);
    return [...entriesOf(part, section)].every(([name, value]) =>
      isSameJson(others.get(name), value),
    );
  });

const entriesOf = (
  template: Template,
  section: "Outputs" | "Parameters" | "Resources",
): ReadonlyMap<string, unknown> =>
  section === "Outputs"
    ? apart(template.Outputs)
    : new Map<string, unknown>(Object.entries(template[section] ?? {}));
