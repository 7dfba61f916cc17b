import { expect, test } from "vitest";
import { stateOf } from "../../src/sandbox/cloudformation/state.ts";
import { testWorld } from "./world.ts";

// `Fn::GetAZs` answers anew with every update: where a zone comes or goes, CloudFormation would move
// the subnets, and all that is in them.

test("subnets are never moved because a region has other zones than before", async () => {
  const scene = testWorld();
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  const account = "123456789012";
  const region = "eu-west-1";
  const place = { world: scene.world, account, region };
  const subnets = () =>
    Object.values(stateOf(place).stacks)
      .flatMap(({ resources }) => Object.values(resources))
      .filter(({ type }) => type === "AWS::EC2::Subnet")
      .map(({ physicalId, properties }) => `${physicalId} ${properties.AvailabilityZone}`);
  const before = subnets();
  expect(before.length).toBeGreaterThan(3);

  stateOf(place).zones = ["b", "c", "d"];
  const text = await scene.read("docker-compose.yml");
  const edit = (seconds: number) =>
    text.replace("VisibilityTimeout: 60", `VisibilityTimeout: ${seconds}`);
  await scene.push({ "docker-compose.yml": edit(61) });
  await scene.settle();
  expect(subnets()).toEqual(before);
  const { conditions } = await scene.status();
  expect(conditions).toContainEqual(
    expect.objectContaining({ type: "Stalled", status: "True", reason: "ChangeSetRiskier" }),
  );
  expect(conditions.find(({ type }) => type === "Stalled")?.message).toContain("AppSubnet1");
});
