import { distinct } from "../../../model/same.ts";
import { getAtt, join, type Properties, pseudo, type Value } from "../../../model/template.ts";
import { allowing, managedPolicy, policyDocument, type Statement, trust } from "../../iam.ts";
import { pascal } from "../../ids.ts";
import { keyRights } from "../../key-rights.ts";
import { asList, isMapping, list, object, oneOf, type Read, text } from "../../read.ts";
import { type Path, silent } from "../../report.ts";
import type { Scope } from "../../scope.ts";
import { definitionOf } from "../../scope.ts";
import { together } from "../../services/rights.ts";
import { propertiesOf, textValue } from "../../values.ts";
import { foundOf } from "../resources.ts";
import { s3 } from "../s3.ts";
import type { Definition } from "../x-resource.ts";

export const readFeatures = list(
  object({ Name: oneOf("s3Import", "s3Export"), Resources: list(text) }, ["Name", "Resources"]),
);

type Feature = Read<typeof readFeatures>[number];

interface Rights {
  readonly bucket: readonly string[];
  readonly objects: readonly string[];
  /** On the key that the bucket is encrypted with. */
  readonly key: readonly string[];
}

const imported = { bucket: ["s3:ListBucket"], key: ["kms:Decrypt"] };
const exported = {
  objects: ["s3:AbortMultipartUpload", "s3:PutObject"],
  key: ["kms:Decrypt", "kms:GenerateDataKey"],
};

/** What each needs (docs: "Setting up access to an Amazon S3 bucket", of each engine). */
const allowed: Readonly<Record<"mysql" | "postgres", Readonly<Record<FeatureName, Rights>>>> = {
  postgres: {
    s3Import: { ...imported, objects: ["s3:GetObject"] },
    s3Export: { ...exported, bucket: [] },
  },
  mysql: {
    s3Import: { ...imported, objects: ["s3:GetObject", "s3:GetObjectVersion"] },
    s3Export: {
      ...exported,
      bucket: ["s3:ListBucket"],
      objects: [
        ...exported.objects,
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:ListMultipartUploadParts",
      ],
    },
  },
};

type FeatureName = NonNullable<Feature["Name"]>;

const dialectOf = (engine: string): keyof typeof allowed | undefined =>
  /postgres/.test(engine) ? "postgres" : engine.startsWith("aurora") ? "mysql" : undefined;

interface Asked {
  readonly engine: string;
  readonly features: readonly Feature[];
  readonly boundary: string | undefined;
}

/**
 * `RdsFeatures`: what the database itself may do with buckets. PostgreSQL has a role for each
 * feature; Aurora MySQL knows no features, and is told of its one role by a parameter.
 */
export function featuresOf(definition: Definition, asked: Asked, scope: Scope) {
  const { engine, features, boundary } = asked;
  const { id, path, properties } = definition;
  const targets = targetsOf(definition, features, scope);
  const dialect = dialectOf(engine);
  if (targets.size === 0 || dialect === undefined) {
    if (targets.size > 0) refuse([...path, "MacroParameters", "RdsFeatures"], engine, scope);
    return { roles: [], associated: {}, parameters: {} };
  }
  const policies = [...targets].map(([feature, all]) => ({
    PolicyName: feature,
    PolicyDocument: policyOf(allowed[dialect][feature], distinct(all)),
  }));
  const roleOf = (suffix: string, Policies: readonly Properties[]) => ({
    id: `${id}${suffix}Role`,
    type: "AWS::IAM::Role",
    properties: {
      AssumeRolePolicyDocument: trust("rds.amazonaws.com"),
      ...(boundary === undefined ? {} : { PermissionsBoundary: managedPolicy(boundary) }),
      Policies,
    },
  });
  const roles =
    dialect === "mysql"
      ? [roleOf("S3", policies)]
      : policies.map((one) => roleOf(pascal(one.PolicyName), [one]));
  const AssociatedRoles = roles.map((role, index) => ({
    ...(dialect === "mysql" ? {} : { FeatureName: policies[index]?.PolicyName ?? "" }),
    RoleArn: getAtt(role.id, "Arn"),
  }));
  const own = asList(properties.AssociatedRoles);
  const parameters: Properties =
    dialect === "mysql" ? { aws_default_s3_role: getAtt(`${id}S3Role`, "Arn") } : {};
  return { roles, associated: { AssociatedRoles: [...AssociatedRoles, ...own] }, parameters };
}

/** What several files say of one feature is one policy; RDS takes one role for each. */
function targetsOf({ path, properties }: Definition, features: readonly Feature[], scope: Scope) {
  const own = asList(properties.AssociatedRoles).map((role) => isMapping(role) && role.FeatureName);
  const targets = new Map<FeatureName, BucketTarget[]>();
  for (const [index, { Name, Resources = [] }] of features.entries()) {
    if (Name === undefined) continue;
    const at = [...path, "MacroParameters", "RdsFeatures", index];
    if (own.includes(Name)) {
      const message = `${Name} does nothing: Properties.AssociatedRoles has a role for it`;
      scope.report.warn({ code: "overruled", path: at, message });
      continue;
    }
    const all = Resources.map((resource, i) => bucketOf(resource, [...at, "Resources", i], scope));
    targets.set(Name, [...(targets.get(Name) ?? []), ...all]);
  }
  return targets;
}

function refuse(path: Path, engine: string, { report }: Scope): void {
  const message = `RdsFeatures are PostgreSQL's and Aurora's, and this is ${engine}`;
  const help = "Name a role that is there in Properties.AssociatedRoles.";
  report.error({ code: "cannot-honour", path, message, help });
}

interface BucketTarget {
  readonly bucket: Value;
  readonly objects: Value;
  /** What it is encrypted with, where the file, or the bucket that is there, says so. */
  readonly key?: Value | undefined;
}

function policyOf({ bucket, objects, key }: Rights, targets: readonly BucketTarget[]): Properties {
  const allow = (actions: readonly string[], on: readonly Value[]): readonly Statement[] =>
    actions.length === 0 ? [] : [allowing(actions, on)];
  return policyDocument([
    ...allow(
      bucket,
      targets.map((one) => one.bucket),
    ),
    ...allow(
      objects,
      targets.map((one) => one.objects),
    ),
    ...together(targets.flatMap((one) => keyRights(one.key, key))),
  ]);
}

/** `x-s3::name`, an ARN with or without a path in it, or the name of a bucket. */
function bucketOf(given: string, path: Path, scope: Scope): BucketTarget {
  if (given.startsWith("x-s3::")) {
    const bucket = textValue(given, path, scope);
    return { bucket, objects: join([bucket, "/*"]), key: keyOf(given, scope) };
  }
  if (!given.startsWith("arn:")) {
    const bucket = join(["arn:", pseudo.partition, textValue(`:s3:::${given}`, path, scope)]);
    return { bucket, objects: join([bucket, "/*"]) };
  }
  const [bucket = given] = given.split("/");
  const objects = bucket === given ? `${given}/*` : given;
  return { bucket: textValue(bucket, path, scope), objects: textValue(objects, path, scope) };
}

function keyOf(reference: string, scope: Scope): Value | undefined {
  const [, name = ""] = /^x-s3::([^:]+)/.exec(reference) ?? [];
  const definition = definitionOf("x-s3", name, scope);
  if (!isMapping(definition)) return undefined;
  if (definition.Lookup !== undefined)
    return foundOf(s3, name, definition, { ...scope, report: silent })?.KeyArn;
  const at = ["x-s3", name, "Properties"];
  return s3.encryptedWith?.(propertiesOf(definition.Properties, at, { ...scope, report: silent }));
}
