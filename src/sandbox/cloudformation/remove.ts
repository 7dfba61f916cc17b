import { forget } from "../ecs/registry.ts";
import { forgetBucket, notEmpty } from "../s3/of-stacks.ts";
import type { Context } from "../world.ts";
import { protectionOf, usesOf } from "./clashes.ts";
import { noteResource } from "./events.ts";
import { faultFor } from "./faults.ts";
import { type Move, schedule, type Work } from "./work.ts";

/** Deletes a resource, or lets go of one that is to be kept. */
export function startDelete(work: Work, context: Context): void {
  const { stack, step } = work;
  const { doomed } = step;
  if (doomed === undefined) return;
  if (step.retain === true) {
    noteDoomed(work, { status: "DELETE_SKIPPED" }, context);
    if (stack.resources[step.logicalId]?.physicalId === doomed.physicalId) {
      delete stack.resources[step.logicalId];
    }
    step.state = "done";
    return;
  }
  noteDoomed(work, { status: "DELETE_IN_PROGRESS" }, context);
  schedule(work, doomed.type, context);
}

/** The end of a deletion, unless something still uses the resource. */
export function finishDelete(work: Work, context: Context): void {
  const { stack, step } = work;
  const { doomed } = step;
  if (doomed === undefined) return;
  const reason =
    faultFor(stack, doomed, "delete", context) ??
    protectionOf(doomed) ??
    notEmpty(context, doomed) ??
    usesOf(stack, doomed, context);
  if (reason !== undefined) {
    noteDoomed(work, { status: "DELETE_FAILED", reason }, context);
    step.state = "failed";
    return;
  }
  noteDoomed(work, { status: "DELETE_COMPLETE" }, context);
  forget(context, doomed);
  forgetBucket(context, doomed);
  if (stack.resources[step.logicalId]?.physicalId === doomed.physicalId) {
    delete stack.resources[step.logicalId];
  }
  step.state = "done";
}

function noteDoomed({ operation, stack, step }: Work, move: Move, context: Context): void {
  const { doomed } = step;
  if (doomed === undefined) return;
  const { logicalId, physicalId, properties, type } = doomed;
  const current = stack.resources[logicalId];
  if (current?.physicalId === physicalId) {
    stack.resources[logicalId] = { ...current, ...move, updatedAt: context.world.now };
  }
  const shows = operation.phase === "cleanup" ? {} : { properties };
  noteResource(stack, { logicalId, physicalId, type, ...move, ...shows }, context);
}
