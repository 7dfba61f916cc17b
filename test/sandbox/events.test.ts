import { describe, expect, test } from "vitest";
import { createDriver } from "../../src/sandbox/driver.ts";
import type { World } from "../../src/sandbox/world.ts";
import { aFunction, arnOf } from "./a-function.ts";
import { aWorld, call, refusal } from "./world-of-services.ts";

const functionArn = arnOf("worker");

function aWorker(): { readonly world: World; readonly seen: unknown[]; run(): Promise<unknown> } {
  const world = aWorld();
  const seen: unknown[] = [];
  aFunction(world, "worker");
  const driver = createDriver(world, { worker: async (event) => seen.push(event) });
  return { world, seen, run: () => driver.settle({ idle: true, limitMs: 3_600_000 }) };
}

const rule = (world: World, pattern: object, target: object = {}) => {
  call(world, "events:PutRule", { Name: "r", EventPattern: JSON.stringify(pattern) });
  const Targets = [{ Id: "worker", Arn: functionArn, ...target }];
  call(world, "events:PutTargets", { Rule: "r", Targets });
};

const entry = { Source: "my.app", DetailType: "Thing Happened", Detail: '{"n":1}' };

describe("an event", () => {
  test("reaches a function in its envelope", async () => {
    const { run, seen, world } = aWorker();
    rule(world, { source: ["my.app"] });
    const { Entries } = call(world, "events:PutEvents", { Entries: [entry] });
    call(world, "events:PutEvents", { Entries: [{ ...entry, Source: "other" }] });
    await run();
    expect(seen).toEqual([
      {
        version: "0",
        id: Entries[0].EventId,
        "detail-type": "Thing Happened",
        source: "my.app",
        account: "123456789012",
        time: "2026-01-05T12:00:00Z",
        region: "eu-west-1",
        resources: [],
        detail: { n: 1 },
      },
    ]);
  });

  test("reaches a function as the input its target asks for", async () => {
    const { run, seen, world } = aWorker();
    rule(world, { source: ["my.app"] }, { Input: '{"fixed":true}' });
    call(world, "events:PutEvents", { Entries: [entry] });
    await run();
    expect(seen).toEqual([{ fixed: true }]);
  });

  test("reaches a queue as text, and a dead-letter queue when its target is gone", () => {
    const { world } = aWorker();
    for (const QueueName of ["dead", "q"]) call(world, "sqs:CreateQueue", { QueueName });
    const arn = (name: string) => `arn:aws:sqs:eu-west-1:123456789012:${name}`;
    rule(world, { source: ["my.app"] }, { Id: "q", Arn: arn("q") });
    const Targets = [{ Id: "gone", Arn: arn("gone"), DeadLetterConfig: { Arn: arn("dead") } }];
    call(world, "events:PutTargets", { Rule: "r", Targets });
    call(world, "events:PutEvents", { Entries: [entry] });
    for (const QueueUrl of ["q", "dead"]) {
      const [message] = call(world, "sqs:ReceiveMessage", { QueueUrl }).Messages;
      expect(JSON.parse(message.Body)).toMatchObject({ detail: { n: 1 } });
    }
  });

  test("is not delivered by a rule that is disabled", async () => {
    const { run, seen, world } = aWorker();
    rule(world, { source: ["my.app"] });
    call(world, "events:DisableRule", { Name: "r" });
    call(world, "events:PutEvents", { Entries: [entry] });
    call(world, "events:EnableRule", { Name: "r" });
    call(world, "events:PutEvents", { Entries: [entry] });
    await run();
    expect(seen).toHaveLength(1);
  });

  test("that cannot be taken fails alone", () => {
    const Entries = [
      entry,
      { ...entry, Source: "aws.mine" },
      { ...entry, Detail: "[]" },
      { ...entry, DetailType: undefined },
    ];
    expect(call(aWorld(), "events:PutEvents", { Entries })).toMatchObject({
      FailedEntryCount: 3,
      Entries: [
        { EventId: expect.any(String) },
        { ErrorCode: "NotAuthorizedForSourceException" },
        { ErrorCode: "MalformedDetail" },
        { ErrorCode: "InvalidArgument" },
      ],
    });
  });
});

