import { deploy } from "../ecs/deployments.ts";
import { register } from "../ecs/registry.ts";
import { registerBucket } from "../s3/of-stacks.ts";
import { AwsError, type Context } from "../world.ts";
import { claimOf, clashOf, unattached } from "./clashes.ts";
import { activeResources, desire, isSame, undeclared } from "./desired.ts";
import { enterResource } from "./directory.ts";
import { durationOf } from "./durations.ts";
import { faultFor } from "./faults.ts";
import { atOnce } from "./indexes.ts";
import { apartFromOthers, uprooted } from "./networks.ts";
import { make } from "./provider.ts";
import { quotaProblem } from "./quotas.ts";
import { faultsOf, isTaggable, recreationOf } from "./schema.ts";
import { scopeOf } from "./scope.ts";
import type { Desired, Resource, Step } from "./state.ts";
import { failStep, note, type StepTask, schedule, typeOf, type Work } from "./work.ts";

/** Makes a resource what the template asks for, if it is not so already. */
export function startApply(work: Work, context: Context): void {
  const { operation, stack, step } = work;
  const { logicalId } = step;
  const desired = resolved(work, context);
  if (desired === undefined) return;
  step.desired = desired;
  const before = stack.resources[logicalId];
  const type = typeOf(stack, logicalId);
  step.action = actionFor(operation.revertsDrift === true ? asItIs(before) : before, desired);
  if (step.action === undefined) {
    if (before !== undefined) stack.resources[logicalId] = { ...undeclared(before), ...desired };
    step.state = "done";
    return;
  }
  operation.touched.push(logicalId);
  const creates = step.action === "create";
  note(
    work,
    {
      physicalId: creates ? "" : (before?.physicalId ?? ""),
      status: creates ? "CREATE_IN_PROGRESS" : "UPDATE_IN_PROGRESS",
      ...(step.action === "replace" ? { reason: replacing } : {}),
    },
    context,
  );
  if (creates) {
    operation.garbage.push(...leftOver(before));
    stack.resources[logicalId] = { ...blank(logicalId, type, context), ...desired };
  }
  schedule(work, type, context);
}

const leftOver = (before: Resource | undefined): readonly Resource[] =>
  before === undefined || before.physicalId === "" || before.live === "gone" ? [] : [before];

const replacing =
  "Requested update requires the creation of a new physical resource; hence creating one.";

const blank = (logicalId: string, type: string, { world }: Context): Resource => ({
  logicalId,
  type,
  physicalId: "",
  attributes: {},
  properties: {},
  tags: {},
  dependsOn: [],
  status: "CREATE_IN_PROGRESS",
  updatedAt: world.now,
});

/** What the template asks for now that everything before it is there; a failure fails the step. */
function resolved(work: Work, context: Context): Desired | undefined {
  const { stack, step } = work;
  const { configuration } = stack;
  if (configuration === undefined) return undefined;
  const scope = scopeOf(configuration, stack, (id) => stack.resources[id], context);
  try {
    const [, declaration, dependsOn = []] =
      activeResources(configuration.template, scope).find(([id]) => id === step.logicalId) ?? [];
    if (declaration === undefined) return undefined;
    return desire(declaration, scope, { dependsOn, tags: configuration.tags });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    work.operation.touched.push(step.logicalId);
    step.action = stack.resources[step.logicalId] === undefined ? "create" : "update";
    if (step.action === "create") {
      const type = typeOf(stack, step.logicalId);
      stack.resources[step.logicalId] = blank(step.logicalId, type, context);
    }
    failStep(work, error.message, context);
    return undefined;
  }
}

/** A resource as others made it; undefined: they deleted it. */
function asItIs(before: Resource | undefined): Resource | undefined {
  if (before?.live === undefined) return before;
  return before.live === "gone" ? undefined : { ...before, properties: before.live };
}

/** Undefined: there is nothing to do. */
function actionFor(before: Resource | undefined, desired: Desired): Step["action"] {
  if (before === undefined || before.physicalId === "" || before.status === "CREATE_FAILED") {
    return "create";
  }
  const names = new Set([...Object.keys(before.properties), ...Object.keys(desired.properties)]);
  const changed = [...names].filter(
    (name) => !isSame(before.properties[name], desired.properties[name]),
  );
  const always = changed.some(
    (name) =>
      recreationOf(before.type, name, before.properties[name], desired.properties[name]) ===
      "Always",
  );
  if (always) return "replace";
  const differs =
    changed.length > 0 ||
    !isSame(before.metadata, desired.metadata) ||
    before.deletionPolicy !== desired.deletionPolicy ||
    before.updateReplacePolicy !== desired.updateReplacePolicy ||
    (!isSame(before.tags, desired.tags) && isTaggable(before.type));
  return differs ? "update" : undefined;
}

