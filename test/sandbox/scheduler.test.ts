import { describe, expect, test } from "vitest";
import type { World } from "../../src/sandbox/world.ts";
import { aWorld, call, refusal } from "./world-of-services.ts";

const queue = "arn:aws:sqs:eu-west-1:123456789012:q";

function aQueue(): World {
  const world = aWorld();
  call(world, "sqs:CreateQueue", { QueueName: "q" });
  return world;
}

/** `seconds` after the world's beginning. */
const at = (seconds: number): string => {
  const time = Date.parse("2026-01-05T12:00:00Z") + seconds * 1000;
  return `at(${new Date(time).toISOString().slice(0, 19)})`;
};

const schedule = {
  Name: "s",
  ScheduleExpression: at(120),
  FlexibleTimeWindow: { Mode: "OFF" },
  Target: { Arn: queue, RoleArn: "arn:aws:iam::123456789012:role/scheduler", Input: "wake up" },
};

const create = (world: World, more: object = {}) =>
  call(world, "scheduler:CreateSchedule", { ...schedule, ...more });

const woken = (world: World): readonly string[] => {
  const input = { QueueUrl: "q", MaxNumberOfMessages: 10 };
  const messages: readonly { readonly Body: string }[] =
    call(world, "sqs:ReceiveMessage", input).Messages ?? [];
  return messages.map(({ Body }) => Body);
};

const run = (world: World, seconds: number) => world.advanceTo(world.now + seconds * 1000);

describe("a one-time schedule", () => {
  test("fires within the minute after its time, once", () => {
    const world = aQueue();
    create(world);
    run(world, 119);
    expect(woken(world)).toEqual([]);
    run(world, 61);
    expect(woken(world)).toEqual(["wake up"]);
    run(world, 3600);
    expect(call(world, "scheduler:GetSchedule", { Name: "s" }).State).toBe("ENABLED");
    expect(call(world, "sqs:ReceiveMessage", { QueueUrl: "q" }).Messages).toHaveLength(1);
  });

  test("is gone after it fired, if it was made so", () => {
    const world = aQueue();
    create(world, { ActionAfterCompletion: "DELETE" });
    run(world, 180);
    expect(woken(world)).toEqual(["wake up"]);
    expect(refusal(world, "scheduler:GetSchedule", { Name: "s" })).toBe(
      "ResourceNotFoundException: Schedule s does not exist.",
    );
  });

  test("fires at its new time only, once it was replaced", () => {
    const world = aQueue();
    create(world, { Description: "first" });
    call(world, "scheduler:UpdateSchedule", { ...schedule, ScheduleExpression: at(600) });
    expect(call(world, "scheduler:GetSchedule", { Name: "s" }).Description).toBeUndefined();
    run(world, 599);
    expect(woken(world)).toEqual([]);
    run(world, 61);
    expect(woken(world)).toEqual(["wake up"]);
  });

  test("that was deleted and made again does not fire for its former self", () => {
    const world = aQueue();
    create(world);
    call(world, "scheduler:DeleteSchedule", { Name: "s" });
    create(world, { ScheduleExpression: at(600) });
    run(world, 300);
    expect(woken(world)).toEqual([]);
  });

  test("fills in what its input asks for", () => {
    const world = aQueue();
    const Input =
      "<aws.scheduler.scheduled-time> <aws.scheduler.schedule-arn> <aws.scheduler.execution-id> <aws.unknown>";
    create(world, { Target: { ...schedule.Target, Input } });
    run(world, 180);
    expect(woken(world)[0]).toMatch(
      /^2026-01-05T12:02:00Z arn:aws:scheduler:eu-west-1:123456789012:schedule\/default\/s [0-9a-f-]{36} <aws\.unknown>$/,
    );
  });

  test("does not fire while it is disabled", () => {
    const world = aQueue();
    create(world, { State: "DISABLED" });
    run(world, 600);
    expect(woken(world)).toEqual([]);
  });
});

