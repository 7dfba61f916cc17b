import type { Context } from "../world.ts";
import { durationOf } from "./durations.ts";
import { noteResource } from "./events.ts";
import type { Operation, Stack, Step } from "./state.ts";

/** Names a stage of a step, so that its task finds it again. */
export interface StepTask {
  readonly stackId: string;
  readonly key: string;
  readonly run: string;
  readonly stage: "initiate" | "finish";
}

/** One step of a stack's operation at work. */
export interface Work {
  readonly stack: Stack;
  readonly operation: Operation;
  readonly key: string;
  readonly step: Step;
}

/** Lets a step go on after as long as its type takes, or a fifth of it until it has an identity. */
export function schedule({ key, stack, step }: Work, type: string, context: Context): void {
  const { stage, part } =
    step.kind === "apply" && step.action !== "update"
      ? ({ stage: "initiate", part: 0.2 } as const)
      : ({ stage: "finish", part: 1 } as const);
  const task: StepTask = { stackId: stack.id, key, run: step.run ?? "", stage };
  context.world.later(durationOf(type, context) * part, "cloudformation", "step", task, context);
}

/** What becomes of a resource, and why. */
export interface Move {
  readonly status: string;
  readonly reason?: string;
}

/** Ends a step in failure, with the event that says why. */
export function failStep(work: Work, reason: string, context: Context): void {
  const { stack, step } = work;
  step.state = "failed";
  const resource = stack.resources[step.logicalId];
  if (resource === undefined) return;
  const status = step.action === "create" ? "CREATE_FAILED" : "UPDATE_FAILED";
  stack.resources[step.logicalId] = { ...resource, status, reason, updatedAt: context.world.now };
  note(work, { physicalId: resource.physicalId, status, reason }, context);
}

/** The event of a step that makes, changes or restores a resource. */
export function note(
  { operation, stack, step }: Work,
  move: Move & { readonly physicalId: string },
  context: Context,
): void {
  const { logicalId } = step;
  const old = operation.before.resources[logicalId];
  const current = stack.resources[logicalId];
  const properties =
    (step.kind === "restore" ? old?.properties : step.desired?.properties) ??
    current?.properties ??
    {};
  if (current !== undefined && step.kind === "apply") {
    stack.resources[logicalId] = {
      ...current,
      ...move,
      updatedAt: context.world.now,
      physicalId: current.physicalId,
    };
  }
  const type = current?.type ?? old?.type ?? typeOf(stack, logicalId);
  noteResource(stack, { logicalId, type, properties, ...move }, context);
}

/** The type that the template gives a resource. */
export const typeOf = ({ configuration }: Stack, logicalId: string): string =>
  configuration?.template.Resources[logicalId]?.Type ?? "";