/** The moment at which a new resource gets its identity, or turns out to be impossible. */
export function initiate(work: Work, context: Context): void {
  const { key, operation, stack, step } = work;
  const { desired, logicalId } = step;
  const before = stack.resources[logicalId];
  if (desired === undefined || before === undefined) return;
  const impossible = problemOf(before.type, desired, context);
  if (impossible !== undefined) {
    failStep(work, impossible, context);
    return;
  }

  if (step.action === "replace") operation.garbage.push(before);
  const made = make(
    stack,
    { logicalId, properties: desired.properties, type: before.type },
    context,
  );
  const claim = claimOf(before.type, desired.properties);
  const resource: Resource = {
    ...blank(logicalId, before.type, context),
    ...desired,
    ...made,
    ...(claim === undefined ? {} : { claim }),
    status: step.action === "replace" ? "UPDATE_IN_PROGRESS" : "CREATE_IN_PROGRESS",
    reason: "Resource creation Initiated",
  };
  stack.resources[logicalId] = resource;
  enterResource(resource, stack, context);
  register(context, resource);
  registerBucket(context, resource);
  note(
    work,
    { physicalId: made.physicalId, status: resource.status, reason: "Resource creation Initiated" },
    context,
  );
  if (resource.type === "AWS::ECS::Service") {
    watch(work, context);
    return;
  }
  const task: StepTask = { stackId: stack.id, key, run: step.run ?? "", stage: "finish" };
  const rest = durationOf(resource.type, context) * 0.8;
  context.world.later(rest, "cloudformation", "step", task, context);
}

function problemOf(type: string, { properties }: Desired, context: Context): string | undefined {
  const faults = faultsOf(type, properties);
  if (faults.length > 0) return `Property validation failure: [${faults.join(", ")}]`;
  return (
    clashOf(claimOf(type, properties), context) ??
    unattached(type, properties, context) ??
    apartFromOthers(type, properties, context) ??
    quotaProblem(type, properties, context)
  );
}

/** The end of a step that makes or changes a resource; a service is done when ECS says so. */
export function finishApply(work: Work, context: Context): void {
  const { stack, step } = work;
  const before = stack.resources[step.logicalId];
  if (step.desired === undefined || before === undefined) return;
  const fault = faultFor(stack, before, step.action === "create" ? "create" : "update", context);
  if (fault !== undefined) {
    failStep(work, fault, context);
    return;
  }
  if (step.action === "update") {
    const problem = updateProblem(before, step.desired, context);
    if (problem !== undefined) {
      failStep(work, problem, context);
      return;
    }
    if (before.type === "AWS::ECS::Service") {
      watch(work, context);
      return;
    }
  }
  completeApply(work, context);
}

/** Why a resource that is there cannot be changed so. */
function updateProblem(
  before: Resource,
  { properties }: Desired,
  context: Context,
): string | undefined {
  if (before.live === "gone") return notFound(before, context);
  const wrong = faultsOf(before.type, properties);
  return wrong.length > 0
    ? `Property validation failure: [${wrong.join(", ")}]`
    : (uprooted(before, properties, context) ?? atOnce(before, properties));
}

const notFound = ({ physicalId, type }: Resource, { world }: Context): string =>
  `Resource handler returned message: "Resource of type '${type}' with identifier '${physicalId}' was not found." (RequestToken: ${world.uuid()}, HandlerErrorCode: NotFound)`;

/** The end of a step that made or changed a resource: now it is as it should be. */
export function completeApply(work: Work, context: Context): void {
  const { stack, step } = work;
  const before = stack.resources[step.logicalId];
  if (before === undefined || step.desired === undefined) return;
  const status = step.action === "create" ? "CREATE_COMPLETE" : "UPDATE_COMPLETE";
  const { drift: _, live: __, reason: ___, ...rest } = undeclared(before);
  const resource = { ...rest, ...step.desired, status, updatedAt: context.world.now };
  stack.resources[step.logicalId] = resource;
  enterResource(resource, stack, context);
  note(work, { physicalId: before.physicalId, status }, context);
  step.state = "done";
}

/** Hands a service to ECS; CloudFormation waits until it says how the deployment ended. */
function watch({ key, stack, step }: Work, context: Context): void {
  const service = stack.resources[step.logicalId];
  if (service === undefined) return;
  const owner = { stackId: stack.id, key, run: step.run ?? "" };
  const properties = step.desired?.properties ?? service.properties;
  deploy(context, { arn: service.physicalId, properties, owner });
}
