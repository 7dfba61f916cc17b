import type { Context, World } from "../../../src/sandbox/world.ts";
import { call, principal } from "../world-of-services.ts";

/** Lets everything happen that is under way. */
export function settle(world: World): void {
  for (let due = world.nextDue(); due !== undefined; due = world.nextDue()) world.advanceTo(due);
}

/** Lets the clock run until a stack is in a status. */
export function until(world: World, stack: string, status: string): void {
  while (statusOf(world, stack) !== status) {
    const due = world.nextDue();
    if (due === undefined) throw new Error(`${stack} rests in ${statusOf(world, stack)}`);
    world.advanceTo(due);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
export const cloudformation = (world: World, operation: string, input: object): any =>
  call(world, `cloudformation:${operation}`, input);

/** A stack as DescribeStacks shows it. */
export const stackOf = (world: World, name: string) =>
  cloudformation(world, "DescribeStacks", { StackName: name }).Stacks[0];

export const statusOf = (world: World, name: string): string => stackOf(world, name).StackStatus;

export const contextOf = (world: World): Context => ({
  world,
  account: principal.account,
  region: principal.region,
  principal: principal.arn,
});

/** `Logical STATUS reason`, oldest first. */
export function eventsOf(world: World, name: string): string[] {
  const { StackEvents } = cloudformation(world, "DescribeStackEvents", { StackName: name });
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  return StackEvents.toReversed().map((event: any) =>
    [event.LogicalResourceId, event.ResourceStatus, event.ResourceStatusReason]
      .filter((part) => part !== undefined)
      .join(" "),
  );
}

/** A template of parameters of Parameter Store: each resource by its properties. */
export const parameters = (
  resources: Readonly<Record<string, { readonly DependsOn?: string; [property: string]: unknown }>>,
  rest: object = {},
): string =>
  JSON.stringify({
    ...rest,
    Resources: Object.fromEntries(
      Object.entries(resources).map(([id, { DependsOn, ...properties }]) => [
        id,
        {
          Type: "AWS::SSM::Parameter",
          Properties: { Type: "String", Value: "value", ...properties },
          ...(DependsOn !== undefined && { DependsOn }),
        },
      ]),
    ),
  });

/** Makes a stack from a template and waits until it rests. */
export function deployed(world: World, name: string, template: string, more: object = {}): string {
  const { StackId } = cloudformation(world, "CreateStack", {
    StackName: name,
    TemplateBody: template,
    ...more,
  });
  settle(world);
  return StackId;
}

/** Makes a change set and waits until it is computed. */
export function proposed(
  world: World,
  stack: string,
  template: string,
  more: object = {},
): { readonly Id: string; readonly StackId: string } {
  const answer = cloudformation(world, "CreateChangeSet", {
    StackName: stack,
    ChangeSetName: "change",
    TemplateBody: template,
    ...more,
  });
  while (/PENDING|IN_PROGRESS/.test(described(world, answer.Id).Status)) {
    world.advanceTo(world.nextDue() ?? world.now);
  }
  return answer;
}

export const described = (world: World, id: string, more: object = {}) =>
  cloudformation(world, "DescribeChangeSet", { ChangeSetName: id, ...more });
