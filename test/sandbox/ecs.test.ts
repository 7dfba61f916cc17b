import { describe, expect, test } from "vitest";
import { failTasks, mendTasks } from "../../src/sandbox/ecs/images.ts";
import type { BusEvent, World } from "../../src/sandbox/world.ts";
import {
  cloudformation,
  contextOf,
  deployed,
  eventsOf,
  settle,
  stackOf,
  statusOf,
} from "./cloudformation/a-world.ts";
import { aWorld, call, refusal } from "./world-of-services.ts";

const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const breaker = { DeploymentCircuitBreaker: { Enable: true, Rollback: true } };

const service = (Image: string, more: object = {}): string =>
  JSON.stringify({
    Resources: {
      Cluster: { Type: "AWS::ECS::Cluster", Properties: { ClusterName: "main" } },
      Task: {
        Type: "AWS::ECS::TaskDefinition",
        Properties: { Family: "web", ContainerDefinitions: [{ Name: "web", Image }] },
      },
      Web: {
        Type: "AWS::ECS::Service",
        Properties: {
          Cluster: { Ref: "Cluster" },
          ServiceName: "web",
          TaskDefinition: { Ref: "Task" },
          DeploymentConfiguration: breaker,
          DesiredCount: 2,
          ...more,
        },
      },
    },
    Outputs: { Task: { Value: { Ref: "Task" } } },
  });

const serviceOf = (world: World) =>
  call(world, "ecs:DescribeServices", { cluster: "main", services: ["web"] }).services[0];

const update = (world: World, TemplateBody: string) => {
  cloudformation(world, "UpdateStack", { StackName: "s", TemplateBody });
  settle(world);
};

const push = (world: World, tag: string) => {
  if (refusal(world, "ecr:DescribeImages", { repositoryName: "web" }) !== "accepted") {
    call(world, "ecr:CreateRepository", { repositoryName: "web" });
  }
  const imageManifest = JSON.stringify({ schemaVersion: 2, tag });
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  call(world, "ecr:PutImage", {
    repositoryName: "web",
    imageTag: tag,
    imageManifest,
    imageManifestMediaType: mediaType,
  });
};

const tripped =
  /^Web \w+_FAILED Resource handler returned message: "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'\." \(RequestToken: [0-9a-f-]{36}, HandlerErrorCode: GeneralServiceException\)$/;

test("a service whose image is there comes up, and its stack with it", () => {
  const heard: BusEvent[] = [];
  const world = aWorld(heard);
  push(world, "1");
  deployed(world, "s", service(`${registry}/web:1`));
  expect(statusOf(world, "s")).toBe("CREATE_COMPLETE");
  expect(serviceOf(world)).toMatchObject({
    status: "ACTIVE",
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    taskDefinition: stackOf(world, "s").Outputs[0].OutputValue,
    deployments: [{ status: "PRIMARY", rolloutState: "COMPLETED", runningCount: 2 }],
  });
  const deployments = heard.filter((event) => event.source === "aws.ecs");
  expect(deployments.map(({ detail, resources }) => ({ detail, resources }))).toEqual(
    ["IN_PROGRESS", "COMPLETED"].map((state) => ({
      resources: ["arn:aws:ecs:eu-west-1:123456789012:service/main/web"],
      detail: expect.objectContaining({
        eventType: "INFO",
        eventName: `SERVICE_DEPLOYMENT_${state}`,
      }),
    })),
  );
});

describe("a service whose image is missing", () => {
  test("trips the circuit breaker after three tasks, and its stack rolls back", () => {
    const heard: BusEvent[] = [];
    const world = aWorld(heard);
    push(world, "1");
    deployed(world, "s", service(`${registry}/web:1`));
    update(world, service(`${registry}/web:2`));
    expect(statusOf(world, "s")).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(eventsOf(world, "s")).toContainEqual(expect.stringMatching(tripped));
    expect(serviceOf(world)).toMatchObject({
      taskDefinition: expect.stringMatching(/web:1$/),
      runningCount: 2,
    });
    const stopped = call(world, "ecs:ListTasks", { cluster: "main", desiredStatus: "STOPPED" });
    const { tasks } = call(world, "ecs:DescribeTasks", {
      cluster: "main",
      tasks: stopped.taskArns,
    });
    const reasons = tasks.map((task: { stoppedReason: string }) => task.stoppedReason);
    expect(
      reasons.filter((reason: string) => reason.startsWith("CannotPullContainerError")),
    ).toHaveLength(3);
    expect(heard.map(({ detail }) => detail)).toContainEqual(
      expect.objectContaining({
        eventType: "ERROR",
        eventName: "SERVICE_DEPLOYMENT_FAILED",
        reason: "ECS deployment circuit breaker: task failed to start.",
      }),
    );
  });

  test("comes up after all when the image is pushed in time", () => {
    const world = aWorld();
    call(world, "ecr:CreateRepository", { repositoryName: "web" });
    cloudformation(world, "CreateStack", {
      StackName: "s",
      TemplateBody: service(`${registry}/web:1`, { DeploymentConfiguration: {} }),
    });
    world.advanceTo(world.now + 10 * 60_000);
    expect(statusOf(world, "s")).toBe("CREATE_IN_PROGRESS");
    push(world, "1");
    settle(world);
    expect(statusOf(world, "s")).toBe("CREATE_COMPLETE");
  });

  test("without a breaker keeps its stack busy for three hours", () => {
    const world = aWorld();
    const start = world.now;
    cloudformation(world, "CreateStack", {
      StackName: "s",
      TemplateBody: service(`${registry}/web:1`, { DeploymentConfiguration: {} }),
    });
    world.advanceTo(start + 3 * 3_600_000);
    expect(statusOf(world, "s")).toBe("CREATE_IN_PROGRESS");
    settle(world);
    expect(statusOf(world, "s")).toBe("ROLLBACK_COMPLETE");
    expect(eventsOf(world, "s").join()).toContain("Exceeded attempts to wait");
  });
});

