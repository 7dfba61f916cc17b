import { originsIn, stackDigest, stampOutput, unstamped } from "../link/digests.ts";
import { apart } from "../link/packs.ts";
import type { DesiredStack, ParameterValue, Target } from "../model/bundle.ts";
import type { ObservedStack } from "../model/observed.ts";
import { isSameJson } from "../model/same.ts";
import type { Resource, Template } from "../model/template.ts";
import { expand } from "./expand.ts";
import { claimsIn } from "./places.ts";

interface Deployed {
  readonly stack: ObservedStack;
  readonly template: Template;
  /** Names of the outputs that other stacks, as they are deployed, have as parameters. */
  readonly imported: ReadonlySet<string>;
  /** What stacks are to have that there can be only one of (`claimsOf`). */
  readonly taken: () => ReadonlySet<string>;
}

/**
 * What is asked of a unit now: the bundle's own stack, or that and what deployed consumers still
 * import. Expand → migrate → contract (design-aws 2): CloudFormation would take away what a stack no
 * longer holds before its consumers have moved. All templates follow from deployed and desired alone.
 */
export function expanded(desired: DesiredStack, deployed: Deployed, target: Target): DesiredStack {
  const before = unstamped(deployed.template);
  const kept: DesiredStack = {
    ...desired,
    template: before,
    parameters: parametersOf(desired, before, deployed),
  };
  // Let be as it is until they have moved: no less than what was expanded before.
  if (contains(before, desired.template) && isStamped(kept, deployed.stack, target)) return kept;
  let taken: ReadonlySet<string> | undefined;
  const isTaken = (resource: Resource): boolean =>
    claimsIn(resource, before).some((claim) => {
      taken ??= deployed.taken();
      return taken.has(claim);
    });
  const template = expand(desired.template, before, deployed.imported, isTaken);
  if (template === undefined) return desired;
  return {
    ...desired,
    template,
    parameters: parametersOf(desired, template, deployed),
    origins: { ...originsIn(deployed.template), ...desired.origins },
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
