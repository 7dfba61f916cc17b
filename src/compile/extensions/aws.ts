import { managedPolicy } from "../iam.ts";
import { checkRolePolicy } from "../policy-documents.ts";
import { integer, isMapping, list, object, text } from "../read.ts";
import { reading, secretPlace } from "../services/secrets.ts";
import { propertiesOf } from "../values.ts";
import type { ServiceKey } from "./service-key.ts";

/** `x-aws-policies`: managed policies of the task role, as Docker's retired integration had them. */
export const awsPolicies: ServiceKey = (data, member, family, scope) => {
  const names = list(text)(data, [...member.path, "x-aws-policies"], scope.report) ?? [];
  family.managedPolicies.push(...names.map(managedPolicy));
};

/** `x-aws-role`: a policy of the task role, in the words of IAM. */
export const awsRole: ServiceKey = (data, member, family, scope) => {
  const path = [...member.path, "x-aws-role"];
  checkRolePolicy(data, path, scope.report);
  const document = propertiesOf(data, path, scope);
  family.taskPolicies.push({ name: `${member.name}-x-aws-role`, document });
};

/** `x-aws-pull_credentials`: the secret with which an image is pulled, by ARN or `secrets::name`. */
export const awsPullCredentials: ServiceKey = (data, member, family, scope) => {
  const path = [...member.path, "x-aws-pull_credentials"];
  const name = text(data, path, scope.report);
  if (name === undefined) return;
  const { valueFrom, resource } = secretPlace(name, path, scope);
  member.properties.push({ RepositoryCredentials: { CredentialsParameter: valueFrom } });
  family.executionStatements.push(reading(resource));
};

const readAutoscaling = object({ min: integer, max: integer, cpu: integer, memory: integer }, [
  "max",
]);

/** `x-*` keys of `deploy`. What they say is read with `x-scaling`. */
export const deployKeys: ServiceKey = (data, member, _family, { report }) => {
  if (!isMapping(data)) return;
  for (const [key, value] of Object.entries(data)) {
    if (!key.startsWith("x-")) continue;
    const path = [...member.path, "deploy", key];
    if (key !== "x-aws-autoscaling") {
      const message = `unknown key ${key}`;
      report.error({ code: "unknown-key", path, message });
      continue;
    }
    readAutoscaling(value, path, report);
    if (member.service["x-scaling"] === undefined) continue;
    const message = "x-scaling says how many tasks there are, so this is not used";
    report.warn({ code: "overruled", path, message });
  }
};
