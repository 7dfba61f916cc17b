import type { Properties, Value } from "../../model/template.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { Family } from "./family.ts";
import { reading, secretPlace } from "./secrets.ts";

const place = /^(?:secrets::.+|arn:[\w-]+:secretsmanager:[^:]+:\d+:secret:[^:]+)$/;

/**
 * The options of a log driver, those apart that say where a secret is (`secrets::name`, or its ARN):
 * ECS reads these as it starts the task.
 */
export function optionsOf(given: Properties, path: Path, family: Family, scope: Scope): Properties {
  const plain: Record<string, Value> = {};
  const secrets: Properties[] = [];
  for (const [Name, value] of Object.entries(given)) {
    const at = [...path, Name];
    if (typeof value === "string" && place.test(value)) {
      const { resource, valueFrom } = secretPlace(value, at, scope);
      family.executionStatements.push(reading(resource));
      secrets.push({ Name, ValueFrom: valueFrom });
    } else {
      if (Name === "splunk-token") warnOfToken(at, scope);
      plain[Name] = value;
    }
  }
  return {
    ...(Object.keys(plain).length > 0 ? { Options: plain } : {}),
    ...(secrets.length > 0 ? { SecretOptions: secrets } : {}),
  };
}

function warnOfToken(path: Path, { report }: Scope): void {
  const message = "this secret stands in the repository and in the template, for all to read";
  const help = "Keep it in Secrets Manager and write secrets::name or its ARN here.";
  report.warn({ code: "plain-secret", path, message, help });
}
