import { AwsError, type Context, notEmulated } from "../world.ts";
import { inFlight, isFifo, type Queue, queueByArn } from "./queues.ts";

export type Attributes = Readonly<Record<string, string>>;

/** Checks attributes as they are set; answers them as they are kept. */
export function checkAttributes(
  name: string,
  attributes: Attributes,
  context: Context,
): Attributes {
  for (const [key, value] of Object.entries(attributes)) checkAttribute(name, key, value);
  if (attributes.RedrivePolicy) checkRedrive(name, attributes.RedrivePolicy, context);
  return attributes;
}

export interface Redrive {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Where messages go that were received too often. */
export function redriveOf({ attributes }: Queue): Redrive | undefined {
  if (!attributes.RedrivePolicy) return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(attributes.RedrivePolicy);
  return { deadLetterTargetArn, maxReceiveCount: Number(maxReceiveCount) };
}

/** Every attribute of a queue by name, those included that say how many messages it holds. */
export function attributesOf(queue: Queue, now: number): Attributes {
  const count = (test: (message: Queue["messages"][number]) => boolean) =>
    String(queue.messages.filter(test).length);
  return {
    ...defaults,
    ...(isFifo(queue) ? fifoDefaults : {}),
    ...queue.attributes,
    QueueArn: queue.arn,
    CreatedTimestamp: String(Math.floor(queue.created / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modified / 1000)),
    ApproximateNumberOfMessages: count(({ visibleAt }) => visibleAt <= now),
    ApproximateNumberOfMessagesNotVisible: count((message) => inFlight(message, now)),
    ApproximateNumberOfMessagesDelayed: count(
      ({ receives, visibleAt }) => receives === 0 && visibleAt > now,
    ),
  };
}

export const isAttribute = (name: string): boolean =>
  name === "All" || name in checks || computed.has(name) || notHere.has(name);

const defaults: Attributes = {
  DelaySeconds: "0",
  MaximumMessageSize: "1048576",
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  SqsManagedSseEnabled: "true",
  VisibilityTimeout: "30",
};

const fifoDefaults: Attributes = {
  ContentBasedDeduplication: "false",
  DeduplicationScope: "queue",
  FifoQueue: "true",
  FifoThroughputLimit: "perQueue",
};

const computed: ReadonlySet<string> = new Set([
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesDelayed",
  "ApproximateNumberOfMessagesNotVisible",
  "CreatedTimestamp",
  "LastModifiedTimestamp",
  "QueueArn",
]);

const notHere: ReadonlySet<string> = new Set([
  "KmsDataKeyReusePeriodSeconds",
  "KmsMasterKeyId",
  "RedriveAllowPolicy",
]);

type Check = (value: string) => boolean;

const between =
  (least: number, most: number): Check =>
  (value) =>
    /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most;

const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value);

const checks: Readonly<Record<string, Check>> = {
  ContentBasedDeduplication: oneOf("true", "false"),
  DeduplicationScope: oneOf("queue", "messageGroup"),
  DelaySeconds: between(0, 900),
  FifoQueue: oneOf("true"),
  FifoThroughputLimit: oneOf("perQueue", "perMessageGroupId"),
  MaximumMessageSize: between(1024, 1_048_576),
  MessageRetentionPeriod: between(60, 1_209_600),
  Policy: (value) => value === "" || isJson(value),
  ReceiveMessageWaitTimeSeconds: between(0, 20),
  RedrivePolicy: () => true,
  SqsManagedSseEnabled: oneOf("true", "false"),
  VisibilityTimeout: between(0, 43_200),
};

function checkAttribute(queue: string, name: string, value: string): void {
  if (notHere.has(name)) throw notEmulated(`queue attribute ${name}`);
  const check = checks[name];
  if (check === undefined || (name in fifoDefaults && !isFifo({ name: queue }))) {
    throw new AwsError("InvalidAttributeName", `Unknown Attribute ${name}.`);
  }
  if (!check(value)) {
    throw new AwsError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);
  }
}

function checkRedrive(queue: string, policy: string, context: Context): void {
  const fault = (reason: string) =>
    new AwsError(
      "InvalidParameterValue",
      `Value ${policy} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
    );
  if (!isJson(policy)) throw fault("Redrive policy is not a valid JSON map.");
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy);
  if (deadLetterTargetArn === undefined || maxReceiveCount === undefined) {
    throw fault("Redrive policy must contain deadLetterTargetArn and maxReceiveCount.");
  }
  if (!between(1, 1000)(String(maxReceiveCount))) {
    throw fault("Invalid value for maxReceiveCount, valid values are from 1 to 1000.");
  }
  const target = queueByArn(deadLetterTargetArn, context.world);
  if (target === undefined) throw fault("Dead letter target does not exist.");
  if (isFifo(target) !== isFifo({ name: queue })) {
    throw fault("Dead-letter queue must be same type of queue as the source.");
  }
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}
