import { stampOutput, unstamped } from "../link/digests.ts";
import type { ObservedStack } from "../model/observed.ts";
import { stackClassOf } from "../model/phases.ts";
import type { EnvironmentRecord, Settled } from "../model/record.ts";
import { isSameJson } from "../model/same.ts";
import type { Template } from "../model/template.ts";
import type { Objection } from "./decide.ts";
import { isOurs, type Unit } from "./units.ts";

/** Units whose stack somebody else made: its name is right and nothing else about it. */
export function takenBy(
  units: readonly Unit[],
  { stacks }: Pick<EnvironmentRecord, "stacks">,
): ReadonlyMap<string, Objection> {
  const taken = units.flatMap(({ desired: { tags, unit }, stack }) => {
    if (stack === undefined || isAmongOurs(stack, tags)) return [];
    return stacks[unit]?.settled?.id === stack.id ? [] : [[unit, strangers(stack)] as const];
  });
  return new Map(taken);
}

/** By any of what we leave behind. One that was never executed has nothing that could be lost. */
const isAmongOurs = (stack: ObservedStack, tags: Readonly<Record<string, string>>): boolean =>
  stackClassOf(stack.status) === "review" ||
  stack.outputs[stampOutput] !== undefined ||
  isOurs(stack) ||
  !tagsTaken(stack, tags).some((name) => name.startsWith("trueup:"));

const strangers = ({ name }: ObservedStack): Objection => ({
  reason: "StackTaken",
  message: `There is a stack ${name} already that Trueup did not make, and it is left alone. Delete it, or give the environment another name.`,
});

/**
 * What of a deployed stack somebody else changed. Who edits the template that is deployed, one
 * parameter or its tags leaves our stamp in it: it says what was deployed, not what is (design-aws 14).
 * Undefined: nothing. Names only, since values may be secret.
 */
export function foreignChange(
  { applied, desired, stack }: Unit,
  deployed: Template,
): string | undefined {
  if (stack === undefined || applied === undefined) return undefined;
  const now = unstamped(deployed);
  const sections = ["Resources", "Outputs", "Parameters", "Conditions", "Mappings"] as const;
  const changed = [
    ...sections.flatMap((section) => {
      const names = differing(membersOf(now, section), membersOf(desired.template, section));
      return names.map((name) => `${section}.${name}`);
    }),
    ...differing(stack.parameters, applied.parameters).map((name) => `the value of ${name}`),
    ...tagsTaken(stack, desired.tags).map((name) => `the tag ${name}`),
  ];
  if (changed.length === 0) {
    return isSameJson(now, desired.template) ? undefined : "the template";
  }
  const [shown, more] = [changed.slice(0, mostNamed), changed.length - mostNamed];
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Tags of ours that are not as we gave them. Others may have their own beside them. */
const tagsTaken = ({ tags }: ObservedStack, ours: Readonly<Record<string, string>>) =>
  tags === undefined ? [] : Object.keys(ours).filter((name) => tags[name] !== ours[name]);

const mostNamed = 5;

const membersOf = (template: object, section: string): object =>
  (template as Readonly<Record<string, object | undefined>>)[section] ?? {};

function differing(a: object, b: object): readonly string[] {
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((name) => !isSameJson(left.get(name), right.get(name)))
    .sort();
}

/** What tells a stack's last operation from others. */
export const lastOperation = ({ changeSetId, id, lastUpdated }: ObservedStack): Settled => ({
  id,
  lastUpdated,
  changeSet: changeSetId,
});

/** Whether nothing was done to a stack since all of it was found to be ours. */
export const isKnown = (settled: Settled | undefined, stack: ObservedStack): boolean =>
  isSameJson(settled, lastOperation(stack));

/** What is to be remembered of every unit that is deployed and ours. */
export const settledIn = (
  units: readonly Unit[],
  foreign: ReadonlyMap<string, string>,
): ReadonlyMap<string, Settled> =>
  new Map(
    units.flatMap(({ applied, goal: { unit }, stack }) =>
      // Stryker disable next-line ConditionalExpression: a unit that is deployed has a stack
      stack === undefined || applied?.deployed !== true || foreign.has(unit)
        ? []
        : [[unit, lastOperation(stack)] as const],
    ),
  );
