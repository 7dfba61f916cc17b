import { deploy } from "../ecs/deployments.ts";
import type { Context } from "../world.ts";
import { faultFor } from "./faults.ts";
import { failStep, note, schedule, type Work } from "./work.ts";

/** Takes a resource back to what it was before the update. */
export function startRestore(work: Work, context: Context): void {
  const { operation, step } = work;
  const old = operation.before.resources[step.logicalId];
  if (old === undefined) return;
  note(work, { physicalId: old.physicalId, status: "UPDATE_IN_PROGRESS" }, context);
  schedule(work, old.type, context);
}

/** The end of taking back; a service is back when ECS says so. */
export function finishRestore(work: Work, context: Context): void {
  const { key, operation, stack, step } = work;
  const old = operation.before.resources[step.logicalId];
  if (old === undefined) return;
  const fault = faultFor(stack, old, "rollback", context);
  if (fault !== undefined) {
    failStep(work, fault, context);
    return;
  }
  if (old.type === "AWS::ECS::Service") {
    const owner = { stackId: stack.id, key, run: step.run ?? "" };
    deploy(context, { arn: old.physicalId, properties: old.properties, owner });
    return;
  }
  completeRestore(work, context);
}

/** The resource is what it was; also said of one that is skipped. */
export function completeRestore(work: Work, context: Context): void {
  const { operation, stack, step } = work;
  const old = operation.before.resources[step.logicalId];
  if (old === undefined) return;
  const { reason: _, ...rest } = old;
  stack.resources[step.logicalId] = {
    ...rest,
    status: "UPDATE_COMPLETE",
    updatedAt: context.world.now,
  };
  note(work, { physicalId: old.physicalId, status: "UPDATE_COMPLETE" }, context);
  step.state = "done";
}
