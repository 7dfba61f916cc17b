import { expect, test } from "vitest";
import { quotasOf } from "../../src/aws/quotas.ts";
import { awsError, recorder } from "./recorder.ts";

const listed = (...ids: readonly string[]) => ({
  ResourceDescriptions: ids.map((Identifier) => ({ Identifier })),
});

test("what is there is counted over all pages, and what may be there asked for", async () => {
  const { call, requests } = recorder({
    "servicequotas:GetServiceQuota": [{ Quota: { Value: 7 } }],
    "cloudcontrolapi:ListResources": [{ ...listed("a", "b"), NextToken: "t" }, listed("c")],
  });
  expect(await quotasOf(call).room("AWS::EC2::EIP")).toEqual({ most: 7, used: 3 });
  expect(requests[0]).toEqual({
    operation: "servicequotas:GetServiceQuota",
    input: { ServiceCode: "ec2", QuotaCode: "L-0263D0A3" },
  });
});

test("a quota that nobody ever raised is what AWS gives", async () => {
  const { call } = recorder({
    "servicequotas:GetServiceQuota": [awsError("NoSuchResourceException")],
    "cloudformation:DescribeStacks": [{ Stacks: [{ StackName: "a" }] }],
  });
  const room = await quotasOf(call).room("AWS::CloudFormation::Stack");
  expect(room).toEqual({ most: 2000, used: 1 });
});

test("who may not know is told so; what fails otherwise fails", async () => {
  const asking = (error: string, message?: string) =>
    quotasOf(
      recorder({
        "servicequotas:GetServiceQuota": [{ Quota: { Value: 7 } }],
        "cloudcontrolapi:ListResources": [awsError(error, message)],
      }).call,
    ).room("AWS::EC2::VPC");
  expect(await asking("AccessDeniedException")).toBeUndefined();
  // As EC2's refusals arrive by Cloud Control.
  const refused =
    "You are not authorized to perform this operation. (Service: Ec2, Status Code: 403)";
  expect(await asking("GeneralServiceException", refused)).toBeUndefined();
  await expect(asking("ThrottlingException")).rejects.toThrow("ThrottlingException");
});
