import { expect, test } from "vitest";
import type { RunningService } from "../../src/model/observed.ts";
import type { Condition } from "../../src/model/status.ts";
import { asksForHealth, healthOf, withoutStack } from "../../src/plan/health.ts";
import { stackIn, unitOf } from "./situations.ts";

const arnOf = (revision: number) => `arn:aws:ecs:eu-west-1:1:task-definition/web:${revision}`;

const healthy: RunningService = {
  logicalId: "WebService",
  wanted: arnOf(7),
  running: arnOf(7),
  rollout: "COMPLETED",
  desiredTasks: 2,
  runningTasks: 2,
};

test.for<[Partial<RunningService>, string]>([
  [{ running: arnOf(6) }, "WebService runs web:6, and its stack says web:7."],
  [{ running: undefined }, "WebService is not there."],
  [{ rollout: "FAILED" }, "WebService is FAILED."],
  [{ rollout: "IN_PROGRESS" }, "WebService is IN_PROGRESS."],
  [{ runningTasks: 1 }, "WebService has 1 of 2 tasks."],
  [{ runningTasks: 1, cause: "No space." }, "WebService has 1 of 2 tasks: No space."],
])("%o is not healthy", ([change, message]) => {
  const health = healthOf([healthy, { ...healthy, ...change }]);
  expect(health).toEqual({ status: "False", reason: "NotRunning", message });
});

test("what its stack says, running in full, is healthy; no service at all is too", () => {
  expect(healthOf([healthy])).toMatchObject({ status: "True", reason: "Running" });
  expect(healthOf([]).status).toBe("True");
  const { rollout: _, wanted: __, ...unsaid } = healthy;
  expect(healthOf([{ ...unsaid, rollout: undefined, wanted: undefined }]).status).toBe("True");
});

test("what nobody may look at is not known to run, and hides nothing that is known not to", () => {
  const refused = { refused: "AccessDenied: no" };
  expect(healthOf([healthy, refused])).toEqual({
    status: "Unknown",
    reason: "Refused",
    message: "What runs is for others to see: AccessDenied: no",
  });
  expect(healthOf([refused, { ...healthy, runningTasks: 1 }]).status).toBe("False");
});

test("health is not asked for again while the same bundle is known to be deployed and to run", () => {
  const of = (type: Condition["type"], status: Condition["status"]): Condition => ({
    type,
    status,
    reason: "",
    message: "",
    since: "",
    observedRevision: "",
  });
  const asks = (bundle: string, ...conditions: readonly Condition[]) =>
    asksForHealth({ digest: { bundle, plan: undefined }, conditions }, "b1");
  const [ready, healthy] = [of("Ready", "True"), of("Healthy", "True")];
  expect(asks("b1", ready, healthy)).toBe(false);
  expect(asks("b0", ready, healthy)).toBe(true);
  // That bundle is being deployed, and how the one before it ran is what was said last.
  expect(asks("b1", of("Ready", "False"), healthy)).toBe(true);
  expect(asks("b1", ready, of("Healthy", "False"))).toBe(true);
  expect(asks("b1", ready)).toBe(true);
  expect(asks("b1")).toBe(true);
});

test("services whose stack is gone do not run, and nobody need be asked", () => {
  const service = { Type: "AWS::ECS::Service" };
  const named = (unit: string, type = service, stack = unitOf(undefined)) => ({
    ...stack,
    desired: {
      ...stack.desired,
      unit,
      template: { ...stack.desired.template, Resources: { Queue: { Type: "Q" }, One: type } },
    },
  });
  const settled = { id: "1", lastUpdated: "", changeSet: undefined };
  const was = (name: string) => ({ name, changeSet: undefined, wrote: undefined, recoveries: 0 });
  const stacks = {
    "s-a": { ...was("a"), settled },
    "s-b": { ...was("b"), settled },
    "s-new": was("new"),
    base: { ...was("base"), settled },
    "s-there": { ...was("there"), settled },
  };
  const others = [
    named("s-new"),
    named("s-unheard"),
    named("base", { Type: "AWS::SQS::Queue" }),
    named("s-there", service, unitOf(stackIn("UPDATE_COMPLETE"))),
  ];
  expect(withoutStack(others, { stacks })).toBeUndefined();
  expect(withoutStack([...others, named("s-a"), named("s-b")], { stacks })).toEqual({
    status: "False",
    reason: "NotRunning",
    message: "The stack of s-a is gone. The stack of s-b is gone.",
  });
});
