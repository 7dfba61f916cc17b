import type { Context } from "../world.ts";
import { findStack } from "./directory.ts";
import { resourceDriftInformation } from "./drift.ts";
import { invalid, noStackWithId } from "./errors.ts";
import { pageOf } from "./pages.ts";
import { date, type Named, optional, stacks } from "./shown.ts";
import type { Resource, Stack } from "./state.ts";

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
      Metadata: JSON.stringify(resource.metadata ?? {}),
      DriftInformation: resourceDriftInformation(resource),
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
      DriftInformation: resourceDriftInformation(resource),
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
      DriftInformation: resourceDriftInformation(resource),
    })),
    ...next,
  };
}
