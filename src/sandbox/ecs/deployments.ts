import type { Context } from "../world.ts";
import { startProblem } from "./images.ts";
import { clusterArn } from "./registry.ts";
import {
  type Declared,
  type Deployment,
  type EcsService,
  ecsOf,
  member,
  type Owner,
  text,
} from "./state.ts";
import { desiredCount, started, stop } from "./tasks.ts";

/** Milliseconds at tempo 1. */
const pace = { attempt: 20_000, steady: 30_000, giveUp: 3 * 3_600_000 } as const;

/** How many stopped tasks are still told of. */
const remembered = 20;

/** Makes a service or changes it: a new deployment, whose end is told to its owner, if it has one. */
export function deploy(
  context: Context,
  { arn, owner, properties }: { arn: string; owner?: Owner; properties: Declared },
): void {
  const { services } = ecsOf(context);
  const [, , name = ""] = arn.split("/");
  const service: EcsService = services[arn] ?? {
    arn,
    name,
    cluster: clusterArn(context, text(properties.Cluster)),
    createdAt: context.world.now,
    properties,
    status: "ACTIVE",
    deployments: [],
    events: [],
    tasks: [],
  };
  services[arn] = service;
  const isScaledOnly = redeploys(service.properties) === redeploys(properties);
  service.properties = properties;
  service.owner = owner;
  const [primary] = service.deployments;
  if (isScaledOnly && primary?.rolloutState === "COMPLETED") {
    scale(service, primary, context);
    return;
  }
  for (const old of service.deployments) old.status = "ACTIVE";
  const deployment: Deployment = {
    id: `ecs-svc/${context.world.text(19, "0123456789")}`,
    taskDefinition: text(properties.TaskDefinition),
    createdAt: context.world.now,
    updatedAt: context.world.now,
    status: "PRIMARY",
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: "",
    failedTasks: 0,
  };
  service.deployments = [deployment, ...service.deployments];
  turn(
    service,
    deployment,
    { state: "IN_PROGRESS", reason: `ECS deployment ${deployment.id} in progress.` },
    context,
  );
  next("attempt", { service, deployment }, pace.attempt, context);
}

/** What makes ECS deploy anew when it changes: all but numbers, tags and how to roll out. */
const redeploys = ({
  DeploymentConfiguration: _configuration,
  DesiredCount: _count,
  Tags: _tags,
  ...rest
}: Declared): string => JSON.stringify(rest);

/** More tasks of the same, or fewer. */
function scale(service: EcsService, primary: Deployment, context: Context): void {
  const running = service.tasks.filter(({ lastStatus }) => lastStatus === "RUNNING");
  const wanted = desiredCount(service);
  stop(running.slice(wanted), `Scaling activity initiated by (deployment ${primary.id})`, context);
  const more = Array.from({ length: Math.max(0, wanted - running.length) }, () => ({
    ...started(primary, context),
    lastStatus: "RUNNING" as const,
  }));
  service.tasks = [...more, ...service.tasks];
  settle(service, undefined, context);
}

/** What an agenda task of ECS is about. */
export interface DeploymentTask {
  readonly service: string;
  readonly deployment: string;
}

interface Rollout {
  readonly service: EcsService;
  readonly deployment: Deployment;
}

function next(
  task: "attempt" | "steady",
  { deployment, service }: Rollout,
  delay: number,
  context: Context,
): void {
  const data: DeploymentTask = { service: service.arn, deployment: deployment.id };
  const { world } = context;
  world.later(delay * world.tempo * (1 + world.chance() / 5), "ecs", task, data, context);
}

/** The deployment, unless a newer one has taken its place. */
function rolloutOf(task: DeploymentTask, context: Context): Rollout | undefined {
  const service = ecsOf(context).services[task.service];
  const [deployment] = service?.deployments ?? [];
  if (service === undefined || deployment?.id !== task.deployment) return undefined;
  return { service, deployment };
}

/** ECS starts the tasks of a deployment; those that fail are tried again. */
export function attempt(task: DeploymentTask, context: Context): void {
  const rollout = rolloutOf(task, context);
  if (rollout === undefined) return;
  const { deployment, service } = rollout;
  const wanted = desiredCount(service);
  const problem = wanted === 0 ? undefined : startProblem(context, deployment.taskDefinition);
  if (problem === undefined) {
    const tasks = Array.from({ length: wanted }, () => started(deployment, context));
    service.tasks = [...tasks, ...service.tasks];
    say(
      service,
      `(service ${service.name}) has started ${wanted} tasks: ${tasks.map(({ id }) => `(task ${id})`).join(" ")}.`,
      context,
    );
    next("steady", rollout, pace.steady, context);
    return;
  }
  deployment.failedTasks += 1;
  deployment.updatedAt = context.world.now;
  const failed = started(deployment, context);
  service.tasks = [failed, ...service.tasks].slice(0, 50);
  Object.assign(failed, { stopCode: problem.stopCode, stoppedReason: problem.reason });
  stop([failed], problem.reason, context);
  say(service, `(service ${service.name}) (task ${failed.id}) failed: ${problem.reason}`, context);
  judge(rollout, context);
}

