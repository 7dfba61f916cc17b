/** What `template.yaml` made for one installation of the controller. */
export interface Installation {
  readonly region: string;
  /** Every stack's name begins with it: `<prefix>-<app>-<env>-<unit>-<h>`. */
  readonly prefix: string;
  readonly queueUrl: string;
  readonly bucket: string;
  readonly scheduleGroup: string;
  readonly signalFunctionArn: string;
  readonly janitorFunctionArn: string;
  readonly schedulerRoleArn: string;
  /** Passed to CloudFormation in the controller's own account, by environments that name no other. */
  readonly cloudFormationRole?: string;
  /** The boundary without which that role makes no role. */
  readonly permissionsBoundary?: string;
  /** What tells one build of the controller from another. */
  readonly code: string;
  /** Where AWS answers, if not at its own address. */
  readonly endpoint?: string;
}

/** An installation as the environment of its functions tells it, under the names of `template.yaml`. */
export function installationFrom(
  environment: Readonly<Record<string, string | undefined>>,
  code = "",
): Installation {
  // Empty where a function has no such variable: then it has no use for it either.
  const variable = (name: string): string => environment[name] ?? "";
  const endpoint = variable("AWS_ENDPOINT_URL");
  const cloudFormationRole = variable("TRUEUP_CLOUDFORMATION_ROLE_ARN");
  const permissionsBoundary = variable("TRUEUP_PERMISSIONS_BOUNDARY_ARN");
  return {
    region: variable("AWS_REGION"),
    prefix: variable("TRUEUP_PREFIX"),
    code,
    queueUrl: variable("TRUEUP_QUEUE_URL"),
    bucket: variable("TRUEUP_BUCKET"),
    scheduleGroup: variable("TRUEUP_SCHEDULE_GROUP"),
    signalFunctionArn: variable("TRUEUP_SIGNAL_FUNCTION_ARN"),
    janitorFunctionArn: variable("TRUEUP_JANITOR_FUNCTION_ARN"),
    schedulerRoleArn: variable("TRUEUP_SCHEDULER_ROLE_ARN"),
    ...(cloudFormationRole === "" ? {} : { cloudFormationRole }),
    ...(permissionsBoundary === "" ? {} : { permissionsBoundary }),
    ...(endpoint === "" ? {} : { endpoint }),
  };
}
