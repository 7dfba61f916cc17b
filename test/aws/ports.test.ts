import { describe, expect, test } from "vitest";
import type { Installation } from "../../src/aws/installation.ts";
import { awsPorts } from "../../src/aws/ports.ts";
import { awsError, recorder } from "./recorder.ts";

const installation: Installation = {
  region: "eu-west-1",
  prefix: "acme",
  code: "",
  queueUrl: "https://queue.fifo",
  bucket: "bucket",
  scheduleGroup: "acme",
  signalFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:signal",
  janitorFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:janitor",
  schedulerRoleArn: "arn:aws:iam::123456789012:role/acme/scheduler",
};
const quiet = () => {};
const target = { account: "123456789012", region: "eu-central-1" };

test("home is asked for once, and again only after a failure", async () => {
  const { caller, requests } = recorder({
    "sts:GetCallerIdentity": [awsError("ServiceUnavailable"), { Account: "123456789012" }],
  });
  const ports = awsPorts(caller, { ...installation, cloudFormationRole: "arn:cfn" }, quiet);
  await expect(ports.home()).rejects.toThrow("ServiceUnavailable");
  const home = { account: "123456789012", region: "eu-west-1", prefix: "acme", code: "" };
  expect(await ports.home()).toEqual({ ...home, cloudFormationRole: "arn:cfn" });
  await ports.home();
  expect(requests).toHaveLength(2);
});

describe("the stacks of a target", () => {
  const missing = awsError("ValidationError", "Stack with id x does not exist");

  test("are reached as its role, in its region", async () => {
    const { caller, identities } = recorder({
      "sts:GetCallerIdentity": [{ Account: "123456789012" }],
      "cloudformation:DescribeStacks": [missing, missing],
    });
    const ports = awsPorts(caller, installation, quiet);
    const foreign = { ...target, role: "arn:aws:iam::123456789012:role/d", externalId: "x" };
    await ports.stacks(foreign).describe("a");
    await ports.stacks(foreign).describe("b");
    const { externalId, region, role } = foreign;
    expect(identities).toContainEqual({ externalId, region, role });
  });

  test("are never touched with credentials of another account", async () => {
    const { caller, requests } = recorder({
      "sts:GetCallerIdentity": [{ Account: "999999999999" }],
    });
    const described = awsPorts(caller, installation, quiet).stacks(target).describe("a");
    await expect(described).rejects.toMatchObject({ reason: "WrongAccount" });
    expect(requests.map(({ operation }) => operation)).toEqual(["sts:GetCallerIdentity"]);
  });

  test.for([
    ["eu-west-1", undefined, "https://bucket.s3.eu-west-1.amazonaws.com/"],
    ["cn-north-1", undefined, "https://bucket.s3.cn-north-1.amazonaws.com.cn/"],
    ["eu-west-1", "http://127.0.0.1:4566", "http://127.0.0.1:4566/bucket/"],
  ] as const)(
    "fetch large templates from the bucket (%s, %s)",
    async ([region, endpoint, address]) => {
      const { caller, requests } = recorder({
        "sts:GetCallerIdentity": [{ Account: "123456789012" }],
        "s3:PutObject": [{}],
        "cloudformation:CreateChangeSet": [{}],
      });
      const home = { ...installation, region };
      const where = endpoint === undefined ? home : { ...home, endpoint };
      await awsPorts(caller, where, quiet)
        .stacks(target)
        .createChangeSet({
          stack: "acme-myapps-dev-base-1a2b3c4d",
          type: "CREATE",
          name: "acme-1",
          template: {
            AWSTemplateFormatVersion: "2010-09-09",
            Description: "x".repeat(60_000),
            Resources: {},
          },
          parameters: {},
          tags: {},
          capabilities: [],
          revertsDrift: false,
          cloudFormationRole: undefined,
          description: "",
        });
      const [put, , created] = requests.map(({ input }) => input) as { [name: string]: string }[];
      expect(put?.Key).toMatch(/^templates\/[0-9a-f]{64}\.json$/);
      expect(created?.TemplateURL).toBe(`${address}${put?.Key}`);
    },
  );
});
