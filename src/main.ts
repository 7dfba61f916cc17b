import { installationFrom } from "./aws/installation.ts";
import { awsPorts } from "./aws/ports.ts";
import { sdkCaller } from "./aws/sdk.ts";
import { functions } from "./functions.ts";

// The composition root of the Lambda functions: what `template.yaml` says becomes ports.

const installation = installationFrom(process.env);

/** One line of JSON: CloudWatch Logs Insights finds its fields by itself. */
const log = (message: string, fields: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify({ message, ...fields })}\n`);
};

const made = functions(awsPorts(sdkCaller(installation), installation, log));

export const { gitPush, imagePush, janitor, reconcile, signal } = made;
