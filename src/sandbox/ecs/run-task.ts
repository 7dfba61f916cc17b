import { AwsError, type Context } from "../world.ts";
import { startProblem } from "./images.ts";
import { type Declared, ecsOf, type OneOff, objects, text, variableOf } from "./state.ts";

export interface RunTaskInput {
  readonly cluster?: string;
  readonly taskDefinition: string;
  readonly clientToken?: string;
  readonly startedBy?: string;
  readonly capacityProviderStrategy?: unknown;
  readonly launchType?: string;
  readonly networkConfiguration?: unknown;
  readonly overrides?: { readonly containerOverrides?: readonly Override[] };
}

interface Override {
  readonly name: string;
  readonly command?: readonly string[];
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
}

/** JSON that a task may be given beside its definition. */
const mostCharacters = 8192;

/** How long a task of its own goes on, at tempo 1. */
const taskMilliseconds = 45_000;

/**
 * Starts a task that is of no service. No image is run: it ends after a while, and its containers
 * exit as `SANDBOX_EXIT_CODE` in their environment says, else with 0.
 */
export function runTask(input: RunTaskInput, cluster: string, context: Context): OneOff {
  const { clientToken, overrides, startedBy, taskDefinition } = input;
  const state = ecsOf(context);
  const { world } = context;
  const definition = state.taskDefinitions[taskDefinition];
  if (definition?.status !== "ACTIVE") {
    throw new AwsError("ClientException", "TaskDefinition is inactive");
  }
  if (JSON.stringify(overrides ?? {}).length > mostCharacters) {
    const message = `Container Overrides length must be at most ${mostCharacters}`;
    throw new AwsError("InvalidParameterException", message);
  }
  const oneOffs = oneOffsOf(context);
  const same = oneOffs.find(({ token }) => clientToken !== undefined && token === clientToken);
  if (same !== undefined) return same;
  const id = world.text(32, "0123456789abcdef");
  const task: OneOff = {
    id,
    arn: `${cluster.replace(":cluster/", ":task/")}/${id}`,
    cluster,
    taskDefinition,
    token: clientToken,
    startedBy: startedBy ?? "",
    createdAt: world.now,
    // As they came over the wire: plain JSON, whose interface has no index signature.
    overrides: (overrides?.containerOverrides ?? []) as unknown as readonly Declared[],
    lastStatus: "PENDING",
    exitCodes: {},
  };
  oneOffs.push(task);
  world.later(taskMilliseconds * world.tempo, "ecs", "ended", { id }, context);
  return task;
}

/** The tasks that are of no service; a world that was written down earlier has none. */
export function oneOffsOf(context: Context): OneOff[] {
  const state = ecsOf(context);
  state.oneOffs ??= [];
  return state.oneOffs;
}

/** The containers of such a task have exited. */
export function ended({ id }: { readonly id: string }, context: Context): void {
  const task = oneOffsOf(context).find((one) => one.id === id);
  if (task === undefined) return;
  const { world } = context;
  const problem = startProblem(context, task.taskDefinition);
  task.lastStatus = "STOPPED";
  task.stoppedAt = world.now;
  task.stopCode = problem?.stopCode ?? "EssentialContainerExited";
  task.stoppedReason = problem?.reason ?? "Essential container in task exited";
  if (problem?.stopCode !== "TaskFailedToStart") {
    for (const container of containersOf(task, context)) {
      const code = problem === undefined ? variableOf(container, "SANDBOX_EXIT_CODE") : "1";
      task.exitCodes[text(container.Name)] = Number(code ?? 0);
    }
  }
  world.emit({
    "detail-type": "ECS Task State Change",
    source: "aws.ecs",
    account: context.account,
    region: context.region,
    resources: [task.arn],
    detail: shownOneOff(task, context),
  });
}

const containersOf = ({ taskDefinition }: OneOff, context: Context): readonly Declared[] =>
  objects(ecsOf(context).taskDefinitions[taskDefinition]?.properties.ContainerDefinitions);

/** Such a task, as ECS describes it. */
export const shownOneOff = (task: OneOff, context: Context) => ({
  taskArn: task.arn,
  clusterArn: task.cluster,
  taskDefinitionArn: task.taskDefinition,
  startedBy: task.startedBy,
  lastStatus: task.lastStatus,
  desiredStatus: task.lastStatus === "STOPPED" ? "STOPPED" : "RUNNING",
  createdAt: new Date(task.createdAt),
  overrides: { containerOverrides: task.overrides },
  ...(task.stoppedAt === undefined ? {} : { stoppedAt: new Date(task.stoppedAt) }),
  ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
  ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
  containers: containersOf(task, context).map(({ Image, Name }) => ({
    name: Name,
    image: Image,
    lastStatus: task.lastStatus,
    ...(task.exitCodes[text(Name)] === undefined ? {} : { exitCode: task.exitCodes[text(Name)] }),
  })),
});
