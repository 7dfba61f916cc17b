import { expect, test } from "vitest";
import { testWorld } from "./world.ts";

const cluster = { Resources: { Cluster: { Type: "AWS::ECS::Cluster" } } };

test("a stack of others that has the name of one of ours is left alone, and said to be in the way", async () => {
  const scene = testWorld();
  const StackName = "trueup-myapps-dev-s-app01-a46c25ae";
  const TemplateBody = JSON.stringify(cluster);
  await scene.ask("cloudformation:CreateStack", { StackName, TemplateBody });
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  const { conditions } = await scene.status();
  expect(conditions.map(({ reason, type }) => `${type} ${reason}`)).toEqual([
    "Ready StackTaken",
    "Stalled StackTaken",
  ]);
  expect(conditions[0]?.message).toContain(`s-app01: There is a stack ${StackName} already`);
  expect(await scene.ask("cloudformation:GetTemplate", { StackName })).toMatchObject({
    TemplateBody,
  });

  await scene.ask("cloudformation:DeleteStack", { StackName });
  await scene.driver.settle({ at: scene.world.now + 1_800_000 });
  expect((await scene.status()).conditions[0]).toMatchObject({ type: "Ready", status: "True" });
});