describe("a recurring schedule", () => {
  test("fires again and again", () => {
    const world = aQueue();
    create(world, { ScheduleExpression: "rate(10 minutes)" });
    run(world, 31 * 60);
    expect(woken(world)).toHaveLength(3);
  });

  test("does not make up for what was missed while the world stood still", () => {
    const before = aQueue();
    create(before, { ScheduleExpression: "rate(10 minutes)" });
    const world = aWorld();
    world.restore({ ...before.snapshot(), now: before.now + 86_400_000 });
    run(world, 0);
    expect(woken(world)).toHaveLength(1);
  });
});

test("the same request again finds the schedule that it made", () => {
  const world = aQueue();
  const { ScheduleArn } = create(world, { ClientToken: "t" });
  expect(create(world, { ClientToken: "t" })).toEqual({ ScheduleArn });
  expect(refusal(world, "scheduler:CreateSchedule", { ...schedule, ClientToken: "u" })).toBe(
    "ConflictException: Schedule s already exists.",
  );
});

test("a group holds schedules, and takes them with it", () => {
  const world = aQueue();
  call(world, "scheduler:CreateScheduleGroup", { Name: "g" });
  create(world, { GroupName: "g" });
  create(world);
  const names = (input: object) =>
    call(world, "scheduler:ListSchedules", input).Schedules.map(
      (row: { readonly GroupName: string }) => row.GroupName,
    );
  expect(names({})).toEqual(["default", "g"]);
  expect(names({ GroupName: "g" })).toEqual(["g"]);
  call(world, "scheduler:DeleteScheduleGroup", { Name: "g" });
  expect(names({})).toEqual(["default"]);
});

test.for<[string, string, object, RegExp]>([
  [
    "the past",
    "CreateSchedule",
    { ...schedule, ScheduleExpression: at(-1) },
    /^ValidationException: Invalid Schedule Expression at\(/,
  ],
  [
    "no expression",
    "CreateSchedule",
    { ...schedule, ScheduleExpression: "soon" },
    /^ValidationException: Invalid Schedule Expression soon\.$/,
  ],
  [
    "a group that is not there",
    "CreateSchedule",
    { ...schedule, GroupName: "none" },
    /^ResourceNotFoundException: Schedule group none does not exist\.$/,
  ],
  [
    "a schedule that is not there",
    "UpdateSchedule",
    schedule,
    /^ResourceNotFoundException: Schedule s does not exist\.$/,
  ],
  [
    "a name with a slash",
    "CreateSchedule",
    { ...schedule, Name: "a/b" },
    /^ValidationException: .*'a\/b' at 'name'/,
  ],
  [
    "a name of 65 letters",
    "CreateSchedule",
    { ...schedule, Name: "a".repeat(65) },
    /^ValidationException/,
  ],
  [
    "another time zone",
    "CreateSchedule",
    { ...schedule, ScheduleExpressionTimezone: "Europe/London" },
    /^NotImplemented/,
  ],
  [
    "a flexible window",
    "CreateSchedule",
    { ...schedule, FlexibleTimeWindow: { Mode: "FLEXIBLE" } },
    /^NotImplemented/,
  ],
  [
    "an end",
    "CreateSchedule",
    { ...schedule, EndDate: new Date(0) },
    /^NotImplemented: not emulated: parameter EndDate/,
  ],
  [
    "input that is not JSON for a function",
    "CreateSchedule",
    {
      ...schedule,
      Target: { ...schedule.Target, Arn: "arn:aws:lambda:eu-west-1:123456789012:function:f" },
    },
    /not valid JSON/,
  ],
  ["the default group's end", "DeleteScheduleGroup", { Name: "default" }, /^ValidationException/],
])("%s is refused", ([, operation, input, message]) => {
  expect(refusal(aQueue(), `scheduler:${operation}`, input)).toMatch(message);
});
