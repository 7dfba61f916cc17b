import type { StackFailure } from "../ports.ts";
import type { Call, Operations } from "./call.ts";

type StackEvent = NonNullable<
  Operations["cloudformation:DescribeStackEvents"][1]["StackEvents"]
>[number];

/** Pages of events read back: an operation on 500 resources makes some two thousand events. */
const mostPages = 50;

/** What failed in a stack's last operation, first things first. */
export async function failuresOf(id: string, call: Call): Promise<readonly StackFailure[]> {
  return (await lastOperation(id, call)).filter(isCause).map(failure).reverse();
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

/** Every operation's first event is the stack's own and says that somebody asked for it. */
const begins = (event: StackEvent, id: string): boolean =>
  event.PhysicalResourceId === id && event.ResourceStatusReason === "User Initiated";

/** The siblings of what failed are cancelled and say so: they are not the cause. */
const isCause = ({
  ResourceStatus,
  ResourceStatusReason = "",
  ResourceType,
}: StackEvent): boolean =>
  ResourceStatus?.endsWith("_FAILED") === true &&
  ResourceType !== "AWS::CloudFormation::Stack" &&
  !/^Resource (creation|update) cancelled/.test(ResourceStatusReason);

const failure = (event: StackEvent): StackFailure => ({
  logicalId: event.LogicalResourceId ?? "",
  type: event.ResourceType ?? "",
  reason: event.ResourceStatusReason ?? "",
});
