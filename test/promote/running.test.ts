import { describe, expect, test } from "vitest";
import type { DesiredStack } from "../../src/model/bundle.ts";
import { join, type Properties, ref, type Template } from "../../src/model/template.ts";
import { imagesIn, serviceOf } from "../../src/promote/running.ts";

const stackOf = (unit: string, Resources: Template["Resources"]): DesiredStack => ({
  name: unit,
  unit,
  template: { AWSTemplateFormatVersion: "2010-09-09", Resources },
  parameters: {},
  tags: {},
  capabilities: [],
  dependsOn: [],
  origins: {},
});

const task = (...containers: readonly Properties[]) => ({
  Type: "AWS::ECS::TaskDefinition",
  Properties: { ContainerDefinitions: containers },
});
const service = (TaskDefinition: Properties | string) => ({
  Type: "AWS::ECS::Service",
  Properties: { TaskDefinition },
});

const web = stackOf("s-web", {
  Jobs: { Type: "AWS::SQS::Queue", Properties: { ContainerDefinitions: [{ Name: "none" }] } },
  WebTaskDefinition: task({ Name: "web", Image: "web:1" }, { Name: "log", Image: "log:2" }),
  Fixed: service("arn:task"),
  Other: service(ref("OtherTaskDefinition")),
  TaskDefinitionCheckTaskDefinition: task({ Name: "check", Image: "check:1" }),
  WebService: service(ref("WebTaskDefinition")),
});
const api = stackOf("s-api", {
  ApiTaskDefinition: task(
    { Name: "api", Image: join(["repository/", ref("AWS::Region")]) },
    { Name: "bare" },
  ),
  Empty: { Type: "AWS::ECS::TaskDefinition" },
  Bare: { Type: "AWS::ECS::Service" },
});

test("what runs is every image of every container, as it is written", () => {
  expect(imagesIn({ stacks: [web, api] })).toEqual({
    "Web/web": "web:1",
    "Web/log": "log:2",
    "TaskDefinitionCheck/check": "check:1",
    "Api/api": '{"Fn::Join":["",["repository/",{"Ref":"AWS::Region"}]]}',
    "Api/bare": '""',
  });
});

describe("a container", () => {
  const found = (name: string, ...stacks: readonly DesiredStack[]) => serviceOf({ stacks }, name);

  test("is run by the service that has its task definition", () => {
    expect(found("web", api, web)).toEqual({ unit: "s-web", logicalId: "WebService" });
    expect(found("log", web, api)).toEqual({ unit: "s-web", logicalId: "WebService" });
  });

  test("that no service runs is run by none", () => {
    expect(found("api", web, api)).toBeUndefined();
    expect(found("none", web, api)).toBeUndefined();
    expect(found("web")).toBeUndefined();
  });

  test("is looked for in the next stack where one only defines it", () => {
    const defined = stackOf("s-defines", { WebTaskDefinition: task({ Name: "web" }) });
    expect(found("web", defined, web)?.unit).toBe("s-web");
  });
});
