import { getAtt, type Properties, pseudo, ref } from "../../model/template.ts";
import { asMapping, integer, isMapping, list, object, open, orFunction, text } from "../read.ts";
import { propertiesIn, type Scope } from "../scope.ts";
import { fifoName, isFifo } from "./fifo.ts";
import { allowSending } from "./receivers.ts";
import { type Definition, kept, on, type XResource } from "./x-resource.ts";

const read = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"];
const receive = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"];
const send = ["sqs:SendMessage"];

const readMacros = open({
  AwsPrincipalsAccess: object({
    Publish: list(text),
    Consume: list(text),
    PublishConsume: list(text),
  }),
});

/**
 * `x-sqs`: message queues. `Properties` are `AWS::SQS::Queue`'s own, with one convenience: a
 * dead-letter queue may be named where CloudFormation asks for its ARN.
 */
export const sqs: XResource = {
  key: "x-sqs",
  suffix: "Queue",
  reads: ["MacroParameters"],

  returnValues: {
    QueueUrl: (id) => ref(id),
    QueueName: (id) => getAtt(id, "QueueName"),
    Arn: (id) => getAtt(id, "Arn"),
  },

  access: {
    RO: on(...read, "sqs:ListDeadLetterSourceQueues"),
    Publish: on(...read, ...send),
    RWMessages: on(...read, ...receive, ...send),
    RWPermissions: on(...read, ...receive, ...send, "sqs:AddPermission", "sqs:RemovePermission"),
    SQSPollerPolicy: on(...read, ...receive),
    SQSSendMessagePolicy: on(...read, ...send),
  },

  encryptedWith: ({ KmsMasterKeyId }) => KmsMasterKeyId,

  lookup: {
    type: "AWS::SQS::Queue",
    standIn: (name, { account, region }) => ({
      QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${name}`,
      QueueName: name,
      Arn: `arn:aws:sqs:${region}:${account}:${name}`,
    }),
  },

  waiting: ({ QueueName = "" }) => ({
    Namespace: "AWS/SQS",
    MetricName: "ApproximateNumberOfMessagesVisible",
    Dimensions: [{ Name: "QueueName", Value: QueueName }],
  }),

  resources: (queue, scope) => {
    allowPrincipals(queue, scope);
    const properties: Properties = {
      ...encrypted(queue.properties),
      ...queue.properties,
      ...fifoName("x-sqs", queue.properties),
      ...redrive(queue, scope),
    };
    return [{ id: queue.id, type: "AWS::SQS::Queue", properties, ...kept }];
  },
};

/** `AwsPrincipalsAccess`: services of AWS that may send, on behalf of this account only. */
function allowPrincipals({ name, path, given }: Definition, scope: Scope): void {
  const at = [...path, "MacroParameters"];
  const macros = readMacros(given.MacroParameters ?? null, at, scope.report);
  const { Publish = [], Consume = [], PublishConsume = [] } = macros?.AwsPrincipalsAccess ?? {};
  const condition = { StringEquals: { "aws:SourceAccount": pseudo.account } };
  for (const principal of [...Publish, ...PublishConsume])
    allowSending(
      { kind: "x-sqs", name },
      { service: `${principal}.amazonaws.com`, condition, path: at },
      scope,
    );
  for (const principal of [...Consume, ...PublishConsume]) {
    const message = `${principal} reads queues by a role of its own, which is what needs the right`;
    const where = [...at, "AwsPrincipalsAccess"];
    scope.report.warn({ code: "no-effect", path: where, message });
  }
}

/** With SQS's own key, unless the file says otherwise: it costs nothing. */
const encrypted = (properties: Properties): Properties =>
  properties.KmsMasterKeyId === undefined && properties.SqsManagedSseEnabled === undefined
    ? { SqsManagedSseEnabled: true }
    : {};

/** In the words of SQS, which has capital letters elsewhere only. */
const readRedrive = object(
  { deadLetterTargetArn: orFunction(text), maxReceiveCount: orFunction(integer) },
  ["deadLetterTargetArn", "maxReceiveCount"],
);

function redrive(queue: Definition, scope: Scope): Properties {
  const policy = queue.properties.RedrivePolicy;
  const at = [...queue.path, "Properties", "RedrivePolicy"];
  const own = propertiesIn(queue.given).RedrivePolicy;
  if (isMapping(own)) readRedrive(own, at, scope.report);
  if (typeof policy !== "object" || !("deadLetterTargetArn" in policy)) return {};
  const path = [...at, "deadLetterTargetArn"];
  const given = rawTarget(queue);
  if (given === undefined || given.startsWith("arn:")) return {};
  const [, name = given] = /^x-sqs::([^:]+)(?:::Arn)?$/.exec(given) ?? [];
  const arn = scope.resolve({ kind: "x-sqs", name, returned: "Arn" }, path);
  if (arn === undefined) return {};
  const isAlike =
    isFifo({ kind: "x-sqs", name }, scope) === isFifo({ kind: "x-sqs", name: queue.name }, scope);
  if (!isAlike) {
    const message = "a FIFO queue and its dead-letter queue are both FIFO, or neither is";
    scope.report.error({ code: "differs", path, message });
  }
  return { RedrivePolicy: { ...(policy as Properties), deadLetterTargetArn: arn } };
}

function rawTarget({ given }: Definition): string | undefined {
  const target = asMapping(propertiesIn(given).RedrivePolicy).deadLetterTargetArn;
  return typeof target === "string" ? target : undefined;
}
