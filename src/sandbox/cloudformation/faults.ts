import type { Context } from "../world.ts";
import { type Fault, type Resource, type Stack, stateOf } from "./state.ts";

/** Makes resources fail from now on: by logical id, by type or both, `times` times or always. */
export function failResource(context: Context, fault: Fault): void {
  stateOf(context).faults.push({ ...fault });
}

/** The reason why a resource must fail now, if a test asked for it; uses up one of its times. */
export function faultFor(
  stack: Stack,
  { logicalId, type }: Pick<Resource, "logicalId" | "type">,
  on: Fault["on"],
  context: Context,
): string | undefined {
  const { faults } = stateOf(context);
  const fault = faults.find(
    (one) =>
      one.on === on &&
      one.times !== 0 &&
      (one.stack ?? stack.name) === stack.name &&
      (one.logicalId ?? logicalId) === logicalId &&
      (one.type ?? type) === type,
  );
  if (fault?.times !== undefined) fault.times -= 1;
  return fault?.reason;
}