test("a rule with a timer sends the timer's event, until it is changed", async () => {
  const { run, seen, world } = aWorker();
  const start = world.now;
  call(world, "events:PutRule", { Name: "r", ScheduleExpression: "rate(1 hour)" });
  call(world, "events:PutTargets", { Rule: "r", Targets: [{ Id: "1", Arn: functionArn }] });
  world.advanceTo(start + 1_800_000);
  call(world, "events:PutRule", { Name: "r", ScheduleExpression: "rate(10 minutes)" });
  world.advanceTo(start + 3_600_000);
  await run();
  expect(seen).toHaveLength(3);
  expect(seen[0]).toEqual({
    version: "0",
    id: expect.any(String),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: "123456789012",
    time: "2026-01-05T12:40:00Z",
    region: "eu-west-1",
    resources: ["arn:aws:events:eu-west-1:123456789012:rule/r"],
    detail: {},
  });
});

test("a rule that was deleted and made again is not due for its former self", async () => {
  const { run, seen, world } = aWorker();
  const Targets = [{ Id: "1", Arn: functionArn }];
  for (const ScheduleExpression of ["rate(5 minutes)", "rate(1 hour)"]) {
    call(world, "events:DeleteRule", { Name: "r" });
    call(world, "events:PutRule", { Name: "r", ScheduleExpression });
  }
  call(world, "events:PutTargets", { Rule: "r", Targets });
  world.advanceTo(world.now + 1_800_000);
  await run();
  expect(seen).toEqual([]);
});

test("no client can deliver in the name of a service", () => {
  expect(refusal(aWorld(), "events:Deliver", {})).toMatch(/^NotImplemented/);
});

test("a pattern can be tried without a rule", () => {
  const Event = JSON.stringify({
    id: "1",
    account: "1",
    source: "a",
    time: "2026-01-05T12:00:00Z",
    region: "eu-west-1",
    resources: [],
    "detail-type": "t",
  });
  const test = (EventPattern: string) =>
    call(aWorld(), "events:TestEventPattern", { Event, EventPattern }).Result;
  expect(test('{"source":["a"]}')).toBe(true);
  expect(test('{"source":["b"]}')).toBe(false);
});

const ruleInput = { Name: "r", EventPattern: '{"source":["a"]}' };
const targets = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, index) => ({ Id: `${index}`, Arn: functionArn, ...more }));

test.for<[string, string, object, RegExp]>([
  [
    "a rule that is not there",
    "DescribeRule",
    { Name: "none" },
    /^ResourceNotFoundException: Rule none does not exist on EventBus default\.$/,
  ],
  [
    "a bus that is not there",
    "ListRules",
    { EventBusName: "other" },
    /^ResourceNotFoundException: Event bus other does not exist\.$/,
  ],
  ["neither pattern nor timer", "PutRule", { Name: "x" }, /must be specified/],
  [
    "a bad pattern",
    "PutRule",
    { Name: "x", EventPattern: '{"source":"a"}' },
    /^InvalidEventPatternException: Event pattern is not valid\. Reason: /,
  ],
  [
    "a pattern that is not JSON",
    "PutRule",
    { Name: "x", EventPattern: "{" },
    /^InvalidEventPatternException/,
  ],
  [
    "a bad timer",
    "PutRule",
    { Name: "x", ScheduleExpression: "rate(1 minutes)" },
    /Parameter ScheduleExpression is not valid\.$/,
  ],
  [
    "a timer that is due once",
    "PutRule",
    { Name: "x", ScheduleExpression: "at(2027-01-01T00:00:00)" },
    /ScheduleExpression is not valid/,
  ],
  ["six targets", "PutTargets", { Rule: "r", Targets: targets(6) }, /^LimitExceededException/],
  [
    "a target of another kind",
    "PutTargets",
    { Rule: "r", Targets: targets(1, { Arn: "arn:aws:sns:eu-west-1:1:t" }) },
    /^NotImplemented/,
  ],
  [
    "a transformed input",
    "PutTargets",
    { Rule: "r", Targets: targets(1, { InputTransformer: {} }) },
    /^NotImplemented/,
  ],
  [
    "the deletion of a rule with targets",
    "DeleteRule",
    { Name: "full" },
    /^ValidationException: Rule can't be deleted since it has targets\.$/,
  ],
  ["eleven events", "PutEvents", { Entries: Array(11).fill(entry) }, /less than or equal to 10/],
])("%s is refused", ([, operation, input, message]) => {
  const world = aWorld();
  for (const Name of ["r", "full"]) call(world, "events:PutRule", { ...ruleInput, Name });
  call(world, "events:PutTargets", { Rule: "full", Targets: targets(1) });
  expect(refusal(world, `events:${operation}`, input)).toMatch(message);
});
