import { expect, test } from "vitest";
import { testWorld } from "./world.ts";

test("other tags on everything, on what holds data too, are rolled out", async () => {
  const scene = testWorld();
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  const compose = await scene.read("docker-compose.yml");
  await scene.push({ "docker-compose.yml": compose.replace(/(x-tags:\n)/, "$1  team: blue\n") });
  await scene.settle();
  const { conditions, stacks } = await scene.status();
  expect(conditions[0]?.message).toBe("Everything is as the repository says.");
  expect(conditions[0]).toMatchObject({ type: "Ready", status: "True" });
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {
    StackName: stacks[0]?.name,
  })) as { readonly Stacks: readonly { readonly Tags: readonly object[] }[] };
  expect(Stacks[0]?.Tags).toContainEqual({ Key: "team", Value: "blue" });
});
