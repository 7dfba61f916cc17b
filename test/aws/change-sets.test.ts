import { describe, expect, test } from "vitest";
import { templatePath } from "../../src/aws/change-sets.ts";
import { stacksOf } from "../../src/aws/stacks.ts";
import type { ChangeSetRequest } from "../../src/ports/ports.ts";
import { awsError, recorder } from "./recorder.ts";

const name = "trueup-myapps-dev-base-1a2b3c4d";
const changeSetId = "arn:aws:cloudformation:eu-west-1:123456789012:changeSet/trueup-1/0f";
const noUpload = async () => {
  throw new Error("Nothing should be uploaded");
};
const described = {
  ChangeSetId: changeSetId,
  ChangeSetName: "trueup-1",
  Status: "CREATE_COMPLETE",
  ExecutionStatus: "AVAILABLE",
  Description: "r1",
};
const change = (logicalId: string, more: object) => ({
  Type: "Resource",
  ResourceChange: { LogicalResourceId: logicalId, ResourceType: "AWS::SQS::Queue", ...more },
});

const request: ChangeSetRequest = {
  stack: name,
  type: "UPDATE",
  name: "trueup-1",
  template: { AWSTemplateFormatVersion: "2010-09-09", Resources: {} },
  parameters: { VpcId: "vpc-1" },
  tags: { "trueup:unit": "base" },
  capabilities: ["CAPABILITY_NAMED_IAM"],
  cloudFormationRole: "arn:aws:iam::123456789012:role/trueup/cfn",
  description: "r1",
  revertsDrift: false,
};
const asked = {
  StackName: name,
  ChangeSetType: "UPDATE",
  ChangeSetName: "trueup-1",
  ClientToken: "trueup-1",
  Description: "r1",
  Parameters: [{ ParameterKey: "VpcId", ParameterValue: "vpc-1" }],
  Tags: [{ Key: "trueup:unit", Value: "base" }],
  Capabilities: ["CAPABILITY_NAMED_IAM"],
  RoleARN: "arn:aws:iam::123456789012:role/trueup/cfn",
};

describe("a change set that is looked at", () => {
  test("has the changes of all its pages", async () => {
    const { call, requests } = recorder({
      "cloudformation:DescribeChangeSet": [
        { ...described, Changes: [change("A", { Action: "Add" })], NextToken: "2" },
        { ...described, Changes: [change("B", { Action: "Modify", Replacement: "True" })] },
      ],
    });
    expect(await stacksOf(call, noUpload).changeSet(name, "trueup-1")).toEqual({
      id: changeSetId,
      name: "trueup-1",
      status: "CREATE_COMPLETE",
      executionStatus: "AVAILABLE",
      reason: undefined,
      description: "r1",
      changes: [
        { logicalId: "A", type: "AWS::SQS::Queue", action: "Add", replacement: undefined },
        { logicalId: "B", type: "AWS::SQS::Queue", action: "Modify", replacement: "True" },
      ],
      createdAt: "",
    });
    expect(requests.map(({ input }) => input)).toEqual([
      { ChangeSetName: "trueup-1", StackName: name },
      { ChangeSetName: "trueup-1", StackName: name, NextToken: "2" },
    ]);
  });

  test("is addressed by its ARN alone where that is known", async () => {
    const { call, requests } = recorder({ "cloudformation:DescribeChangeSet": [described] });
    await stacksOf(call, noUpload).changeSet(name, changeSetId);
    expect(requests[0]?.input).toEqual({ ChangeSetName: changeSetId });
  });

  test.for([
    awsError("ChangeSetNotFoundException", "ChangeSet [trueup-1] does not exist"),
    awsError("ValidationError", `Stack [${name}] does not exist`),
  ])("is absent when CloudFormation says %s", async (answer) => {
    const { call } = recorder({ "cloudformation:DescribeChangeSet": [answer] });
    expect(await stacksOf(call, noUpload).changeSet(name, "trueup-1")).toBeUndefined();
  });
});

