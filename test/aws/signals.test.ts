import { describe, expect, test } from "vitest";
import type { Installation } from "../../src/aws/installation.ts";
import { queueAt } from "../../src/aws/queue.ts";
import { wakeupsOf } from "../../src/aws/wakeups.ts";
import { awsError, recorder } from "./recorder.ts";

describe("the queue", () => {
  const sent = (requests: readonly { readonly input: unknown }[]) =>
    requests.flatMap(({ input }) => (input as { Entries: { MessageBody: string }[] }).Entries);

  test("takes a key as its message group, and the event into the deduplication id", async () => {
    const { call, requests } = recorder({ "sqs:SendMessageBatch": [{}, {}] });
    await queueAt("https://queue.fifo", call).send(["myapps/dev", "myapps/dev"], "event-1");
    await queueAt("https://queue.fifo", call).send(["myapps/dev"], "event-2");
    expect(requests[0]?.input).toEqual({
      QueueUrl: "https://queue.fifo",
      Entries: [
        {
          Id: "0",
          MessageBody: "myapps/dev",
          MessageGroupId: "myapps/dev",
          MessageDeduplicationId: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      ],
    });
    const [first, second] = sent(requests) as unknown as { MessageDeduplicationId: string }[];
    expect(first?.MessageDeduplicationId).not.toBe(second?.MessageDeduplicationId);
  });

  test("gets ten at a time, and nothing for nothing", async () => {
    const { call, requests } = recorder({ "sqs:SendMessageBatch": [{}, {}, {}] });
    const keys = Array.from({ length: 21 }, (_, index) => `myapps/e${index}`);
    await queueAt("https://queue.fifo", call).send([], "event-1");
    await queueAt("https://queue.fifo", call).send(keys, "event-1");
    expect(sent(requests).map(({ MessageBody }) => MessageBody)).toEqual(keys);
    expect(requests).toHaveLength(3);
  });

  test("that leaves one out is an error", async () => {
    const { call } = recorder({
      "sqs:SendMessageBatch": [{ Failed: [{ Id: "0", Code: "InternalError" }] }],
    });
    const done = queueAt("https://queue.fifo", call).send(["myapps/dev"], "event-1");
    await expect(done).rejects.toThrow("1 of 1 keys were not queued: InternalError");
  });
});

const installation: Installation = {
  region: "eu-west-1",
  prefix: "trueup",
  code: "",
  queueUrl: "https://queue.fifo",
  bucket: "bucket",
  scheduleGroup: "trueup",
  signalFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:signal",
  janitorFunctionArn: "arn:janitor",
  schedulerRoleArn: "arn:aws:iam::123456789012:role/trueup/scheduler",
};

describe("a wake-up", () => {
  const missing = awsError("ResourceNotFoundException");
  const taken = awsError("ConflictException");
  const set = async (answers: Parameters<typeof recorder>[0]) => {
    const { call, requests } = recorder(answers);
    await wakeupsOf(installation, call).set("myapps/dev", "2026-03-02T10:32:48.000Z");
    return requests;
  };

  test("replaces the schedule of its key", async () => {
    expect(await set({ "scheduler:UpdateSchedule": [{}] })).toEqual([
      {
        operation: "scheduler:UpdateSchedule",
        input: {
          GroupName: "trueup",
          Name: expect.stringMatching(/^q-[0-9a-f]{40}$/),
          ScheduleExpression: "at(2026-03-02T10:32:48)",
          ScheduleExpressionTimezone: "UTC",
          FlexibleTimeWindow: { Mode: "OFF" },
          ActionAfterCompletion: "NONE",
          Target: {
            Arn: installation.signalFunctionArn,
            RoleArn: installation.schedulerRoleArn,
            Input: '{"key":"myapps/dev","execution":"<aws.scheduler.execution-id>"}',
          },
        },
      },
    ]);
  });

  test("for another purpose is another schedule of the same key", async () => {
    const { call, requests } = recorder({ "scheduler:UpdateSchedule": [{}, {}] });
    const wakeups = wakeupsOf(installation, call);
    await wakeups.set("myapps/@images", "2026-03-02T10:32:48.000Z");
    await wakeups.set("myapps/@images", "2026-03-02T10:32:48.000Z", "images");
    const names = requests.map(({ input }) => (input as { readonly Name: string }).Name);
    expect(names[1]).toMatch(/^i-[0-9a-f]{40}$/);
    expect(names[1]?.slice(1)).toBe(names[0]?.slice(1));
  });

  test("for a teardown wakes the janitor, and is gone when it has", async () => {
    const { call, requests } = recorder({ "scheduler:UpdateSchedule": [{}] });
    const at = "2026-03-02T10:32:48.000Z";
    await wakeupsOf(installation, call).set("myapps/test.main-1a2b3c", at, "teardown");
    expect(requests[0]?.input).toMatchObject({
      Name: expect.stringMatching(/^t-[0-9a-f]{40}$/),
      ActionAfterCompletion: "DELETE",
      Target: {
        Arn: installation.janitorFunctionArn,
        RoleArn: installation.schedulerRoleArn,
        Input: '{"lease":"myapps/test.main-1a2b3c","execution":"<aws.scheduler.execution-id>"}',
      },
    });
  });

  test("makes the schedule if there is none", async () => {
    const requests = await set({
      "scheduler:UpdateSchedule": [missing],
      "scheduler:CreateSchedule": [{}],
    });
    expect(requests.map(({ operation }) => operation)).toEqual([
      "scheduler:UpdateSchedule",
      "scheduler:CreateSchedule",
    ]);
    expect(requests[1]?.input).toEqual(requests[0]?.input);
  });

  test("replaces what another pass has made in between", async () => {
    const requests = await set({
      "scheduler:UpdateSchedule": [missing, {}],
      "scheduler:CreateSchedule": [taken],
    });
    expect(requests).toHaveLength(3);
  });

  test("that cannot be set is an error", async () => {
    const refused = awsError("ValidationException");
    await expect(set({ "scheduler:UpdateSchedule": [refused] })).rejects.toBe(refused);
  });
});
