import { CreateServiceLinkedRoleCommand, GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createDriver } from "../../src/sandbox/driver.ts";
import { addRole } from "../../src/sandbox/iam/roles.ts";
import { startServer } from "../../src/sandbox/server.ts";
import { aWorld, call, refusal } from "./world-of-services.ts";

const ecs = { AWSServiceName: "ecs.amazonaws.com" };
const taken =
  "InvalidInput: Service role name AWSServiceRoleForECS has been taken in this account, please try a different suffix.";

test("a service has one role in an account", () => {
  const world = aWorld();
  expect(refusal(world, "iam:GetRole", { RoleName: "AWSServiceRoleForECS" })).toBe(
    "NoSuchEntity: The role with name AWSServiceRoleForECS cannot be found.",
  );
  const made = call(world, "iam:CreateServiceLinkedRole", ecs);
  expect(made.Role).toMatchObject({
    Path: "/aws-service-role/ecs.amazonaws.com/",
    RoleName: "AWSServiceRoleForECS",
    Arn: "arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
    CreateDate: new Date(world.now),
    MaxSessionDuration: 3600,
  });
  expect(call(world, "iam:GetRole", { RoleName: "AWSServiceRoleForECS" })).toEqual(made);
  expect(refusal(world, "iam:CreateServiceLinkedRole", ecs)).toBe(taken);
  const other = {
    account: "210987654321",
    region: "eu-west-1",
    arn: "arn:aws:iam::210987654321:root",
  };
  expect(() => world.call("iam:CreateServiceLinkedRole", ecs, other)).not.toThrow();
  expect(refusal(world, "iam:CreateServiceLinkedRole", { AWSServiceName: "x" })).toMatch(
    /^NotImplemented/,
  );
});

test("a role is found whatever its path, also one that a stack has made", () => {
  const world = aWorld();
  addRole(world, "arn:aws:iam::123456789012:role/trueup/worker", { Statement: [] });
  const worker = call(world, "iam:GetRole", { RoleName: "worker" });
  expect(worker.Role).toMatchObject({ Path: "/trueup/", RoleName: "worker" });
  expect(JSON.parse(decodeURIComponent(worker.Role.AssumeRolePolicyDocument))).toEqual({
    Statement: [],
  });
  const Properties = { RoleName: "made", AssumeRolePolicyDocument: { Statement: [] } };
  const TemplateBody = JSON.stringify({ Resources: { R: { Type: "AWS::IAM::Role", Properties } } });
  const Capabilities = ["CAPABILITY_NAMED_IAM"];
  call(world, "cloudformation:CreateStack", { StackName: "s", TemplateBody, Capabilities });
  world.advanceTo(world.now + 600_000);
  expect(call(world, "iam:GetRole", { RoleName: "made" }).Role.Path).toBe("/");
});

test("the SDK's client is answered", async () => {
  const world = aWorld();
  const server = await startServer({ world, driver: () => createDriver(world, {}), port: 0 });
  const client = new IAMClient({
    region: "eu-west-1",
    endpoint: server.url,
    credentials: { accessKeyId: "AKIA", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
  try {
    const role = new GetRoleCommand({ RoleName: "AWSServiceRoleForECS" });
    await expect(client.send(role)).rejects.toMatchObject({
      name: "NoSuchEntityException",
      $metadata: { httpStatusCode: 404 },
    });
    await client.send(new CreateServiceLinkedRoleCommand(ecs));
    const { Role } = await client.send(role);
    expect(Role?.CreateDate).toBeInstanceOf(Date);
    const again = client.send(new CreateServiceLinkedRoleCommand(ecs));
    await expect(again).rejects.toMatchObject({ name: "InvalidInputException" });
  } finally {
    client.destroy();
    await server.close();
  }
});
