import { describe, expect, test } from "vitest";
import { causeIn, isUnstable } from "../../src/aws/service-causes.ts";
import { awsError, recorder } from "./recorder.ts";

const minute = (at: number): Date => new Date(Date.UTC(2026, 0, 1, 12, at));
const unstable = {
  arn: "arn:aws:ecs:eu-west-1:123456789012:service/shop-Cluster-1/shop-WebService-2",
  from: minute(10),
  until: minute(20),
};
const listed = { taskArns: ["one", "two", "three"] };
const denied = awsError("AccessDeniedException");

const stopped = (at: number, stoppedReason: string, more: object = {}) => ({
  createdAt: minute(at),
  stoppedReason,
  ...more,
});

const tasks = (...found: readonly object[]) => ({
  "ecs:ListTasks": [listed],
  "ecs:DescribeTasks": [{ tasks: found }],
});

const events = (...messages: readonly (readonly [at: number, message: string])[]) => ({
  "ecs:DescribeServices": [
    {
      services: [{ events: messages.map(([at, message]) => ({ createdAt: minute(at), message })) }],
    },
  ],
});

describe("why a service did not become stable", () => {
  test("is what its newest task of that deployment stopped for", async () => {
    const { call, requests } = recorder(
      tasks(
        stopped(25, "of the way back"),
        stopped(15, "older"),
        stopped(19, "Scaling activity initiated by (deployment ecs-svc/1)"),
        stopped(18, "CannotPullContainerError: not found"),
        stopped(5, "of a deployment before"),
      ),
    );
    expect(await causeIn(unstable, call)).toBe("CannotPullContainerError: not found");
    const [cluster, serviceName] = ["shop-Cluster-1", "shop-WebService-2"];
    expect(requests).toEqual([
      {
        operation: "ecs:ListTasks",
        input: { cluster, serviceName, desiredStatus: "STOPPED" },
      },
      { operation: "ecs:DescribeTasks", input: { cluster, tasks: listed.taskArns } },
    ]);
  });

  test("names the container that ended, and how", async () => {
    const containers = [
      { name: "xray", exitCode: 0 },
      { name: "web", exitCode: 137, reason: "OutOfMemoryError: Container killed" },
    ];
    const { call } = recorder(
      tasks(stopped(15, "Essential container in task exited", { containers })),
    );
    expect(await causeIn(unstable, call)).toBe(
      "Essential container in task exited (web exited with 137, OutOfMemoryError: Container killed)",
    );
  });

  test("is in the service's events, where no task tells, as of a service that is no more", async () => {
    for (const answer of [{ taskArns: [] }, awsError("ServiceNotFoundException")]) {
      const { call } = recorder({
        "ecs:ListTasks": [answer],
        ...events(
          [22, "(service web) was unable to place a task: too late."],
          [19, "(service web) (deployment ecs-svc/1) deployment failed: tasks failed to start."],
          [18, "(service web) failed to launch a task with (error the role is gone)."],
          [17, "(service web) was unable to place a task."],
          [16, "(service web) has started 1 tasks: (task 1)."],
        ),
      });
      expect(await causeIn(unstable, call)).toBe(
        "failed to launch a task with (error the role is gone).",
      );
    }
  });

  test("is unknown where ECS says nothing, or nobody may ask; what else fails is an error", async () => {
    const nothing = recorder({
      "ecs:ListTasks": [awsError("ClusterNotFoundException")],
      "ecs:DescribeServices": [awsError("ClusterNotFoundException")],
    });
    expect(await causeIn(unstable, nothing.call)).toBeUndefined();
    const refused = recorder({ "ecs:ListTasks": [denied], "ecs:DescribeServices": [denied] });
    expect(await causeIn(unstable, refused.call)).toBeUndefined();
    const throttled = recorder({ "ecs:ListTasks": [awsError("ThrottlingException")] });
    await expect(causeIn(unstable, throttled.call)).rejects.toThrow("ThrottlingException");
  });

  test("is cut in its middle: both ends tell", async () => {
    const { call } = recorder(tasks(stopped(15, `Cannot ${"x".repeat(900)} not found`)));
    const cause = await causeIn(unstable, call);
    expect(cause).toMatch(/^Cannot x+ … x+ not found$/);
    expect(cause?.length).toBeLessThanOrEqual(241);
  });

  test.for([
    ["Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.", true],
    ["Exceeded attempts to wait (HandlerErrorCode: NotStabilized)", true],
    ["Resource of type 'AWS::ECS::Service' with identifier 'web' did not stabilize.", true],
    ["Unable to assume the role of the service", false],
  ] as const)("is asked for after %s: %s", ([reason, expected]) => {
    expect(isUnstable(reason)).toBe(expected);
  });
});

test("a cause is in the service's events, too, where its tasks may not be looked at", async () => {
  const said = [18, "(service web) was unable to place a task."] as const;
  for (const answers of [
    { "ecs:ListTasks": [denied] },
    { "ecs:ListTasks": [listed], "ecs:DescribeTasks": [denied] },
  ]) {
    const { call } = recorder({ ...answers, ...events(said) });
    expect(await causeIn(unstable, call)).toBe("was unable to place a task.");
  }
});
