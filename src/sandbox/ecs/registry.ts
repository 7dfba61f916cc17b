import { AwsError, type Context } from "../world.ts";
import { type Declared, type EcsService, ecsOf } from "./state.ts";
import { stop } from "./tasks.ts";

/** Takes note of a cluster or a task definition that CloudFormation made. */
export function register(
  context: Context,
  { physicalId, properties, type }: { physicalId: string; properties: Declared; type: string },
): void {
  const { clusters, taskDefinitions } = ecsOf(context);
  if (type === "AWS::ECS::Cluster") {
    const arn = clusterArn(context, physicalId);
    clusters[arn] = { arn, name: physicalId, status: "ACTIVE" };
  }
  if (type === "AWS::ECS::TaskDefinition") {
    const [, family = "", revision = "1"] = /task-definition\/(.+):(\d+)$/.exec(physicalId) ?? [];
    taskDefinitions[physicalId] = {
      arn: physicalId,
      family,
      revision: Number(revision),
      properties,
      status: "ACTIVE",
      registeredAt: context.world.now,
    };
  }
}

/** Takes note that CloudFormation deleted something. */
export function forget(
  context: Context,
  { physicalId, type }: { physicalId: string; type: string },
): void {
  const { clusters, services, taskDefinitions } = ecsOf(context);
  const gone =
    type === "AWS::ECS::Cluster"
      ? clusters[clusterArn(context, physicalId)]
      : (services[physicalId] ?? taskDefinitions[physicalId]);
  if (gone !== undefined) gone.status = "INACTIVE";
  const service = services[physicalId];
  if (service === undefined) return;
  service.deployments = [];
  stop(service.tasks, "Task stopped by (deployment)", context);
}

/** The ARN of a cluster that is named by name or ARN. */
export const clusterArn = ({ account, region }: Context, nameOrArn: string): string =>
  nameOrArn.startsWith("arn:")
    ? nameOrArn
    : `arn:aws:ecs:${region}:${account}:cluster/${nameOrArn || "default"}`;

/** Which cluster a call is about. */
export interface ClusterInput {
  readonly cluster?: string;
}

/** The ARN of the cluster of a call, which has to be there. */
export function knownCluster({ cluster = "default" }: ClusterInput, context: Context): string {
  const arn = clusterArn(context, cluster);
  if (ecsOf(context).clusters[arn]?.status === "ACTIVE") return arn;
  throw new AwsError("ClusterNotFoundException", "Cluster not found.");
}

/** The services of a cluster. */
export const active = (context: Context, cluster: string): readonly EcsService[] =>
  Object.values(ecsOf(context).services).filter(
    (service) => service.cluster === cluster && service.status === "ACTIVE",
  );

/** How ECS says that something is not there. */
export const missing = (arn: string) => ({ arn, reason: "MISSING" });
