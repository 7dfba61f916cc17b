import { createHash } from "node:crypto";
import { AwsError, type Context, type World } from "../world.ts";
import {
  isFifo,
  type Message,
  type MessageAttribute,
  md5,
  type Queue,
  queueByArn,
  seconds,
} from "./queues.ts";

interface SentAttribute {
  readonly DataType?: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

/** What SendMessage and an entry of SendMessageBatch have in common. */
export interface Outgoing {
  readonly MessageBody: string;
  readonly DelaySeconds?: number;
  readonly MessageAttributes?: Readonly<Record<string, SentAttribute>>;
  readonly MessageDeduplicationId?: string;
  readonly MessageGroupId?: string;
}

/** Puts a message into a queue, or finds that it is there since less than five minutes. */
export function send(
  queue: Queue,
  outgoing: Outgoing,
  { principal, world }: Pick<Context, "principal" | "world">,
): { readonly [name: string]: string } {
  check(queue, outgoing);
  const { MessageBody: body, MessageGroupId: group } = outgoing;
  const attributes = keptAttributes(outgoing.MessageAttributes ?? {});
  const digests = {
    MD5OfMessageBody: md5(body),
    ...(Object.keys(attributes).length === 0
      ? {}
      : { MD5OfMessageAttributes: md5OfAttributes(attributes) }),
  };
  const deduplicationId = deduplicationIdOf(queue, outgoing);
  const double = sentLately(queue, { deduplicationId, group }, world);
  if (double !== undefined) {
    return { ...digests, MessageId: double.messageId, SequenceNumber: double.sequence };
  }
  const message: Message = {
    id: world.uuid(),
    body,
    attributes,
    sender: principal,
    sent: world.now,
    group,
    deduplicationId,
    sequence: isFifo(queue) ? nextSequence(queue) : undefined,
    source: undefined,
    visibleAt: world.now + (outgoing.DelaySeconds ?? seconds(queue, "DelaySeconds")) * 1000,
    receives: 0,
    firstReceived: undefined,
  };
  queue.messages.push(message);
  remember(queue, message, world);
  return {
    ...digests,
    MessageId: message.id,
    ...(message.sequence === undefined ? {} : { SequenceNumber: message.sequence }),
  };
}

/** Sends for another service; false: there is no such queue, or it does not take the message. */
export function sendTo(
  arn: string,
  outgoing: Outgoing,
  context: Pick<Context, "principal" | "world">,
): boolean {
  const queue = queueByArn(arn, context.world);
  if (queue === undefined) return false;
  try {
    send(queue, outgoing, context);
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}

/** The next of a FIFO queue's sequence numbers: 20 digits, ever growing. */
export function nextSequence(queue: Queue): string {
  queue.sequence += 256;
  return String(18_849_496_460_467_696n * 1000n + BigInt(queue.sequence)).padStart(20, "0");
}

/** MD5 over the attributes in the order of their names, as clients compute it to compare. */
export function md5OfAttributes(attributes: Readonly<Record<string, MessageAttribute>>): string {
  const counted = (bytes: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const parts = Object.entries(attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, { DataType, StringValue, base64 }]) => [
      counted(Buffer.from(name)),
      counted(Buffer.from(DataType)),
      Buffer.from([base64 === undefined ? 1 : 2]),
      counted(
        base64 === undefined ? Buffer.from(StringValue ?? "") : Buffer.from(base64, "base64"),
      ),
    ]);
  return md5(Buffer.concat(parts));
}

const deduplicationInterval = 5 * 60_000;

const invalid = (message: string): AwsError => new AwsError("InvalidParameterValue", message);
const missing = (name: string): AwsError =>
  new AwsError("MissingParameter", `The request must contain the parameter ${name}.`);

function check(queue: Queue, outgoing: Outgoing): void {
  if (!outgoing.MessageBody) throw missing("MessageBody");
  const most = Number(queue.attributes.MaximumMessageSize ?? 1_048_576);
  if (sizeOf(outgoing) > most) {
    throw invalid(
      `One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`,
    );
  }
  if (/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(outgoing.MessageBody)) {
    throw new AwsError(
      "InvalidMessageContents",
      "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
    );
  }
  checkDelay(queue, outgoing);
  checkId("MessageGroupId", outgoing.MessageGroupId);
  checkId("MessageDeduplicationId", outgoing.MessageDeduplicationId);
  if (isFifo(queue)) {
    if (outgoing.MessageGroupId === undefined) throw missing("MessageGroupId");
  } else if (outgoing.MessageDeduplicationId !== undefined) {
    throw invalid(
      `Value ${outgoing.MessageDeduplicationId} for parameter MessageDeduplicationId is invalid. Reason: The request includes a parameter that is not valid for this queue type.`,
    );
  }
}

function checkDelay(queue: Queue, { DelaySeconds }: Outgoing): void {
  if (DelaySeconds === undefined) return;
  const fault = (reason: string) =>
    invalid(`Value ${DelaySeconds} for parameter DelaySeconds is invalid. Reason: ${reason}`);
  if (DelaySeconds < 0 || DelaySeconds > 900) {
    throw fault("DelaySeconds must be >= 0 and <= 900.");
  }
  if (isFifo(queue) && DelaySeconds !== 0) {
    throw fault("The request include parameter that is not valid for this queue type.");
  }
}

function checkId(name: string, id: string | undefined): void {
  if (id === undefined || /^[\x21-\x7e]{1,128}$/.test(id)) return;
  throw invalid(
    `Value ${id} for parameter ${name} is invalid. Reason: ${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}

export const sizeOf = ({ MessageAttributes = {}, MessageBody }: Outgoing): number =>
  Object.entries(MessageAttributes).reduce(
    (sum, [name, { BinaryValue, DataType = "", StringValue = "" }]) =>
      sum +
      Buffer.byteLength(name + DataType + StringValue) +
      (BinaryValue === undefined ? 0 : BinaryValue.length),
    Buffer.byteLength(MessageBody ?? ""),
  );

function keptAttributes(
  given: Readonly<Record<string, SentAttribute>>,
): Readonly<Record<string, MessageAttribute>> {
  const entries = Object.entries(given);
  if (entries.length > 10)
    throw invalid("Number of message attributes [11] exceeds the allowed maximum [10].");
  return Object.fromEntries(entries.map(([name, value]) => [name, keptAttribute(name, value)]));
}

function keptAttribute(
  name: string,
  { BinaryValue, DataType = "", StringValue }: SentAttribute,
): MessageAttribute {
  if (!/^[A-Za-z0-9_.-]{1,256}$/.test(name)) {
    throw invalid(
      `The message attribute name '${name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters.`,
    );
  }
  if (!/^(?:String|Number|Binary)(?:\..+)?$/.test(DataType)) {
    throw invalid(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const binary = DataType.startsWith("Binary");
  const value = binary ? BinaryValue : StringValue;
  if (value === undefined || value.length === 0) {
    throw invalid(
      `The message attribute '${name}' must contain a non-empty message attribute value for message attribute type '${DataType}'.`,
    );
  }
  return binary
    ? { DataType, base64: Buffer.from(value).toString("base64") }
    : { DataType, StringValue: String(value) };
}

function deduplicationIdOf(queue: Queue, outgoing: Outgoing): string | undefined {
  if (!isFifo(queue) || outgoing.MessageDeduplicationId !== undefined) {
    return outgoing.MessageDeduplicationId;
  }
  if (queue.attributes.ContentBasedDeduplication !== "true") {
    throw invalid(
      "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    );
  }
  return createHash("sha256").update(outgoing.MessageBody).digest("hex");
}

type Identified = Pick<Message, "deduplicationId" | "group">;

const deduplicationKey = (queue: Queue, { deduplicationId, group }: Identified): string =>
  queue.attributes.DeduplicationScope === "messageGroup"
    ? JSON.stringify([group, deduplicationId])
    : JSON.stringify([deduplicationId]);

function sentLately(queue: Queue, message: Identified, { now }: World) {
  if (message.deduplicationId === undefined) return undefined;
  const sent = queue.sent[deduplicationKey(queue, message)];
  return sent !== undefined && sent.until > now ? sent : undefined;
}

function remember(queue: Queue, message: Message, { now }: World): void {
  if (message.deduplicationId === undefined || message.sequence === undefined) return;
  // Each is remembered for as long, so the oldest come first.
  for (const key of Object.keys(queue.sent)) {
    if ((queue.sent[key]?.until ?? 0) > now) break;
    delete queue.sent[key];
  }
  queue.sent[deduplicationKey(queue, message)] = {
    until: now + deduplicationInterval,
    messageId: message.id,
    sequence: message.sequence,
  };
}
