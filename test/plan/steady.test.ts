import { expect, test } from "vitest";
import { stampOutput } from "../../src/link/digests.ts";
import type { DesiredStack } from "../../src/model/bundle.ts";
import { getAtt, join, type Template } from "../../src/model/template.ts";
import { steadyOutputs, type Unsettled } from "../../src/plan/steady.ts";
import { stackIn } from "./situations.ts";

/** A database, a queue that sends to another queue, and a network with a subnet. */
const deployed: Template = {
  AWSTemplateFormatVersion: "2010-09-09",
  Resources: {
    Database: { Type: "AWS::RDS::DBInstance", Properties: { DBInstanceClass: "db.t4g.micro" } },
    Jobs: {
      Type: "AWS::SQS::Queue",
      Properties: { RedrivePolicy: { deadLetterTargetArn: getAtt("Dead", "Arn") } },
    },
    Dead: { Type: "AWS::SQS::Queue", Properties: { QueueName: "dead" } },
    Vpc: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.0.0.0/16" } },
    Subnet: {
      Type: "AWS::EC2::Subnet",
      Properties: { VpcId: { Ref: "Vpc" }, CidrBlock: "10.0.0.0/24" },
    },
  },
  Outputs: {
    DatabaseHost: { Value: getAtt("Database", "Endpoint.Address") },
    JobsRef: { Value: { Ref: "Jobs" } },
    DeadRef: { Value: { Ref: "Dead" } },
    VpcRef: { Value: { Ref: "Vpc" } },
    SubnetRef: { Value: { Ref: "Subnet" } },
  },
};

const outputs = Object.fromEntries(
  Object.keys(deployed.Outputs ?? {}).map((name) => [name, `value of ${name}`]),
);

const desired = (changes: Template["Resources"]): DesiredStack => ({
  name: "trueup-shop-dev-base-00000000",
  unit: "base",
  template: { ...deployed, Resources: { ...deployed.Resources, ...changes } },
  parameters: {},
  tags: {},
  capabilities: [],
  dependsOn: [],
  origins: {},
});

const steady = (
  changes: Template["Resources"],
  status = "UPDATE_COMPLETE",
  more: Partial<Unsettled> = {},
): readonly string[] => [
  ...steadyOutputs({
    desired: desired(changes),
    parameters: {},
    stack: stackIn(status, { outputs: { ...outputs, [stampOutput]: "d".repeat(64) } }),
    template: deployed,
    touched: undefined,
    ...more,
  }),
];

const resized = {
  Database: { Type: "AWS::RDS::DBInstance", Properties: { DBInstanceClass: "db.t4g.small" } },
};

const all = Object.keys(outputs);
const but = (...names: readonly string[]) => all.filter((name) => !names.includes(name));

test("of what is changed, even in place, nothing is steady", () => {
  expect(steady(resized)).toEqual(but("DatabaseHost"));
});

test("what tells of several things is steady only where all of them are", () => {
  const Both = { Value: join([{ Ref: "Vpc" }, { Ref: "Database" }]) };
  const template = { ...deployed, Outputs: { ...deployed.Outputs, Both } };
  const given = { ...outputs, Both: "vpc-1db-1", [stampOutput]: "d".repeat(64) };
  const telling = (touched: readonly string[]) =>
    steady({}, "UPDATE_IN_PROGRESS", {
      desired: { ...desired({}), template },
      stack: stackIn("UPDATE_IN_PROGRESS", { outputs: given }),
      template,
      touched,
    }).includes("Both");
  expect(telling(["Subnet"])).toBe(true);
  expect(telling(["Database"])).toBe(false);
});

test("what is replaced along with something else is not steady", () => {
  const moved = { Vpc: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.1.0.0/16" } } };
  expect(steady(moved)).toEqual(but("VpcRef", "SubnetRef"));
});

test("what only refers to something that changes in place is steady", () => {
  const kept = {
    Dead: { Type: "AWS::SQS::Queue", Properties: { QueueName: "dead", DelaySeconds: 3 } },
  };
  expect(steady(kept)).toEqual(but("DeadRef"));
});

test("an output that the stack does not have yet is not steady", () => {
  const { JobsRef: _, ...others } = outputs;
  const stack = stackIn("UPDATE_COMPLETE", { outputs: { ...others, [stampOutput]: "d" } });
  expect(steady({}, "", { stack })).toEqual(but("JobsRef"));
});

test("outputs without a stamp are nobody's", () => {
  expect(steady({}, "", { stack: stackIn("UPDATE_COMPLETE", { outputs }) })).toEqual([]);
});

test.for([
  ["CREATE_COMPLETE", all],
  ["UPDATE_ROLLBACK_COMPLETE", all],
  ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", all],
  ["UPDATE_IN_PROGRESS", but("JobsRef")],
  ["UPDATE_ROLLBACK_IN_PROGRESS", but("JobsRef")],
  ["UPDATE_ROLLBACK_FAILED", but("JobsRef")],
  ["CREATE_IN_PROGRESS", []],
  ["DELETE_IN_PROGRESS", []],
  ["DELETE_FAILED", []],
  ["IMPORT_IN_PROGRESS", []],
  ["ROLLBACK_COMPLETE", []],
  ["REVIEW_IN_PROGRESS", []],
  ["UPDATE_OF_TOMORROW_IN_PROGRESS", []],
] as const)("in %s, with an operation on the queue known: %s", ([status, expected]) => {
  const isMoving =
    status !== "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS" && /PROGRESS|FAILED/.test(status);
  expect(steady({}, status, { touched: isMoving ? ["Jobs"] : undefined })).toEqual(expected);
});

test("an operation of which nothing is known may be busy with anything", () => {
  expect(steady({}, "UPDATE_IN_PROGRESS")).toEqual([]);
});

test("what tells of no resource is not known to be steady", () => {
  const Stage = { Value: { Ref: "Stage" } };
  const template = { ...deployed, Outputs: { ...deployed.Outputs, Stage } };
  const given = { ...outputs, Stage: "dev", [stampOutput]: "d".repeat(64) };
  const more = {
    desired: { ...desired({}), template },
    parameters: { Stage: "dev" },
    stack: stackIn("UPDATE_COMPLETE", { outputs: given, parameters: { Stage: "dev" } }),
    template,
  };
  expect(steady({}, "", more)).toEqual(all);
});
