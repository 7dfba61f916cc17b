import { describe, expect, test } from "vitest";
import type { World } from "../../src/sandbox/world.ts";
import { bodies, fifo, pass, type Received, receive, send } from "./fifo.ts";
import { aWorld, call, refusal } from "./world-of-services.ts";

const standard = (): World => {
  const world = aWorld();
  call(world, "sqs:CreateQueue", { QueueName: "q" });
  return world;
};

const remove = (world: World, { ReceiptHandle }: Received) =>
  call(world, "sqs:DeleteMessage", { QueueUrl: "q.fifo", ReceiptHandle });

describe("a FIFO queue", () => {
  test("gives nothing of a group that has a message in flight", () => {
    const world = fifo();
    for (const [group, body] of ["a1", "a2", "b1"].map(([g = "", b = ""]) => [g, b] as const)) {
      send(world, group, body);
    }
    const [first] = receive(world, 1);
    expect(bodies(receive(world))).toEqual(["1"]);
    expect(bodies(receive(world))).toEqual([]);
    remove(world, first as Received);
    expect(bodies(receive(world))).toEqual(["2"]);
  });

  test("gives a message again once it was invisible for long enough", () => {
    const world = fifo();
    send(world, "a", "1");
    receive(world);
    pass(world, 29);
    expect(receive(world)).toEqual([]);
    pass(world, 1);
    expect(receive(world)[0]?.Attributes).toMatchObject({
      ApproximateReceiveCount: "2",
      MessageGroupId: "a",
      SentTimestamp: String(world.now - 30_000),
    });
  });

  test("takes the same deduplication id once in five minutes", () => {
    const world = fifo();
    const first = send(world, "a", "1", "same");
    expect(send(world, "b", "2", "same")).toMatchObject({ MessageId: first.MessageId });
    expect(bodies(receive(world))).toEqual(["1"]);
    pass(world, 299);
    expect(send(world, "a", "3", "same").MessageId).toBe(first.MessageId);
    pass(world, 1);
    expect(send(world, "a", "4", "same").MessageId).not.toBe(first.MessageId);
  });

  test("tells doubles by their content, if it was made so", () => {
    const world = fifo({ ContentBasedDeduplication: "true" });
    const message = { QueueUrl: "q.fifo", MessageGroupId: "a" };
    for (const MessageBody of ["1", "1", "2"]) {
      call(world, "sqs:SendMessage", { ...message, MessageBody });
    }
    expect(bodies(receive(world))).toEqual(["1", "2"]);
  });

  test("numbers its messages, ever growing, with twenty digits", () => {
    const world = fifo();
    const numbers = ["1", "2", "3"].map((body) => send(world, "a", body).SequenceNumber);
    expect(numbers).toEqual([...numbers].sort());
    expect(numbers.every((number) => /^\d{20}$/.test(number))).toBe(true);
  });

  test("does not take a receipt that has expired", () => {
    const world = fifo();
    send(world, "a", "1");
    const [message] = receive(world);
    pass(world, 30);
    const input = { QueueUrl: "q.fifo", ReceiptHandle: message?.ReceiptHandle };
    expect(refusal(world, "sqs:DeleteMessage", input)).toMatch(/The receipt handle has expired\.$/);
    expect(
      refusal(world, "sqs:ChangeMessageVisibility", { ...input, VisibilityTimeout: 1 }),
    ).toMatch(/^MessageNotInflight/);
  });

  test("forgets what is older than it keeps messages", () => {
    const world = fifo({ MessageRetentionPeriod: "60" });
    send(world, "a", "1");
    pass(world, 61);
    expect(receive(world)).toEqual([]);
  });
});

