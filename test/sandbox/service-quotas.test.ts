import { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { expect, test } from "vitest";
import { createDriver } from "../../src/sandbox/driver.ts";
import { startServer } from "../../src/sandbox/server.ts";
import { setQuota } from "../../src/sandbox/service-quotas.ts";
import { aWorld, call, refusal } from "./world-of-services.ts";

const place = { account: "123456789012", region: "eu-west-1" };
const vpcs = { ServiceCode: "vpc", QuotaCode: "L-F678F1CE" };

test("a quota is what AWS gives until it is raised, in one account and region", () => {
  const world = aWorld();
  const value = () =>
    (call(world, "servicequotas:GetServiceQuota", vpcs) as { readonly Quota: unknown }).Quota;
  expect(value()).toMatchObject({ ...vpcs, QuotaName: "VPCs per Region", Value: 5 });
  setQuota({ ...place, region: "us-east-1", world }, "vpc L-F678F1CE", 9);
  expect(value()).toMatchObject({ Value: 5 });
  setQuota({ ...place, world }, "vpc L-F678F1CE", 7);
  expect(value()).toMatchObject({ Value: 7 });
  expect(refusal(world, "servicequotas:GetServiceQuota", { ...vpcs, QuotaCode: "L-1" })).toMatch(
    /^NoSuchResourceException: /,
  );
});

test("an account has no more stacks than its quota says, those under review with them", () => {
  const world = aWorld();
  setQuota({ ...place, world }, "cloudformation L-0485CB21", 1);
  const TemplateBody = JSON.stringify({ Resources: { Queue: { Type: "AWS::SQS::Queue" } } });
  const made = { StackName: "first", TemplateBody };
  const review = { ChangeSetName: "c", ChangeSetType: "CREATE" };
  call(world, "cloudformation:CreateChangeSet", { ...made, ...review });
  const limit = "LimitExceededException: Limit for stack has been exceeded";
  const other = { StackName: "second", TemplateBody };
  expect(refusal(world, "cloudformation:CreateStack", other)).toBe(limit);
  expect(refusal(world, "cloudformation:CreateChangeSet", { ...other, ...review })).toBe(limit);
  call(world, "cloudformation:CreateStack", made);
});

const vpc = { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.0.0.0/16" } };
const address = { Type: "AWS::EC2::EIP", Properties: { Domain: "vpc" } };
const subnet = (zone: string) => ({
  Type: "AWS::EC2::Subnet",
  Properties: { VpcId: { Ref: "Vpc" }, CidrBlock: "10.0.0.0/24", AvailabilityZone: zone },
});
const gateway = (of: string) => ({
  Type: "AWS::EC2::NatGateway",
  Properties: { SubnetId: { Ref: of }, AllocationId: "eipalloc-0123abcd" },
});

test.for([
  [
    "VPCs",
    "vpc L-F678F1CE",
    { Vpc: vpc, Vpd: vpc },
    "The maximum number of VPCs has been reached.",
  ],
  [
    "addresses",
    "ec2 L-0263D0A3",
    { Eip: address, Eiq: address },
    "The maximum number of addresses has been reached.",
  ],
  [
    "NAT gateways in a zone",
    "vpc L-FE5A380F",
    {
      Vpc: vpc,
      A: subnet("eu-west-1a"),
      B: subnet("eu-west-1b"),
      NatA: gateway("A"),
      NatB: gateway("B"),
      NatC: gateway("B"),
    },
    "Performing this operation would exceed the limit of 1 NAT gateways",
  ],
] as const)("of %s there are no more than the quota says", ([, quota, Resources, message]) => {
  const world = aWorld();
  setQuota({ ...place, world }, quota, 1);
  const TemplateBody = JSON.stringify({ Resources });
  call(world, "cloudformation:CreateStack", {
    StackName: "many",
    TemplateBody,
    OnFailure: "DO_NOTHING",
  });
  world.advanceTo(world.now + 3_600_000);
  const { StackEvents } = call(world, "cloudformation:DescribeStackEvents", { StackName: "many" });
  const failed = (StackEvents as readonly Record<string, string>[]).filter(
    ({ ResourceStatus, ResourceStatusReason = "" }) =>
      ResourceStatus === "CREATE_FAILED" && ResourceStatusReason.includes("Resource handler"),
  );
  expect(failed).toHaveLength(1);
  expect(failed[0]?.ResourceStatusReason).toContain(`"${message} (Service: Ec2, Status Code: 400`);
});

test("the SDK's client is answered", async () => {
  const world = aWorld();
  const server = await startServer({ world, driver: () => createDriver(world, {}), port: 0 });
  const client = new ServiceQuotasClient({
    region: "eu-west-1",
    endpoint: server.url,
    credentials: { accessKeyId: "AKIA", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
  try {
    const { Quota } = await client.send(new GetServiceQuotaCommand(vpcs));
    expect(Quota?.Value).toBe(5);
    const wrong = client.send(new GetServiceQuotaCommand({ ...vpcs, QuotaCode: "L-1" }));
    await expect(wrong).rejects.toMatchObject({ name: "NoSuchResourceException" });
  } finally {
    client.destroy();
    await server.close();
  }
});
