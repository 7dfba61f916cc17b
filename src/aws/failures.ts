import { inParallel } from "../parallel.ts";
import type { StackFailure } from "../ports/ports.ts";
import type { Call, Operations } from "./call.ts";
import { causeIn, isUnstable } from "./service-causes.ts";

type StackEvent = NonNullable<
  Operations["cloudformation:DescribeStackEvents"][1]["StackEvents"]
>[number];

/** Pages of events read back: an operation on 500 resources makes some two thousand events. */
const mostPages = 50;

/** What failed in a stack's last operation, first things first; a service by what ECS says of it. */
export async function failuresOf(id: string, call: Call): Promise<readonly StackFailure[]> {
  const events = await lastOperation(id, call);
  const from = events.at(-1)?.Timestamp;
  const causes = events.filter(isCause).reverse().filter(isTelling);
  const found = await inParallel(causes, 5, (event) => failure(event, from, call));
  const saidBefore = ({ logicalId, reason }: StackFailure, index: number): boolean =>
    found.slice(0, index).some((one) => one.logicalId === logicalId && one.reason === reason);
  return found.filter((one, index) => !saidBefore(one, index));
}

/** The events of the last operation, newest first: the order in which they are handed out. */
async function lastOperation(id: string, call: Call): Promise<readonly StackEvent[]> {
  const events: StackEvent[] = [];
  let token: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const { NextToken, StackEvents = [] } = await call("cloudformation:DescribeStackEvents", {
      StackName: id,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    const start = StackEvents.findIndex((event) => begins(event, id));
    if (start !== -1) return [...events, ...StackEvents.slice(0, start)];
    events.push(...StackEvents);
    if (NextToken === undefined) return events;
    token = NextToken;
  }
  return events;
}

/**
 * Every operation's first event is the stack's own and says that somebody asked for it. So does that
 * of an update broken off, or of a rollback continued: these go on with what had begun.
 */
const begins = (event: StackEvent, id: string): boolean =>
  event.PhysicalResourceId === id &&
  event.ResourceStatusReason === "User Initiated" &&
  event.ResourceStatus?.includes("ROLLBACK") !== true;

/** The siblings of what failed are cancelled and say so: they are not the cause. */
const isCause = ({
  ResourceStatus,
  ResourceStatusReason = "",
  ResourceType,
}: StackEvent): boolean =>
  ResourceStatus?.endsWith("_FAILED") === true &&
  ResourceType !== "AWS::CloudFormation::Stack" &&
  !/^Resource (creation|update) cancelled/.test(ResourceStatusReason);

/** Of what failed again and again, what began it and what is in the way now. */
function isTelling(event: StackEvent, index: number, all: readonly StackEvent[]): boolean {
  const isOfIt = (other: StackEvent) => other.LogicalResourceId === event.LogicalResourceId;
  return all.findIndex(isOfIt) === index || all.findLastIndex(isOfIt) === index;
}

async function failure(
  event: StackEvent,
  from: Date | undefined,
  call: Call,
): Promise<StackFailure> {
  const { LogicalResourceId: logicalId = "", ResourceType: type = "" } = event;
  const { PhysicalResourceId: arn = "", ResourceStatusReason: reason = "" } = event;
  const until = event.Timestamp;
  const asks = type === "AWS::ECS::Service" && arn !== "" && isUnstable(reason);
  const cause =
    asks && from !== undefined && until !== undefined
      ? await causeIn({ arn, from, until }, call)
      : undefined;
  return { logicalId, type, reason: cause ?? reason };
}
