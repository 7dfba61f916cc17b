import { beforeEach, describe, expect, test } from "vitest";
import { createDriver, type Handler } from "../../src/sandbox/driver.ts";
import { workOf } from "../../src/sandbox/lambda/work.ts";
import type { World } from "../../src/sandbox/world.ts";
import { aFunction, arnOf } from "./a-function.ts";
import { aWorld, call } from "./world-of-services.ts";

interface Scene {
  readonly world: World;
  readonly seen: unknown[];
  /** What `worker` does, after the event was noted. */
  act: Handler;
}

let scene: Scene;

beforeEach(() => {
  const world = aWorld();
  scene = { world, seen: [], act: async () => undefined };
  aFunction(world, "worker");
});

const aDriver = () =>
  createDriver(scene.world, {
    worker: async (event, context) => {
      scene.seen.push(event);
      return scene.act(event, context);
    },
  });

const fail = async () => {
  throw new Error("no luck");
};

describe("a synchronous invocation", () => {
  test("answers what the function answers, as JSON", async () => {
    scene.act = async () => ({ at: new Date(0), none: undefined });
    expect(await aDriver().invoke("worker", { a: 1 })).toEqual({
      payload: { at: "1970-01-01T00:00:00.000Z" },
    });
    expect(scene.seen).toEqual([{ a: 1 }]);
  });

  test("answers an error in Lambda's shape", async () => {
    scene.act = fail;
    expect(await aDriver().invoke("worker", {})).toMatchObject({
      functionError: "Unhandled",
      payload: { errorType: "Error", errorMessage: "no luck" },
    });
  });

  test("tells the function its remaining time, and ends one that overruns it", async () => {
    scene.act = async (_event, context) => {
      expect(context.getRemainingTimeInMillis()).toBe(60_000);
      scene.world.advanceTo(scene.world.now + 60_001);
      expect(context.getRemainingTimeInMillis()).toBe(0);
    };
    const { functionError, payload } = await aDriver().invoke(arnOf("worker"), {});
    expect(functionError).toBe("Unhandled");
    expect(payload).toMatchObject({
      errorMessage: expect.stringContaining("Task timed out after 60.00 seconds"),
    });
  });
});

describe("an asynchronous invocation", () => {
  const invoke = () =>
    call(scene.world, "lambda:Invoke", {
      FunctionName: "worker",
      InvocationType: "Event",
      Payload: Buffer.from('{"n":1}'),
    });

  test("runs once if it succeeds", async () => {
    expect(invoke()).toEqual({ StatusCode: 202 });
    const driver = aDriver();
    expect(await driver.pump()).toBe(true);
    expect(await driver.pump()).toBe(false);
    expect(scene.seen).toEqual([{ n: 1 }]);
  });

  test("is tried again one and two minutes later, and then given up", async () => {
    scene.act = fail;
    const times: number[] = [];
    const start = scene.world.now;
    invoke();
    scene.act = async () => {
      times.push(scene.world.now - start);
      throw new Error("no luck");
    };
    expect(await aDriver().settle({ idle: true, limitMs: 3_600_000 })).toBe(true);
    expect(times).toEqual([0, 60_000, 180_000]);
  });

  test("is given up, unseen, if it waited longer than it may", async () => {
    invoke();
    scene.world.advanceTo(scene.world.now + 21_600_001);
    expect(await aDriver().pump()).toBe(false);
    expect(workOf(scene.world).invocations).toEqual([]);
  });

  test("is run again if the process ends in the middle of it", async () => {
    invoke();
    const before = scene.world.snapshot();
    let release = () => {};
    scene.act = () => new Promise<void>((resolve) => (release = resolve));
    const unfinished = aDriver().pump();
    const restarted = aWorld();
    restarted.restore(structuredClone(before));
    release();
    await unfinished;

    scene = { world: restarted, seen: [], act: async () => undefined };
    const driver = aDriver();
    expect(await driver.pump()).toBe(false);
    driver.releaseInFlight();
    expect(await driver.pump()).toBe(true);
    expect(scene.seen).toEqual([{ n: 1 }]);
  });
});

const queueUrl = "keys.fifo";

function mapQueue(): void {
  const create = (input: unknown) => call(scene.world, "sqs:CreateQueue", input);
  create({ QueueName: "dead.fifo", Attributes: { FifoQueue: "true" } });
  create({
    QueueName: "keys.fifo",
    Attributes: {
      FifoQueue: "true",
      VisibilityTimeout: "360",
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: "arn:aws:sqs:eu-west-1:123456789012:dead.fifo",
        maxReceiveCount: 2,
      }),
    },
  });
  workOf(scene.world).mappings.m = {
    id: "m",
    queue: "arn:aws:sqs:eu-west-1:123456789012:keys.fifo",
    function: arnOf("worker"),
    batchSize: 10,
    maximumConcurrency: undefined,
    reportsItemFailures: true,
  };
}

const send = (group: string, body: string) =>
  call(scene.world, "sqs:SendMessage", {
    QueueUrl: queueUrl,
    MessageBody: body,
    MessageGroupId: group,
    MessageDeduplicationId: `${group}-${body}`,
  });

