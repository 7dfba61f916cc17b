import { breaks, byKey, pageOf, takes } from "../inputs.ts";
import { AwsError, type Context, type Service } from "../world.ts";
import { type Attributes, attributesOf, checkAttributes, isAttribute } from "./attributes.ts";
import {
  changeOne,
  changeSeveral,
  deleteOne,
  deleteSeveral,
  receiveMessage,
  sendMessage,
  sendMessageBatch,
} from "./messages.ts";
import { isFifo, type Queue, queueAt, queueDoesNotExist, queuesOf, urlOf } from "./queues.ts";

const outgoing = [
  "DelaySeconds",
  "MessageAttributes",
  "MessageBody",
  "MessageDeduplicationId",
  "MessageGroupId",
] as const;

/** Simple Queue Service: standard queues, and FIFO queues with their groups. */
export const sqs: Service = {
  name: "sqs",
  operations: {
    CreateQueue: takes<CreateQueueInput>(["Attributes", "QueueName", "tags"], createQueue),
    DeleteQueue: takes<At>(["QueueUrl"], deleteQueue),
    GetQueueUrl: takes<GetQueueUrlInput>(["QueueName", "QueueOwnerAWSAccountId"], getQueueUrl),
    ListQueues: takes<ListQueuesInput>(["MaxResults", "NextToken", "QueueNamePrefix"], listQueues),
    GetQueueAttributes: takes<GetAttributesInput>(
      ["AttributeNames", "QueueUrl"],
      getQueueAttributes,
    ),
    SetQueueAttributes: takes<SetAttributesInput>(["Attributes", "QueueUrl"], setQueueAttributes),
    ListQueueTags: takes<At>(["QueueUrl"], ({ QueueUrl }, context) => ({
      Tags: queueAt(QueueUrl, context).tags,
    })),
    PurgeQueue: takes<At>(["QueueUrl"], purgeQueue),
    SendMessage: takes(["QueueUrl", ...outgoing], sendMessage),
    SendMessageBatch: takes(["Entries", "QueueUrl"], sendMessageBatch),
    ReceiveMessage: takes(
      [
        "AttributeNames",
        "MaxNumberOfMessages",
        "MessageAttributeNames",
        "MessageSystemAttributeNames",
        "QueueUrl",
        "VisibilityTimeout",
        "WaitTimeSeconds",
      ],
      receiveMessage,
    ),
    DeleteMessage: takes(["QueueUrl", "ReceiptHandle"], deleteOne),
    DeleteMessageBatch: takes(["Entries", "QueueUrl"], deleteSeveral),
    ChangeMessageVisibility: takes(["QueueUrl", "ReceiptHandle", "VisibilityTimeout"], changeOne),
    ChangeMessageVisibilityBatch: takes(["Entries", "QueueUrl"], changeSeveral),
  },
};

interface At {
  readonly QueueUrl: string;
}

interface CreateQueueInput {
  readonly QueueName: string;
  readonly Attributes?: Attributes;
  readonly tags?: Readonly<Record<string, string>>;
}

interface GetQueueUrlInput {
  readonly QueueName: string;
  readonly QueueOwnerAWSAccountId?: string;
}

