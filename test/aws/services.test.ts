import { expect, test } from "vitest";
import type { Call } from "../../src/aws/call.ts";
import { servicesOf } from "../../src/aws/services.ts";

const service = "arn:aws:ecs:eu-west-1:123456789012:service/shop-Cluster-1/shop-WebService-2";
const task = (revision: number) =>
  `arn:aws:ecs:eu-west-1:123456789012:task-definition/shop-Web:${revision}`;

test("a stack's service is asked for in its own cluster, beside the stack's task definition, and why it ails", async () => {
  const asked: unknown[] = [];
  const pages = [
    {
      NextToken: "more",
      StackResourceSummaries: [
        { ResourceType: "AWS::ECS::TaskDefinition", PhysicalResourceId: task(4) },
      ],
    },
    {
      StackResourceSummaries: [
        {
          ResourceType: "AWS::ECS::Service",
          LogicalResourceId: "WebService",
          PhysicalResourceId: service,
        },
      ],
    },
  ];
  const call = (async (operation: string, input: object) => {
    asked.push([operation, input]);
    if (operation === "cloudformation:ListStackResources") return pages.shift();
    if (operation === "ecs:ListTasks") return { taskArns: ["task-1"] };
    if (operation === "ecs:DescribeTasks")
      return { tasks: [{ createdAt: new Date(2), stoppedReason: "CannotPullContainerError: no" }] };
    // ECS promises no order.
    const deployments = [
      { status: "ACTIVE", taskDefinition: task(2), createdAt: new Date(0) },
      {
        status: "PRIMARY",
        taskDefinition: task(3),
        rolloutState: "COMPLETED",
        createdAt: new Date(1),
      },
    ];
    return { services: [{ deployments, desiredCount: 2, runningCount: 1 }] };
  }) as Call;

  expect(await servicesOf("stack-id", call)).toEqual([
    {
      logicalId: "WebService",
      wanted: task(4),
      running: task(3),
      rollout: "COMPLETED",
      desiredTasks: 2,
      runningTasks: 1,
      cause: "CannotPullContainerError: no",
    },
  ]);
  expect(asked.slice(0, 3)).toEqual([
    ["cloudformation:ListStackResources", { StackName: "stack-id" }],
    ["cloudformation:ListStackResources", { StackName: "stack-id", NextToken: "more" }],
    ["ecs:DescribeServices", { cluster: "shop-Cluster-1", services: [service] }],
  ]);
});
