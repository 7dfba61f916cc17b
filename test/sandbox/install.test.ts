import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createDriver } from "../../src/sandbox/driver.ts";
import { install } from "../../src/sandbox/install.ts";
import { AwsError, type World } from "../../src/sandbox/world.ts";
import { aWorld, call } from "./world-of-services.ts";

const small = `
Transform: AWS::Serverless-2016-10-31
Parameters:
  Prefix: { Type: String, Default: house }
  Minutes: { Type: Number, Default: 5 }
Globals:
  Function:
    Runtime: nodejs24.x
    Timeout: 30
    EventInvokeConfig:
      MaximumRetryAttempts: 0
      DestinationConfig: { OnFailure: { Type: SQS, Destination: !GetAtt Lost.Arn } }
    Environment: { Variables: { PREFIX: !Ref Prefix, QUEUE: !Ref Keys } }
Resources:
  Watcher:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: main.watch
      Events:
        Push:
          Type: EventBridgeRule
          Properties:
            Pattern: { source: [test], detail: { name: [{ prefix: !Sub "\${Prefix}-" }] } }
        Sweep: { Type: Schedule, Properties: { Schedule: !Sub "rate(\${Minutes} minutes)" } }
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: main.work
      Timeout: 60
      Environment: { Variables: { BUCKET: !Ref Store, GROUP: !Ref Group } }
      Events:
        Keys:
          Type: SQS
          Properties:
            Queue: !GetAtt Keys.Arn
            BatchSize: 5
            FunctionResponseTypes: [ReportBatchItemFailures]
  Keys:
    Type: AWS::SQS::Queue
    Properties:
      FifoQueue: true
      VisibilityTimeout: 360
      RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 2 }
  Dead: { Type: AWS::SQS::Queue, Properties: { FifoQueue: true } }
  Lost: { Type: AWS::SQS::Queue }
  Store: { Type: AWS::S3::Bucket }
  Group: { Type: AWS::Scheduler::ScheduleGroup, Properties: { Name: !Ref Prefix } }
Outputs:
  Queue: { Value: !Ref Keys }
  Lost: { Value: !Ref Lost }
`;

const put = (world: World, name: string) =>
  call(world, "events:PutEvents", {
    Entries: [{ Source: "test", DetailType: "t", Detail: JSON.stringify({ name }) }],
  });

describe("a template", () => {
  test("becomes functions with their environment, queues, buckets and groups", () => {
    const world = aWorld();
    const { functions, outputs } = install(world, small);
    const keys = call(world, "sqs:GetQueueAttributes", {
      QueueUrl: outputs.Queue,
      AttributeNames: ["VisibilityTimeout", "FifoQueue"],
    });
    expect(keys.Attributes).toEqual({ VisibilityTimeout: "360", FifoQueue: "true" });
    const [{ Name: bucket }] = call(world, "s3:ListBuckets", {}).Buckets;
    expect(functions.Watcher?.environment).toEqual({ PREFIX: "house", QUEUE: outputs.Queue });
    expect(functions.Worker?.environment).toEqual({
      PREFIX: "house",
      QUEUE: outputs.Queue,
      BUCKET: bucket,
      GROUP: "house",
    });
    expect(
      call(world, "lambda:GetFunctionConfiguration", { FunctionName: functions.Worker?.name }),
    ).toMatchObject({ Handler: "main.work", Timeout: 60, Runtime: "nodejs24.x" });
    expect(call(world, "scheduler:GetScheduleGroup", { Name: "house" }).State).toBe("ACTIVE");
  });

  test("takes parameters", () => {
    const world = aWorld();
    install(world, small, {
      account: "123456789012",
      region: "eu-west-1",
      stack: "s",
      parameters: { Minutes: "7" },
    });
    const rules: { readonly ScheduleExpression?: string }[] = call(
      world,
      "events:ListRules",
      {},
    ).Rules;
    expect(rules.flatMap((rule) => rule.ScheduleExpression ?? [])).toEqual(["rate(7 minutes)"]);
  });
});

