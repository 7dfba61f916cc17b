import { AwsError, type World } from "../world.ts";
import { redriveOf } from "./attributes.ts";
import { inFlight, isFifo, type Message, type Queue, queueByArn, seconds } from "./queues.ts";
import { nextSequence } from "./send.ts";

export interface Receiving {
  readonly most: number;
  /** Seconds; undefined: the queue's own. */
  readonly visibility?: number | undefined;
}

/**
 * Takes messages out for a while. Of a FIFO queue, a group with a message in flight gives nothing:
 * that is what keeps its order.
 */
export function receive(
  queue: Queue,
  { most, visibility = seconds(queue, "VisibilityTimeout") }: Receiving,
  world: World,
): readonly Message[] {
  deadLetter(queue, world);
  const received = receivable(queue, world.now).slice(0, most);
  for (const message of received) {
    message.receives += 1;
    message.firstReceived ??= world.now;
    message.visibleAt = world.now + visibility * 1000;
  }
  return received;
}

/** The messages that could be received now, in order. */
function receivable(queue: Queue, now: number): readonly Message[] {
  const closed = new Set(
    isFifo(queue)
      ? queue.messages.filter((message) => inFlight(message, now)).map(({ group }) => group)
      : [],
  );
  return queue.messages.filter(({ group, visibleAt }) => {
    if (visibleAt <= now) return !closed.has(group);
    // What is delayed holds back what was sent to its group after it.
    if (isFifo(queue)) closed.add(group);
    return false;
  });
}

/** Opaque to clients: the message and which of its receipts this is. */
export const receiptOf = (queue: Queue, { id, receives }: Message): string =>
  Buffer.from(`${queue.name}/${id}/${receives}`).toString("base64");

/** Deletes a message that was received. A handle that is no longer the newest deletes nothing. */
export function deleteMessage(queue: Queue, handle: string, { now }: World): void {
  const { message, receives } = readReceipt(queue, handle);
  if (message === undefined) return;
  const current = message.receives === receives;
  if (isFifo(queue) && !(current && inFlight(message, now))) {
    throw new AwsError(
      "InvalidParameterValue",
      `Value ${handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    );
  }
  if (current) queue.messages.splice(queue.messages.indexOf(message), 1);
}

/** Sets anew, from now, how long a message stays in flight; 0 gives it back. */
export function changeVisibility(
  queue: Queue,
  { handle, timeout }: { readonly handle: string; readonly timeout: number },
  { now }: World,
): void {
  if (!(timeout >= 0 && timeout <= 43_200)) {
    throw new AwsError(
      "InvalidParameterValue",
      `Value ${timeout} for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200, if provided.`,
    );
  }
  const { message, receives } = readReceipt(queue, handle);
  const unavailable = `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`;
  if (message === undefined) throw new AwsError("InvalidParameterValue", unavailable);
  if (message.receives !== receives || !inFlight(message, now)) {
    throw new AwsError("MessageNotInflight", unavailable);
  }
  message.visibleAt = now + timeout * 1000;
}

/** Moves what was received as often as the redrive policy allows. */
function deadLetter(queue: Queue, world: World): void {
  const redrive = redriveOf(queue);
  const target = redrive && queueByArn(redrive.deadLetterTargetArn, world);
  if (redrive === undefined || target === undefined) return;

  for (const message of receivable(queue, world.now)) {
    if (message.receives < redrive.maxReceiveCount) continue;
    queue.messages.splice(queue.messages.indexOf(message), 1);
    target.messages.push({
      ...message,
      // A FIFO queue starts the clock anew, a standard one keeps it.
      sent: isFifo(queue) ? world.now : message.sent,
      sequence: isFifo(queue) ? nextSequence(target) : undefined,
      source: queue.arn,
      receives: 0,
      firstReceived: undefined,
      visibleAt: world.now,
    });
  }
}

function readReceipt(
  queue: Queue,
  handle: string,
): { readonly message: Message | undefined; readonly receives: number } {
  const [name, id, receives] = Buffer.from(handle, "base64").toString().split("/");
  if (name !== queue.name || receives === undefined || !/^\d+$/.test(receives)) {
    throw new AwsError(
      "ReceiptHandleIsInvalid",
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    );
  }
  const message = queue.messages.find((candidate) => candidate.id === id);
  return { message, receives: Number(receives) };
}
