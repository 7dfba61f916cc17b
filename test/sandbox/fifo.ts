import type { World } from "../../src/sandbox/world.ts";
import { aWorld, call } from "./world-of-services.ts";

export interface Received {
  readonly Body: string;
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Attributes: Readonly<Record<string, string>>;
}

export const fifo = (Attributes: object = {}): World => {
  const world = aWorld();
  const attributes = { FifoQueue: "true", VisibilityTimeout: "30", ...Attributes };
  call(world, "sqs:CreateQueue", { QueueName: "q.fifo", Attributes: attributes });
  return world;
};

export const send = (world: World, group: string, body: string, id = `${group}-${body}`) =>
  call(world, "sqs:SendMessage", {
    QueueUrl: "q.fifo",
    MessageBody: body,
    MessageGroupId: group,
    MessageDeduplicationId: id,
  });

export const receive = (world: World, most = 10, QueueUrl = "q.fifo"): readonly Received[] =>
  call(world, "sqs:ReceiveMessage", {
    QueueUrl,
    MaxNumberOfMessages: most,
    MessageSystemAttributeNames: ["All"],
  }).Messages ?? [];

export const bodies = (messages: readonly Received[]) => messages.map(({ Body }) => Body);

export const pass = (world: World, seconds: number) => world.advanceTo(world.now + seconds * 1000);
