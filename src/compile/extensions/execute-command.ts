import { join, type Properties, pseudo, type Value } from "../../model/template.ts";
import { allowing, arn, type Statement } from "../iam.ts";
import { keyRights } from "../key-rights.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { Family, Member } from "../services/family.ts";
import { streamsOf } from "../services/logs.ts";

/** Session Manager's channels, which have no resources to narrow these to. */
const channels: Statement = {
  Sid: "ExecuteCommand",
  Effect: "Allow",
  Action: [
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
  ],
  Resource: "*",
};

/**
 * `x-ecs.EnableExecuteCommand`: a shell in running containers. Sessions are recorded by the agent
 * in the container, so it is the task role that has to be able to write the record.
 */
export function execute(member: Member, family: Family, path: Path, scope: Scope): void {
  if (member.service.read_only === true) {
    const message = `there will be no shell in ${member.name}: its agent has nowhere to write, since the container is read_only`;
    scope.report.warn({ code: "no-effect", path, message });
  }
  if (family.serviceProperties.some((one) => "EnableExecuteCommand" in one)) return;
  family.serviceProperties.push({ EnableExecuteCommand: true });
  family.taskStatements.push(channels, ...recording(family, scope));
}

/** The rights that the cluster's `ExecuteCommandConfiguration` takes. */
function recording(family: Family, scope: Scope): readonly Statement[] {
  const { KmsKeyId: key, Logging = "DEFAULT", LogConfiguration = {} } = scope.cluster().sessions;
  const to = LogConfiguration as Properties;
  const overrides = Logging === "OVERRIDE";
  const groups = overrides ? [to.CloudWatchLogGroupName ?? []].flat().map(streamsIn) : undefined;
  const bucket = overrides ? to.S3BucketName : undefined;
  return [
    ...keyRights(key, keyActions(to)),
    // By default they go where the containers themselves write.
    ...writeGroups(groups ?? (Logging === "DEFAULT" ? streamsOf(family, scope) : [])),
    ...(bucket === undefined ? [] : writeBucket(bucket, to.S3KeyPrefix)),
  ];
}

const keyActions = ({ S3EncryptionEnabled: encrypts }: Properties): readonly string[] => [
  "kms:Decrypt",
  ...(encrypts === true ? ["kms:GenerateDataKey"] : []),
];

const streamsIn = (group: Value): Value => arn("logs", ["log-group:", group, ":*"]);

function writeGroups(groups: readonly Value[]): readonly Statement[] {
  if (groups.length === 0) return [];
  const write = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"];
  // The agent looks for the group among all there are.
  return [allowing(["logs:DescribeLogGroups"], "*"), allowing(write, groups)];
}

function writeBucket(bucket: Value, prefix: Value | undefined): readonly Statement[] {
  const bucketArn = (...object: readonly Value[]) =>
    join(["arn:", pseudo.partition, ":s3:::", bucket, ...object]);
  const objects = prefix === undefined ? ["/*"] : ["/", prefix, "/*"];
  return [
    allowing(["s3:GetBucketLocation", "s3:GetEncryptionConfiguration"], [bucketArn()]),
    allowing(["s3:PutObject"], [bucketArn(...objects)]),
  ];
}
