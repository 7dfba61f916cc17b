import type { RunningService } from "../model/observed.ts";
import type { Condition, EnvironmentStatus } from "../model/status.ts";

/** Whether what CloudFormation calls complete is what runs. */
export interface Health {
  readonly status: Condition["status"];
  readonly reason: string;
  readonly message: string;
}

/** Health is not stack status: ECS may have gone back to the old tasks by itself. */
export function healthOf(services: readonly RunningService[]): Health {
  const complaints = services.flatMap((service) => {
    const what = complaint(service);
    const why = service.cause === undefined ? "" : `: ${service.cause.replace(/\.$/, "")}`;
    return what === undefined ? [] : [`${service.logicalId} ${what}${why}.`];
  });
  return complaints.length === 0
    ? { status: "True", reason: "Running", message: "Every service runs what its stack says." }
    : { status: "False", reason: "NotRunning", message: complaints.join(" ") };
}

function complaint(service: RunningService): string | undefined {
  const { desiredTasks, rollout, running, runningTasks, wanted } = service;
  if (running === undefined) return "is not there";
  if (wanted !== undefined && running !== wanted) {
    return `runs ${nameOf(running)}, and its stack says ${nameOf(wanted)}`;
  }
  if (rollout !== undefined && rollout !== "COMPLETED") return `is ${rollout}`;
  return runningTasks < desiredTasks ? `has ${runningTasks} of ${desiredTasks} tasks` : undefined;
}

/**
 * Whether it has to be looked at: not again while the same bundle is known to be deployed and to run.
 * Of a roll-out that is under way the status names the bundle already.
 */
export const asksForHealth = (
  { digest, conditions }: Pick<EnvironmentStatus, "conditions" | "digest">,
  bundle: string,
): boolean =>
  digest.bundle !== bundle ||
  !["Ready", "Healthy"].every((wanted) =>
    conditions.some(({ status, type }) => type === wanted && status === "True"),
  );

const nameOf = (arn: string): string => arn.split("/").at(-1) ?? arn;
