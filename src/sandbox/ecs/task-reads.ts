import { AwsError, type Context } from "../world.ts";
import { active, type ClusterInput, knownCluster, missing } from "./registry.ts";
import { oneOffsOf, shownOneOff } from "./run-task.ts";
import { type EcsService, ecsOf, objects, type Task } from "./state.ts";

/** Which tasks to list. */
export interface ListTasksInput extends ClusterInput {
  readonly serviceName?: string;
  readonly desiredStatus?: string;
}

/** The ARNs of a cluster's tasks, running or stopped. */
export function listTasks(input: ListTasksInput, context: Context) {
  const { desiredStatus = "RUNNING", serviceName } = input;
  const cluster = knownCluster(input, context);
  const services = active(context, cluster).filter(
    ({ arn, name }) => serviceName === undefined || [arn, name].includes(serviceName),
  );
  if (serviceName !== undefined && services.length === 0) {
    throw new AwsError("ServiceNotFoundException", "Service not found.");
  }
  const tasks = services.flatMap((service) => service.tasks);
  const wanted = tasks.filter(
    ({ lastStatus }) => (lastStatus === "STOPPED") === (desiredStatus === "STOPPED"),
  );
  return { taskArns: wanted.map((task) => taskArn(cluster, task)) };
}

const taskArn = (cluster: string, { id }: Task): string =>
  `${cluster.replace(":cluster/", ":task/")}/${id}`;

/** Which tasks to describe. */
export interface DescribeTasksInput extends ClusterInput {
  readonly tasks?: readonly string[];
}

/** Tasks, of services and of none. */
export function describeTasks(input: DescribeTasksInput, context: Context) {
  const cluster = knownCluster(input, context);
  const all = Object.values(ecsOf(context).services)
    .filter((service) => service.cluster === cluster)
    .flatMap((service) => service.tasks.map((task) => ({ service, task })));
  const { tasks: asked = [] } = input;
  const oneOffs = oneOffsOf(context).filter(({ arn, id }) =>
    asked.some((one) => one === arn || one === id),
  );
  const found = asked
    .filter((name) => !oneOffs.some(({ arn, id }) => name === arn || name === id))
    .map((name) => ({
      name,
      found: all.find(({ task }) => name === task.id || name === taskArn(cluster, task)),
    }));
  return {
    tasks: [
      ...oneOffs.map((task) => shownOneOff(task, context)),
      ...found.flatMap((one) =>
        one.found === undefined ? [] : [shownTask(cluster, one.found, context)],
      ),
    ],
    failures: found.flatMap((one) => (one.found === undefined ? [missing(one.name)] : [])),
  };
}

function shownTask(
  cluster: string,
  { service, task }: { readonly service: EcsService; readonly task: Task },
  context: Context,
) {
  const containers = objects(
    ecsOf(context).taskDefinitions[task.taskDefinition]?.properties.ContainerDefinitions,
  );
  return {
    taskArn: taskArn(cluster, task),
    clusterArn: cluster,
    taskDefinitionArn: task.taskDefinition,
    group: `service:${service.name}`,
    startedBy: task.deployment,
    launchType: service.properties.LaunchType ?? "FARGATE",
    lastStatus: task.lastStatus,
    desiredStatus: task.lastStatus === "STOPPED" ? "STOPPED" : "RUNNING",
    createdAt: new Date(task.createdAt),
    ...(task.stoppedAt === undefined ? {} : { stoppedAt: new Date(task.stoppedAt) }),
    ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
    ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
    containers: containers.map(({ Image, Name }) => ({
      name: Name,
      image: Image,
      lastStatus: task.lastStatus,
      ...(task.stopCode === "EssentialContainerExited" ? { exitCode: 1 } : {}),
    })),
  };
}
