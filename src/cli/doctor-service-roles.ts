import type { Installed } from "../aws/installed.ts";
import { isRefused } from "../model/refused.ts";
import { unlessRefused } from "../refused.ts";
import type { Finding } from "./findings.ts";

/**
 * By the services that act in an account in their own name, the role that they do it by. AWS makes it
 * with the first use, which then fails now and again: the role is not there yet when it is needed.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
 */
const roles: Readonly<Record<string, string>> = {
  "ecs.amazonaws.com": "AWSServiceRoleForECS",
  "ecs.application-autoscaling.amazonaws.com": "AWSServiceRoleForApplicationAutoScaling_ECSService",
  "elasticache.amazonaws.com": "AWSServiceRoleForElastiCache",
  "elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing",
  "rds.amazonaws.com": "AWSServiceRoleForRDS",
};

/** Looks for the roles of services, and makes those that are missing unless it is only to look. */
export async function mendServiceRoles(
  installed: Installed,
  { dryRun }: { readonly dryRun: boolean },
): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const [service, role] of Object.entries(roles)) {
    const said = await unlessRefused(() => mended(service, role, { dryRun, installed }));
    const whose = { check: "service role", about: role };
    found.push(
      isRefused(said)
        ? { ...whose, outcome: "not seen", message: said.refused, help: byHand(service) }
        : { ...whose, ...said },
    );
  }
  return found;
}

async function mended(
  service: string,
  role: string,
  { dryRun, installed }: { readonly dryRun: boolean; readonly installed: Installed },
): Promise<Pick<Finding, "help" | "message" | "outcome">> {
  if (await installed.hasRole(role)) return { outcome: "ok", message: "is there" };
  const missing = `is not there, and the first deployment with ${service} may fail`;
  if (dryRun)
    return {
      outcome: "failed",
      message: missing,
      help: "trueup doctor without --dry-run makes it.",
    };
  const made = await unlessRefused(() => installed.makeServiceRole(service));
  if (isRefused(made))
    return { outcome: "failed", message: `${missing}: ${made.refused}`, help: byHand(service) };
  return { outcome: "ok", message: "was not there, and is made" };
}

const byHand = (service: string): string =>
  `Have somebody make it who may: aws iam create-service-linked-role --aws-service-name ${service}.`;
