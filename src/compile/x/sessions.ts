import { getAtt, join, type Properties, pseudo, ref } from "../../model/template.ts";
import { base } from "../graph.ts";
import { arn, policyDocument } from "../iam.ts";
import { boolean, integer, object, type Read } from "../read.ts";
import type { Ground, NewNode } from "../scope.ts";
import { retained } from "../services/retention.ts";
import { forOwner } from "./kms.ts";
import { kept } from "./x-resource.ts";

/** `MacroParameters` of `x-cluster`: what is made to record sessions in containers. */
export const readSessions = object({
  CreateExecLoggingLogGroup: boolean,
  CreateExecLoggingBucket: boolean,
  CreateExecLoggingKmsKey: boolean,
  AllowKmsKeyReuse: boolean,
  LogGroupRetentionInDays: integer,
});

const path = ["x-cluster", "MacroParameters"];

const ids = { key: "SessionsKey", group: "SessionsLogGroup", bucket: "SessionsBucket" };

/** The cluster's `ExecuteCommandConfiguration`: as it is written, or with what is made for it. */
export function sessionsOf(
  own: Properties,
  wanted: Read<typeof readSessions>,
  scope: Ground,
): Properties {
  const { ExecuteCommandConfiguration: written = {} } = (own.Configuration ?? {}) as {
    readonly ExecuteCommandConfiguration?: Properties;
  };
  const hasKey = wanted.CreateExecLoggingKmsKey === true;
  const shared = hasKey && wanted.AllowKmsKeyReuse === true;
  const group = wanted.CreateExecLoggingLogGroup === true;
  const bucket = wanted.CreateExecLoggingBucket === true;
  const add = (node: Omit<NewNode, "layer" | "path">) => scope.add({ ...node, layer: base, path });
  if (hasKey) add({ id: ids.key, type: "AWS::KMS::Key", properties: keyFor(shared), ...kept });
  if (group) add(groupWith(shared, wanted.LogGroupRetentionInDays ?? 120, scope));
  if (bucket) for (const node of [bucketWith(shared), onlyByTls]) add(node);
  const destinations: Properties = {
    ...(group
      ? { CloudWatchLogGroupName: ref(ids.group), CloudWatchEncryptionEnabled: shared }
      : {}),
    ...(bucket ? { S3BucketName: ref(ids.bucket), S3EncryptionEnabled: true } : {}),
  };
  const made = Object.keys(destinations).length > 0;
  return {
    ...(hasKey ? { KmsKeyId: getAtt(ids.key, "Arn") } : {}),
    ...(made ? { Logging: "OVERRIDE", LogConfiguration: destinations } : {}),
    ...written,
  };
}

/** The account's own policies count, and CloudWatch Logs may use it for the log group. */
const keyFor = (shared: boolean): Properties => ({
  Description: "Sessions in containers",
  EnableKeyRotation: true,
  KeyPolicy: policyDocument([forOwner, ...(shared ? [forLogs] : [])]),
});

const forLogs: Properties = {
  Effect: "Allow",
  Principal: { Service: join(["logs.", pseudo.region, ".", pseudo.urlSuffix]) },
  Action: [
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey*",
    "kms:ReEncrypt*",
  ],
  Resource: "*",
  Condition: {
    ArnLike: { "kms:EncryptionContext:aws:logs:arn": arn("logs", ["log-group:*"]) },
  },
};

const groupWith = (
  shared: boolean,
  days: number,
  { report }: Ground,
): Omit<NewNode, "layer" | "path"> => ({
  id: ids.group,
  type: "AWS::Logs::LogGroup",
  properties: {
    RetentionInDays: retained(days, [...path, "LogGroupRetentionInDays"], report),
    ...(shared ? { KmsKeyId: getAtt(ids.key, "Arn") } : {}),
  },
  ...kept,
});

const bucketWith = (shared: boolean): Omit<NewNode, "layer" | "path"> => ({
  id: ids.bucket,
  type: "AWS::S3::Bucket",
  properties: {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        {
          ServerSideEncryptionByDefault: shared
            ? { SSEAlgorithm: "aws:kms", KMSMasterKeyID: getAtt(ids.key, "Arn") }
            : { SSEAlgorithm: "AES256" },
          ...(shared ? { BucketKeyEnabled: true } : {}),
        },
      ],
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  },
  ...kept,
});

const onlyByTls: Omit<NewNode, "layer" | "path"> = {
  id: `${ids.bucket}Policy`,
  type: "AWS::S3::BucketPolicy",
  properties: {
    Bucket: ref(ids.bucket),
    PolicyDocument: policyDocument([
      {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [getAtt(ids.bucket, "Arn"), join([getAtt(ids.bucket, "Arn"), "/*"])],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]),
  },
};