test("a message received too often goes to the dead-letter queue, with its group", () => {
  const world = aWorld();
  const create = (QueueName: string, Attributes: object) =>
    call(world, "sqs:CreateQueue", { QueueName, Attributes: { FifoQueue: "true", ...Attributes } });
  const deadLetterTargetArn = "arn:aws:sqs:eu-west-1:123456789012:dead.fifo";
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: "2" });
  expect(
    refusal(world, "sqs:CreateQueue", {
      QueueName: "q.fifo",
      Attributes: { FifoQueue: "true", RedrivePolicy },
    }),
  ).toMatch("Dead letter target does not exist.");
  create("dead.fifo", {});
  create("q.fifo", { RedrivePolicy, VisibilityTimeout: "0" });
  send(world, "a", "1");
  send(world, "a", "2");
  expect(bodies(receive(world, 1))).toEqual(["1"]);
  expect(bodies(receive(world, 1))).toEqual(["1"]);
  expect(bodies(receive(world, 1))).toEqual(["2"]);
  expect(receive(world, 10, "dead.fifo")).toMatchObject([
    { Body: "1", Attributes: { MessageGroupId: "a", ApproximateReceiveCount: "1" } },
  ]);
});

describe("a standard queue", () => {
  test("keeps attributes of messages, and their digests as clients compute them", () => {
    const world = standard();
    const MessageAttributes = {
      kind: { DataType: "String", StringValue: "order" },
      raw: { DataType: "Binary", BinaryValue: new Uint8Array([0, 1]) },
    };
    const message = { QueueUrl: "q", MessageBody: "x", MessageAttributes };
    expect(call(world, "sqs:SendMessage", message)).toMatchObject({
      MD5OfMessageBody: "9dd4e461268c8034f5c8564e155c67a6",
      MD5OfMessageAttributes: "bdca623f31c60c2a57ddfc5453b750c2",
    });
    expect(
      call(world, "sqs:ReceiveMessage", { QueueUrl: "q", MessageAttributeNames: ["All"] }).Messages,
    ).toMatchObject([{ MessageAttributes }]);
  });

  test("deletes a message by its newest receipt only", () => {
    const world = standard();
    call(world, "sqs:SendMessage", { QueueUrl: "q", MessageBody: "x" });
    const [old] = receive(world, 1, "q");
    pass(world, 30);
    const [newest] = receive(world, 1, "q");
    const deleteBy = (message: Received | undefined) =>
      call(world, "sqs:DeleteMessage", {
        QueueUrl: "q",
        ReceiptHandle: message?.ReceiptHandle,
      });
    deleteBy(old);
    pass(world, 30);
    expect(receive(world, 1, "q")).toHaveLength(1);
    deleteBy(newest);
    pass(world, 30);
    expect(receive(world, 1, "q")).toHaveLength(1);
  });

  test("holds a delayed message back", () => {
    const world = standard();
    call(world, "sqs:SendMessage", { QueueUrl: "q", MessageBody: "x", DelaySeconds: 5 });
    const counts = () =>
      call(world, "sqs:GetQueueAttributes", {
        QueueUrl: "q",
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"],
      }).Attributes;
    expect(Object.values(counts())).toEqual(["0", "1"]);
    expect(receive(world, 1, "q")).toEqual([]);
    pass(world, 5);
    expect(receive(world, 1, "q")).toHaveLength(1);
  });

  test("answers a batch entry by entry", () => {
    const world = standard();
    const Entries = [
      { Id: "good", MessageBody: "x" },
      { Id: "bad", MessageBody: "y", DelaySeconds: 901 },
    ];
    expect(call(world, "sqs:SendMessageBatch", { QueueUrl: "q", Entries })).toMatchObject({
      Successful: [{ Id: "good" }],
      Failed: [{ Id: "bad", SenderFault: true, Code: "InvalidParameterValue" }],
    });
  });
});

const at = { QueueUrl: "q.fifo" };
const ok = { ...at, MessageBody: "x", MessageGroupId: "g", MessageDeduplicationId: "d" };

