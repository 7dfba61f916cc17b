import { beforeEach, describe, expect, test } from "vitest";
import type { World } from "../../../src/sandbox/world.ts";
import { aWorld, call, refusal } from "../world-of-services.ts";
import { cloudformation, settle, stackOf, statusOf } from "./a-world.ts";

const queueUrl = "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs";
const template = (timeout: number, more: object = {}) =>
  JSON.stringify({
    Resources: {
      Queue: {
        Type: "AWS::SQS::Queue",
        Properties: { QueueName: "jobs", VisibilityTimeout: timeout, ...more },
      },
      Name: {
        Type: "AWS::SSM::Parameter",
        Properties: { Type: "String", Value: { "Fn::GetAtt": ["Queue", "QueueName"] } },
      },
    },
  });

let world: World;

beforeEach(() => {
  world = aWorld();
  cloudformation(world, "CreateStack", { StackName: "shop", TemplateBody: template(60) });
  settle(world);
});

const which = { TypeName: "AWS::SQS::Queue", Identifier: queueUrl };
const change = (value: number) =>
  call(world, "cloudcontrolapi:UpdateResource", {
    ...which,
    PatchDocument: JSON.stringify([{ op: "replace", path: "/VisibilityTimeout", value }]),
  });

const live = () =>
  JSON.parse(call(world, "cloudcontrolapi:GetResource", which).ResourceDescription.Properties);

const detected = () => {
  const { StackDriftDetectionId } = cloudformation(world, "DetectStackDrift", {
    StackName: "shop",
  });
  settle(world);
  return cloudformation(world, "DescribeStackDriftDetectionStatus", { StackDriftDetectionId });
};

const drifts = (StackResourceDriftStatusFilters: readonly string[]) =>
  cloudformation(world, "DescribeStackResourceDrifts", {
    StackName: "shop",
    StackResourceDriftStatusFilters,
  }).StackResourceDrifts;

const revert = (TemplateBody: string) => {
  const { Id } = cloudformation(world, "CreateChangeSet", {
    StackName: "shop",
    ChangeSetName: "revert",
    DeploymentMode: "REVERT_DRIFT",
    TemplateBody,
  });
  settle(world);
  return Id;
};

const changesIn = (ChangeSetName: string) => {
  const found = cloudformation(world, "DescribeChangeSet", { ChangeSetName });
  // biome-ignore lint/suspicious/noExplicitAny: as AWS answers.
  return found.Changes.map(({ ResourceChange: one }: any) => [one.Action, one.LogicalResourceId]);
};

describe("a detection of drift", () => {
  test("finds nothing where nobody changed anything", () => {
    expect(stackOf(world, "shop").DriftInformation).toEqual({ StackDriftStatus: "NOT_CHECKED" });
    expect(detected()).toMatchObject({
      DetectionStatus: "DETECTION_COMPLETE",
      StackDriftStatus: "IN_SYNC",
      DriftedStackResourceCount: 0,
    });
    expect(drifts([])).toHaveLength(2);
    expect(drifts(["MODIFIED", "DELETED"])).toEqual([]);
    expect(stackOf(world, "shop").DriftInformation.StackDriftStatus).toBe("IN_SYNC");
  });

  test("names each property that is not what was declared, in AWS's own shape", () => {
    change(99);
    expect(live().VisibilityTimeout).toBe(99);
    expect(detected()).toMatchObject({ StackDriftStatus: "DRIFTED", DriftedStackResourceCount: 1 });
    const [drift, ...more] = drifts(["MODIFIED"]);
    expect(more).toEqual([]);
    expect(drift).toMatchObject({
      LogicalResourceId: "Queue",
      PhysicalResourceId: queueUrl,
      StackResourceDriftStatus: "MODIFIED",
      PropertyDifferences: [
        {
          PropertyPath: "/VisibilityTimeout",
          ExpectedValue: "60",
          ActualValue: "99",
          DifferenceType: "NOT_EQUAL",
        },
      ],
    });
    expect(JSON.parse(drift.ExpectedProperties).VisibilityTimeout).toBe(60);
  });

  test("says what is gone", () => {
    call(world, "cloudcontrolapi:DeleteResource", which);
    expect(detected()).toMatchObject({ StackDriftStatus: "DRIFTED" });
    expect(drifts(["DELETED"])).toMatchObject([{ LogicalResourceId: "Queue" }]);
    expect(refusal(world, "cloudcontrolapi:GetResource", which)).toContain("was not found");
  });

  test("does not see what was never declared", () => {
    call(world, "cloudcontrolapi:UpdateResource", {
      ...which,
      PatchDocument: '[{"op":"add","path":"/DelaySeconds","value":5}]',
    });
    expect(detected()).toMatchObject({ StackDriftStatus: "IN_SYNC" });
  });

  test("is one at a time, and not of a stack that moves", () => {
    cloudformation(world, "DetectStackDrift", { StackName: "shop" });
    const again = () => refusal(world, "cloudformation:DetectStackDrift", { StackName: "shop" });
    expect(again()).toContain("already in progress");
    settle(world);
    cloudformation(world, "UpdateStack", { StackName: "shop", TemplateBody: template(61) });
    expect(again()).toContain("UPDATE_IN_PROGRESS");
  });
});

describe("a change set that reverts drift", () => {
  test("puts back what others changed, though the template is the same", () => {
    change(99);
    const id = revert(template(60));
    // The other asks an attribute of what is updated: CloudFormation is known to exaggerate.
    expect(changesIn(id)).toEqual([
      ["Modify", "Name"],
      ["Modify", "Queue"],
    ]);
    cloudformation(world, "ExecuteChangeSet", { ChangeSetName: id });
    settle(world);
    expect(statusOf(world, "shop")).toBe("UPDATE_COMPLETE");
    expect(live().VisibilityTimeout).toBe(60);
    expect(detected()).toMatchObject({ StackDriftStatus: "IN_SYNC" });
  });

  test("makes again what others deleted", () => {
    call(world, "cloudcontrolapi:DeleteResource", which);
    const id = revert(template(60));
    expect(changesIn(id)).toContainEqual(["Add", "Queue"]);
    cloudformation(world, "ExecuteChangeSet", { ChangeSetName: id });
    settle(world);
    expect(statusOf(world, "shop")).toBe("UPDATE_COMPLETE");
    expect(live().VisibilityTimeout).toBe(60);
  });

  test("is empty where nothing drifted", () => {
    const ChangeSetName = revert(template(60));
    expect(cloudformation(world, "DescribeChangeSet", { ChangeSetName })).toMatchObject({
      Status: "FAILED",
      DeploymentMode: "REVERT_DRIFT",
    });
  });
});

test("an ordinary update of what others deleted fails, and what it does not touch stays as it is", () => {
  change(99);
  const other = template(60).replace('"String"', '"StringList"');
  cloudformation(world, "UpdateStack", { StackName: "shop", TemplateBody: other });
  settle(world);
  expect(live().VisibilityTimeout).toBe(99);
  call(world, "cloudcontrolapi:DeleteResource", which);
  cloudformation(world, "UpdateStack", { StackName: "shop", TemplateBody: template(61) });
  settle(world);
  expect(statusOf(world, "shop")).toBe("UPDATE_ROLLBACK_COMPLETE");
});
