import type { Data } from "../../compose/project.ts";
import { getAtt, type Value } from "../../model/template.ts";
import { arn, type Statement } from "../iam.ts";
import { isMapping } from "../read.ts";
import type { Path } from "../report.ts";
import { extension, type Scope } from "../scope.ts";
import type { Family, Member } from "../services/family.ts";
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
  const logging = under(settings, "Logging") ?? "DEFAULT";
  const key = under(settings, "KmsKeyId");
  const encrypted: readonly Statement[] =
    typeof key === "string"
      ? [allow(["kms:Decrypt"], [keyArn(key, [...path, "KmsKeyId"], scope)])]
      : [];
  if (logging === "NONE") return encrypted;
  if (logging === "DEFAULT") return [...encrypted, ...writeLogs(ownGroup(family))];
  const to = under(settings, "LogConfiguration");
  const at = [...path, "LogConfiguration"];
  const group = under(to, "CloudWatchLogGroupName");
  const bucket = under(to, "S3BucketName");
  return [
    ...encrypted,
    ...(typeof group === "string"
      ? writeLogs([
          arn("logs", ["log-group:", textValue(group, [...at, "CloudWatchLogGroupName"], scope)]),
          ":*",
        ])
      : []),
    ...(typeof bucket === "string" ? writeBucket(bucket, to, at, scope) : []),
  ];
}

const under = (data: Data | undefined, key: string): Data | undefined =>
  isMapping(data) ? data[key] : undefined;
