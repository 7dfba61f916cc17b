import type { Context } from "../world.ts";
import { activeResources } from "./desired.ts";
import { lasting, pace } from "./durations.ts";
import { moveStack } from "./events.ts";
import { importedBy } from "./exports.ts";
import { scopeOf } from "./scope.ts";
import {
  type Operation,
  type Policy,
  type Resource,
  type Stack,
  type Step,
  stateOf,
} from "./state.ts";

/** Lets a stack go on by itself after a while. */
export function rest(stack: Stack, milliseconds: number, context: Context): void {
  const data = { stackId: stack.id, operation: stack.operation?.id };
  context.world.later(lasting(milliseconds, context), "cloudformation", "phase", data, context);
}

/** The end of an operation: its last status, and its change set's. */
export function finish(
  stack: Stack,
  move: { readonly status: string; readonly reason?: string },
  context: Context,
): void {
  const { configuration, operation } = stack;
  const isGone = move.status === "DELETE_COMPLETE";
  if (configuration !== undefined && !isGone) {
    const scope = scopeOf(configuration, stack, (id) => stack.resources[id], context);
    stack.imports = isDead(move.status) ? [] : importedBy(configuration, scope);
  }
  if (isGone) stack.imports = [];
  moveStack(stack, move, context);
  const changeSet = stateOf(context).changeSets[operation?.changeSetId ?? ""];
  if (changeSet !== undefined) {
    const worked = /^(CREATE|UPDATE)_COMPLETE$/.test(move.status);
    changeSet.executionStatus = worked ? "EXECUTE_COMPLETE" : "EXECUTE_FAILED";
  }
  stack.operation = undefined;
}

const isDead = (status: string): boolean => status === "ROLLBACK_COMPLETE";

/** A failed operation goes back to where it came from, or stops where it is. */
export function beginRollback(
  stack: Stack,
  { operation, reason }: { readonly operation: Operation; readonly reason: string },
  context: Context,
): void {
  const { kind, onFailure } = operation;
  const text = reason.replace(/Rollback requested by user\.$/, "");
  if (onFailure === "DO_NOTHING") {
    finish(stack, { status: `${kind}_FAILED`, reason: text }, context);
    return;
  }
  if (kind === "CREATE") {
    stack.deletedAt = context.world.now;
    const isDeleted = onFailure === "DELETE";
    operation.phase = isDeleted ? "delete" : "rollback";
    operation.steps = deleteSteps(stack, (resource) => keeps(resource, operation, true));
    moveStack(
      stack,
      { status: isDeleted ? "DELETE_IN_PROGRESS" : "ROLLBACK_IN_PROGRESS", reason },
      context,
    );
  } else {
    operation.phase = "rollback";
    operation.steps = restoreSteps(stack, operation, context);
    moveStack(stack, { status: "UPDATE_ROLLBACK_IN_PROGRESS", reason }, context);
    stack.configuration = operation.before.configuration;
  }
  rest(stack, pace.phaseEnds, context);
}

/** Whether a resource stays when its stack lets go of it. */
function keeps(
  { deletionPolicy = "Delete" }: { readonly deletionPolicy?: Policy },
  { retainExceptOnCreate }: Pick<Operation, "retainExceptOnCreate">,
  isNew: boolean,
): boolean {
  if (isNew && (retainExceptOnCreate || deletionPolicy === "RetainExceptOnCreate")) return false;
  return deletionPolicy === "Retain" || deletionPolicy === "RetainExceptOnCreate";
}

/** Deletes everything that a stack has, dependents first. */
function deleteSteps(stack: Stack, isKept: (resource: Resource) => boolean): Record<string, Step> {
  const doomed = Object.values(stack.resources).filter(({ physicalId }) => physicalId !== "");
  for (const { logicalId, physicalId } of Object.values(stack.resources)) {
    if (physicalId === "") delete stack.resources[logicalId];
  }
  return deletions(doomed, isKept);
}

/** Deletes every resource of the stack, as DeleteStack does. */
export const deletionOf = (stack: Stack, operation: Operation): Record<string, Step> =>
  deleteSteps(
    stack,
    (resource) =>
      operation.retain.includes(resource.logicalId) || keeps(resource, operation, false),
  );

/** Deletes what an update, or its rollback, left over. */
export function garbageSteps(stack: Stack, operation: Operation): Record<string, Step> {
  if (Object.keys(operation.steps).length > 0) return operation.steps;
  const isRollback = stack.status.includes("ROLLBACK");
  return deletions(operation.garbage, (resource) => {
    if (isRollback) return keeps(resource, operation, true);
    const next = stack.resources[resource.logicalId];
    const isReplaced = next !== undefined && next.physicalId !== resource.physicalId;
    return isReplaced ? next.updateReplacePolicy === "Retain" : keeps(resource, operation, false);
  });
}

function deletions(
  doomed: readonly Resource[],
  isKept: (resource: Resource) => boolean,
): Record<string, Step> {
  const keyed = doomed.map((resource, at) => [`${resource.logicalId}#${at}`, resource] as const);
  const before = ({ logicalId }: Resource) =>
    keyed.flatMap(([key, { dependsOn }]) => (dependsOn.includes(logicalId) ? [key] : []));
  return Object.fromEntries(
    keyed.map(([key, resource]) => [
      key,
      {
        logicalId: resource.logicalId,
        kind: "delete",
        after: before(resource),
        doomed: resource,
        retain: isKept(resource),
        state: "waiting",
        tries: 0,
      } satisfies Step,
    ]),
  );
}

/** Takes every changed resource back, in the order of the old template. */
function restoreSteps(stack: Stack, operation: Operation, context: Context): Record<string, Step> {
  const { configuration, resources } = operation.before;
  if (configuration === undefined) return {};
  const touched = new Set(operation.touched.filter((id) => resources[id] !== undefined));
  // What a replacement made is left over now; what it replaced is not.
  operation.garbage = [...touched].flatMap((id) => {
    const current = stack.resources[id];
    return current !== undefined && current.physicalId !== resources[id]?.physicalId
      ? [current]
      : [];
  });
  const scope = scopeOf(configuration, stack, (id) => resources[id], context);
  return Object.fromEntries(
    activeResources(configuration.template, scope)
      .filter(([id]) => touched.has(id))
      .map(([logicalId, , after]) => [
        logicalId,
        { logicalId, kind: "restore", after, state: "waiting", tries: 0 } satisfies Step,
      ]),
  );
}
