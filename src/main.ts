import { awsPorts } from "./aws/ports.ts";
import { sdkCaller } from "./aws/sdk.ts";
import { functions } from "./functions.ts";

// The composition root of the Lambda functions: what `template.yaml` says becomes ports.

/** Empty where this function has no such variable: then it has no use for it either. */
const variable = (name: string): string => process.env[name] ?? "";

const endpoint = variable("AWS_ENDPOINT_URL");
const cloudFormationRole = variable("TRUEUP_CLOUDFORMATION_ROLE_ARN");

const installation = {
  region: variable("AWS_REGION"),
  prefix: variable("TRUEUP_PREFIX"),
  queueUrl: variable("TRUEUP_QUEUE_URL"),
  bucket: variable("TRUEUP_BUCKET"),
  scheduleGroup: variable("TRUEUP_SCHEDULE_GROUP"),
  signalFunctionArn: variable("TRUEUP_SIGNAL_FUNCTION_ARN"),
  schedulerRoleArn: variable("TRUEUP_SCHEDULER_ROLE_ARN"),
  ...(cloudFormationRole === "" ? {} : { cloudFormationRole }),
  ...(endpoint === "" ? {} : { endpoint }),
};

/** One line of JSON: CloudWatch Logs Insights finds its fields by itself. */
const log = (message: string, fields: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify({ message, ...fields })}\n`);
};

const made = functions(awsPorts(sdkCaller(installation), installation, log));

export const { gitPush, imagePush, reconcile, signal } = made;
