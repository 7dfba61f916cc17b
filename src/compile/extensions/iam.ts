import { managedPolicy } from "../iam.ts";
import { checkForm } from "../name-forms.ts";
import { checkRolePolicy } from "../policy-documents.ts";
import { asIs, list, object, text } from "../read.ts";
import { propertiesOf, textValue } from "../values.ts";
import type { ServiceKey } from "./service-key.ts";

const readIam = object({
  PermissionsBoundary: text,
  ManagedPolicyArns: list(text),
  Policies: list(
    object({ PolicyName: text, PolicyDocument: asIs }, ["PolicyName", "PolicyDocument"]),
  ),
});

/** `x-iam`: rights of the task role that no resource of the application gives. */
export const iam: ServiceKey = (data, path, family, scope) => {
  const settings = readIam(data, path, scope.report) ?? {};
  const { PermissionsBoundary, ManagedPolicyArns = [], Policies = [] } = settings;
  if (PermissionsBoundary !== undefined) {
    textValue(PermissionsBoundary, [...path, "PermissionsBoundary"], scope);
    family.permissionsBoundaries.push(managedPolicy(PermissionsBoundary));
  }
  family.managedPolicies.push(...ManagedPolicyArns.map(managedPolicy));
  for (const [index, { PolicyName = "", PolicyDocument }] of Policies.entries()) {
    const at = [...path, "Policies", index];
    const named = { key: "PolicyName", name: PolicyName, type: "AWS::IAM::Policy" };
    checkForm({ ...named, path: [...at, "PolicyName"] }, scope.report);
    checkRolePolicy(PolicyDocument, [...at, "PolicyDocument"], scope.report);
    const document = propertiesOf(PolicyDocument, [...at, "PolicyDocument"], scope);
    const other = family.taskPolicies.find(({ name }) => name === PolicyName);
    if (other === undefined) family.taskPolicies.push({ name: PolicyName, document });
    else if (JSON.stringify(other.document) !== JSON.stringify(document)) {
      const message = `another policy of ${family.name} is called ${PolicyName}`;
      scope.report.error({ code: "same-name", path: at, message });
    }
  }
};
