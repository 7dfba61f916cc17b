import { getAtt, ref, type Value } from "../../model/template.ts";
import { policyDocument, type Statement, trust } from "../iam.ts";
import { layerOf, type Scope } from "../scope.ts";
import type { Family } from "./family.ts";
import { pull } from "./pull.ts";
import { checkSize, together } from "./rights.ts";
import { sourcesIn } from "./sources.ts";

/** Whom a family's tasks act as, and whom ECS acts as to start them. */
export interface Roles {
  readonly task: Value;
  readonly execution: Value;
}

/**
 * The two roles of a family. Their policies are resources of their own: a right that is added
 * changes no role, and so raises no question about the task definition that names the role.
 */
export function emitRoles(family: Family, images: readonly Value[], scope: Scope): Roles {
  const execution = together([...pull(images), ...family.executionStatements]);
  emitRole(family, "ExecutionRole", {}, scope);
  emitPolicy(family, "Execution", execution, scope);
  const managed = [
    ...new Set(family.managedPolicies.map((policy) => JSON.stringify(policy))),
  ].sort();
  const taskRole = {
    ...(managed.length > 0 ? { ManagedPolicyArns: managed.map((text) => JSON.parse(text)) } : {}),
    ...(family.taskPolicies.length > 0
      ? {
          Policies: family.taskPolicies.map(({ name, document }) => ({
            PolicyName: name,
            PolicyDocument: document,
          })),
        }
      : {}),
  };
  emitRole(family, "TaskRole", taskRole, scope);
  const statements = together(family.taskStatements);
  emitPolicy(family, "Task", statements, scope);
  const own = family.taskPolicies.map(({ document }) => document);
  checkSize([...own, policyDocument(statements)], family.path, scope.report);
  return {
    task: getAtt(`${family.id}TaskRole`, "Arn"),
    execution: getAtt(`${family.id}ExecutionRole`, "Arn"),
  };
}

function emitRole(
  family: Family,
  suffix: string,
  properties: Readonly<Record<string, Value>>,
  scope: Scope,
): void {
  const [boundary, ...others] = family.permissionsBoundaries;
  if (
    others.some((other) => JSON.stringify(other) !== JSON.stringify(boundary)) &&
    suffix === "TaskRole"
  ) {
    const message = `services of the family ${family.name} name different permissions boundaries`;
    scope.report.error({ code: "differs", path: [...family.path, "x-iam"], message });
  }
  scope.add({
    id: `${family.id}${suffix}`,
    type: "AWS::IAM::Role",
    layer: layerOf(family),
    properties: {
      AssumeRolePolicyDocument: trust("ecs-tasks.amazonaws.com"),
      ...properties,
      ...(boundary === undefined ? {} : { PermissionsBoundary: boundary }),
    },
    path: family.path,
    ...(suffix === "TaskRole" ? { sources: sourcesIn(family, "role") } : {}),
  });
}

function emitPolicy(
  family: Family,
  whose: "Execution" | "Task",
  statements: readonly Statement[],
  scope: Scope,
): void {
  if (statements.length === 0) return;
  const id = `${family.id}${whose}Policy`;
  scope.add({
    id,
    type: "AWS::IAM::Policy",
    layer: layerOf(family),
    properties: {
      PolicyName: `${whose}Policy`,
      PolicyDocument: policyDocument(statements),
      Roles: [ref(`${family.id}${whose}Role`)],
    },
    path: family.path,
  });
  family.waitsFor.push(id);
}
