import { systemAttributes } from "../sqs/messages.ts";
import { inFlight, type Message, md5, type Queue, queueByArn } from "../sqs/queues.ts";
import { deleteMessage, receiptOf, receive } from "../sqs/receive.ts";
import { sendTo } from "../sqs/send.ts";
import { AwsError, type World } from "../world.ts";
import { type Invocation, type Mapping, workOf } from "./work.ts";

/** One invocation that is to be run, and what its end leads to. */
export interface Job {
  /** ARN of the function. */
  readonly function: string;
  /** The mapping it comes from; of asynchronous invocations, the function. */
  readonly source: string;
  readonly event: unknown;
  readonly finish: (outcome: Ended) => void;
}

interface Ended {
  readonly payload: unknown;
  readonly functionError?: "Unhandled";
}

/** Takes the asynchronous invocations that are due; those that waited too long are given up. */
export function readyInvocations(world: World): readonly Job[] {
  const work = workOf(world);
  const ready = work.invocations.filter(({ state }) => state === "ready");
  const tooOld = ready.filter(
    ({ function: arn, queued }) =>
      world.now - queued > (work.functions[arn]?.async.maximumAgeSeconds ?? 0) * 1000,
  );
  for (const invocation of tooOld) giveUp(invocation, "EventAgeExceeded", world);
  return ready
    .filter((invocation) => !tooOld.includes(invocation))
    .map((invocation) => {
      invocation.state = "running";
      return {
        function: invocation.function,
        source: invocation.function,
        event: invocation.payload,
        finish: (outcome) => finishInvocation(invocation, outcome, world),
      };
    });
}

/** Takes a batch of each mapped queue that has messages, as far as its concurrency allows. */
export function readyBatches(world: World, running: ReadonlyMap<string, number>): readonly Job[] {
  return Object.values(workOf(world).mappings).flatMap((mapping) => {
    const queue = queueByArn(mapping.queue, world);
    const free = (mapping.maximumConcurrency ?? 1000) - (running.get(mapping.id) ?? 0);
    if (mapping.disabled === true) return [];
    if (queue === undefined || queue.messages.length === 0 || free <= 0) return [];
    const messages = receive(queue, { most: mapping.batchSize }, world);
    return messages.length === 0 ? [] : [batchJob(mapping, { messages, queue, world })];
  });
}

/** When the next message of a mapped queue becomes visible again; undefined: none is hidden. */
export function waitsUntil(world: World): number | undefined {
  const times = mappedQueues(world)
    .flatMap(({ messages }) => messages.map(({ visibleAt }) => visibleAt))
    .filter((time) => time > world.now);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Makes ready again what was running or in flight: nobody is there any more to end it. */
export function releaseInFlight(world: World): void {
  for (const invocation of workOf(world).invocations) {
    if (invocation.state === "running") invocation.state = "ready";
  }
  for (const { messages } of mappedQueues(world)) {
    for (const message of messages) {
      if (inFlight(message, world.now)) message.visibleAt = world.now;
    }
  }
}

const retryDelays = [60_000, 120_000] as const;

function finishInvocation(invocation: Invocation, outcome: Ended, world: World): void {
  const { attempts, function: arn, id } = invocation;
  const retries = workOf(world).functions[arn]?.async.retries ?? 0;
  const delay = attempts < retries ? retryDelays[attempts] : undefined;
  invocation.attempts += 1;
  if (outcome.functionError === undefined) {
    forget(invocation, world);
  } else if (delay === undefined) {
    giveUp(invocation, "RetriesExhausted", world, outcome);
  } else {
    const [, , , region = "", account = ""] = arn.split(":");
    invocation.state = "waiting";
    world.later(delay, "lambda", "Retry", { id }, { account, region });
  }
}

function forget({ id }: Invocation, world: World): void {
  const work = workOf(world);
  work.invocations = work.invocations.filter((other) => other.id !== id);
}

/** Tells the failure destination, if there is one, in the form of Lambda's record. */
function giveUp(
  invocation: Invocation,
  condition: "EventAgeExceeded" | "RetriesExhausted",
  world: World,
  outcome?: Ended,
): void {
  forget(invocation, world);
  const onFailure = workOf(world).functions[invocation.function]?.async.onFailure;
  if (onFailure === undefined) return;
  const body = {
    version: "1.0",
    timestamp: new Date(world.now).toISOString(),
    requestContext: {
      requestId: invocation.id,
      functionArn: `${invocation.function}:$LATEST`,
      condition,
      approximateInvokeCount: invocation.attempts,
    },
    requestPayload: invocation.payload,
    ...(outcome === undefined
      ? {}
      : {
          responseContext: {
            statusCode: 200,
            executedVersion: "$LATEST",
            functionError: outcome.functionError,
          },
          responsePayload: outcome.payload,
        }),
  };
  const service = { principal: "lambda.amazonaws.com", world };
  sendTo(onFailure, { MessageBody: JSON.stringify(body) }, service);
}

interface Batch {
  readonly messages: readonly Message[];
  readonly queue: Queue;
  readonly world: World;
}

function batchJob(mapping: Mapping, batch: Batch): Job {
  const { messages, queue, world } = batch;
  const receipts = new Map(messages.map((message) => [message.id, receiptOf(queue, message)]));
  return {
    function: mapping.function,
    source: mapping.id,
    event: { Records: messages.map((message) => record(queue, message)) },
    finish: (outcome) => {
      const failed = failedOf(mapping, outcome, new Set(receipts.keys()));
      for (const [id, receipt] of receipts) {
        if (!failed.has(id)) deleteQuietly(queue, receipt, world);
      }
    },
  };
}

/** The messages that stay in the queue: by its answer, or all of them. */
function failedOf(
  { reportsItemFailures }: Mapping,
  { functionError, payload }: Ended,
  all: ReadonlySet<string>,
): ReadonlySet<string> {
  if (functionError !== undefined) return all;
  if (!reportsItemFailures || payload === null) return new Set();
  const { batchItemFailures } = payload as {
    readonly batchItemFailures?: readonly { readonly itemIdentifier?: unknown }[] | null;
  };
  const ids = (batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  const known = ids.filter((id): id is string => typeof id === "string" && all.has(id));
  // A name that is not one of the batch's makes Lambda take the whole batch for failed.
  return known.length < ids.length ? all : new Set(known);
}

/** By the time a slow function ends, its messages may have come back: then they stay. */
function deleteQuietly(queue: Queue, receipt: string, world: World): void {
  try {
    deleteMessage(queue, receipt, world);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
}

const mappedQueues = (world: World): readonly Queue[] =>
  Object.values(workOf(world).mappings).flatMap(({ queue }) => queueByArn(queue, world) ?? []);

const record = (queue: Queue, message: Message) => ({
  messageId: message.id,
  receiptHandle: receiptOf(queue, message),
  body: message.body,
  attributes: systemAttributes(message),
  messageAttributes: Object.fromEntries(
    Object.entries(message.attributes).map(([name, { DataType, StringValue, base64 }]) => [
      name,
      {
        ...(StringValue === undefined ? {} : { stringValue: StringValue }),
        ...(base64 === undefined ? {} : { binaryValue: base64 }),
        stringListValues: [],
        binaryListValues: [],
        dataType: DataType,
      },
    ]),
  ),
  md5OfBody: md5(message.body),
  eventSource: "aws:sqs",
  eventSourceARN: queue.arn,
  awsRegion: queue.arn.split(":")[3],
});
