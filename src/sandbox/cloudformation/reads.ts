import type { Context } from "../world.ts";
import { findChangeSet, pendingChangeSets } from "./change-sets.ts";
import { constraint, invalid, noStack, noStackWithId } from "./errors.ts";
import { masked } from "./events.ts";
import { importersOf } from "./exports.ts";
import { pageOf } from "./pages.ts";
import { type ChangeSet, findStack, type Resource, type Stack, stateOf } from "./state.ts";
import { shownParameters } from "./templates/parameters.ts";

interface Paged {
  readonly NextToken?: string;
}

interface Named extends Paged {
  readonly StackName?: string;
}

/** One stack by name or id, or all that live. */
export function describeStacks({ NextToken, StackName }: Named, context: Context) {
  if (StackName !== undefined) {
    const stack = findStack(context, StackName);
    if (stack === undefined) throw noStackWithId(StackName);
    return { Stacks: [shownStack(stack)] };
  }
  const live = stacks(context).filter(({ status }) => status !== "DELETE_COMPLETE");
  const { items, next } = pageOf(live, NextToken);
  return { Stacks: items.map(shownStack), ...next };
}

/** Newest first. */
const stacks = (context: Context): readonly Stack[] =>
  Object.values(stateOf(context).stacks).toReversed();

const date = (milliseconds: number): Date => new Date(milliseconds);

const optional = <T>(key: string, value: T | undefined) =>
  value === undefined ? {} : { [key]: value };

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
    DriftInformation: { StackDriftStatus: "NOT_CHECKED" },
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

const tags = (all: Readonly<Record<string, string>> = {}) =>
  Object.entries(all).map(([Key, Value]) => ({ Key, Value }));

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
      DriftInformation: { StackDriftStatus: "NOT_CHECKED" },
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

interface ResourceReference {
  readonly StackName?: string;
  readonly LogicalResourceId?: string;
  readonly PhysicalResourceId?: string;
}

/** One resource, with its metadata. */
export function describeStackResource(input: ResourceReference, context: Context) {
  const { LogicalResourceId: id = "", StackName: name = "" } = input;
  const stack = findStack(context, name);
  if (stack === undefined) throw invalid(`Stack '${name}' does not exist`);
  const resource = stack.resources[id];
  if (resource === undefined) throw missingResource(id, name);
  return {
    StackResourceDetail: {
      StackName: stack.name,
      StackId: stack.id,
      ...shownResource(resource),
      LastUpdatedTimestamp: date(resource.updatedAt),
      Metadata: masked(JSON.stringify(resource.metadata ?? {}), stack),
      DriftInformation: { StackResourceDriftStatus: "NOT_CHECKED" },
    },
  };
}

const missingResource = (id: string, stack: string) =>
  invalid(`Resource ${id} does not exist for stack ${stack}`);

const shownResource = (resource: Resource) => ({
  LogicalResourceId: resource.logicalId,
  ...(resource.physicalId === "" ? {} : { PhysicalResourceId: resource.physicalId }),
  ResourceType: resource.type,
  ResourceStatus: resource.status,
  ...optional("ResourceStatusReason", resource.reason),
});

const byLogicalId = (stack: Stack) =>
  Object.values(stack.resources).toSorted((a, b) => (a.logicalId < b.logicalId ? -1 : 1));

/** The resources of a stack, at most a hundred; also found by one of their physical ids. */
export function describeStackResources(input: ResourceReference, context: Context) {
  const { LogicalResourceId, PhysicalResourceId, StackName } = input;
  if (StackName !== undefined && PhysicalResourceId !== undefined) {
    throw invalid("StackName and PhysicalResourceId cannot be specified together.");
  }
  const stack =
    StackName === undefined
      ? stacks(context).find(({ resources }) =>
          Object.values(resources).some(({ physicalId }) => physicalId === PhysicalResourceId),
        )
      : findStack(context, StackName);
  if (stack === undefined) {
    throw StackName === undefined
      ? invalid(`Stack for ${PhysicalResourceId} does not exist`)
      : noStackWithId(StackName);
  }
  const found = byLogicalId(stack).filter(
    ({ logicalId }) => LogicalResourceId === undefined || logicalId === LogicalResourceId,
  );
  if (LogicalResourceId !== undefined && found.length === 0) {
    throw missingResource(LogicalResourceId, stack.name);
  }
  return {
    StackResources: found.slice(0, 100).map((resource) => ({
      StackName: stack.name,
      StackId: stack.id,
      ...shownResource(resource),
      Timestamp: date(resource.updatedAt),
      DriftInformation: { StackResourceDriftStatus: "NOT_CHECKED" },
    })),
  };
}

/** Every resource of a stack, in pages. */
export function listStackResources({ NextToken, StackName = "" }: Named, context: Context) {
  const stack = findStack(context, StackName);
  if (stack === undefined) throw noStackWithId(StackName);
  const { items, next } = pageOf(byLogicalId(stack), NextToken);
  return {
    StackResourceSummaries: items.map((resource) => ({
      ...shownResource(resource),
      LastUpdatedTimestamp: date(resource.updatedAt),
      DriftInformation: { StackResourceDriftStatus: "NOT_CHECKED" },
    })),
    ...next,
  };
}

interface DescribeChangeSetInput extends Named {
  readonly ChangeSetName?: string;
  readonly IncludePropertyValues?: boolean;
}

/** What a change set holds; more, and sometimes less, with the values of properties. */
export function describeChangeSet(input: DescribeChangeSetInput, context: Context) {
  const changeSet = findChangeSet(input, context);
  const { configuration } = changeSet;
  const withValues = input.IncludePropertyValues === true;
  const all = withValues ? changeSet.changesWithValues : changeSet.changes;
  const { items, next } = pageOf(all, input.NextToken);
  const parameters = shownParameters(configuration.template, configuration.parameters);
  const reason = changeSet.reason ?? (withValues ? changeSet.warning : undefined);
  const shown = JSON.parse(masked(JSON.stringify(items), changeSet));
  return {
    ...summary(changeSet),
    ...(parameters.length === 0 ? {} : { Parameters: parameters }),
    ...optional("StatusReason", reason),
    NotificationARNs: configuration.notificationArns,
    RollbackConfiguration: {},
    Capabilities: configuration.capabilities,
    ...(Object.keys(configuration.tags).length === 0 ? {} : { Tags: tags(configuration.tags) }),
    Changes: shown,
    ...optional("OnStackFailure", changeSet.onStackFailure),
    ...next,
  };
}

const summary = (changeSet: ChangeSet) => ({
  ChangeSetName: changeSet.name,
  ChangeSetId: changeSet.arn,
  StackId: changeSet.stackId,
  StackName: changeSet.stackName,
  ...optional("Description", changeSet.description),
  CreationTime: date(changeSet.createdAt),
  ExecutionStatus: changeSet.executionStatus,
  Status: changeSet.status,
  IncludeNestedStacks: false,
});

/** The change sets that wait, and those that failed. */
export function listChangeSets({ NextToken, StackName = "" }: Named, context: Context) {
  const stack = findStack(context, StackName);
  if (stack === undefined) throw noStack(StackName);
  const { items, next } = pageOf(pendingChangeSets(stack, context), NextToken);
  return {
    Summaries: items.map((changeSet) => ({
      ...summary(changeSet),
      ...optional("StatusReason", changeSet.reason),
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
