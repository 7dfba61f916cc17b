import {
  GetFunctionEventInvokeConfigCommand,
  LambdaClient,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { createDriver } from "../../src/sandbox/driver.ts";
import { readyBatches } from "../../src/sandbox/lambda/jobs.ts";
import { asyncDefaults, workOf } from "../../src/sandbox/lambda/work.ts";
import { startServer } from "../../src/sandbox/server.ts";
import { aFunction, arnOf } from "./a-function.ts";
import { aWorld, call, refusal } from "./world-of-services.ts";

// What people ask of an installation that the controller never does.

test("rules are found by what they lead to", () => {
  const world = aWorld();
  aFunction(world, "worker");
  const TargetArn = arnOf("worker");
  for (const Name of ["b", "a", "c"]) {
    call(world, "events:PutRule", { Name, ScheduleExpression: "rate(1 hour)" });
    const Arn = Name === "c" ? arnOf("other") : TargetArn;
    call(world, "events:PutTargets", { Rule: Name, Targets: [{ Id: "1", Arn }] });
  }
  const first = call(world, "events:ListRuleNamesByTarget", { TargetArn, Limit: 1 });
  expect(first.RuleNames).toEqual(["a"]);
  const { NextToken } = first;
  expect(call(world, "events:ListRuleNamesByTarget", { TargetArn, NextToken })).toEqual({
    RuleNames: ["b"],
  });
});

test("an event source that is disabled gives nothing until it is enabled", () => {
  const world = aWorld();
  aFunction(world, "worker");
  const { QueueUrl } = call(world, "sqs:CreateQueue", { QueueName: "jobs" });
  const queue = "arn:aws:sqs:eu-west-1:123456789012:jobs";
  const settings = { batchSize: 10, maximumConcurrency: undefined, reportsItemFailures: false };
  workOf(world).mappings.M = { id: "M", queue, function: arnOf("worker"), ...settings };
  call(world, "sqs:SendMessage", { QueueUrl, MessageBody: "one" });
  const update = { UUID: "M", Enabled: false };
  expect(call(world, "lambda:UpdateEventSourceMapping", update).State).toBe("Disabled");
  expect(call(world, "lambda:UpdateEventSourceMapping", { UUID: "M" }).State).toBe("Disabled");
  expect(readyBatches(world, new Map())).toEqual([]);
  call(world, "lambda:UpdateEventSourceMapping", { UUID: "M", Enabled: true });
  expect(call(world, "lambda:UpdateEventSourceMapping", { UUID: "M" }).State).toBe("Enabled");
  expect(readyBatches(world, new Map())).toHaveLength(1);
  expect(refusal(world, "lambda:UpdateEventSourceMapping", { UUID: "N" })).toBe(
    "ResourceNotFoundException: The resource you requested does not exist.",
  );
});

test("what becomes of events that a function cannot handle is told where it was said", () => {
  const world = aWorld();
  aFunction(world, "worker");
  const asked = { FunctionName: "worker" };
  expect(refusal(world, "lambda:GetFunctionEventInvokeConfig", asked)).toBe(
    `ResourceNotFoundException: The function ${arnOf("worker")} doesn't have an EventInvokeConfig`,
  );
  const { functions } = workOf(world);
  const before = functions[arnOf("worker")];
  if (before === undefined) throw new Error("no worker");
  const onFailure = "arn:aws:sqs:eu-west-1:123456789012:lost";
  functions[arnOf("worker")] = { ...before, async: { ...asyncDefaults, onFailure } };
  expect(call(world, "lambda:GetFunctionEventInvokeConfig", asked)).toMatchObject({
    FunctionArn: `${arnOf("worker")}:$LATEST`,
    MaximumRetryAttempts: 2,
    DestinationConfig: { OnFailure: { Destination: onFailure } },
  });
});

test("the SDK's client is answered", async () => {
  const world = aWorld();
  aFunction(world, "worker");
  const queue = "arn:aws:sqs:eu-west-1:123456789012:jobs";
  const settings = { batchSize: 10, maximumConcurrency: undefined, reportsItemFailures: false };
  workOf(world).mappings.M = { id: "M", queue, function: arnOf("worker"), ...settings };
  const server = await startServer({ world, driver: () => createDriver(world, {}), port: 0 });
  const client = new LambdaClient({
    region: "eu-west-1",
    endpoint: server.url,
    credentials: { accessKeyId: "AKIA", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
  try {
    const update = new UpdateEventSourceMappingCommand({ UUID: "M", Enabled: false });
    expect((await client.send(update)).State).toBe("Disabled");
    const lost = client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: "worker" }));
    await expect(lost).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  } finally {
    client.destroy();
    await server.close();
  }
});
