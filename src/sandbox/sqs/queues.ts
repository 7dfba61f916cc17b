import { createHash } from "node:crypto";
import { AwsError, type Context, type World } from "../world.ts";

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** JSON has no bytes. */
  readonly base64?: string;
}

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly sender: string;
  readonly sent: number;
  readonly group: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly sequence: string | undefined;
  /** Of a message in a dead-letter queue: where it came from. */
  readonly source: string | undefined;
  /** It cannot be received before this. */
  visibleAt: number;
  receives: number;
  firstReceived: number | undefined;
}

/** What was sent lately under a deduplication id. */
interface Sent {
  readonly until: number;
  readonly messageId: string;
  readonly sequence: string;
}

export interface Queue {
  readonly name: string;
  readonly arn: string;
  readonly created: number;
  modified: number;
  purged: number | undefined;
  /** As set; what is absent has its default. */
  attributes: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
  /** In the order in which they were sent. */
  messages: Message[];
  sent: Record<string, Sent>;
  /** Of the last message of a FIFO queue. */
  sequence: number;
}

interface Queues {
  readonly queues: Record<string, Queue>;
  /** Name → when a queue of that name was deleted. */
  readonly deleted: Record<string, number>;
}

type Scope = Pick<Context, "account" | "region" | "world">;

export const queuesOf = (scope: Scope): Queues =>
  scope.world.stateOf("sqs", scope, () => ({ queues: {}, deleted: {} }));

export const isFifo = ({ name }: { readonly name: string }): boolean => name.endsWith(".fifo");

export const seconds = ({ attributes }: Queue, name: keyof typeof defaultSeconds): number =>
  Number(attributes[name] ?? defaultSeconds[name]);

const defaultSeconds = {
  DelaySeconds: 0,
  MessageRetentionPeriod: 345_600,
  VisibilityTimeout: 30,
} as const;

/** Queue URLs begin with this; a server gives the address it listens on. */
export function useOrigin(world: World, origin: string): void {
  world.stateOf("sqs", everywhere, () => ({ origin })).origin = origin;
}

const everywhere = { account: "*", region: "*" } as const;

export function urlOf({ arn, name }: Pick<Queue, "arn" | "name">, world: World): string {
  const [, , , region, account] = arn.split(":");
  const aws = `https://sqs.${region}.amazonaws.com`;
  const { origin } = world.stateOf("sqs", everywhere, () => ({ origin: "" }));
  return `${origin === "" ? aws : origin}/${account}/${name}`;
}

export const queueDoesNotExist = (): AwsError =>
  new AwsError("QueueDoesNotExist", "The specified queue does not exist.");

/** The queue that a URL (or, as AWS allows, a bare name) stands for. */
export function queueAt(url: string, context: Context): Queue {
  const [name = "", account = context.account] = url.split("/").reverse();
  const scope = { ...context, account: account === "" ? context.account : account };
  const queue = queuesOf(scope).queues[name];
  if (queue === undefined) throw queueDoesNotExist();
  if (scope.account !== context.account) {
    throw new AwsError(
      "AccessDenied",
      `User: ${context.principal} is not authorized to perform this operation on resource: ${queue.arn}`,
      403,
    );
  }
  return expire(queue, context.world);
}

/** The queue with this ARN, wherever in the world it is. */
export function queueByArn(arn: string, world: World): Queue | undefined {
  const [, , , region = "", account = "", name = ""] = arn.split(":");
  const queue = queuesOf({ account, region, world }).queues[name];
  return queue && expire(queue, world);
}

/** A message is in flight while it was received and neither deleted nor given back. */
export const inFlight = ({ receives, visibleAt }: Message, now: number): boolean =>
  receives > 0 && visibleAt > now;

export const md5 = (data: string | Uint8Array): string =>
  createHash("md5").update(data).digest("hex");

/** What has been in the queue for longer than it keeps messages is gone. */
function expire(queue: Queue, { now }: World): Queue {
  const oldest = now - seconds(queue, "MessageRetentionPeriod") * 1000;
  if (queue.messages.some(({ sent }) => sent < oldest)) {
    queue.messages = queue.messages.filter(({ sent }) => sent >= oldest);
  }
  return queue;
}
