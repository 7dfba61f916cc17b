import type { Context } from "../world.ts";
import { findChangeSet, pendingChangeSets } from "./change-sets.ts";
import { findStack } from "./directory.ts";
import { noStack } from "./errors.ts";
import { pageOf } from "./pages.ts";
import { date, type Named, optional, tags } from "./shown.ts";
import type { ChangeSet } from "./state.ts";
import { shownParameters } from "./templates/parameters.ts";

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
  return {
    ...summary(changeSet),
    ...(parameters.length === 0 ? {} : { Parameters: parameters }),
    ...optional("StatusReason", reason),
    NotificationARNs: configuration.notificationArns,
    RollbackConfiguration: {},
    Capabilities: configuration.capabilities,
    ...(Object.keys(configuration.tags).length === 0 ? {} : { Tags: tags(configuration.tags) }),
    Changes: items,
    ...optional("OnStackFailure", changeSet.onStackFailure),
    ...(changeSet.revertsDrift === true ? { DeploymentMode: "REVERT_DRIFT" } : {}),
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
