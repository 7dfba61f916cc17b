import { expect, test } from "vitest";
import { stateOf } from "../../src/sandbox/cloudformation/state.ts";
import { ecsOf } from "../../src/sandbox/ecs/state.ts";
import { type TestWorld, testWorld } from "./world.ts";

const place = { account: "123456789012", region: "eu-west-1" };

const worker = ({ world }: TestWorld) =>
  Object.values(ecsOf({ world, ...place }).services).find(({ name }) => /worker/i.test(name));

/** What ECS says that the worker should run. */
const running = (scene: TestWorld): string =>
  worker(scene)?.deployments[0]?.taskDefinition ?? "nothing";

/** ECS goes back to other tasks, and CloudFormation never hears of it. */
const runs = (scene: TestWorld, taskDefinition: string): void => {
  const service = worker(scene);
  if (service === undefined) throw new Error("There is no worker.");
  service.deployments = service.deployments.map((one) => ({ ...one, taskDefinition }));
};

test("what CloudFormation calls complete is looked at after every deployment, not the first alone", async () => {
  let back = "";
  const scene: TestWorld = testWorld({
    onEvent: ({ detail }) => {
      const said = JSON.stringify(detail);
      if (back !== "" && /-s-worker-/.test(said) && /"UPDATE_COMPLETE"/.test(said))
        runs(scene, back);
    },
  });
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  const healthy = async () =>
    (await scene.status()).conditions.find(({ type }) => type === "Healthy");
  expect((await healthy())?.status).toBe("True");

  back = running(scene);
  await scene.pushImage("blog-worker", "1.0.1");
  await scene.driver.settle({ at: scene.world.now + 3_600_000 });
  expect((await scene.status()).conditions[0]).toMatchObject({ type: "Ready", status: "True" });
  expect(await healthy()).toMatchObject({ status: "False", reason: "NotRunning" });
  expect((await healthy())?.message).toMatch(/WorkerService runs .*, and its stack says /);

  const { desired } = (await scene.status()).revision;
  expect((await healthy())?.observedRevision).toBe(desired);
  back = "";
  const { stacks } = await scene.status();
  const StackName = stacks.find(({ name }) => name.includes("-s-worker-"))?.name;
  const { StackResources } = (await scene.ask("cloudformation:DescribeStackResources", {
    StackName,
  })) as {
    readonly StackResources: readonly {
      readonly PhysicalResourceId: string;
      readonly ResourceType: string;
    }[];
  };
  const wanted = StackResources.find(
    ({ ResourceType }) => ResourceType === "AWS::ECS::TaskDefinition",
  );
  runs(scene, wanted?.PhysicalResourceId ?? "");
  await scene.driver.settle({ at: scene.world.now + 1_200_000 });
  expect(await healthy()).toMatchObject({ status: "True", reason: "Running" });
});

test("what is shared is given up only once those run that have moved away from it", async () => {
  let isBad = true;
  const scene: TestWorld = testWorld({
    onEvent: ({ detail }) => {
      const said = JSON.stringify(detail);
      if (isBad && /-s-app01-/.test(said) && /"UPDATE_COMPLETE"/.test(said))
        rollOut(scene, "FAILED");
    },
  });
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  const text = await scene.read("docker-compose.yml");
  await scene.push({ "docker-compose.yml": text.replace("\n  public:\n", "\n  front:\n") });
  await scene.driver.settle({ at: scene.world.now + 7_200_000 });
  const balancers = () =>
    Object.values(stateOf({ world: scene.world, ...place }).stacks)
      .flatMap(({ resources }) => Object.values(resources))
      .filter(({ type }) => type === "AWS::ElasticLoadBalancingV2::LoadBalancer")
      .map(({ logicalId }) => logicalId.slice(0, 5))
      .sort();
  const said = async () =>
    (await scene.status()).conditions.map(({ reason, type }) => `${type} ${reason}`);
  expect(await said()).toEqual(["Ready Deployed", "Healthy NotRunning"]);
  expect(balancers()).toEqual(["Front", "Publi"]);

  isBad = false;
  rollOut(scene, "COMPLETED");
  await scene.driver.settle({ at: scene.world.now + 3_600_000 });
  expect(balancers()).toEqual(["Front"]);
  expect(await said()).toEqual(["Ready Deployed", "Healthy Running"]);
});

test("what somebody deleted does not go on being said to run", async () => {
  const scene = testWorld();
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  const Name = "/trueup/myapps/dev/suspended";
  const Value = JSON.stringify({ reason: "a look" });
  await scene.ask("ssm:PutParameter", { Name, Value, Type: "String" });
  await scene.settle();
  const healthy = async () =>
    (await scene.status()).conditions.find(({ type }) => type === "Healthy");
  expect(await healthy()).toMatchObject({ status: "True" });

  const { stacks } = await scene.status();
  const StackName = stacks.find(({ name }) => name.includes("-s-worker-"))?.name;
  await scene.ask("cloudformation:DeleteStack", { StackName });
  await scene.driver.settle({ at: scene.world.now + 1_200_000 });
  const message = "The stack of s-worker is gone.";
  expect(await healthy()).toMatchObject({ status: "False", reason: "NotRunning", message });

  await scene.ask("ssm:DeleteParameter", { Name });
  await scene.driver.settle({ at: scene.world.now + 1_200_000 });
  expect(await healthy()).toMatchObject({ status: "True", reason: "Running" });
});

/** ECS says so of what `app01` runs. */
function rollOut({ world }: TestWorld, rolloutState: "COMPLETED" | "FAILED"): void {
  for (const service of Object.values(ecsOf({ world, ...place }).services))
    if (/app01/i.test(service.name))
      service.deployments = service.deployments.map((one) => ({ ...one, rolloutState }));
}
