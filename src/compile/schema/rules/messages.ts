import type { Properties } from "../../../model/template.ts";
import { below, isOn, itemsIn, type Rule, textIn } from "../literal.ts";

/** Refuses what only a FIFO queue or topic has: what is false asks for nothing. */
const fifoOnly =
  (is: string, what: string, ...keys: readonly string[]): Rule =>
  (properties) =>
    isOn(properties[is]) || typeof properties[is] === "object"
      ? []
      : keys
          .filter((key) => !/^(?:undefined|false)$/i.test(String(properties[key])))
          .map((key) => ({
            path: [key],
            message: `${key} is for FIFO ${what}`,
            help: `Remove it, or add ${is}: true, which makes another ${what.slice(0, -1)}.`,
          }));

const perGroup: Rule = ({ DeduplicationScope, FifoThroughputLimit }) =>
  textIn(FifoThroughputLimit) === "perMessageGroupId" &&
  (DeduplicationScope === undefined || textIn(DeduplicationScope) === "queue")
    ? [
        {
          path: ["FifoThroughputLimit"],
          message: "perMessageGroupId goes with DeduplicationScope: messageGroup alone",
          help: "Add DeduplicationScope: messageGroup.",
        },
      ]
    : [];

const oneEncryption: Rule = ({ KmsMasterKeyId, SqsManagedSseEnabled }) =>
  isOn(SqsManagedSseEnabled) && KmsMasterKeyId !== undefined
    ? [
        {
          path: ["SqsManagedSseEnabled"],
          message:
            "a queue is encrypted by KmsMasterKeyId or by SqsManagedSseEnabled, and not by both",
          help: "Remove SqsManagedSseEnabled.",
        },
      ]
    : [];

/** Only who names the queues that may send their dead letters lists them. */
const deadLettersOf: Rule = ({ RedriveAllowPolicy: given }) => {
  const { redrivePermission, sourceQueueArns } = below(given);
  const permission = textIn(redrivePermission);
  if (permission === undefined) return [];
  if ((permission === "byQueue") === (sourceQueueArns !== undefined)) return [];
  const message =
    permission === "byQueue"
      ? "byQueue names the queues, in sourceQueueArns"
      : `${permission} names no queues: sourceQueueArns goes with byQueue`;
  return [{ path: ["RedriveAllowPolicy"], message }];
};

export const queueRules: readonly Rule[] = [
  fifoOnly(
    "FifoQueue",
    "queues",
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "FifoThroughputLimit",
  ),
  perGroup,
  oneEncryption,
  deadLettersOf,
];

/** What a protocol sends to looks like. */
const endpoints: Readonly<Record<string, readonly [form: RegExp, takes: string]>> = {
  email: [/^[^\s@]+@[^\s@]+$/, "an address of mail"],
  "email-json": [/^[^\s@]+@[^\s@]+$/, "an address of mail"],
  http: [/^http:\/\//, "an address that begins with http://"],
  https: [/^https:\/\//, "an address that begins with https://"],
  lambda: [/^arn:/, "the ARN of a function"],
  sms: [/^\+?[\d -]+$/, "a number of a telephone"],
  sqs: [/^arn:/, "the ARN of a queue"],
};

const subscribers: Rule = (topic) =>
  itemsIn(topic, "Subscription").flatMap(({ item: { Endpoint, Protocol }, path }) => {
    const endpoint = textIn(Endpoint);
    const [form, takes] = endpoints[textIn(Protocol) ?? ""] ?? [];
    if (endpoint === undefined || form === undefined || form.test(endpoint)) return [];
    return [{ path: [...path, "Endpoint"], message: `${textIn(Protocol)} sends to ${takes}` }];
  });

export const topicRules: readonly Rule[] = [
  fifoOnly("FifoTopic", "topics", "ContentBasedDeduplication", "FifoThroughputScope"),
  subscribers,
];

const modeOf = ({ StreamModeDetails: given }: Properties) => textIn(below(given).StreamMode);

export const streamRules: readonly Rule[] = [
  (stream) =>
    modeOf(stream) === "ON_DEMAND" && stream.ShardCount !== undefined
      ? [
          {
            path: ["ShardCount"],
            message: "a stream ON_DEMAND has as many shards as it needs",
            help: "Remove ShardCount.",
          },
        ]
      : [],
];
