import { expect, test } from "vitest";
import { callsOf } from "../../src/sandbox/in-process.ts";
import { AwsError, type Service, World } from "../../src/sandbox/world.ts";
import { aWorld, principal } from "./world-of-services.ts";

const failing = (code: string, status: number): World => {
  const service: Service = {
    name: "test",
    operations: {
      Fail: () => {
        throw new AwsError(code, "why", status);
      },
    },
  };
  const git = () => {
    throw new Error("no git here");
  };
  return new World({ services: [service], git, start: 0, seed: 1 });
};

test.for([
  ["ChangeSetNotFound", "ChangeSetNotFoundException", 404, "client"],
  ["InvalidChangeSetStatus", "InvalidChangeSetStatusException", 400, "client"],
  ["ValidationError", "ValidationError", 400, "client"],
  ["ServiceUnavailable", "ServiceUnavailable", 503, "server"],
] as const)("the wire's %s is %s to the caller", async ([code, name, status, fault]) => {
  await expect(callsOf(failing(code, status), principal)("test:Fail", {})).rejects.toMatchObject({
    name,
    message: "why",
    $fault: fault,
    $metadata: { httpStatusCode: status },
  });
});

test("an object is read as text with its ETag", async () => {
  const call = callsOf(aWorld(), principal);
  const Bucket = "store";
  const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" };
  await call("s3:CreateBucket", { Bucket, CreateBucketConfiguration });
  const { ETag } = (await call("s3:PutObject", { Bucket, Key: "k", Body: "täxt" })) as {
    readonly ETag: string;
  };
  expect(await call("s3:GetObject", { Bucket, Key: "k" })).toEqual({ text: "täxt", ETag });
});

test("neither the input nor the answer is the world's own", async () => {
  const call = callsOf(aWorld(), principal);
  const target = { Id: "1", Arn: "arn:aws:lambda:eu-west-1:123456789012:function:f" };
  await call("events:PutRule", { Name: "r", ScheduleExpression: "rate(1 day)", State: undefined });
  await call("events:PutTargets", { Rule: "r", Targets: [target] });
  target.Id = "changed";
  const list = async () =>
    (await call("events:ListTargetsByRule", { Rule: "r" })) as { Targets: { Id: string }[] };
  for (const answered of (await list()).Targets) answered.Id = "changed";
  expect((await list()).Targets[0]?.Id).toBe("1");
});
