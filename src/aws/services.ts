import { isWell, type RunningService, type UnderWay } from "../model/observed.ts";
import type { Call, Operations } from "./call.ts";
import { describe } from "./ecs-service.ts";
import { causeIn } from "./service-causes.ts";

type Resource = NonNullable<
  Operations["cloudformation:ListStackResources"][1]["StackResourceSummaries"]
>[number];

/** The ECS services of a stack as they run, beside the task definition that the stack has. */
export async function servicesOf(id: string, call: Call): Promise<readonly RunningService[]> {
  const resources = await resourcesOf(id, call);
  const idsOf = (type: string) => resources.filter(({ ResourceType }) => ResourceType === type);
  const [wanted, ...others] = idsOf("AWS::ECS::TaskDefinition");
  const taskDefinition = others.length === 0 ? wanted?.PhysicalResourceId : undefined;
  return Promise.all(
    idsOf("AWS::ECS::Service").map((service) => runningOf(service, taskDefinition, call)),
  );
}

/** The resources that the operation on a stack is busy with. */
export const underWay = async (id: string, call: Call): Promise<readonly UnderWay[]> =>
  (await resourcesOf(id, call))
    .filter(({ ResourceStatus = "" }) => ResourceStatus.endsWith("_IN_PROGRESS"))
    .map(({ LastUpdatedTimestamp, LogicalResourceId = "", ResourceType = "" }) => ({
      logicalId: LogicalResourceId,
      type: ResourceType,
      since: LastUpdatedTimestamp?.toISOString() ?? "",
    }));

/** Logical → physical id of the resources of a stack that have one. */
export const idsIn = async (id: string, call: Call): Promise<ReadonlyMap<string, string>> =>
  new Map(
    (await resourcesOf(id, call)).flatMap(({ LogicalResourceId = "", PhysicalResourceId }) =>
      PhysicalResourceId === undefined ? [] : [[LogicalResourceId, PhysicalResourceId] as const],
    ),
  );

/** One ECS service of a stack, as ECS describes it; undefined: there is none of this logical id. */
export async function serviceIn(id: string, logicalId: string, call: Call) {
  const resources = await resourcesOf(id, call);
  const { PhysicalResourceId: arn } =
    resources.find(({ LogicalResourceId }) => LogicalResourceId === logicalId) ?? {};
  return arn === undefined ? undefined : describe(arn, call);
}

export async function resourcesOf(StackName: string, call: Call): Promise<readonly Resource[]> {
  const found: Resource[] = [];
  let NextToken: string | undefined;
  do {
    const page = await call("cloudformation:ListStackResources", {
      StackName,
      ...(NextToken === undefined ? {} : { NextToken }),
    });
    found.push(...(page.StackResourceSummaries ?? []));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return found;
}

async function runningOf(
  { LogicalResourceId: logicalId = "", PhysicalResourceId: arn = "" }: Resource,
  wanted: string | undefined,
  call: Call,
): Promise<RunningService> {
  const service = await describe(arn, call);
  const newest = service?.deployments?.find(({ status }) => status === "PRIMARY");
  const running = {
    logicalId,
    wanted,
    running: newest?.taskDefinition,
    rollout: newest?.rolloutState,
    desiredTasks: service?.desiredCount ?? 0,
    runningTasks: service?.runningCount ?? 0,
  };
  if (newest === undefined || isWell(running)) return running;
  const cause = await causeIn({ arn, from: newest.createdAt ?? new Date(0), until: ever }, call);
  return cause === undefined ? running : { ...running, cause };
}

/** The last moment that there is. */
const ever = new Date(8.64e15);