describe("a change set that is asked for", () => {
  test("is asked for with everything it holds", async () => {
    const { call, requests } = recorder({ "cloudformation:CreateChangeSet": [{}] });
    await stacksOf(call, noUpload).createChangeSet(request);
    const TemplateBody = '{"AWSTemplateFormatVersion":"2010-09-09","Resources":{}}';
    expect(requests[0]?.input).toEqual({ ...asked, TemplateBody });
  });

  test.for([
    [51_200, "inline"],
    [51_201, "uploaded"],
  ] as const)("of %i bytes is %s", async ([bytes, where]) => {
    const { call, requests } = recorder({ "cloudformation:CreateChangeSet": [{}] });
    const room = bytes - JSON.stringify({ ...request.template, Description: "" }).length;
    const template = { ...request.template, Description: "x".repeat(room) };
    const url = async (body: string) => `https://bucket/${templatePath(body)}`;
    await stacksOf(call, url).createChangeSet({ ...request, template });
    const { AWSTemplateFormatVersion, Resources, Description } = template;
    const body = JSON.stringify({ AWSTemplateFormatVersion, Resources, Description });
    const sent = where === "inline" ? { TemplateBody: body } : { TemplateURL: await url(body) };
    expect(requests[0]?.input).toEqual({ ...asked, ...sent });
  });

  test.for([
    "Template error: Fn::Select requires a list argument with two elements",
    "Template format error: Unresolved resource dependencies [Nope] in the Resources block",
    "Parameters: [Size] must have values",
    "1 validation error detected: Value 'x' failed to satisfy constraint",
  ])("that CloudFormation will never make is answered with why: %s", async (why) => {
    const refused = awsError("ValidationError", why);
    const { call } = recorder({ "cloudformation:CreateChangeSet": [refused] });
    expect(await stacksOf(call, noUpload).createChangeSet(request)).toBe(why);
  });

  test.for([
    ["ValidationError", "Stack:arn is in UPDATE_IN_PROGRESS state and can not be updated."],
    ["ValidationError", "Role arn is invalid or cannot be assumed"],
    ["ValidationError", "No export named shop-vpc found"],
    ["Throttling", "Template error: no"],
  ] as const)("that it may make another time is no answer: %s %s", async ([name, why]) => {
    const { call } = recorder({ "cloudformation:CreateChangeSet": [awsError(name, why)] });
    await expect(stacksOf(call, noUpload).createChangeSet(request)).rejects.toThrow(why);
  });

  test("asked for twice is asked for once", async () => {
    const twice = awsError("AlreadyExistsException");
    const { call } = recorder({ "cloudformation:CreateChangeSet": [twice] });
    await stacksOf(call, noUpload).createChangeSet(request);
  });
});

describe("a change set", () => {
  test("is executed with rollback, and deleting on a failed create only what it made", async () => {
    const { call, requests } = recorder({ "cloudformation:ExecuteChangeSet": [{}] });
    await stacksOf(call, noUpload).executeChangeSet(changeSetId, "trueup-1");
    expect(requests[0]?.input).toEqual({
      ChangeSetName: changeSetId,
      ClientRequestToken: "trueup-1",
      DisableRollback: false,
      RetainExceptOnCreate: true,
    });
  });

  const refused = awsError("InvalidChangeSetStatusException", "cannot be executed");
  test.for(["EXECUTE_IN_PROGRESS", "EXECUTE_COMPLETE", "EXECUTE_FAILED"])(
    "that is already %s has been executed",
    async (ExecutionStatus) => {
      const { call } = recorder({
        "cloudformation:ExecuteChangeSet": [refused],
        "cloudformation:DescribeChangeSet": [{ ...described, ExecutionStatus }],
      });
      await stacksOf(call, noUpload).executeChangeSet(changeSetId, "trueup-1");
    },
  );

  test.for(["AVAILABLE", "OBSOLETE", "UNAVAILABLE"])(
    "that is refused while %s is an error",
    async (ExecutionStatus) => {
      const { call } = recorder({
        "cloudformation:ExecuteChangeSet": [refused],
        "cloudformation:DescribeChangeSet": [{ ...described, ExecutionStatus }],
      });
      const executed = stacksOf(call, noUpload).executeChangeSet(changeSetId, "trueup-1");
      await expect(executed).rejects.toBe(refused);
    },
  );

  test("that is gone is deleted", async () => {
    const { call, requests } = recorder({
      "cloudformation:DeleteChangeSet": [awsError("ChangeSetNotFoundException")],
    });
    await stacksOf(call, noUpload).deleteChangeSet(changeSetId);
    expect(requests[0]?.input).toEqual({ ChangeSetName: changeSetId });
  });
});