test("tasks can be made to crash, and mended", () => {
  const world = aWorld();
  failTasks(contextOf(world), "nginx:2");
  deployed(world, "s", service("nginx:1"));
  update(world, service("nginx:2"));
  expect(statusOf(world, "s")).toBe("UPDATE_ROLLBACK_COMPLETE");
  expect(eventsOf(world, "s")).toContainEqual(expect.stringMatching(tripped));
  mendTasks(contextOf(world), "nginx:2");
  update(world, service("nginx:2"));
  expect(statusOf(world, "s")).toBe("UPDATE_COMPLETE");
});

test("another number of tasks is no new deployment", () => {
  const world = aWorld();
  deployed(world, "s", service("nginx:1"));
  const [{ id }] = serviceOf(world).deployments;
  for (const DesiredCount of [5, 1]) {
    update(world, service("nginx:1", { DesiredCount }));
    expect(serviceOf(world)).toMatchObject({
      desiredCount: DesiredCount,
      runningCount: DesiredCount,
      deployments: [{ id, runningCount: DesiredCount }],
    });
  }
});

test("a service waits for no listener: its target group must have one already", () => {
  const behind = (DependsOn: readonly string[]): string => {
    const { Outputs, Resources } = JSON.parse(
      service("nginx:1", { LoadBalancers: [{ TargetGroupArn: { Ref: "Group" } }] }),
    );
    const forward = [{ Type: "forward", TargetGroupArn: { Ref: "Group" } }];
    return JSON.stringify({
      Outputs,
      Resources: {
        ...Resources,
        Web: { ...Resources.Web, DependsOn },
        Balancer: { Type: "AWS::ElasticLoadBalancingV2::LoadBalancer" },
        Group: { Type: "AWS::ElasticLoadBalancingV2::TargetGroup" },
        Listener: {
          Type: "AWS::ElasticLoadBalancingV2::Listener",
          Properties: { LoadBalancerArn: { Ref: "Balancer" }, DefaultActions: forward },
        },
      },
    });
  };
  const world = aWorld();
  const id = deployed(world, "s", behind([]));
  expect(statusOf(world, "s")).toBe("ROLLBACK_COMPLETE");
  expect(eventsOf(world, id).join()).toContain("does not have an associated load balancer");
  cloudformation(world, "DeleteStack", { StackName: "s" });
  settle(world);
  deployed(world, "s", behind(["Listener"]));
  expect(statusOf(world, "s")).toBe("CREATE_COMPLETE");
});

test("images of other registries are taken to be there", () => {
  const world = aWorld();
  deployed(world, "s", service("public.ecr.aws/xray/aws-xray-daemon:latest"));
  expect(statusOf(world, "s")).toBe("CREATE_COMPLETE");
});

test("an image is also found by its digest", () => {
  const world = aWorld();
  push(world, "1");
  const { imageDetails } = call(world, "ecr:DescribeImages", { repositoryName: "web" });
  deployed(world, "s", service(`${registry}/web@${imageDetails[0].imageDigest}`));
  expect(statusOf(world, "s")).toBe("CREATE_COMPLETE");
});

test("each new content of a family is a new revision, and the newest active one answers", () => {
  const world = aWorld();
  deployed(world, "s", service("nginx:1"));
  update(world, service("nginx:2"));
  const { taskDefinition } = call(world, "ecs:DescribeTaskDefinition", { taskDefinition: "web" });
  expect(taskDefinition).toMatchObject({
    family: "web",
    revision: 2,
    status: "ACTIVE",
    containerDefinitions: [{ name: "web", image: "nginx:2" }],
  });
  const old = call(world, "ecs:DescribeTaskDefinition", { taskDefinition: "web:1" });
  expect(old.taskDefinition.status).toBe("INACTIVE");
});

test("what is not there is said the way ECS says it", () => {
  const world = aWorld();
  expect(refusal(world, "ecs:DescribeServices", { cluster: "no", services: ["a"] })).toBe(
    "ClusterNotFoundException: Cluster not found.",
  );
  expect(refusal(world, "ecs:DescribeTaskDefinition", { taskDefinition: "no" })).toBe(
    "ClientException: Unable to describe task definition.",
  );
  deployed(world, "s", service("nginx:1"));
  expect(call(world, "ecs:DescribeServices", { cluster: "main", services: ["no"] })).toEqual({
    services: [],
    failures: [{ arn: "arn:aws:ecs:eu-west-1:123456789012:service/main/no", reason: "MISSING" }],
  });
});

test("a deleted service is gone with its tasks", () => {
  const world = aWorld();
  deployed(world, "s", service("nginx:1"));
  cloudformation(world, "DeleteStack", { StackName: "s" });
  settle(world);
  expect(call(world, "ecs:DescribeClusters", { clusters: ["main"] }).clusters[0].status).toBe(
    "INACTIVE",
  );
  expect(refusal(world, "ecs:ListServices", { cluster: "main" })).toMatch(/^ClusterNotFound/);
});
