import { stampOutput } from "../link/digests.ts";
import { apart, outputNamed } from "../link/packs.ts";
import type { DesiredStack } from "../model/bundle.ts";
import type { ObservedStack } from "../model/observed.ts";
import { isResting, stackClassOf } from "../model/phases.ts";
import { isSameJson } from "../model/same.ts";
import type { Template } from "../model/template.ts";
import { outputsAfter } from "./diff-outputs.ts";
import { references } from "./expand.ts";

/** A stack that is not as it should be, beside what it should be. */
export interface Unsettled {
  readonly desired: DesiredStack;
  readonly parameters: Readonly<Record<string, string>>;
  readonly stack: ObservedStack;
  /** As CloudFormation has it: of a stack that is busy, before or after the change. */
  readonly template: Template;
  /** Logical ids that the operation under way touches; undefined: none is known. */
  readonly touched: readonly string[] | undefined;
}

/**
 * Names of the outputs that are now what they will be, of resources that nothing is done to: whoever
 * imports only these need not wait for the rest of the stack (design-aws 13). Where it cannot be
 * told, none.
 */
export function steadyOutputs(unsettled: Unsettled): ReadonlySet<string> {
  const { desired, parameters, stack, template } = unsettled;
  if (stack.outputs[stampOutput] === undefined || !isTold(unsettled)) return new Set();

  const after = outputsAfter(desired, parameters, { ...stack, template });
  const touched = new Set(unsettled.touched);
  const isSteady = (id: string): boolean =>
    !touched.has(id) && isSame(template.Resources[id], desired.template.Resources[id]);
  const before = apart(template.Outputs);
  const steady = [...apart(desired.template.Outputs)].filter(
    ([name, output]) =>
      after[name] === outputNamed(stack.outputs, name) &&
      isSame(before.get(name)?.Value, output.Value) &&
      references(output.Value).every(isSteady),
  );
  return new Set(steady.map(([name]) => name));
}

/** Whether it is known what happens to the stack: it rests, or an update of ours is under way. */
function isTold({ stack: { status }, touched }: Unsettled): boolean {
  if (isResting(status)) return true;
  const isMoving = ["busy", "stuck"].includes(stackClassOf(status));
  return isMoving && status.startsWith("UPDATE_") && touched !== undefined;
}

const isSame = (a: unknown, b: unknown): boolean => a !== undefined && isSameJson(a, b);
