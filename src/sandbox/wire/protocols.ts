import { json } from "./json.ts";
import { lambda } from "./lambda.ts";
import type { Protocol } from "./protocol.ts";
import { query } from "./query.ts";
import { restJson } from "./rest-json.ts";
import { s3 } from "./s3.ts";

/** Signing name of a service → the protocol it speaks. */
export const protocols: Readonly<Record<string, Protocol>> = {
  cloudformation: query("http://cloudformation.amazonaws.com/doc/2010-05-15/"),
  iam: query("https://iam.amazonaws.com/doc/2010-05-08/"),
  sns: query("http://sns.amazonaws.com/doc/2010-03-31/"),
  sts: query("https://sts.amazonaws.com/doc/2011-06-15/"),
  cloudcontrolapi: json("1.0", {}),
  codebuild: json("1.1", {}),
  codecommit: json("1.1", { blobs: ["fileContent"] }),
  ecr: json("1.1", { blobs: ["layerPartBlob"] }),
  ecs: json("1.1", {}),
  events: json("1.1", { times: ["Time"] }),
  servicequotas: json("1.1", {}),
  ssm: json("1.1", {}),
  tagging: json("1.1", {}),
  sqs: json("1.0", { blobs: ["BinaryValue"] }, queryError),
  lambda,
  s3,
  scheduler: restJson(
    {
      "POST /schedules/{Name}": { operation: "CreateSchedule" },
      "PUT /schedules/{Name}": { operation: "UpdateSchedule" },
      "GET /schedules/{Name}": { operation: "GetSchedule", query: { groupName: "GroupName" } },
      "DELETE /schedules/{Name}": {
        operation: "DeleteSchedule",
        query: { clientToken: "ClientToken", groupName: "GroupName" },
      },
      "GET /schedules": {
        operation: "ListSchedules",
        query: {
          MaxResults: "MaxResults",
          NamePrefix: "NamePrefix",
          NextToken: "NextToken",
          ScheduleGroup: "GroupName",
          State: "State",
        },
      },
      "POST /schedule-groups/{Name}": { operation: "CreateScheduleGroup" },
      "GET /schedule-groups/{Name}": { operation: "GetScheduleGroup" },
      "DELETE /schedule-groups/{Name}": {
        operation: "DeleteScheduleGroup",
        query: { clientToken: "ClientToken" },
      },
      "GET /schedule-groups": {
        operation: "ListScheduleGroups",
        query: { MaxResults: "MaxResults", NamePrefix: "NamePrefix", NextToken: "NextToken" },
      },
    },
    { times: ["EndDate", "StartDate"] },
  ),
};

/** SQS also tells the name that an error had in its former protocol; clients show that one. */
function queryError(code: string): Readonly<Record<string, string>> {
  const former =
    formerNames[code] ?? (prefixed.has(code) ? `AWS.SimpleQueueService.${code}` : code);
  return { "x-amzn-query-error": `${former};Sender` };
}

const formerNames: Readonly<Record<string, string>> = {
  QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
  QueueNameExists: "QueueAlreadyExists",
};

const prefixed: ReadonlySet<string> = new Set([
  "BatchEntryIdsNotDistinct",
  "BatchRequestTooLong",
  "EmptyBatchRequest",
  "InvalidBatchEntryId",
  "MessageNotInflight",
  "PurgeQueueInProgress",
  "QueueDeletedRecently",
  "TooManyEntriesInBatchRequest",
  "UnsupportedOperation",
]);
