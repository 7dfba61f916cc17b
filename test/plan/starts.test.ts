import { expect, test } from "vitest";
import type { DesiredStack, Target } from "../../src/model/bundle.ts";
import type { Change } from "../../src/model/plan.ts";
import { getAtt, join, type Properties, ref, type Value } from "../../src/model/template.ts";
import { needsOf, startsTasks } from "../../src/plan/starts.ts";
import { base } from "./laid.ts";

const target: Target = { account: "123456789012", region: "eu-west-1" };

const change = (type: string, action: Change["action"], stack = "app"): Change => ({
  stack,
  logicalId: "It",
  type,
  action,
  risk: "none",
  property: "",
  cause: undefined,
});

test.for<[string, Change["action"], string, boolean]>([
  ["AWS::ECS::Service", "add", "app", true],
  ["AWS::ECS::TaskDefinition", "replace", "app", true],
  ["AWS::ECS::Service", "remove", "app", false],
  ["AWS::ECS::Service", "modify", "other", false],
  ["AWS::SQS::Queue", "add", "app", false],
])("%s, %s in %s, starts tasks of app: %s", ([type, action, stack, expected]) => {
  expect(startsTasks("app", [change(type, action, stack)])).toBe(expected);
  expect(startsTasks("app", [])).toBe(false);
});

const stackWith = (Task: Properties, more: Partial<DesiredStack> = {}): DesiredStack => ({
  ...base,
  template: {
    AWSTemplateFormatVersion: "2010-09-09",
    Resources: {
      Task: { Type: "AWS::ECS::TaskDefinition", Properties: Task },
      Other: { Type: "AWS::SQS::Queue", Properties: Task },
      Bare: { Type: "AWS::ECS::TaskDefinition" },
    },
  },
  origins: {},
  ...more,
});

const needs = (Task: Properties, at = target) =>
  needsOf(stackWith(Task), at).map(({ kind, platform, text }) => `${kind} ${text} ${platform}`);

test("what tasks need is their images and secrets, for their platform", () => {
  const ContainerDefinitions = [
    { Image: "web:1", Secrets: [{ ValueFrom: "arn:a" }, { ValueFrom: "/b" }] },
    { Image: "api:1" },
  ];
  expect(needs({ ContainerDefinitions })).toEqual([
    "image web:1 linux/amd64",
    "secret arn:a linux/amd64",
    "secret /b linux/amd64",
    "image api:1 linux/amd64",
  ]);
  const arm = { CpuArchitecture: "ARM64" };
  expect(needs({ ContainerDefinitions: [{ Image: "a" }], RuntimePlatform: arm })).toEqual([
    "image a linux/arm64",
  ]);
});

test.for<[string, Value, string, readonly string[]]>([
  ["the account", ref("AWS::AccountId"), "eu-west-1", ["123456789012"]],
  ["the region", ref("AWS::Region"), "eu-west-1", ["eu-west-1"]],
  ["the partition", ref("AWS::Partition"), "eu-west-1", ["aws"]],
  ["that of China", ref("AWS::Partition"), "cn-north-1", ["aws-cn"]],
  ["that of a government", ref("AWS::Partition"), "us-gov-west-1", ["aws-us-gov"]],
  ["what its addresses end with", ref("AWS::URLSuffix"), "eu-west-1", ["amazonaws.com"]],
  ["that in China", ref("AWS::URLSuffix"), "cn-north-1", ["amazonaws.com.cn"]],
  ["that of a government, again", ref("AWS::URLSuffix"), "us-gov-west-1", ["amazonaws.com"]],
  ["parts of it", join(["a/", ref("AWS::Region"), ":1"]), "eu-west-1", ["a/eu-west-1:1"]],
  ["parts in between", { "Fn::Join": ["-", ["a", "b"]] }, "eu-west-1", ["a-b"]],
  ["what is made", ref("Repository"), "eu-west-1", []],
  ["what is made, in part", join(["a/", getAtt("Repository", "Name")]), "eu-west-1", []],
  ["a join of something else", { "Fn::Join": ["", ref("Texts")] }, "eu-west-1", []],
])("as far as it is known from the target: %s", ([, Image, region, expected]) => {
  const found = needsOf(stackWith({ ContainerDefinitions: [{ Image }] }), { ...target, region });
  expect(found.map(({ text }) => text)).toEqual(expected);
});

test("an image may be limited in what its scan may find, as its task definition tells", () => {
  const limitsOf = (Metadata: Properties | undefined, Name = "web") => {
    const stack = stackWith({ ContainerDefinitions: [{ Name, Image: "a" }] });
    const { Task } = stack.template.Resources;
    if (Task === undefined) throw new Error("the fixture lacks its task");
    const Resources = { Task: { ...Task, ...(Metadata === undefined ? {} : { Metadata }) } };
    return needsOf({ ...stack, template: { ...stack.template, Resources } }, target)[0]?.limits;
  };
  const most = { Critical: 0 };
  const own = (TreatFailedAs: string) => ({ ScanLimits: { web: { Most: most, TreatFailedAs } } });
  expect(limitsOf(own("Success"))).toEqual({ most, failedIsFine: true });
  expect(limitsOf(own("Failure"))).toEqual({ most, failedIsFine: false });
  expect(limitsOf({ ScanLimits: { api: { Most: most } } })).toBeUndefined();
  expect(limitsOf({})).toBeUndefined();
  expect(limitsOf(undefined)).toBeUndefined();
  // Whatever it is called.
  expect(limitsOf(undefined, "constructor")).toBeUndefined();
});

test("what says of no place to look in asks for nothing", () => {
  expect(needs({ ContainerDefinitions: [{ Image: "a", Secrets: [{ Name: "A" }] }] })).toEqual([
    "image a linux/amd64",
  ]);
});

test("each need has the line that asks for it, or that of its task", () => {
  const line = { file: "c.yml", line: 3, column: 1, path: "services.web.image" };
  const task = { ...line, line: 2, path: "services.web" };
  const Task = {
    ContainerDefinitions: [{ Name: "web", Image: "a", Secrets: [{ ValueFrom: "b" }] }],
  };
  const stack = stackWith(Task, {
    origins: { Task: task },
    originOf: (id, path) =>
      id === "Task" && path.join(".") === "ContainerDefinitions.web.Image" ? line : undefined,
  });
  expect(needsOf(stack, target).map(({ kind, origin }) => [kind, origin])).toEqual([
    ["image", line],
    ["secret", task],
  ]);
  const secrets = stackWith(Task, {
    originOf: (_, path) => (path.at(-1) === "Secrets" ? line : undefined),
  });
  expect(needsOf(secrets, target).map(({ origin }) => origin)).toEqual([undefined, line]);
  expect(needsOf(stackWith(Task), target).map(({ origin }) => origin)).toEqual([
    undefined,
    undefined,
  ]);
});
