import type { RunningService } from "../model/observed.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import { isRefused, type Refused } from "../model/refused.ts";
import { type Condition, type EnvironmentStatus, isTrue } from "../model/status.ts";
import type { Template } from "../model/template.ts";
import type { Unit } from "./units.ts";

/** Whether what CloudFormation calls complete is what runs. */
export interface Health {
  readonly status: Condition["status"];
  readonly reason: string;
  readonly message: string;
}

/** Health is not stack status: ECS may have gone back to the old tasks by itself. */
export function healthOf(seen: readonly (RunningService | Refused)[]): Health {
  const refusals = seen.flatMap((one) => (isRefused(one) ? [one.refused] : []));
  const complaints = seen.flatMap((service) => {
    if (isRefused(service)) return [];
    const what = complaint(service);
    const why = service.cause === undefined ? "" : `: ${service.cause.replace(/\.$/, "")}`;
    return what === undefined ? [] : [`${service.logicalId} ${what}${why}.`];
  });
  if (complaints.length > 0)
    return { status: "False", reason: "NotRunning", message: complaints.join(" ") };
  const [refusal] = refusals;
  return refusal === undefined
    ? { status: "True", reason: "Running", message: "Every service runs what its stack says." }
    : {
        status: "Unknown",
        reason: "Refused",
        message: `What runs is for others to see: ${refusal}`,
      };
}

/** Of services that were deployed and whose stack somebody deleted it is known without asking; undefined: there are none. */
export function withoutStack(
  units: readonly Unit[],
  { stacks }: Pick<EnvironmentRecord, "stacks">,
): Health | undefined {
  const gone = units.filter(
    ({ desired: { template, unit }, phase }) =>
      phase === "absent" && stacks[unit]?.settled !== undefined && hasServices(template),
  );
  if (gone.length === 0) return undefined;
  const message = gone.map(({ desired: { unit } }) => `The stack of ${unit} is gone.`).join(" ");
  return { status: "False", reason: "NotRunning", message };
}

const hasServices = ({ Resources }: Template): boolean =>
  Object.values(Resources).some(({ Type }) => Type === "AWS::ECS::Service");

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
  status: Pick<EnvironmentStatus, "conditions" | "digest">,
  bundle: string,
): boolean =>
  status.digest.bundle !== bundle || !isTrue(status, "Ready") || !isTrue(status, "Healthy");

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);
