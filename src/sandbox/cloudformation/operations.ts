import type { Context } from "../world.ts";
import { changeSetsOf, enterConfiguration, findStack } from "./directory.ts";
import { pace } from "./durations.ts";
import { cancelRunning } from "./engine.ts";
import { moveStack } from "./events.ts";
import { beginRollback, deletionOf, rest } from "./phases.ts";
import { skipRestore } from "./restore.ts";
import type { Configuration, Operation, Stack } from "./state.ts";

/** What is asked of a stack. */
export interface Request {
  readonly token?: string | undefined;
  readonly changeSetId?: string;
  readonly onFailure?: Operation["onFailure"];
  readonly disableRollback?: boolean;
  readonly retainExceptOnCreate?: boolean;
  readonly retain?: readonly string[];
  readonly revertsDrift?: boolean;
}

/** Starts a stack's creation or update. */
export function beginApply(
  stack: Stack,
  configuration: Configuration,
  request: Request,
  context: Context,
): Operation {
  const kind = stack.configuration === undefined ? "CREATE" : "UPDATE";
  const operation = newOperation(stack, kind, request, context);
  stack.operation = operation;
  stack.halted = undefined;
  stack.configuration = configuration;
  enterConfiguration(stack, context);
  stack.changeSetId = request.changeSetId;
  if (configuration.roleArn !== undefined) stack.roleArn = configuration.roleArn;
  if (kind === "UPDATE" || request.changeSetId !== undefined) stack.updatedAt = context.world.now;
  obsolete(stack, request.changeSetId, context);
  moveStack(stack, { status: `${kind}_IN_PROGRESS`, reason: "User Initiated" }, context);
  rest(stack, pace.operationBegins, context);
  const { timeoutInMinutes } = stack;
  if (kind === "CREATE" && timeoutInMinutes !== undefined) {
    const data = { stackId: stack.id, operation: operation.id };
    const limit = timeoutInMinutes * 60_000 * context.world.tempo;
    context.world.later(limit, "cloudformation", "timeout", data, context);
  }
  return operation;
}

/** The time that was given for a creation is over. */
export function timeOut(
  { operation: id, stackId }: { readonly operation: string; readonly stackId: string },
  context: Context,
): void {
  const stack = findStack(context, stackId);
  const operation = stack?.operation;
  if (stack === undefined || operation?.id !== id || stack.status !== "CREATE_IN_PROGRESS") return;
  cancelRunning(stack, operation, context);
  const reason = "Stack creation time exceeded the specified timeout. Rollback requested by user.";
  beginRollback(stack, { operation, reason }, context);
}

/** Starts a stack's deletion; what it was busy with is broken off. */
export function beginDelete(stack: Stack, request: Request, context: Context): void {
  if (stack.operation !== undefined) cancelRunning(stack, stack.operation, context);
  const operation = newOperation(stack, "DELETE", request, context);
  stack.operation = operation;
  obsolete(stack, undefined, context);
  stack.deletedAt = context.world.now;
  moveStack(stack, { status: "DELETE_IN_PROGRESS", reason: "User Initiated" }, context);
  operation.phase = "delete";
  operation.steps = deletionOf(stack, operation);
  rest(stack, pace.operationBegins, context);
}

function newOperation(
  stack: Stack,
  kind: Operation["kind"],
  request: Request,
  { world }: Context,
): Operation {
  const { changeSetId, onFailure, retain = [], retainExceptOnCreate = false, token } = request;
  const id = world.uuid();
  const type = kind === "CREATE" ? "CREATE_STACK" : `${kind}_STACK`;
  stack.lastOperations = [{ type, id }];
  stack.disableRollback = request.disableRollback ?? false;
  return {
    id,
    kind,
    onFailure: onFailure ?? (request.disableRollback === true ? "DO_NOTHING" : "ROLLBACK"),
    retain,
    retainExceptOnCreate,
    ...(token === undefined ? {} : { token }),
    ...(changeSetId === undefined ? {} : { changeSetId }),
    ...(request.revertsDrift === undefined ? {} : { revertsDrift: request.revertsDrift }),
    before: {
      status: stack.status,
      resources: { ...stack.resources },
      outputs: stack.outputs,
      ...(stack.configuration === undefined ? {} : { configuration: stack.configuration }),
    },
    phase: "forward",
    steps: {},
    garbage: [],
    touched: [],
  };
}

/** Every other change set of the stack is worth nothing from now on. */
function obsolete(stack: Stack, executed: string | undefined, context: Context): void {
  for (const changeSet of changeSetsOf(stack, context)) {
    if (changeSet.arn === executed) continue;
    if (changeSet.executionStatus === "AVAILABLE" || changeSet.executionStatus === "UNAVAILABLE") {
      changeSet.executionStatus = "OBSOLETE";
    }
  }
}

/** Turns a running update round, as CancelUpdateStack does. */
export function beginCancel(stack: Stack, context: Context): void {
  const { operation } = stack;
  if (operation === undefined) return;
  cancelRunning(stack, operation, context);
  const turned: Operation = { ...operation, onFailure: "ROLLBACK" };
  stack.operation = turned;
  beginRollback(stack, { operation: turned, reason: "User Initiated" }, context);
}

/** Takes up a failed rollback; what is skipped counts as done, whatever it is. */
export function beginContinue(
  stack: Stack,
  {
    halted,
    skip,
    token,
  }: { halted: Operation; skip: readonly string[]; token: string | undefined },
  context: Context,
): void {
  const { token: _, ...rested } = halted;
  const id = context.world.uuid();
  const operation: Operation = { ...rested, id, ...(token === undefined ? {} : { token }) };
  stack.halted = undefined;
  stack.operation = operation;
  stack.lastOperations = [{ type: "CONTINUE_ROLLBACK", id }];
  moveStack(stack, { status: "UPDATE_ROLLBACK_IN_PROGRESS", reason: "User Initiated" }, context);
  for (const [key, step] of Object.entries(operation.steps)) {
    if (step.state !== "failed") continue;
    if (skip.includes(step.logicalId)) skipRestore({ stack, operation, key, step }, context);
    else step.state = "waiting";
  }
  rest(stack, pace.operationBegins, context);
}
