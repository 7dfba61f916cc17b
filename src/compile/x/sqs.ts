import { getAtt, type Properties, ref, type Value } from "../../model/template.ts";
import type { Scope } from "../scope.ts";
import type { Definition, Grant, XResource } from "./x-resource.ts";

const read = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"];
const receive = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"];
const send = ["sqs:SendMessage"];
const allow = (...actions: readonly string[]): readonly Grant[] => [{ actions }];

/**
 * `x-sqs`: message queues. `Properties` are `AWS::SQS::Queue`'s own, with one convenience: a
 * dead-letter queue may be named where CloudFormation asks for its ARN.
 */
export const sqs: XResource = {
  key: "x-sqs",
  suffix: "Queue",

  returnValues: {
    QueueUrl: (id) => ref(id),
    QueueName: (id) => getAtt(id, "QueueName"),
    Arn: (id) => getAtt(id, "Arn"),
  },

  access: {
    RO: allow(...read, "sqs:ListDeadLetterSourceQueues"),
    Publish: allow(...read, ...send),
    RWMessages: allow(...read, ...receive, ...send),
    RWPermissions: allow(...read, "sqs:AddPermission", "sqs:RemovePermission"),
    SQSPollerPolicy: allow(...read, ...receive),
    SQSSendMessagePolicy: allow(...read, ...send),
  },

  waiting: (id) => ({
    Namespace: "AWS/SQS",
    MetricName: "ApproximateNumberOfMessagesVisible",
    Dimensions: [{ Name: "QueueName", Value: getAtt(id, "QueueName") }],
  }),

  resources: (queue, scope) => [
    {
      id: queue.id,
      type: "AWS::SQS::Queue",
      properties: {
        ...encrypted(queue.properties),
        ...queue.properties,
        ...redrive(queue, scope),
      },
      deletionPolicy: "RetainExceptOnCreate",
      updateReplacePolicy: "Retain",
    },
  ],
};

/** With SQS's own key, unless the file says otherwise: it costs nothing. */
const encrypted = (properties: Properties): Properties =>
  properties.KmsMasterKeyId === undefined && properties.SqsManagedSseEnabled === undefined
    ? { SqsManagedSseEnabled: true }
    : {};

function redrive(queue: Definition, scope: Scope): Properties {
  const policy = queue.properties.RedrivePolicy;
  if (typeof policy !== "object" || !("deadLetterTargetArn" in policy)) return {};
  const given = policy.deadLetterTargetArn;
  if (typeof given !== "string" || given.startsWith("arn:")) return {};
  const path = [...queue.path, "Properties", "RedrivePolicy", "deadLetterTargetArn"];
  const reference = { kind: "x-sqs", name: given, returned: "Arn" };
  const deadLetterTargetArn: Value = scope.resolve(reference, path) ?? given;
  return { RedrivePolicy: { ...(policy as Properties), deadLetterTargetArn } };
}
