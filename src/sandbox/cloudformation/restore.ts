import { deploy } from "../ecs/deployments.ts";
import { ecsOf } from "../ecs/state.ts";
import type { Context } from "../world.ts";
import { isSame } from "./desired.ts";
import { faultFor } from "./faults.ts";
import type { Properties } from "./state.ts";
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

/** Said to be what it was, whatever it is. */
export function skipRestore(work: Work, context: Context): void {
  const { operation, stack, step } = work;
  const { logicalId } = step;
  const old = operation.before.resources[logicalId];
  const left = stack.resources[logicalId];
  completeRestore(work, context);
  const restored = stack.resources[logicalId];
  if (old === undefined || left === undefined || restored === undefined) return;
  const service = ecsOf(context).services[old.physicalId];
  const live = (service?.properties ?? left.properties) as Properties;
  if (!isSame(live, old.properties)) stack.resources[logicalId] = { ...restored, live };
}

/** The resource is what it was. */
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
