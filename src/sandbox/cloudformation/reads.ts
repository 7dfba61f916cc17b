import type { Context } from "../world.ts";
import { findStack, liveStacks } from "./directory.ts";
import { driftInformation } from "./drift.ts";
import { constraint, invalid, noStack, noStackWithId } from "./errors.ts";
import { importersOf } from "./exports.ts";
import { pageOf } from "./pages.ts";
import { date, type Named, optional, type Paged, stacks, tags } from "./shown.ts";
import type { Stack } from "./state.ts";
import { shownParameters } from "./templates/parameters.ts";

/** One stack by name or id, or all that live. */
export function describeStacks({ NextToken, StackName }: Named, context: Context) {
  if (StackName !== undefined) {
    const stack = findStack(context, StackName);
    if (stack === undefined) throw noStackWithId(StackName);
    return { Stacks: [shownStack(stack)] };
  }
  const live = [...liveStacks(context).values()].toReversed();
  const { items, next } = pageOf(live, NextToken);
  return { Stacks: items.map(shownStack), ...next };
}

function shownStack(stack: Stack) {
  const { configuration, outputs, status } = stack;
  const isUnderReview = status === "REVIEW_IN_PROGRESS";
  const parameters =
    configuration === undefined
      ? []
      : shownParameters(configuration.template, configuration.parameters);
  return {
    StackId: stack.id,
    StackName: stack.name,
    ...optional("ChangeSetId", stack.changeSetId),
    ...optional("Description", configuration?.template.Description),
    ...(parameters.length === 0 ? {} : { Parameters: parameters }),
    CreationTime: date(stack.createdAt),
    ...optional("DeletionTime", stack.deletedAt === undefined ? undefined : date(stack.deletedAt)),
    ...optional(
      "LastUpdatedTime",
      stack.updatedAt === undefined ? undefined : date(stack.updatedAt),
    ),
    RollbackConfiguration: {},
    StackStatus: status,
    ...optional("StackStatusReason", stack.reason),
    DisableRollback: stack.disableRollback,
    ...optional("TimeoutInMinutes", stack.timeoutInMinutes),
    NotificationARNs: configuration?.notificationArns ?? [],
    ...(configuration === undefined || configuration.capabilities.length === 0
      ? {}
      : { Capabilities: configuration.capabilities }),
    ...(outputs.length === 0
      ? {}
      : {
          Outputs: outputs.map(({ description, exportName, key, value }) => ({
            OutputKey: key,
            OutputValue: value,
            ...optional("Description", description),
            ...optional("ExportName", exportName),
          })),
        }),
    ...optional("RoleARN", stack.roleArn),
    Tags: isUnderReview ? [] : tags(configuration?.tags),
    ...(status === "DELETE_COMPLETE"
      ? {}
      : { EnableTerminationProtection: stack.terminationProtection }),
    DriftInformation: driftInformation(stack),
    ...(stack.lastOperations.length === 0
      ? {}
      : {
          LastOperations: stack.lastOperations.map(({ id, type }) => ({
            OperationType: type,
            OperationId: id,
          })),
        }),
  };
}

/** Summaries of all stacks, the deleted ones of the last 90 days too. */
export function listStacks(
  { NextToken, StackStatusFilter }: Paged & { readonly StackStatusFilter?: readonly string[] },
  context: Context,
) {
  const wanted = StackStatusFilter ?? [];
  const found = stacks(context).filter(
    ({ status }) => wanted.length === 0 || wanted.includes(status),
  );
  const { items, next } = pageOf(found, NextToken);
  return {
    StackSummaries: items.map((stack) => ({
      StackId: stack.id,
      StackName: stack.name,
      ...optional("TemplateDescription", stack.configuration?.template.Description),
      CreationTime: date(stack.createdAt),
      ...optional(
        "LastUpdatedTime",
        stack.updatedAt === undefined ? undefined : date(stack.updatedAt),
      ),
      ...optional(
        "DeletionTime",
        stack.deletedAt === undefined ? undefined : date(stack.deletedAt),
      ),
      StackStatus: stack.status,
      ...optional("StackStatusReason", stack.reason),
      DriftInformation: driftInformation(stack),
    })),
    ...next,
  };
}

/** Newest first. */
export function describeStackEvents({ NextToken, StackName = "" }: Named, context: Context) {
  const stack = findStack(context, StackName);
  if (stack === undefined) throw noStack(StackName);
  const { items, next } = pageOf(stack.events.toReversed(), NextToken);
  return {
    StackEvents: items.map((event) => ({
      StackId: stack.id,
      EventId: event.id,
      StackName: stack.name,
      ...optional("OperationId", event.operationId),
      LogicalResourceId: event.logicalId,
      PhysicalResourceId: event.physicalId,
      ResourceType: event.type,
      Timestamp: date(event.at),
      ResourceStatus: event.status,
      ...optional("ResourceStatusReason", event.reason),
      ...optional("ResourceProperties", event.properties),
      ...optional("ClientRequestToken", event.token),
    })),
    ...next,
  };
}

/** Every export of the account and region. */
export function listExports({ NextToken }: Paged, context: Context) {
  const all = stacks(context).flatMap(({ id, outputs, status }) =>
    status === "DELETE_COMPLETE"
      ? []
      : outputs.flatMap(({ exportName, value }) =>
          exportName === undefined
            ? []
            : [{ ExportingStackId: id, Name: exportName, Value: value }],
        ),
  );
  const { items, next } = pageOf(
    all.toSorted((a, b) => (a.Name < b.Name ? -1 : 1)),
    NextToken,
  );
  return { Exports: items, ...next };
}

/** The stacks that read an export. */
export function listImports(
  { ExportName = "", NextToken }: Paged & { readonly ExportName?: string },
  context: Context,
) {
  const { items, next } = pageOf(importersOf(ExportName, context), NextToken);
  if (items.length === 0) throw invalid(`Export '${ExportName}' is not imported by any stack.`);
  return { Imports: items, ...next };
}

/** What an account may have. */
export const describeAccountLimits = () => ({
  AccountLimits: [
    { Name: "StackLimit", Value: 2000 },
    { Name: "StackOutputsLimit", Value: 200 },
    { Name: "ConcurrentResourcesLimit", Value: 2500 },
  ],
});

/** A stack of a name, as the reads of templates word it. */
export function stackForTemplate(name: string, context: Context): Stack {
  const stack = findStack(context, name);
  if (stack === undefined) throw noStackWithId(name);
  return stack;
}

/** Refuses a stage that GetTemplate does not know. */
export function checkStage(stage: string): void {
  if (stage === "Original" || stage === "Processed") return;
  throw constraint(
    stage,
    "templateStage",
    "Member must satisfy enum value set: [Original, Processed]",
  );
}
