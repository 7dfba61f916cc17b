import { describe, expect, test } from "vitest";
import type { BusEvent, World } from "../../src/sandbox/world.ts";
import { deployed, settle } from "./cloudformation/a-world.ts";
import { aWorld, call, refusal } from "./world-of-services.ts";

const site = (environment: readonly object[] = []) =>
  JSON.stringify({
    Resources: {
      Cluster: { Type: "AWS::ECS::Cluster", Properties: { ClusterName: "main" } },
      Balancer: {
        Type: "AWS::ElasticLoadBalancingV2::LoadBalancer",
        Properties: { Subnets: ["subnet-1", "subnet-2"] },
      },
      Listener: {
        Type: "AWS::ElasticLoadBalancingV2::Listener",
        Properties: {
          LoadBalancerArn: { Ref: "Balancer" },
          Port: 80,
          Protocol: "HTTP",
          DefaultActions: [
            {
              Type: "fixed-response",
              FixedResponseConfig: { StatusCode: "404", MessageBody: "no" },
            },
          ],
        },
      },
      Group: {
        Type: "AWS::ElasticLoadBalancingV2::TargetGroup",
        Properties: { VpcId: "vpc-1", Port: 80, Protocol: "HTTP" },
      },
      Rule: {
        Type: "AWS::ElasticLoadBalancingV2::ListenerRule",
        Properties: {
          ListenerArn: { Ref: "Listener" },
          Priority: 1,
          Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/shop/*"] } }],
          Actions: [{ Type: "forward", TargetGroupArn: { Ref: "Group" } }],
        },
      },
      Task: {
        Type: "AWS::ECS::TaskDefinition",
        Properties: {
          Family: "web",
          ContainerDefinitions: [{ Name: "web", Image: "nginx:1", Environment: environment }],
        },
      },
      Web: {
        Type: "AWS::ECS::Service",
        DependsOn: ["Rule"],
        Properties: {
          Cluster: { Ref: "Cluster" },
          ServiceName: "web",
          TaskDefinition: { Ref: "Task" },
          DesiredCount: 1,
          LoadBalancers: [
            { ContainerName: "web", ContainerPort: 80, TargetGroupArn: { Ref: "Group" } },
          ],
        },
      },
    },
    Outputs: {
      Address: { Value: { "Fn::GetAtt": ["Balancer", "DNSName"] } },
      Task: { Value: { Ref: "Task" } },
    },
  });

function outputs(world: World): Record<string, string> {
  const [{ Outputs }] = call(world, "cloudformation:DescribeStacks", { StackName: "s" }).Stacks;
  return Object.fromEntries(
    Outputs.map(({ OutputKey, OutputValue }: Record<string, string>) => [OutputKey, OutputValue]),
  );
}

describe("a visitor of a load balancer", () => {
  const visit = (path: string, environment: readonly object[] = []) => {
    const world = aWorld();
    deployed(world, "s", site(environment));
    return call(world, "http:Get", { url: `http://${outputs(world).Address}${path}` });
  };

  test("reaches the service that a rule sends to", () => {
    expect(visit("/shop/cart")).toEqual({ status: 200, body: "ok\n" });
  });

  test("gets what the listener answers by itself elsewhere", () => {
    expect(visit("/")).toEqual({ status: 404, body: "no" });
  });

  test("gets what the container is told to say", () => {
    const environment = [
      { Name: "SANDBOX_HTTP_STATUS", Value: "500" },
      { Name: "SANDBOX_HTTP_BODY", Value: "broken" },
    ];
    expect(visit("/shop/", environment)).toEqual({ status: 500, body: "broken" });
  });

  test("finds nobody at another name or port", () => {
    const world = aWorld();
    deployed(world, "s", site());
    const { Address } = outputs(world);
    expect(refusal(world, "http:Get", { url: "http://other.example/" })).toMatch(/^ENOTFOUND/);
    expect(refusal(world, "http:Get", { url: `https://${Address}/` })).toMatch(/^ECONNREFUSED/);
  });
});

describe("a build", () => {
  const project = (world: World, ...environmentVariables: readonly object[]) =>
    call(world, "codebuild:CreateProject", {
      name: "tests",
      environment: { environmentVariables },
    });
  const statusOf = (world: World, id: string) =>
    call(world, "codebuild:BatchGetBuilds", { ids: [id] }).builds[0].buildStatus;

  test("goes on for a while, ends well, and says so", () => {
    const heard: BusEvent[] = [];
    const world = aWorld(heard);
    project(world);
    const { id } = call(world, "codebuild:StartBuild", { projectName: "tests" }).build;
    expect(statusOf(world, id)).toBe("IN_PROGRESS");
    settle(world);
    expect(statusOf(world, id)).toBe("SUCCEEDED");
    expect(heard.at(-1)).toMatchObject({
      "detail-type": "CodeBuild Build State Change",
      detail: { "build-status": "SUCCEEDED", "project-name": "tests" },
    });
  });

  test("ends as it is told to", () => {
    const world = aWorld();
    project(world, { name: "SANDBOX_BUILD_STATUS", value: "FAILED" });
    const { id } = call(world, "codebuild:StartBuild", { projectName: "tests" }).build;
    settle(world);
    expect(statusOf(world, id)).toBe("FAILED");
  });

  test("is the same one for the same token within five minutes", () => {
    const world = aWorld();
    project(world);
    const start = () =>
      call(world, "codebuild:StartBuild", { projectName: "tests", idempotencyToken: "t" }).build.id;
    const first = start();
    expect(start()).toBe(first);
    world.advanceTo(world.now + 300_000);
    expect(start()).not.toBe(first);
  });

  test("of a project that is not there is refused", () => {
    expect(refusal(aWorld(), "codebuild:StartBuild", { projectName: "tests" })).toMatch(
      /^ResourceNotFoundException/,
    );
  });
});

describe("a task of its own", () => {
  const run = (world: World, more: object = {}) =>
    call(world, "ecs:RunTask", {
      cluster: "main",
      taskDefinition: outputs(world).Task,
      startedBy: "me",
      ...more,
    }).tasks[0];
  const look = (world: World, arn: string) =>
    call(world, "ecs:DescribeTasks", { cluster: "main", tasks: [arn] }).tasks[0];

  test("runs once, exits as it is told to, and says so", () => {
    const heard: BusEvent[] = [];
    const world = aWorld(heard);
    deployed(world, "s", site([{ Name: "SANDBOX_EXIT_CODE", Value: "3" }]));
    const { taskArn } = run(world);
    expect(look(world, taskArn).lastStatus).toBe("PENDING");
    settle(world);
    expect(look(world, taskArn)).toMatchObject({
      lastStatus: "STOPPED",
      containers: [{ name: "web", exitCode: 3 }],
    });
    expect(heard.at(-1)).toMatchObject({
      "detail-type": "ECS Task State Change",
      detail: { lastStatus: "STOPPED", startedBy: "me" },
    });
  });

  test("is the same one for the same token", () => {
    const world = aWorld();
    deployed(world, "s", site());
    const { taskArn } = run(world, { clientToken: "t" });
    expect(run(world, { clientToken: "t" }).taskArn).toBe(taskArn);
    expect(run(world).taskArn).not.toBe(taskArn);
  });

  test("is told no more than ECS takes", () => {
    const world = aWorld();
    deployed(world, "s", site());
    const told = (value: string) => ({
      overrides: { containerOverrides: [{ name: "web", environment: [{ name: "A", value }] }] },
    });
    const room = 8192 - JSON.stringify(told("").overrides).length;
    run(world, told("x".repeat(room)));
    const cluster = { cluster: "main", taskDefinition: outputs(world).Task };
    expect(refusal(world, "ecs:RunTask", { ...cluster, ...told("x".repeat(room + 1)) })).toBe(
      "InvalidParameterException: Container Overrides length must be at most 8192",
    );
  });

  test("leaves the service's own tasks alone", () => {
    const world = aWorld();
    deployed(world, "s", site());
    run(world);
    settle(world);
    const [service] = call(world, "ecs:DescribeServices", {
      cluster: "main",
      services: ["web"],
    }).services;
    expect(service).toMatchObject({ runningCount: 1, desiredCount: 1 });
  });
});

describe("a function that somebody made", () => {
  test("answers what stands in its environment", () => {
    const world = aWorld();
    call(world, "lambda:CreateFunction", {
      FunctionName: "smoke",
      Role: "arn:aws:iam::123456789012:role/smoke",
      Environment: { Variables: { SANDBOX_ANSWER: '{"verdict":"passed"}' } },
    });
    const { Payload } = call(world, "lambda:Invoke", { FunctionName: "smoke" });
    expect(new TextDecoder().decode(Payload)).toBe('{"verdict":"passed"}');
  });
});
