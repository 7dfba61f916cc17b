import type { Data } from "../../compose/project.ts";
import { getAtt, type Properties, ref } from "../../model/template.ts";
import { isMapping } from "../read.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import { isFifo, refuseFifo } from "./fifo.ts";
import { allowSending } from "./receivers.ts";
import { type Definition, kept, on, type XResource } from "./x-resource.ts";

/** `x-sns`: topics. A queue of the application that is subscribed lets the topic send to it. */
export const sns: XResource = {
  key: "x-sns",
  suffix: "Topic",

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
    const properties: Properties = { ...topic.properties, ...fifo(topic) };
    return [{ id: topic.id, type: "AWS::SNS::Topic", properties, ...kept }];
  },
};

/** A FIFO topic's name ends in .fifo, if it has one of its own. */
const fifo = ({ properties }: Definition): Properties =>
  String(properties.FifoTopic) === "true" &&
  typeof properties.TopicName === "string" &&
  !properties.TopicName.endsWith(".fifo")
    ? { TopicName: `${properties.TopicName}.fifo` }
    : {};

function allowSubscriptions({ id, given, name: topic, path }: Definition, scope: Scope): void {
  const properties = isMapping(given.Properties) ? given.Properties : {};
  const subscriptions = Array.isArray(properties.Subscription) ? properties.Subscription : [];
  const isOrdered = isFifo({ kind: "x-sns", name: topic }, scope);
  for (const [index, subscription] of subscriptions.entries()) {
    const { Endpoint, Protocol } = isMapping(subscription) ? subscription : {};
    const at = [...path, "Properties", "Subscription", index];
    if (isOrdered) checkProtocol(Protocol, [...at, "Protocol"], scope);
    const [, name] = /^x-sqs::([^:]+)(?:::Arn)?$/.exec(String(Endpoint)) ?? [];
    if (name === undefined) continue;
    const sender = {
      service: "sns.amazonaws.com",
      condition: { ArnEquals: { "aws:SourceArn": ref(id) } },
      path: [...at, "Endpoint"],
    };
    const to = { kind: "x-sqs", name } as const;
    if (!isOrdered) refuseFifo(to, "a topic that is not FIFO", sender.path, scope);
    allowSending(to, sender, scope);
  }
}

function checkProtocol(protocol: Data | undefined, path: Path, { report }: Scope): void {
  if (protocol === undefined || protocol === "sqs") return;
  const message = `a FIFO topic sends to queues only, and not by ${String(protocol)}`;
  report.error({ code: "cannot-honour", path, message });
}