interface Batch {
  readonly Records: readonly {
    readonly messageId: string;
    readonly body: string;
    readonly attributes: Readonly<Record<string, string>>;
  }[];
}
const bodies = () => scene.seen.map((event) => (event as Batch).Records.map(({ body }) => body));

describe("a mapped queue", () => {
  beforeEach(mapQueue);

  test("gives a batch over several groups, in order", async () => {
    send("a", "1");
    send("b", "2");
    send("a", "3");
    const driver = aDriver();
    expect(await driver.settle({ idle: true, limitMs: 0 })).toBe(true);
    expect(bodies()).toEqual([["1", "2", "3"]]);
  });

  test("keeps the messages that the answer names, and only these", async () => {
    send("a", "1");
    send("b", "2");
    scene.act = async (event) => ({
      batchItemFailures: (event as Batch).Records.filter(
        ({ attributes, body }) => body === "2" && attributes.ApproximateReceiveCount === "1",
      ).map(({ messageId }) => ({ itemIdentifier: messageId })),
    });
    expect(await aDriver().settle({ idle: true, limitMs: 400_000 })).toBe(true);
    expect(bodies()).toEqual([["1", "2"], ["2"]]);
  });

  test.for<[string, unknown]>([
    ["an unknown identifier", { batchItemFailures: [{ itemIdentifier: "nobody" }] }],
    ["an empty identifier", { batchItemFailures: [{ itemIdentifier: "" }] }],
    ["a wrong key", { batchItemFailures: [{ id: "x" }] }],
  ])("takes %s for a failure of the whole batch", async ([, answer]) => {
    send("a", "1");
    send("b", "2");
    scene.act = async () => (scene.seen.length === 1 ? answer : undefined);
    await aDriver().settle({ idle: true, limitMs: 400_000 });
    expect(bodies()).toEqual([
      ["1", "2"],
      ["1", "2"],
    ]);
  });
});

describe("a mapped FIFO queue", () => {
  beforeEach(mapQueue);

  test("holds a group back while one of its messages is in flight", async () => {
    send("a", "1");
    scene.act = fail;
    const driver = aDriver();
    await driver.pump();
    send("a", "2");
    send("b", "3");
    scene.act = async () => undefined;
    await driver.pump();
    expect(bodies()).toEqual([["1"], ["3"]]);
    driver.releaseInFlight();
    await driver.pump();
    expect(bodies().at(-1)).toEqual(["1", "2"]);
  });

  test("moves what fails too often to the dead-letter queue", async () => {
    send("a", "poison");
    scene.act = fail;
    expect(await aDriver().settle({ idle: true, limitMs: 3_600_000 })).toBe(true);
    expect(bodies()).toEqual([["poison"], ["poison"]]);
    expect(
      call(scene.world, "sqs:ReceiveMessage", {
        QueueUrl: "dead.fifo",
        MessageSystemAttributeNames: ["All"],
      }),
    ).toMatchObject({
      Messages: [
        {
          Body: "poison",
          Attributes: {
            MessageGroupId: "a",
            DeadLetterQueueSourceArn: "arn:aws:sqs:eu-west-1:123456789012:keys.fifo",
          },
        },
      ],
    });
  });
});

describe("settling", () => {
  test("stands at the time it was asked for", async () => {
    const { world } = scene;
    const at = world.now + 12_345;
    await aDriver().settle({ at });
    expect(world.now).toBe(at);
  });

  test("does not wait for a timer that recurs, and tells so when it is not at rest", async () => {
    const { world } = scene;
    call(world, "events:PutRule", { Name: "sweep", ScheduleExpression: "rate(10 minutes)" });
    call(world, "events:PutTargets", {
      Rule: "sweep",
      Targets: [{ Id: "worker", Arn: arnOf("worker") }],
    });
    const start = world.now;
    expect(await aDriver().settle({ idle: true, limitMs: 3_600_000 })).toBe(true);
    expect(world.now).toBe(start);
    await aDriver().settle({ at: start + 1_800_000 });
    expect(scene.seen).toHaveLength(3);

    scene.act = fail;
    call(world, "lambda:Invoke", { FunctionName: "worker", InvocationType: "Event" });
    expect(await aDriver().settle({ idle: true, limitMs: 30_000 })).toBe(false);
  });

  test("waits for a schedule that is due once, but not for one that was replaced", async () => {
    const { world } = scene;
    const schedule = (minutes: number) => ({
      Name: "s",
      FlexibleTimeWindow: { Mode: "OFF" },
      ScheduleExpression: `at(${new Date(world.now + minutes * 60_000).toISOString().slice(0, 19)})`,
      Target: { Arn: arnOf("worker"), RoleArn: "arn:aws:iam::123456789012:role/r" },
    });
    call(world, "scheduler:CreateSchedule", schedule(60));
    call(world, "scheduler:UpdateSchedule", schedule(5));
    expect(await aDriver().settle({ idle: true, limitMs: 60_000 })).toBe(false);
    expect(await aDriver().settle({ idle: true, limitMs: 600_000 })).toBe(true);
    expect(scene.seen).toHaveLength(1);
  });
});
