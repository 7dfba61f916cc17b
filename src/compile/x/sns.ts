import type { Data } from "../../compose/project.ts";
import { getAtt, ref } from "../../model/template.ts";
import { asList, asMapping, type Mapping } from "../read.ts";
import type { Path } from "../report.ts";
import { propertiesIn, type Receiver, type Scope } from "../scope.ts";
import { fifoName, isFifo } from "./fifo.ts";
import { allowSending } from "./receivers.ts";
import { type Definition, kept, on, type XResource } from "./x-resource.ts";

/** `x-sns`: topics. A queue of the application that is subscribed lets the topic send to it. */
export const sns: XResource = {
  key: "x-sns",
  suffix: "Topic",
  groups: ["Topics", "Subscriptions"],

  returnValues: {
    TopicArn: (id) => ref(id),
    Arn: (id) => ref(id),
    TopicName: (id) => getAtt(id, "TopicName"),
  },

  access: {
    Publish: on("sns:Publish"),
    SNSPublishMessagePolicy: on("sns:Publish"),
  },

  lookup: {
    type: "AWS::SNS::Topic",
    standIn: (name, { account, region }) => ({
      TopicArn: `arn:aws:sns:${region}:${account}:${name}`,
      Arn: `arn:aws:sns:${region}:${account}:${name}`,
      TopicName: name,
    }),
  },

  encryptedWith: ({ KmsMasterKeyId }) => KmsMasterKeyId,

  resources: (topic, scope) => {
    allowSubscriptions(topic, scope);
    const properties = { ...topic.properties, ...fifoName("x-sns", topic.properties) };
    return [{ id: topic.id, type: "AWS::SNS::Topic", properties, ...kept }];
  },
};

function allowSubscriptions({ id, given, name: topic, path }: Definition, scope: Scope): void {
  const { Subscription } = propertiesIn(given);
  const subscriptions = asList(Subscription);
  const isOrdered = isFifo({ kind: "x-sns", name: topic }, scope);
  for (const [index, subscription] of subscriptions.entries()) {
    const given = asMapping(subscription);
    const at = [...path, "Properties", "Subscription", index];
    const to = queueIn(given.Endpoint);
    checkSubscription(given, { isOrdered, to }, at, scope);
    if (to === undefined) continue;
    const sender = {
      service: "sns.amazonaws.com",
      condition: { ArnEquals: { "aws:SourceArn": ref(id) } },
      path: [...at, "Endpoint"],
    };
    allowSending(to, sender, scope);
  }
}

/** The queue of the file that an endpoint means. */
function queueIn(endpoint: Data | undefined): Receiver | undefined {
  const [, name] = /^x-sqs::([^:]+)(?:::Arn)?$/.exec(String(endpoint)) ?? [];
  return name === undefined ? undefined : { kind: "x-sqs", name };
}

interface Known {
  /** Whether the topic is FIFO. */
  readonly isOrdered: boolean;
  readonly to: Receiver | undefined;
}

/** Says of a subscription what SNS would refuse. */
function checkSubscription(
  { Endpoint, Protocol }: Mapping,
  { isOrdered, to }: Known,
  path: Path,
  scope: Scope,
): void {
  const at = [...path, "Endpoint"];
  if (isOrdered && Protocol !== undefined && Protocol !== "sqs") {
    const message = `a FIFO topic sends to queues only, and not by ${String(Protocol)}`;
    scope.report.error({ code: "cannot-honour", path: [...path, "Protocol"], message });
  }
  if (to !== undefined && !isOrdered && isFifo(to, scope)) {
    const message = `${to.name} is a FIFO queue, which SNS subscribes to FIFO topics only`;
    const help = "CloudFormation will fail: make both FIFO, or neither.";
    scope.report.warn({ code: "cannot-honour", path: at, message, help });
  }
  const isName = typeof Endpoint === "string" && !Endpoint.startsWith("arn:");
  if (Protocol !== "sqs" || to !== undefined || !isName) return;
  const help = "For example x-sqs::NAME, or an ARN.";
  scope.report.error({ code: "wrong-type", path: at, message: "must be the ARN of a queue", help });
}
