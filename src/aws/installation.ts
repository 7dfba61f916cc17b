/** What `template.yaml` made for one installation of the controller. */
export interface Installation {
  readonly region: string;
  /** Every stack's name begins with it: `<prefix>-<app>-<env>-<unit>-<h>`. */
  readonly prefix: string;
  readonly queueUrl: string;
  readonly bucket: string;
  readonly scheduleGroup: string;
  readonly signalFunctionArn: string;
  readonly schedulerRoleArn: string;
  /** Passed to CloudFormation in the controller's own account, by environments that name no other. */
  readonly cloudFormationRole?: string;
  /** Where AWS answers, if not at its own address. */
  readonly endpoint?: string;
}