describe("what was installed", () => {
  test("is wired: rules, timers and queues to the functions", async () => {
    const world = aWorld();
    const { functions, outputs } = install(world, small);
    const watched: unknown[] = [];
    const worked: unknown[] = [];
    const driver = createDriver(world, {
      [String(functions.Watcher?.name)]: async (event) => watched.push(event),
      [String(functions.Worker?.name)]: async (event) => worked.push(event),
    });
    put(world, "house-1");
    put(world, "garden-1");
    const message = { MessageBody: "k", MessageGroupId: "k", MessageDeduplicationId: "1" };
    call(world, "sqs:SendMessage", { QueueUrl: outputs.Queue, ...message });
    await driver.settle({ at: world.now + 11 * 60_000 });
    expect(watched).toMatchObject([
      { detail: { name: "house-1" } },
      { "detail-type": "Scheduled Event", detail: {} },
      { "detail-type": "Scheduled Event" },
    ]);
    expect(worked).toMatchObject([{ Records: [{ body: "k" }] }]);
  });

  test("tells the failure destination of an event that was given up", async () => {
    const world = aWorld();
    const { functions, outputs } = install(world, small);
    const driver = createDriver(world, {
      [String(functions.Watcher?.name)]: async () => {
        throw new Error("no luck");
      },
    });
    put(world, "house-1");
    await driver.settle({ idle: true, limitMs: 0 });
    const { Messages } = call(world, "sqs:ReceiveMessage", { QueueUrl: outputs.Lost });
    expect(JSON.parse(Messages[0].Body)).toMatchObject({
      requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 1 },
      requestPayload: { detail: { name: "house-1" } },
      responsePayload: { errorMessage: "no luck" },
    });
  });

  test("can be installed again without losing anything", () => {
    const world = aWorld();
    const { outputs } = install(world, small);
    const message = { MessageBody: "k", MessageGroupId: "k", MessageDeduplicationId: "1" };
    call(world, "sqs:SendMessage", { QueueUrl: outputs.Queue, ...message });
    const { agenda } = structuredClone(world.snapshot());
    expect(install(world, small).outputs).toEqual(outputs);
    expect(world.snapshot().agenda).toEqual(agenda);
    expect(call(world, "sqs:ReceiveMessage", { QueueUrl: outputs.Queue }).Messages).toHaveLength(1);
  });
});

test("a world that was written down as JSON goes on where it was", async () => {
  const lives = (world: World) => {
    const { functions, outputs } = install(world, small);
    const seen: unknown[] = [];
    const driver = createDriver(
      world,
      Object.fromEntries(
        Object.values(functions).map(({ name }) => [name, async (event) => seen.push(event)]),
      ),
    );
    return { driver, outputs, seen };
  };
  const world = aWorld();
  const { outputs } = lives(world);
  const message = { MessageBody: "k", MessageGroupId: "k", MessageDeduplicationId: "1" };
  call(world, "sqs:SendMessage", { QueueUrl: outputs.Queue, ...message });
  call(world, "lambda:Invoke", {
    FunctionName: install(world, small).functions.Watcher?.name,
    InvocationType: "Event",
  });
  const written = JSON.stringify(world.snapshot());

  const copy = aWorld();
  copy.restore(JSON.parse(written));
  const [one, other] = [lives(copy), lives(world)];
  const until = { at: world.now + 1_000_000 };
  expect(await one.driver.settle(until)).toBe(await other.driver.settle(until));
  expect(one.seen).toHaveLength(5);
  expect(one.seen).toEqual(other.seen);
  expect(JSON.stringify(copy.snapshot())).toBe(JSON.stringify(world.snapshot()));
});

test.for([
  ["a type", "Type: AWS::SQS::Queue }", "Type: AWS::SNS::Topic }", "a AWS::SNS::Topic"],
  ["a property", "BatchSize: 5", "FilterCriteria: {}", "the property FilterCriteria of a SQS"],
  ["an event", "Type: Schedule,", "Type: Api,", "installing a Api"],
  ["a setting", "MaximumRetryAttempts: 0", "Qualifier: x", "EventInvokeConfig's Qualifier"],
])("%s that is not understood is refused", ([, from = "", to = "", message]) => {
  expect(small).toContain(from);
  const attempt = () => install(aWorld(), small.replace(from, to));
  expect(attempt).toThrow(AwsError);
  expect(attempt).toThrow(
    `not emulated: ${message?.startsWith("a AWS") ? "installing Lost, " : ""}`,
  );
  expect(attempt).toThrow(message);
});

describe("the product's own template", () => {
  const installed = () => {
    const world = aWorld();
    const { functions } = install(world, readFileSync("template.yaml", "utf8"));
    const woken: string[] = [];
    const driver = createDriver(
      world,
      Object.fromEntries(
        Object.entries(functions).map(([id, { name }]) => [name, async () => woken.push(id)]),
      ),
    );
    return { driver, functions, woken, world };
  };

  test("is understood", () => {
    expect(Object.keys(installed().functions)).toContain("ReconcileFunction");
  });

  test.for([
    ["/trueup/myapps/dev/requested-at", ["SignalFunction"]],
    ["/trueup/myapps/registration", ["SignalFunction"]],
    ["/trueup/myapps/dev/status", []],
    ["/elsewhere/requested-at", []],
  ] as const)("a write of %s wakes %s", async ([Name, functions]) => {
    const { driver, woken, world } = installed();
    call(world, "ssm:PutParameter", { Name, Value: "v", Type: "String" });
    await driver.settle({ idle: true, limitMs: 0 });
    expect(woken).toEqual(functions);
  });

  test("wakes on an image push, and sweeps", async () => {
    const { driver, woken, world } = installed();
    call(world, "ecr:CreateRepository", { repositoryName: "app" });
    call(world, "ecr:PutImage", {
      repositoryName: "app",
      imageTag: "v1",
      imageManifest: '{"mediaType":"application/vnd.oci.image.manifest.v1+json"}',
    });
    await driver.settle({ at: world.now + 10 * 60_000 });
    expect(woken).toEqual(["ImagePushFunction", "SignalFunction", "JanitorFunction"]);
  });
});
