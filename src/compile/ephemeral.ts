import type { Properties, Value } from "../model/template.ts";
import type { CompileSettings, NewNode } from "./scope.ts";

/**
 * What an environment that is made to be deleted leaves out: nothing outlives its stack, nothing
 * keeps it from going, and no backup is left behind (design-aws 17).
 */
export function ephemeral({ ephemeral: is }: CompileSettings): (node: NewNode) => NewNode {
  if (is !== true) return (node) => node;
  return (node) => ({
    ...node,
    properties: unprotected(node.type, node.properties),
    ...(isKeptByItself(node) || node.deletionPolicy !== undefined ? deleted : {}),
  });
}

const deleted = { deletionPolicy: "Delete", updateReplacePolicy: "Delete" } as const;

/** CloudFormation makes a last snapshot of these where a template says nothing. */
const isKeptByItself = ({ type, properties }: NewNode): boolean =>
  type === "AWS::RDS::DBCluster" ||
  (type === "AWS::RDS::DBInstance" && properties.DBClusterIdentifier === undefined);

/** Properties that keep a resource from being deleted, and what they are instead. */
const protections: Readonly<Record<string, Properties>> = {
  "AWS::DynamoDB::Table": { DeletionProtectionEnabled: false },
  "AWS::Logs::LogGroup": { DeletionProtectionEnabled: false },
  "AWS::RDS::DBCluster": { DeletionProtection: false },
  "AWS::RDS::DBInstance": { DeletionProtection: false },
};

/** Properties that a resource then must not have: locked objects outlive every wish to delete them. */
const locks: Readonly<Record<string, readonly string[]>> = {
  "AWS::S3::Bucket": ["ObjectLockConfiguration", "ObjectLockEnabled"],
};

/** What is made so from the start: it takes a right to be changed, and has no effect before the end. */
const ends: Readonly<Record<string, Properties>> = {
  "AWS::KMS::Key": { PendingWindowInDays: 7 },
  "AWS::RDS::DBCluster": { DeleteAutomatedBackups: true },
  "AWS::RDS::DBInstance": { DeleteAutomatedBackups: true },
};

function unprotected(type: string, given: Properties): Properties {
  const locked = locks[type] ?? [];
  const own = Object.fromEntries(Object.entries(given).filter(([key]) => !locked.includes(key)));
  const protection = Object.entries(protections[type] ?? {}).filter(
    ([key]) => own[key] !== undefined,
  );
  return {
    ...own,
    ...Object.fromEntries(protection),
    ...(type === "AWS::RDS::DBInstance" && own.DBClusterIdentifier !== undefined ? {} : ends[type]),
    ...(type.endsWith("::LoadBalancer") ? attributesOf(own.LoadBalancerAttributes) : {}),
  };
}

/** A load balancer's protection is one of its attributes. */
function attributesOf(attributes: Value | undefined): Properties {
  if (!Array.isArray(attributes)) return {};
  return {
    LoadBalancerAttributes: attributes.filter(
      (attribute) => (attribute as Properties).Key !== "deletion_protection.enabled",
    ),
  };
}
