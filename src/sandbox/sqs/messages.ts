import { AwsError, type Context } from "../world.ts";
import { batch, type Entry } from "./batch.ts";
import { type Message, type MessageAttribute, md5, type Queue, queueAt } from "./queues.ts";
import { changeVisibility, deleteMessage, receiptOf, receive } from "./receive.ts";
import { md5OfAttributes, type Outgoing, send, sizeOf } from "./send.ts";

interface At {
  readonly QueueUrl: string;
}

interface Batch<T> extends At {
  readonly Entries: readonly (T & Entry)[];
}

export interface ReceiveMessageInput extends At {
  readonly AttributeNames?: readonly string[];
  readonly MaxNumberOfMessages?: number;
  readonly MessageAttributeNames?: readonly string[];
  readonly MessageSystemAttributeNames?: readonly string[];
  readonly VisibilityTimeout?: number;
  readonly WaitTimeSeconds?: number;
}

interface Receipt {
  readonly ReceiptHandle: string;
}

interface Visibility extends Receipt {
  readonly VisibilityTimeout: number;
}

export const sendMessage = (input: At & Outgoing, context: Context): unknown =>
  send(queueAt(input.QueueUrl, context), input, context);

export function sendMessageBatch(input: Batch<Outgoing>, context: Context): unknown {
  const queue = queueAt(input.QueueUrl, context);
  const size = input.Entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (size > 1_048_576) {
    throw new AwsError(
      "BatchRequestTooLong",
      `Batch requests cannot be longer than 1048576 bytes. You have sent ${size} bytes.`,
    );
  }
  return batch(input.Entries, (entry) => send(queue, entry, context));
}

/** Answers at once with what there is: a long poll that ends early. */
export function receiveMessage(input: ReceiveMessageInput, context: Context): unknown {
  const queue = queueAt(input.QueueUrl, context);
  const { MaxNumberOfMessages: most = 1, VisibilityTimeout: visibility } = input;
  checkRange("MaxNumberOfMessages", most, [1, 10]);
  checkRange("VisibilityTimeout", visibility, [0, 43_200]);
  checkRange("WaitTimeSeconds", input.WaitTimeSeconds, [0, 20]);
  const messages = receive(queue, { most, visibility }, context.world);
  if (messages.length === 0) return {};
  return { Messages: messages.map((message) => received(queue, message, input)) };
}

export function deleteOne(input: At & Receipt, context: Context): unknown {
  deleteMessage(queueAt(input.QueueUrl, context), input.ReceiptHandle, context.world);
  return {};
}

export function deleteSeveral(input: Batch<Receipt>, context: Context): unknown {
  const queue = queueAt(input.QueueUrl, context);
  return batch(input.Entries, ({ ReceiptHandle }) => {
    deleteMessage(queue, ReceiptHandle, context.world);
    return {};
  });
}

export function changeOne(input: At & Visibility, context: Context): unknown {
  const { ReceiptHandle: handle, VisibilityTimeout: timeout } = input;
  changeVisibility(queueAt(input.QueueUrl, context), { handle, timeout }, context.world);
  return {};
}

export function changeSeveral(input: Batch<Visibility>, context: Context): unknown {
  const queue = queueAt(input.QueueUrl, context);
  return batch(input.Entries, ({ ReceiptHandle: handle, VisibilityTimeout: timeout }) => {
    changeVisibility(queue, { handle, timeout }, context.world);
    return {};
  });
}

/** A message's system attributes by name, as clients and functions get them. */
export const systemAttributes = (message: Message): Readonly<Record<string, string>> => ({
  SenderId: message.sender,
  SentTimestamp: String(message.sent),
  ApproximateReceiveCount: String(message.receives),
  ApproximateFirstReceiveTimestamp: String(message.firstReceived),
  ...(message.sequence === undefined ? {} : { SequenceNumber: message.sequence }),
  ...(message.group === undefined ? {} : { MessageGroupId: message.group }),
  ...(message.deduplicationId === undefined
    ? {}
    : { MessageDeduplicationId: message.deduplicationId }),
  ...(message.source === undefined ? {} : { DeadLetterQueueSourceArn: message.source }),
});

function checkRange(
  name: string,
  value: number | undefined,
  [least, most]: readonly [number, number],
): void {
  if (value === undefined || (value >= least && value <= most)) return;
  throw new AwsError(
    "InvalidParameterValue",
    `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${least} and ${most}, if provided.`,
  );
}

function received(queue: Queue, message: Message, input: ReceiveMessageInput): unknown {
  const names = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
  const system = Object.entries(systemAttributes(message)).filter(
    ([name]) => names.includes("All") || names.includes(name),
  );
  const attributes = Object.entries(message.attributes).filter(([name]) =>
    (input.MessageAttributeNames ?? []).some((wanted) => asksFor(wanted, name)),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: receiptOf(queue, message),
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(system.length === 0 ? {} : { Attributes: Object.fromEntries(system) }),
    ...(attributes.length === 0
      ? {}
      : {
          MD5OfMessageAttributes: md5OfAttributes(Object.fromEntries(attributes)),
          MessageAttributes: Object.fromEntries(
            attributes.map(([name, value]) => [name, shownAttribute(value)]),
          ),
        }),
  };
}

const asksFor = (wanted: string, name: string): boolean =>
  wanted === "All" ||
  wanted === name ||
  (wanted.endsWith(".*") && name.startsWith(wanted.slice(0, -2)));

const shownAttribute = ({ base64, ...rest }: MessageAttribute) =>
  base64 === undefined
    ? rest
    : { ...rest, BinaryValue: new Uint8Array(Buffer.from(base64, "base64")) };