function judge(rollout: Rollout, context: Context): void {
  const { deployment, service } = rollout;
  const configuration = service.properties.DeploymentConfiguration;
  const breaker = member(configuration, "DeploymentCircuitBreaker");
  const isOn = text(member(breaker, "Enable")) === "true";
  const threshold = Math.min(200, Math.max(3, Math.ceil(desiredCount(service) / 2)));
  if (isOn && deployment.failedTasks >= threshold) {
    const reason = "ECS deployment circuit breaker: task failed to start.";
    turn(service, deployment, { state: "FAILED", reason }, context);
    if (text(member(breaker, "Rollback")) === "true") rollBack(service, deployment, context);
    settle(
      service,
      failure(
        "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.",
        "GeneralServiceException",
        context,
      ),
      context,
    );
    return;
  }
  if (context.world.now - deployment.createdAt >= pace.giveUp * context.world.tempo) {
    settle(service, failure("Exceeded attempts to wait", "NotStabilized", context), context);
    return;
  }
  next("attempt", rollout, pace.attempt * Math.min(2 ** deployment.failedTasks, 80), context);
}

/** The last deployment that worked becomes the primary one again. */
function rollBack(service: EcsService, failed: Deployment, context: Context): void {
  const good = service.deployments.find(({ rolloutState }) => rolloutState === "COMPLETED");
  if (good === undefined) return;
  failed.status = "INACTIVE";
  good.status = "PRIMARY";
  service.deployments = [good];
  const reason = `ECS deployment circuit breaker: rolling back to deploymentId ${good.id}.`;
  turn(service, good, { state: "COMPLETED", reason }, context);
}

const failure = (message: string, code: string, { world }: Context): string =>
  `Resource handler returned message: "${message}" (RequestToken: ${world.uuid()}, HandlerErrorCode: ${code})`;

/** The new tasks stayed up: the deployment is complete and the old ones end. */
export function steady(task: DeploymentTask, context: Context): void {
  const rollout = rolloutOf(task, context);
  if (rollout === undefined) return;
  const { deployment, service } = rollout;
  const fresh = service.tasks.filter((one) => one.deployment === deployment.id);
  for (const one of fresh) if (one.lastStatus === "PENDING") one.lastStatus = "RUNNING";
  const old = service.tasks.filter((one) => one.deployment !== deployment.id);
  stop(old, `Scaling activity initiated by (deployment ${deployment.id})`, context);
  service.tasks = [
    ...fresh,
    ...old.filter(({ lastStatus }) => lastStatus === "STOPPED").slice(0, remembered),
  ];
  service.deployments = [deployment];
  turn(
    service,
    deployment,
    { state: "COMPLETED", reason: `ECS deployment ${deployment.id} completed.` },
    context,
  );
  say(service, `(service ${service.name}) has reached a steady state.`, context);
  settle(service, undefined, context);
}

function say(service: EcsService, message: string, { world }: Context): void {
  service.events = [{ id: world.uuid(), at: world.now, message }, ...service.events].slice(0, 100);
}

function settle(service: EcsService, reason: string | undefined, context: Context): void {
  const { owner } = service;
  service.owner = undefined;
  if (owner === undefined) return;
  const data = { ...owner, ...(reason === undefined ? {} : { reason }) };
  context.world.later(0, "cloudformation", "settled", data, context);
}

function turn(
  service: EcsService,
  deployment: Deployment,
  { reason, state }: { reason: string; state: Deployment["rolloutState"] },
  context: Context,
): void {
  deployment.rolloutState = state;
  deployment.rolloutStateReason = reason;
  deployment.updatedAt = context.world.now;
  context.world.emit({
    "detail-type": "ECS Deployment State Change",
    source: "aws.ecs",
    account: context.account,
    region: context.region,
    resources: [service.arn],
    detail: {
      eventType: state === "FAILED" ? "ERROR" : "INFO",
      eventName: `SERVICE_DEPLOYMENT_${state}`,
      deploymentId: deployment.id,
      updatedAt: new Date(context.world.now).toISOString(),
      reason,
    },
  });
}
