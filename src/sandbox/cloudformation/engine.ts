import { AwsError, type Context } from "../world.ts";
import { activeResources } from "./desired.ts";
import { findStack } from "./directory.ts";
import { pace } from "./durations.ts";
import { moveStack } from "./events.ts";
import { exportProblem, importProblem, usedExport } from "./exports.ts";
import { outputsOf } from "./outputs.ts";
import { beginRollback, finish, garbageSteps, rest } from "./phases.ts";
import { scopeOf } from "./scope.ts";
import type { Operation, Output, Stack, Step } from "./state.ts";
import { completeStep, continueStep, startStep } from "./steps.ts";
import { failStep, type StepTask, type Work } from "./work.ts";

/** Enters the phase that an operation stands before. */
export function enterPhase(
  { operation: id, stackId }: { readonly operation: string; readonly stackId: string },
  context: Context,
): void {
  const stack = findStack(context, stackId);
  const operation = stack?.operation;
  if (stack === undefined || operation?.id !== id) return;
  switch (operation.phase) {
    case "forward":
      enterForward(stack, operation, context);
      return;
    case "rollback":
      advance(stack, operation, context);
      return;
    case "delete":
      enterDelete(stack, operation, context);
      return;
    case "cleanup":
      operation.steps = garbageSteps(stack, operation);
      advance(stack, operation, context);
      return;
  }
}

/** A stack whose exports are read goes back to what it was. */
function enterDelete(stack: Stack, operation: Operation, context: Context): void {
  const used = usedExport(stack, [], context);
  if (used === undefined) advance(stack, operation, context);
  else {
    stack.deletedAt = undefined;
    finish(stack, { status: operation.before.status, reason: used }, context);
  }
}

function enterForward(stack: Stack, operation: Operation, context: Context): void {
  const { configuration } = stack;
  if (configuration === undefined) return;
  const scope = scopeOf(configuration, stack, (id) => stack.resources[id], context);
  const problem = importProblem(configuration, scope);
  if (problem !== undefined) {
    if (operation.kind === "CREATE") stack.changeSetId = undefined;
    beginRollback(stack, { ...byUser(operation, problem), operation }, context);
    return;
  }
  operation.steps = Object.fromEntries(
    activeResources(configuration.template, scope).map(([logicalId, , after]) => [
      logicalId,
      { logicalId, kind: "apply", after, state: "waiting", tries: 0 } satisfies Step,
    ]),
  );
  advance(stack, operation, context);
}

const byUser = ({ kind }: Operation, problem: string) => ({
  reason: kind === "CREATE" ? `${problem}. Rollback requested by user.` : problem,
});

/** A step's next stage is due. */
export function stepDue(task: StepTask, context: Context): void {
  const work = workOf(task, context);
  if (work === undefined) return;
  continueStep(work, task.stage, context);
  advance(work.stack, work.operation, context);
}

/** ECS says how the deployment of a service ended. */
export function serviceSettled(
  task: Omit<StepTask, "stage"> & { readonly reason?: string },
  context: Context,
): void {
  const work = workOf(task, context);
  if (work === undefined) return;
  if (task.reason === undefined) completeStep(work, context);
  else failStep(work, task.reason, context);
  advance(work.stack, work.operation, context);
}

/** The step that a task is about, if it still runs. */
function workOf(
  { key, run, stackId }: Omit<StepTask, "stage">,
  context: Context,
): Work | undefined {
  const stack = findStack(context, stackId);
  const operation = stack?.operation;
  const step = operation?.steps[key];
  if (stack === undefined || operation === undefined || step?.run !== run) return undefined;
  return step.state === "running" ? { stack, operation, key, step } : undefined;
}

/** Starts every step whose turn has come, and ends the phase when there is none left. */
function advance(stack: Stack, operation: Operation, context: Context): void {
  for (let ready = readyStep(operation); ready !== undefined; ready = readyStep(operation)) {
    const [key, step] = ready;
    startStep({ stack, operation, key, step }, context);
  }
  if (isFailing(operation)) {
    cancelRunning(stack, operation, context);
    beginRollback(stack, { reason: failures(operation), operation }, context);
    return;
  }
  const isBusy = Object.values(operation.steps).some(({ state }) => state === "running");
  if (!isBusy) endPhase(stack, operation, context);
}

/** On the way forward one failure is enough; where things are taken back all is tried. */
const isFailing = ({ phase, steps }: Operation): boolean =>
  phase === "forward" && Object.values(steps).some(({ state }) => state === "failed");

/** A step waits for those before it: to be done, or, where things are cleaned up, to have been tried. */
function readyStep(operation: Operation): readonly [string, Step] | undefined {
  const { phase, steps } = operation;
  if (isFailing(operation)) return undefined;
  const isPast = (key: string) => {
    const state = steps[key]?.state ?? "done";
    return state === "done" || (phase === "cleanup" && state === "failed");
  };
  return Object.entries(steps).find(
    ([, { after, state }]) => state === "waiting" && after.every(isPast),
  );
}

/** Siblings of a failed resource are not waited for. */
export function cancelRunning(stack: Stack, operation: Operation, context: Context): void {
  for (const [key, step] of Object.entries(operation.steps)) {
    if (step.state !== "running") continue;
    if (step.kind !== "apply") {
      step.state = "failed";
      continue;
    }
    const what = step.action === "create" ? "creation" : "update";
    failStep({ stack, operation, key, step }, `Resource ${what} cancelled`, context);
  }
}

