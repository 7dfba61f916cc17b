import { describe, expect, test } from "vitest";
import { stacksOf } from "../../src/aws/stacks.ts";
import { awsError, recorder } from "./recorder.ts";

const name = "trueup-myapps-dev-base-1a2b3c4d";
const id = `arn:aws:cloudformation:eu-west-1:123456789012:stack/${name}/0f`;
const changeSetId = "arn:aws:cloudformation:eu-west-1:123456789012:changeSet/trueup-1/0f";
const noUpload = async () => {
  throw new Error("Nothing should be uploaded");
};
const missingStack = awsError("ValidationError", `Stack with id ${name} does not exist`);

describe("a stack", () => {
  const described = {
    StackId: id,
    StackName: name,
    StackStatus: "UPDATE_COMPLETE",
    ChangeSetId: changeSetId,
    CreationTime: new Date("2026-03-01T08:00:00.000Z"),
    LastUpdatedTime: new Date("2026-03-02T10:31:48.250Z"),
    Outputs: [{ OutputKey: "VpcId", OutputValue: "vpc-1" }],
    Parameters: [{ ParameterKey: "Size", ParameterValue: "2" }],
    Tags: [],
  };

  test("is read in one answer", async () => {
    const { call, requests } = recorder({
      "cloudformation:DescribeStacks": [{ Stacks: [described] }],
    });
    expect(await stacksOf(call, noUpload).describe(name)).toEqual({
      name,
      id,
      status: "UPDATE_COMPLETE",
      reason: undefined,
      outputs: { VpcId: "vpc-1" },
      parameters: { Size: "2" },
      tags: {},
      changeSetId,
      lastUpdated: "2026-03-02T10:31:48.250Z",
    });
    expect(requests).toEqual([
      { operation: "cloudformation:DescribeStacks", input: { StackName: name } },
    ]);
  });

  test("that was never updated dates from its creation", async () => {
    const { call } = recorder({
      "cloudformation:DescribeStacks": [{ Stacks: [{ ...described, LastUpdatedTime: undefined }] }],
    });
    const stack = await stacksOf(call, noUpload).describe(name);
    expect(stack?.lastUpdated).toBe("2026-03-01T08:00:00.000Z");
  });

  test("that is deleted says since when", async () => {
    const DeletionTime = new Date("2026-03-03T08:00:00.000Z");
    const { call } = recorder({
      "cloudformation:DescribeStacks": [{ Stacks: [{ ...described, DeletionTime }] }],
    });
    const stack = await stacksOf(call, noUpload).describe(name);
    expect(stack?.deletionBegan).toBe("2026-03-03T08:00:00.000Z");
  });

  test.for([
    ["is unknown", missingStack],
    ["is deleted", { Stacks: [{ ...described, StackStatus: "DELETE_COMPLETE" }] }],
  ] as const)("that %s is no stack", async ([, answer]) => {
    const { call } = recorder({ "cloudformation:DescribeStacks": [answer] });
    expect(await stacksOf(call, noUpload).describe(name)).toBeUndefined();
  });

  test("that cannot be read is an error, not absence", async () => {
    const { call } = recorder({ "cloudformation:DescribeStacks": [awsError("AccessDenied")] });
    await expect(stacksOf(call, noUpload).describe(name)).rejects.toThrow("AccessDenied");
  });

  test("has the template that was submitted", async () => {
    const { call, requests } = recorder({
      "cloudformation:GetTemplate": [{ TemplateBody: '{"Resources":{}}' }],
    });
    expect(await stacksOf(call, noUpload).template(id)).toEqual({ Resources: {} });
    expect(requests[0]?.input).toEqual({ StackName: id, TemplateStage: "Original" });
  });

  test("is deleted by id, with a token", async () => {
    const { call, requests } = recorder({ "cloudformation:DeleteStack": [{}] });
    await stacksOf(call, noUpload).deleteStack(id, "trueup-2");
    expect(requests[0]?.input).toEqual({ StackName: id, ClientRequestToken: "trueup-2" });
  });
});

describe("the failures of a stack", () => {
  const stackEvent = (ResourceStatus: string, ResourceStatusReason?: string) => ({
    LogicalResourceId: name,
    PhysicalResourceId: id,
    ResourceType: "AWS::CloudFormation::Stack",
    ResourceStatus,
    ResourceStatusReason,
  });
  const event = (LogicalResourceId: string, ResourceStatus: string, reason?: string) => ({
    LogicalResourceId,
    ResourceType: "AWS::SQS::Queue",
    ResourceStatus,
    ResourceStatusReason: reason,
  });

  test("are those of its last operation, causes only, first things first", async () => {
    const { call, requests } = recorder({
      "cloudformation:DescribeStackEvents": [
        {
          NextToken: "2",
          StackEvents: [
            stackEvent("UPDATE_ROLLBACK_COMPLETE"),
            event("Second", "UPDATE_FAILED", "no such key"),
            event("Sibling", "UPDATE_FAILED", "Resource update cancelled"),
            event("Other", "CREATE_FAILED", "Resource creation cancelled"),
            event("First", "CREATE_FAILED", "no such role"),
          ],
        },
        {
          NextToken: "3",
          StackEvents: [
            stackEvent("UPDATE_IN_PROGRESS", "User Initiated"),
            event("Earlier", "CREATE_FAILED", "an older story"),
          ],
        },
      ],
    });
    expect(await stacksOf(call, noUpload).failures(id)).toEqual([
      { logicalId: "First", type: "AWS::SQS::Queue", reason: "no such role" },
      { logicalId: "Second", type: "AWS::SQS::Queue", reason: "no such key" },
    ]);
    expect(requests.map(({ input }) => input)).toEqual([
      { StackName: id },
      { StackName: id, NextToken: "2" },
    ]);
  });

  test("go back to what was broken off, and past rollbacks that were continued", async () => {
    const { call } = recorder({
      "cloudformation:DescribeStackEvents": [
        {
          StackEvents: [
            stackEvent("UPDATE_ROLLBACK_FAILED"),
            event("First", "UPDATE_FAILED", "would not go back"),
            stackEvent("UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated"),
            event("First", "UPDATE_FAILED", "would not go back yet"),
            event("First", "UPDATE_FAILED", "no such role"),
            stackEvent("UPDATE_IN_PROGRESS", "User Initiated"),
            event("Earlier", "CREATE_FAILED", "an older story"),
          ],
        },
      ],
    });
    expect((await stacksOf(call, noUpload).failures(id)).map(({ reason }) => reason)).toEqual([
      "no such role",
      "would not go back",
    ]);
  });

  test("end with the events", async () => {
    const { call } = recorder({
      "cloudformation:DescribeStackEvents": [
        { StackEvents: [stackEvent("UPDATE_FAILED"), event("A", "UPDATE_FAILED", "no")] },
      ],
    });
    expect(await stacksOf(call, noUpload).failures(id)).toHaveLength(1);
  });
});
