import type { Properties } from "../../../model/template.ts";
import type { Path, Report } from "../../report.ts";

/** How long a deployment may take at least before it is worth a word, in seconds. */
const patience = 300;

/** Says how long a target group makes every deployment take, where that is long. */
export function warnOfPatience(
  check: Properties,
  attributes: readonly Properties[],
  path: Path,
  report: Report,
): void {
  const healthy = Number(check.HealthCheckIntervalSeconds) * Number(check.HealthyThresholdCount);
  const delay = attributes.find(({ Key }) => Key === "deregistration_delay.timeout_seconds");
  const gone = Number(delay?.Value ?? 0);
  if (healthy + gone <= patience) return;
  const minutes = Math.ceil((healthy + gone) / 60);
  const message = `every deployment takes ${minutes} minutes or more: ${healthy} s until a new task counts as healthy, ${gone} s until an old one is gone`;
  const help = "Lower the interval of the health check, or deregistration_delay.timeout_seconds.";
  report.warn({ code: "slow-deployment", path, message, help });
}