interface ListQueuesInput {
  readonly QueueNamePrefix?: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

interface GetAttributesInput extends At {
  readonly AttributeNames?: readonly string[];
}

interface SetAttributesInput extends At {
  readonly Attributes: Attributes;
}

function createQueue(
  { Attributes = {}, QueueName, tags = {} }: CreateQueueInput,
  context: Context,
): unknown {
  const { account, region, world } = context;
  checkName(QueueName, Attributes);
  const attributes = checkAttributes(QueueName, Attributes, context);
  const { deleted, queues } = queuesOf(context);
  const other = queues[QueueName];
  if (other !== undefined) {
    const present = attributesOf(other, world.now);
    const different = Object.keys(attributes).find((name) => attributes[name] !== present[name]);
    if (different === undefined) return { QueueUrl: urlOf(other, world) };
    throw new AwsError(
      "QueueNameExists",
      `A queue already exists with the same name and a different value for attribute ${different}`,
    );
  }
  const gone = deleted[QueueName];
  if (gone !== undefined && world.now < gone + 60_000) {
    throw new AwsError(
      "QueueDeletedRecently",
      "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
    );
  }
  delete deleted[QueueName];
  const queue: Queue = {
    name: QueueName,
    arn: `arn:aws:sqs:${region}:${account}:${QueueName}`,
    created: world.now,
    modified: world.now,
    purged: undefined,
    attributes,
    tags,
    messages: [],
    sent: {},
    sequence: 0,
  };
  queues[QueueName] = queue;
  return { QueueUrl: urlOf(queue, world) };
}

function checkName(name: string, { FifoQueue }: Attributes): void {
  const fifo = FifoQueue === "true";
  const base = fifo ? name.replace(/\.fifo$/, "") : name;
  if (/^[\w-]{1,80}$/.test(base) && name.length <= 80 && fifo === isFifo({ name })) return;
  throw new AwsError(
    "InvalidParameterValue",
    fifo
      ? "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length"
      : "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
  );
}

function deleteQueue({ QueueUrl }: At, context: Context): unknown {
  const { name } = queueAt(QueueUrl, context);
  const { deleted, queues } = queuesOf(context);
  delete queues[name];
  deleted[name] = context.world.now;
  return {};
}

function getQueueUrl(
  { QueueName, QueueOwnerAWSAccountId: owner }: GetQueueUrlInput,
  context: Context,
): unknown {
  const queue = queuesOf({ ...context, account: owner ?? context.account }).queues[QueueName];
  if (queue === undefined) throw queueDoesNotExist();
  return { QueueUrl: urlOf(queue, context.world) };
}

function listQueues(
  { MaxResults, NextToken, QueueNamePrefix = "" }: ListQueuesInput,
  context: Context,
): unknown {
  if (MaxResults !== undefined && (MaxResults < 1 || MaxResults > 1000)) {
    throw new AwsError(
      "InvalidParameterValue",
      breaks(MaxResults, "maxResults", "Must be between 1 and 1000.").message,
    );
  }
  const queues = Object.values(queuesOf(context).queues)
    .filter(({ name }) => name.startsWith(QueueNamePrefix))
    .sort(byKey(({ name }) => name));
  const page = pageOf(queues, ({ name }) => name, { size: MaxResults ?? 1000, token: NextToken });
  if (page === undefined) throw new AwsError("InvalidParameterValue", "Invalid NextToken.");
  if (page.items.length === 0) return {};
  return {
    QueueUrls: page.items.map((queue) => urlOf(queue, context.world)),
    // Without MaxResults there are no tokens.
    ...(page.next === undefined || MaxResults === undefined ? {} : { NextToken: page.next }),
  };
}

function getQueueAttributes(
  { AttributeNames = [], QueueUrl }: GetAttributesInput,
  context: Context,
): unknown {
  const queue = queueAt(QueueUrl, context);
  const unknown = AttributeNames.find((name) => !isAttribute(name));
  if (unknown !== undefined) {
    throw new AwsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
  }
  const wanted = Object.entries(attributesOf(queue, context.world.now)).filter(
    ([name]) => AttributeNames.includes("All") || AttributeNames.includes(name),
  );
  return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
}

function setQueueAttributes(
  { Attributes, QueueUrl }: SetAttributesInput,
  context: Context,
): unknown {
  const queue = queueAt(QueueUrl, context);
  if (Attributes.FifoQueue !== undefined) {
    throw new AwsError("InvalidAttributeName", "Unknown Attribute FifoQueue.");
  }
  const attributes = { ...queue.attributes, ...checkAttributes(queue.name, Attributes, context) };
  queue.attributes = Object.fromEntries(
    // An empty text takes a policy away.
    Object.entries(attributes).filter(([, value]) => value !== ""),
  );
  queue.modified = context.world.now;
  return {};
}

function purgeQueue({ QueueUrl }: At, { world, ...rest }: Context): unknown {
  const queue = queueAt(QueueUrl, { world, ...rest });
  if (queue.purged !== undefined && world.now < queue.purged + 60_000) {
    throw new AwsError(
      "PurgeQueueInProgress",
      `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
      403,
    );
  }
  queue.messages = [];
  queue.purged = world.now;
  return {};
}
