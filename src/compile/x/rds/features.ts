import { getAtt, join, type Properties, pseudo, type Value } from "../../../model/template.ts";
import { managedPolicy, policyDocument, trust } from "../../iam.ts";
import { list, object, oneOf, type Read, text } from "../../read.ts";
import type { Path } from "../../report.ts";
import type { Scope } from "../../scope.ts";
import { textValue } from "../../values.ts";
import type { Definition } from "../x-resource.ts";

export const readFeatures = list(
  object({ Name: oneOf("s3Import", "s3Export"), Resources: list(text) }, ["Name", "Resources"]),
);

type Feature = Read<typeof readFeatures>[number];

const allowed = {
  s3Import: { bucket: ["s3:ListBucket"], objects: ["s3:GetObject"] },
  s3Export: { bucket: [], objects: ["s3:AbortMultipartUpload", "s3:PutObject"] },
} as const;

/** `RdsFeatures`: what the database itself may do with buckets, by a role for each feature. */
export function featuresOf(
  { id, path, properties }: Definition,
  features: readonly Feature[],
  boundary: string | undefined,
  scope: Scope,
) {
  // What several files say of one feature is one role.
  const targetsOf = new Map<keyof typeof allowed, BucketTarget[]>();
  for (const [index, { Name, Resources = [] }] of features.entries()) {
    if (Name === undefined) continue;
    const at = [...path, "MacroParameters", "RdsFeatures", index, "Resources"];
    const targets = Resources.map((resource, i) => bucketOf(resource, [...at, i], scope));
    targetsOf.set(Name, [...(targetsOf.get(Name) ?? []), ...targets]);
  }
  const roles = [...targetsOf].map(([feature, targets]) => ({
    feature,
    id: `${id}${feature.charAt(0).toUpperCase()}${feature.slice(1)}Role`,
    type: "AWS::IAM::Role",
    properties: {
      AssumeRolePolicyDocument: trust("rds.amazonaws.com"),
      ...(boundary === undefined ? {} : { PermissionsBoundary: managedPolicy(boundary) }),
      Policies: [{ PolicyName: feature, PolicyDocument: policyOf(feature, distinct(targets)) }],
    },
  }));
  const AssociatedRoles = roles.map(({ feature, id: role }) => ({
    FeatureName: feature,
    RoleArn: getAtt(role, "Arn"),
  }));
  const own = Array.isArray(properties.AssociatedRoles) ? properties.AssociatedRoles : [];
  const associated: Properties =
    roles.length === 0 ? {} : { AssociatedRoles: [...AssociatedRoles, ...own] };
  return { roles: roles.map(({ feature: _, ...role }) => role), associated };
}

const distinct = (targets: readonly BucketTarget[]): readonly BucketTarget[] => [
  ...new Map(targets.map((target) => [JSON.stringify(target), target])).values(),
];

interface BucketTarget {
  readonly bucket: Value;
  readonly objects: Value;
}

function policyOf(feature: keyof typeof allowed, targets: readonly BucketTarget[]): Properties {
  const { bucket, objects } = allowed[feature];
  return policyDocument([
    ...(bucket.length === 0
      ? []
      : [{ Effect: "Allow", Action: bucket, Resource: targets.map((one) => one.bucket) } as const]),
    { Effect: "Allow", Action: objects, Resource: targets.map((one) => one.objects) },
  ]);
}

/** `x-s3::name`, an ARN with or without a path in it, or the name of a bucket. */
function bucketOf(given: string, path: Path, scope: Scope): BucketTarget {
  if (given.startsWith("x-s3::")) {
    const bucket = textValue(given, path, scope);
    return { bucket, objects: join([bucket, "/*"]) };
  }
  if (!given.startsWith("arn:")) {
    const bucket = join(["arn:", pseudo.partition, `:s3:::${given}`]);
    return { bucket, objects: join([bucket, "/*"]) };
  }
  const [bucket = given] = given.split("/");
  return { bucket, objects: bucket === given ? `${given}/*` : given };
}
