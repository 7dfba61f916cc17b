import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { installationFrom } from "./aws/installation.ts";
import { awsPorts } from "./aws/ports.ts";
import { sdkCaller } from "./aws/sdk.ts";
import { functions } from "./functions.ts";

// The composition root of the Lambda functions: what `template.yaml` says becomes ports.

/** The bundle is one file: its digest is the build's. */
const code = createHash("sha256")
  .update(readFileSync(fileURLToPath(import.meta.url)))
  .digest("hex");

const installation = installationFrom(process.env, code);

/** One line of JSON: CloudWatch Logs Insights finds its fields by itself. */
const log = (message: string, fields: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify({ message, ...fields })}\n`);
};

const made = functions(awsPorts(sdkCaller(installation), installation, log));

export const { gitPush, imagePush, janitor, reconcile, signal } = made;
