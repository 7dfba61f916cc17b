import { expect, test } from "vitest";
import type { DesiredStack, Origin, Target } from "../../src/model/bundle.ts";
import { outlineOf } from "../../src/plan/outline.ts";
import { base } from "./laid.ts";

const target: Target = { account: "123456789012", region: "eu-west-1", role: "arn:aws:iam::1:r" };

const line = (path: string): Origin => ({ file: "c.yml", line: 3, column: 5, path });

const stack: DesiredStack = {
  ...base,
  name: "shop-s-web",
  unit: "s-web",
  dependsOn: ["base"],
  template: {
    AWSTemplateFormatVersion: "2010-09-09",
    Resources: {
      Task: {
        Type: "AWS::ECS::TaskDefinition",
        Properties: {
          ContainerDefinitions: [
            { Name: "web", Image: "web:1", Secrets: [{ ValueFrom: "arn:secret" }] },
            { Name: "xray-daemon", Image: "public.ecr.aws/xray:3" },
          ],
        },
      },
      Made: { Type: "AWS::SQS::Queue" },
    },
  },
  origins: { Task: line("services.web") },
  originOf: (_, path) => (path.at(-1) === "Image" ? line("services.web.image") : undefined),
};

const outline = outlineOf({ digest: "b".repeat(64), target, stacks: [stack] }, "a".repeat(40));

test("an outline has each resource with the line that asks for it, as far as one does", () => {
  expect(outline.stacks[0]?.resources).toEqual([
    { logicalId: "Task", type: "AWS::ECS::TaskDefinition", cause: line("services.web") },
    { logicalId: "Made", type: "AWS::SQS::Queue", cause: undefined },
  ]);
  expect(outline).toMatchObject({ v: 1, revision: "a".repeat(40), bundle: "b".repeat(64) });
  expect(outline.target).toEqual({ account: "123456789012", region: "eu-west-1" });
});

test("the image of a service has its line, and what is put beside it that of the service", () => {
  expect(outline.stacks[0]?.images).toEqual([
    { container: "web", image: "web:1", cause: line("services.web.image") },
    { container: "xray-daemon", image: "public.ecr.aws/xray:3", cause: line("services.web") },
  ]);
});

test("an outline says nothing of secrets", () => {
  expect(JSON.stringify(outline)).not.toContain("arn:secret");
});
