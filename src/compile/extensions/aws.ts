import type { Data } from "../../compose/project.ts";
import { shown } from "../../compose/shown.ts";
import { unreadHelp } from "../docker-integration.ts";
import { managedPolicy } from "../iam.ts";
import { sayUnread } from "../meant.ts";
import { checkRolePolicy } from "../policy-documents.ts";
import { asMapping, integer, list, number, object, text } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { Member } from "../services/family.ts";
import { reading, secretPlace } from "../services/secrets.ts";
import { propertiesOf } from "../values.ts";
import type { ServiceKey } from "./service-key.ts";

/** `x-aws-policies`: managed policies of the task role, as Docker's retired integration had them. */
export const awsPolicies: ServiceKey = (data, path, family, scope) => {
  const names = list(text)(data, path, scope.report) ?? [];
  family.managedPolicies.push(...names.map(managedPolicy));
};

/** `x-aws-role`: a policy of the task role, in the words of IAM. */
export const awsRole: ServiceKey = (data, path, family, scope, member) => {
  checkRolePolicy(data, path, scope.report);
  const document = propertiesOf(data, path, scope);
  family.taskPolicies.push({ name: `${member.name}-x-aws-role`, document });
};

/** `x-aws-pull_credentials`: the secret with which an image is pulled, by ARN or `secrets::name`. */
export const awsPullCredentials: ServiceKey = (data, path, family, scope, member) => {
  const name = text(data, path, scope.report);
  if (name === undefined) return;
  const { valueFrom, resource } = secretPlace(name, path, scope);
  member.properties.push({ RepositoryCredentials: { CredentialsParameter: valueFrom } });
  family.executionStatements.push(reading(resource));
};

const readAutoscaling = object({ min: integer, max: integer, cpu: number, memory: number }, [
  "max",
]);

/** `x-*` keys of `deploy`. What they say is read with `x-scaling`. */
export function readDeployKeys({ path, service }: Member, { report }: Scope): void {
  for (const [key, value] of Object.entries(asMapping(service.deploy))) {
    if (key === "update_config") warnBelow(value, [...path, "deploy", key], report);
    if (!key.startsWith("x-")) continue;
    const at = [...path, "deploy", key];
    if (key !== "x-aws-autoscaling") {
      sayUnread(value ?? null, at, ["x-aws-autoscaling"], report);
      continue;
    }
    readAutoscaling(value, at, report);
    if (service["x-scaling"] === undefined) continue;
    const message = "x-scaling says how many tasks there are, so this is not used";
    report.warn({ code: "overruled", path: at, message });
  }
}

/** Where Docker's retired integration had its percentages; ECS ComposeX reads them at the service. */
function warnBelow(update: Data, path: Path, report: Report): void {
  for (const key of Object.keys(asMapping(update))) {
    if (!key.startsWith("x-")) continue;
    const help = unreadHelp(key, []);
    const message = `${shown(key)} does nothing here`;
    report.warn({ code: "unknown-key", path: [...path, key], message, help });
  }
}
