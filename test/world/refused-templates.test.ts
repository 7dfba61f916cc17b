import { expect, test } from "vitest";
import { testWorld } from "./world.ts";

test("what CloudFormation would not even make a change set of is asked for once, and told", async () => {
  const scene = testWorld();
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  const good = await scene.read("docker-compose.yml");
  const asked = () =>
    scene.mutations().filter((one) => one === "cloudformation:CreateChangeSet").length;
  const before = asked();
  const more =
    'VisibilityTimeout: 60\n      KmsMasterKeyId: {"Fn::Select": ["9", {"Fn::Split": ["-", "a"]}]}';
  await scene.push({ "docker-compose.yml": good.replace("VisibilityTimeout: 60", more) });
  await scene.driver.settle({ at: scene.world.now + 10_800_000 });
  expect(asked()).toBe(before + 1);
  const { conditions } = await scene.status();
  expect(conditions[1]).toMatchObject({ type: "Stalled", reason: "ChangeSetFailed" });
  expect(conditions[1]?.message).toMatch(
    /^base: Template error: Fn::Select {2}cannot select nonexistent value/,
  );

  // Somebody who asks has it tried once more.
  const Value = "now";
  await scene.ask("ssm:PutParameter", {
    Name: "/trueup/myapps/dev/requested-at",
    Value,
    Type: "String",
  });
  await scene.settle();
  expect(asked()).toBe(before + 2);
  expect((await scene.status()).conditions[1]?.reason).toBe("ChangeSetFailed");

  await scene.push({ "docker-compose.yml": good });
  await scene.settle();
  expect((await scene.status()).conditions[0]).toMatchObject({ type: "Ready", status: "True" });
});
