import { enqueue } from "../lambda/work.ts";
import { sendTo } from "../sqs/send.ts";
import { timerOf } from "../timers.ts";
import type { BusEvent, Context } from "../world.ts";
import { busesOfStacks, destinationOf, isBus } from "./buses.ts";
import { matches } from "./pattern.ts";
import { type Rule, rulesOf, type Target } from "./rules.ts";

/** An event on its way: with the members the bus itself adds. */
export interface Envelope extends BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly time: string;
}

/** ISO 8601, whole seconds: the form of `time` in every event. */
export const wholeSeconds = (time: number): string =>
  `${new Date(time).toISOString().slice(0, 19)}Z`;

/** Puts an event on the bus: every rule that matches hands it to its targets. */
export function deliver(event: BusEvent, context: Context, time = context.world.now): Envelope {
  const envelope: Envelope = {
    version: "0",
    id: context.world.uuid(),
    "detail-type": event["detail-type"],
    source: event.source,
    account: event.account,
    time: wholeSeconds(time),
    region: event.region,
    resources: event.resources,
    detail: event.detail,
  };
  route(envelope, context);
  for (const arn of busesOfStacks(envelope, context)) forward(arn, envelope, context);
  return envelope;
}

/** Hands an event to the targets of the rules of a bus that match it. */
function route(envelope: Envelope, context: Context): void {
  for (const { enabled, pattern, targets } of Object.values(rulesOf(context))) {
    if (!enabled || pattern === undefined || !matches(parsed(pattern), envelope)) continue;
    for (const target of targets) handOver(target, envelope, context);
  }
}

const patterns = new Map<string, Parameters<typeof matches>[0]>();

function parsed(pattern: string): Parameters<typeof matches>[0] {
  const known = patterns.get(pattern) ?? JSON.parse(pattern);
  patterns.set(pattern, known);
  return known;
}

/** Sets the timer of a rule that has one, for the next time it is due. */
export function schedule({ enabled, name, schedule, timer }: Rule, context: Context): void {
  const { world } = context;
  const due = schedule === undefined ? undefined : timerOf(schedule);
  if (!enabled || due?.kind !== "recurring") return;
  const next = due.next(world.now);
  if (next !== undefined) world.later(next - world.now, "events", "Tick", { name, timer }, context);
}

/** A rule's timer went off. */
export function tick(
  { name, timer }: { readonly name: string; readonly timer: string },
  context: Context,
): void {
  const rule = rulesOf(context)[name];
  if (rule === undefined || rule.timer !== timer) return;
  const { account, region, world } = context;
  const event: Envelope = {
    version: "0",
    id: world.uuid(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account,
    time: wholeSeconds(world.now),
    region,
    resources: [rule.arn],
    detail: {},
  };
  for (const target of rule.targets) handOver(target, event, context);
  schedule(rule, context);
}

/** Puts an event on another bus, as it is; false: it is not taken there. */
function forward(arn: string, event: Envelope, context: Context): boolean {
  const destination = destinationOf(arn, event, context);
  if (destination !== undefined) route(event, destination);
  return destination !== undefined;
}

/** A target that is gone gets no second try: the event goes to the dead-letter queue, if any. */
function handOver(target: Target, event: Envelope, context: Context): void {
  const { world } = context;
  const service = { principal: "events.amazonaws.com", world };
  const textOf = () => target.Input ?? JSON.stringify(event);
  const group = target.SqsParameters?.MessageGroupId;
  const taken = isBus(target.Arn)
    ? forward(target.Arn, event, context)
    : target.Arn.startsWith("arn:aws:lambda:")
      ? enqueue(target.Arn, target.Input === undefined ? event : JSON.parse(target.Input), world)
      : sendTo(
          target.Arn,
          { MessageBody: textOf(), ...(group === undefined ? {} : { MessageGroupId: group }) },
          service,
        );
  const deadLetterQueue = target.DeadLetterConfig?.Arn;
  if (!taken && deadLetterQueue !== undefined) {
    sendTo(
      deadLetterQueue,
      {
        MessageBody: textOf(),
        MessageAttributes: {
          TARGET_ARN: { DataType: "String", StringValue: target.Arn },
          ERROR_CODE: { DataType: "String", StringValue: "NO_RESOURCE" },
        },
      },
      service,
    );
  }
}