/** `The following resource(s) failed to create: [A, B]. …`, trailing blank and all. */
function failures({ kind, steps }: Operation): string {
  const failed = (action: string) =>
    Object.values(steps)
      .filter(
        (step) => step.state === "failed" && (step.action === "create") === (action === "create"),
      )
      .map(({ logicalId }) => logicalId)
      .toSorted();
  const lines = ["create", "update"].flatMap((action) => {
    const ids = failed(action);
    return ids.length === 0
      ? []
      : [`The following resource(s) failed to ${action}: [${ids.join(", ")}]. `];
  });
  return `${lines.join("")}${kind === "CREATE" ? "Rollback requested by user." : ""}`;
}

function endPhase(stack: Stack, operation: Operation, context: Context): void {
  switch (operation.phase) {
    case "forward":
      endForward(stack, operation, context);
      return;
    case "cleanup":
      endCleanup(stack, operation, context);
      return;
    case "rollback":
      endRollback(stack, operation, context);
      return;
    case "delete":
      endDelete(stack, operation, context);
      return;
  }
}

function endForward(stack: Stack, operation: Operation, context: Context): void {
  const outputs = newOutputs(stack, context);
  if (typeof outputs === "string") {
    beginRollback(stack, { ...byUser(operation, outputs), operation }, context);
    return;
  }
  stack.outputs = outputs;
  if (operation.kind === "CREATE") {
    finish(stack, { status: "CREATE_COMPLETE" }, context);
    return;
  }
  const wanted = new Set(Object.keys(operation.steps));
  for (const resource of Object.values(stack.resources)) {
    if (!wanted.has(resource.logicalId)) operation.garbage.push(resource);
  }
  cleanUp(stack, operation, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", context);
}

/** The outputs now that all resources are there, or why there cannot be any. */
function newOutputs(stack: Stack, context: Context): readonly Output[] | string {
  const { configuration } = stack;
  if (configuration === undefined) return [];
  const scope = scopeOf(configuration, stack, (id) => stack.resources[id], context);
  try {
    const outputs = outputsOf(configuration.template, scope);
    return exportProblem(stack, outputs, context) ?? outputs;
  } catch (error) {
    if (error instanceof AwsError) return error.message;
    throw error;
  }
}

function cleanUp(stack: Stack, operation: Operation, status: string, context: Context): void {
  operation.phase = "cleanup";
  operation.steps = {};
  moveStack(stack, { status }, context);
  rest(stack, pace.phaseEnds, context);
}

/** Three tries; then the stack is done all the same, and an orphan stays behind. */
function endCleanup(stack: Stack, operation: Operation, context: Context): void {
  const failed = Object.values(operation.steps).filter(({ state }) => state === "failed");
  const again = failed.filter(({ tries }) => tries < 3);
  if (again.length > 0) {
    for (const step of again) step.state = "waiting";
    rest(stack, 10_000, context);
    return;
  }
  for (const { doomed, logicalId } of failed) {
    const isOwn = stack.resources[logicalId]?.physicalId === doomed?.physicalId;
    if (isOwn) delete stack.resources[logicalId];
  }
  const status = stack.status.replace("_CLEANUP_IN_PROGRESS", "");
  const reason =
    failed.length === 0 ? {} : { reason: "One or more resources could not be deleted." };
  finish(stack, { status, ...reason }, context);
}

function endRollback(stack: Stack, operation: Operation, context: Context): void {
  const failed = Object.values(operation.steps).filter(({ state }) => state === "failed");
  const ids = failed
    .map(({ logicalId }) => logicalId)
    .toSorted()
    .join(", ");
  if (operation.kind === "CREATE") {
    if (failed.length > 0) {
      const reason = `The following resource(s) failed to delete: [${ids}]. `;
      finish(stack, { status: "ROLLBACK_FAILED", reason }, context);
      return;
    }
    stack.outputs = [];
    finish(stack, { status: "ROLLBACK_COMPLETE" }, context);
    return;
  }
  if (failed.length > 0) {
    stack.halted = operation;
    const reason = `The following resource(s) failed to update: [${ids}]. `;
    finish(stack, { status: "UPDATE_ROLLBACK_FAILED", reason }, context);
    return;
  }
  const old = operation.before.resources;
  for (const { logicalId, physicalId } of Object.values(stack.resources)) {
    if (physicalId === "") delete stack.resources[logicalId];
  }
  operation.garbage = [
    ...operation.garbage.filter(
      ({ logicalId, physicalId }) => old[logicalId]?.physicalId !== physicalId,
    ),
    ...Object.values(stack.resources).filter(({ logicalId }) => old[logicalId] === undefined),
  ];
  cleanUp(stack, operation, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", context);
}

function endDelete(stack: Stack, operation: Operation, context: Context): void {
  stack.changeSetId = undefined;
  const failed = Object.values(operation.steps).filter(({ state }) => state === "failed");
  if (failed.length > 0) {
    const ids = failed
      .map(({ logicalId }) => logicalId)
      .toSorted()
      .join(", ");
    const reason = `The following resource(s) failed to delete: [${ids}]. `;
    finish(stack, { status: "DELETE_FAILED", reason }, context);
    return;
  }
  stack.resources = {};
  stack.outputs = [];
  finish(stack, { status: "DELETE_COMPLETE" }, context);
}
