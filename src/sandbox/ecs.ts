import { attempt, steady } from "./ecs/deployments.ts";
import { active, type ClusterInput, clusterArn, knownCluster, missing } from "./ecs/registry.ts";
import { ended, type RunTaskInput, runTask, shownOneOff } from "./ecs/run-task.ts";
import { type Deployment, type EcsService, ecsOf, type Task } from "./ecs/state.ts";
import {
  type DescribeTasksInput,
  describeTasks,
  type ListTasksInput,
  listTasks,
} from "./ecs/task-reads.ts";
import { desiredCount } from "./ecs/tasks.ts";
import { takes } from "./inputs.ts";
import { AwsError, type Context, type Service } from "./world.ts";

/** ECS: what CloudFormation deploys runs here, and tasks of their own. */
export const ecs: Service = {
  name: "ecs",
  operations: {
    DescribeClusters: takes<{ readonly clusters?: readonly string[] }>(
      ["clusters"],
      describeClusters,
    ),
    DescribeServices: takes<DescribeServicesInput>(["cluster", "services"], describeServices),
    DescribeTaskDefinition: takes(["taskDefinition"], describeTaskDefinition),
    DescribeTasks: takes<DescribeTasksInput>(["cluster", "tasks"], describeTasks),
    ListClusters: takes<object>([], (_, context) => ({
      clusterArns: Object.values(ecsOf(context).clusters).flatMap(({ arn, status }) =>
        status === "ACTIVE" ? [arn] : [],
      ),
    })),
    ListServices: takes<ClusterInput>(["cluster"], listServices),
    RunTask: takes<RunTaskInput>(
      [
        "capacityProviderStrategy",
        "clientToken",
        "cluster",
        "launchType",
        "networkConfiguration",
        "overrides",
        "startedBy",
        "taskDefinition",
      ],
      (input, context) => {
        const task = runTask(input, knownCluster(input, context), context);
        return { tasks: [shownOneOff(task, context)], failures: [] };
      },
    ),
    ListTasks: takes<ListTasksInput>(["cluster", "desiredStatus", "serviceName"], listTasks),
  },
  tasks: { attempt, ended, steady },
};

function describeClusters(
  { clusters = ["default"] }: { readonly clusters?: readonly string[] },
  context: Context,
) {
  const state = ecsOf(context);
  const arns = clusters.map((name) => clusterArn(context, name));
  return {
    clusters: arns.flatMap((arn) => {
      const cluster = state.clusters[arn];
      if (cluster === undefined) return [];
      const services = active(context, arn);
      const tasks = services.flatMap((service) => service.tasks);
      return [
        {
          clusterArn: arn,
          clusterName: cluster.name,
          status: cluster.status,
          registeredContainerInstancesCount: 0,
          runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === "RUNNING").length,
          pendingTasksCount: tasks.filter(({ lastStatus }) => lastStatus === "PENDING").length,
          activeServicesCount: services.length,
        },
      ];
    }),
    failures: arns.filter((arn) => state.clusters[arn] === undefined).map(missing),
  };
}

interface DescribeServicesInput extends ClusterInput {
  readonly services?: readonly string[];
}

function describeServices(input: DescribeServicesInput, context: Context) {
  const { services = [] } = input;
  if (services.length === 0 || services.length > 10) {
    throw new AwsError("InvalidParameterException", "Services cannot be empty or more than 10.");
  }
  const cluster = knownCluster(input, context);
  const [, clusterName] = cluster.split("/");
  const arns = services.map((service) =>
    service.startsWith("arn:")
      ? service
      : `arn:aws:ecs:${context.region}:${context.account}:service/${clusterName}/${service}`,
  );
  const found = arns.map((arn) => ({ arn, service: ecsOf(context).services[arn] }));
  return {
    services: found.flatMap(({ service }) => (service === undefined ? [] : [shown(service)])),
    failures: found.flatMap(({ arn, service }) => (service === undefined ? [missing(arn)] : [])),
  };
}

const date = (milliseconds: number): Date => new Date(milliseconds);

function shown(service: EcsService) {
  const { properties, tasks } = service;
  const [primary] = service.deployments;
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster,
    loadBalancers: lowered(properties.LoadBalancers ?? []),
    serviceRegistries: lowered(properties.ServiceRegistries ?? []),
    status: service.status,
    desiredCount: service.status === "ACTIVE" ? desiredCount(service) : 0,
    runningCount: counted(tasks, "RUNNING"),
    pendingCount: counted(tasks, "PENDING"),
    ...(properties.CapacityProviderStrategy === undefined
      ? { launchType: properties.LaunchType ?? "FARGATE" }
      : { capacityProviderStrategy: lowered(properties.CapacityProviderStrategy) }),
    taskDefinition: primary?.taskDefinition ?? properties.TaskDefinition,
    deploymentConfiguration: lowered(properties.DeploymentConfiguration ?? {}),
    deployments: service.deployments.map((deployment) => shownDeployment(service, deployment)),
    events: service.events.map(({ at, id, message }) => ({ id, createdAt: date(at), message })),
    createdAt: date(service.createdAt),
    networkConfiguration: lowered(properties.NetworkConfiguration ?? {}),
    schedulingStrategy: properties.SchedulingStrategy ?? "REPLICA",
    deploymentController: { type: "ECS" },
    enableECSManagedTags: false,
    propagateTags: properties.PropagateTags ?? "NONE",
    enableExecuteCommand: properties.EnableExecuteCommand ?? false,
  };
}

const counted = (tasks: readonly Task[], status: Task["lastStatus"]): number =>
  tasks.filter(({ lastStatus }) => lastStatus === status).length;

function shownDeployment(service: EcsService, deployment: Deployment) {
  const own = service.tasks.filter((task) => task.deployment === deployment.id);
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: deployment.taskDefinition,
    desiredCount: deployment.status === "PRIMARY" ? desiredCount(service) : 0,
    pendingCount: counted(own, "PENDING"),
    runningCount: counted(own, "RUNNING"),
    failedTasks: deployment.failedTasks,
    createdAt: date(deployment.createdAt),
    updatedAt: date(deployment.updatedAt),
    launchType: service.properties.LaunchType ?? "FARGATE",
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
}

/** CloudFormation's member names as ECS writes them; the keys of free maps stay. */
function lowered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      `${key.charAt(0).toLowerCase()}${key.slice(1)}`,
      free.has(key) ? item : lowered(item),
    ]),
  );
}

const free: ReadonlySet<string> = new Set(["DockerLabels", "DriverOpts", "Labels", "Options"]);

function listServices(input: ClusterInput, context: Context) {
  const services = active(context, knownCluster(input, context));
  return { serviceArns: services.map(({ arn }) => arn) };
}

function describeTaskDefinition(
  { taskDefinition = "" }: { readonly taskDefinition?: string },
  context: Context,
) {
  const all = Object.values(ecsOf(context).taskDefinitions);
  const found = all
    .toSorted((a, b) => b.revision - a.revision)
    .find(
      ({ arn, family, revision, status }) =>
        taskDefinition === arn ||
        taskDefinition === `${family}:${revision}` ||
        (taskDefinition === family && status === "ACTIVE"),
    );
  if (found === undefined) {
    throw new AwsError("ClientException", "Unable to describe task definition.");
  }
  const { Tags: _, ...declared } = found.properties;
  return {
    taskDefinition: {
      taskDefinitionArn: found.arn,
      ...(lowered(declared) as object),
      family: found.family,
      revision: found.revision,
      status: found.status,
      registeredAt: date(found.registeredAt),
    },
    tags: [],
  };
}