test.for<[string, string, object, RegExp]>([
  [
    "a queue that is not there",
    "GetQueueUrl",
    { QueueName: "none" },
    /^QueueDoesNotExist: The specified queue does not exist\.$/,
  ],
  [
    "the same name with other attributes",
    "CreateQueue",
    { QueueName: "q.fifo", Attributes: { FifoQueue: "true", VisibilityTimeout: "9" } },
    /^QueueNameExists: .*attribute VisibilityTimeout$/,
  ],
  [
    "a FIFO queue without the suffix",
    "CreateQueue",
    { QueueName: "f", Attributes: { FifoQueue: "true" } },
    /must end with \.fifo suffix/,
  ],
  [
    "a name with a space",
    "CreateQueue",
    { QueueName: "a b" },
    /^InvalidParameterValue: Can only include/,
  ],
  [
    "an unknown attribute",
    "CreateQueue",
    { QueueName: "n", Attributes: { Foo: "1" } },
    /^InvalidAttributeName: Unknown Attribute Foo\.$/,
  ],
  [
    "a FIFO attribute of a standard queue",
    "CreateQueue",
    { QueueName: "n", Attributes: { ContentBasedDeduplication: "true" } },
    /^InvalidAttributeName/,
  ],
  [
    "too long a visibility",
    "SetQueueAttributes",
    { ...at, Attributes: { VisibilityTimeout: "43201" } },
    /^InvalidAttributeValue/,
  ],
  [
    "a key of one's own",
    "CreateQueue",
    { QueueName: "n", Attributes: { KmsMasterKeyId: "k" } },
    /^NotImplemented/,
  ],
  [
    "no group",
    "SendMessage",
    { ...ok, MessageGroupId: undefined },
    /^MissingParameter: .*MessageGroupId\.$/,
  ],
  [
    "no deduplication",
    "SendMessage",
    { ...ok, MessageDeduplicationId: undefined },
    /ContentBasedDeduplication enabled or MessageDeduplicationId/,
  ],
  ["an empty body", "SendMessage", { ...ok, MessageBody: "" }, /^MissingParameter/],
  [
    "too long a body",
    "SendMessage",
    { ...ok, MessageBody: "x".repeat(1_048_577) },
    /shorter than 1048576 bytes/,
  ],
  [
    "a control character",
    "SendMessage",
    { ...ok, MessageBody: "\u0001" },
    /^InvalidMessageContents/,
  ],
  [
    "a delay in a FIFO queue",
    "SendMessage",
    { ...ok, DelaySeconds: 1 },
    /not valid for this queue type/,
  ],
  [
    "eleven messages",
    "ReceiveMessage",
    { ...at, MaxNumberOfMessages: 11 },
    /Must be between 1 and 10/,
  ],
  ["a made-up receipt", "DeleteMessage", { ...at, ReceiptHandle: "x" }, /^ReceiptHandleIsInvalid/],
  ["an empty batch", "SendMessageBatch", { ...at, Entries: [] }, /^EmptyBatchRequest/],
  [
    "eleven entries",
    "SendMessageBatch",
    { ...at, Entries: Array.from({ length: 11 }, (_, i) => ({ Id: `${i}`, MessageBody: "x" })) },
    /^TooManyEntriesInBatchRequest/,
  ],
  [
    "the same entry twice",
    "DeleteMessageBatch",
    { ...at, Entries: [{ Id: "a" }, { Id: "a" }] },
    /^BatchEntryIdsNotDistinct/,
  ],
])("%s is refused", ([, operation, input, message]) => {
  expect(refusal(fifo(), `sqs:${operation}`, input)).toMatch(message);
});

test("a queue is purged once a minute, and its name is free a minute after its end", () => {
  const world = fifo();
  send(world, "a", "1");
  call(world, "sqs:PurgeQueue", at);
  expect(receive(world)).toEqual([]);
  expect(refusal(world, "sqs:PurgeQueue", at)).toMatch(/^PurgeQueueInProgress/);
  call(world, "sqs:DeleteQueue", at);
  const again = { QueueName: "q.fifo", Attributes: { FifoQueue: "true" } };
  expect(refusal(world, "sqs:CreateQueue", again)).toMatch(/^QueueDeletedRecently/);
  pass(world, 60);
  expect(refusal(world, "sqs:CreateQueue", again)).toBe("accepted");
});
