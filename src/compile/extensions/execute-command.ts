import type { Data } from "../../compose/project.ts";
import { join, pseudo, type Value } from "../../model/template.ts";
import { arn, type Statement } from "../iam.ts";
import { isMapping } from "../read.ts";
import type { Path } from "../report.ts";
import { extension, type Scope } from "../scope.ts";
import type { Family, Member } from "../services/family.ts";
import { streamsOf } from "../services/logs.ts";
import { textValue } from "../values.ts";

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
    const message = `a shell in ${member.name} has nowhere to write: the container is read_only`;
    scope.report.error({ code: "contradiction", path, message });
  }
  if (family.serviceProperties.some((one) => "EnableExecuteCommand" in one)) return;
  family.serviceProperties.push({ EnableExecuteCommand: true });
  family.taskStatements.push(channels, ...recording(family, scope));
}

/** The rights that the cluster's `ExecuteCommandConfiguration` takes. */
function recording(family: Family, scope: Scope): readonly Statement[] {
  const path = ["x-cluster", "Properties", "Configuration", "ExecuteCommandConfiguration"];
  const settings = path.slice(1).reduce(under, extension(scope.project, "x-cluster"));
  const read = (data: Data | undefined, key: string, at: Path): Value | undefined => {
    const value = under(data, key);
    return typeof value === "string" ? textValue(value, [...at, key], scope) : undefined;
  };
  const key = read(settings, "KmsKeyId", path);
  const to = under(settings, "LogConfiguration");
  const at = [...path, "LogConfiguration"];
  const groups = {
    NONE: [],
    // Where the containers themselves write.
    DEFAULT: streamsOf(family, scope),
    OVERRIDE: [read(to, "CloudWatchLogGroupName", at) ?? []].flat().map(streamsIn),
  };
  const logging = under(settings, "Logging") ?? "DEFAULT";
  const bucket = logging === "OVERRIDE" ? read(to, "S3BucketName", at) : undefined;
  const prefix = read(to, "S3KeyPrefix", at);
  return [
    ...(key === undefined ? [] : [decrypt(key)]),
    ...writeGroups(groups[logging as keyof typeof groups] ?? []),
    ...(bucket === undefined ? [] : writeBucket(bucket, prefix)),
  ];
}

const under = (data: Data | undefined, key: string): Data | undefined =>
  isMapping(data) ? data[key] : undefined;

const allow = (Action: readonly string[], Resource: Statement["Resource"]): Statement => ({
  Effect: "Allow",
  Action,
  Resource,
});

/** A policy cannot name a key by its alias, only ask that the key has it. */
function decrypt(key: Value): Statement {
  const Action = ["kms:Decrypt"];
  if (typeof key !== "string" || key.startsWith("arn:")) return allow(Action, [key]);
  if (!key.startsWith("alias/")) return allow(Action, [arn("kms", [`key/${key}`])]);
  const Condition = { "ForAnyValue:StringEquals": { "kms:ResourceAliases": key } };
  return { ...allow(Action, [arn("kms", ["key/*"])]), Condition };
}

const streamsIn = (group: Value): Value => arn("logs", ["log-group:", group, ":*"]);

function writeGroups(groups: readonly Value[]): readonly Statement[] {
  if (groups.length === 0) return [];
  const write = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"];
  // The agent looks for the group among all there are.
  return [allow(["logs:DescribeLogGroups"], "*"), allow(write, groups)];
}

function writeBucket(bucket: Value, prefix: Value | undefined): readonly Statement[] {
  const bucketArn = (...object: readonly Value[]) =>
    join(["arn:", pseudo.partition, ":s3:::", bucket, ...object]);
  const objects = prefix === undefined ? ["/*"] : ["/", prefix, "/*"];
  return [
    allow(["s3:GetBucketLocation", "s3:GetEncryptionConfiguration"], [bucketArn()]),
    allow(["s3:PutObject"], [bucketArn(...objects)]),
  ];
}
