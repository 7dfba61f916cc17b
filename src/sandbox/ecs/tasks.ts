import type { Context } from "../world.ts";
import type { Deployment, EcsService, Task } from "./state.ts";

/** How many tasks a service should have. */
export const desiredCount = ({ properties }: EcsService): number =>
  Number(properties.DesiredCount ?? 1);

/** A task that a deployment starts. */
export const started = (deployment: Deployment, { world }: Context): Task => ({
  id: world.text(32, "0123456789abcdef"),
  taskDefinition: deployment.taskDefinition,
  deployment: deployment.id,
  createdAt: world.now,
  lastStatus: "PENDING",
});

/** Ends tasks, for a reason. */
export function stop(tasks: readonly Task[], reason: string, { world }: Context): void {
  for (const task of tasks) {
    if (task.lastStatus === "STOPPED") continue;
    task.lastStatus = "STOPPED";
    task.stoppedAt = world.now;
    task.stoppedReason ??= reason;
    task.stopCode ??= "ServiceSchedulerInitiated";
  }
}
