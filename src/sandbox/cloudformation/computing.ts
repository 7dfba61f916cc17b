import { AwsError, type Context } from "../world.ts";
import { difference } from "./diff.ts";
import { findStack } from "./directory.ts";
import { lasting, pace } from "./durations.ts";
import { masked } from "./events.ts";
import { type ChangeSet, type Stack, stateOf, type Value } from "./state.ts";

/** A change set that was asked for is computed by and by. */
export function compute(changeSet: ChangeSet, context: Context): void {
  later("beginChangeSet", changeSet, pace.changeSetBegins, context);
}

function later(task: string, { arn: id }: ChangeSet, delay: number, context: Context): void {
  context.world.later(lasting(delay, context), "cloudformation", task, { arn: id }, context);
}

/** CREATE_PENDING → CREATE_IN_PROGRESS. */
export function beginChangeSet({ arn: id }: { readonly arn: string }, context: Context): void {
  const changeSet = stateOf(context).changeSets[id];
  if (changeSet?.status !== "CREATE_PENDING") return;
  changeSet.status = "CREATE_IN_PROGRESS";
  later("computeChangeSet", changeSet, pace.changeSetComputes, context);
}

const nothingToChange =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/** A stack with its resources as others made them. */
const asItIs = (stack: Stack): Stack => ({
  ...stack,
  resources: Object.fromEntries(
    Object.entries(stack.resources).flatMap(([id, resource]) =>
      resource.live === "gone"
        ? []
        : [[id, { ...resource, properties: resource.live ?? resource.properties }]],
    ),
  ),
});

/** CREATE_IN_PROGRESS → CREATE_COMPLETE, or FAILED with the reason. */
export function computeChangeSet({ arn: id }: { readonly arn: string }, context: Context): void {
  const changeSet = stateOf(context).changeSets[id];
  const stack = findStack(context, changeSet?.stackId ?? "");
  if (changeSet?.status !== "CREATE_IN_PROGRESS" || stack === undefined) return;
  try {
    const { changes, changesWithValues, isEmpty, warning } = difference(
      changeSet.revertsDrift === true ? asItIs(stack) : stack,
      changeSet.configuration,
      context,
    );
    if (changeSet.type === "UPDATE" && isEmpty) {
      Object.assign(changeSet, { status: "FAILED", reason: nothingToChange });
      return;
    }
    const shown = masked(masked(changesWithValues as readonly Value[], stack), changeSet);
    Object.assign(changeSet, {
      changes,
      changesWithValues: shown,
      warning,
      status: "CREATE_COMPLETE",
    });
    if (changeSet.executionStatus === "UNAVAILABLE") changeSet.executionStatus = "AVAILABLE";
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    Object.assign(changeSet, { status: "FAILED", reason: error.message });
  }
}
