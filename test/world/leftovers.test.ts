import { expect, test } from "vitest";
import { stateOf } from "../../src/sandbox/cloudformation/state.ts";
import { type TestWorld, testWorld } from "./world.ts";

/** The example deployed and at rest, and when that was. */
async function deployed() {
  const scene = testWorld();
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  return { scene, began: scene.world.now, compose: await scene.read("docker-compose.yml") };
}

/** When something began to happen to resources of a type, by logical id, after a time. */
function timesOf(scene: TestWorld, began: number) {
  const { stacks } = stateOf({ ...scene, account: "123456789012", region: "eu-west-1" });
  const events = Object.values(stacks).flatMap((stack) => stack.events);
  return (type: string, status: string): ReadonlyMap<string, number> =>
    new Map(
      events
        .filter((one) => one.at > began && one.type === type && one.status === status)
        .map((one) => [one.logicalId, one.at]),
    );
}

test.for([
  ["", undefined],
  [", though more is pushed while a service is on its way", 100_000],
] as const)("a cluster is given up when the last service in it is deleted%s", async ([, after]) => {
  const { began, compose, scene } = await deployed();
  const name = "ClusterName: trueup-moved\n    ClusterSettings";
  const moved = compose.replace("ClusterSettings", name);
  await scene.push({ "docker-compose.yml": moved });
  if (after !== undefined) {
    await scene.driver.settle({ at: began + after });
    expect((await scene.status()).conditions[0]?.message).toContain(
      "app01: The stack is UPDATE_IN",
    );
    await scene.push({ "docker-compose.yml": `${moved}x-sns: { events: {} }\n` });
  }
  await scene.settle();

  const at = timesOf(scene, began);
  const deleted = [...at("AWS::ECS::Service", "DELETE_COMPLETE").values()];
  expect(deleted).toHaveLength(3);
  const [given = 0] = at("AWS::ECS::Cluster", "DELETE_IN_PROGRESS").values();
  expect(given).toBeGreaterThan(Math.max(...deleted));
  const { conditions } = await scene.status();
  expect(conditions[0]).toMatchObject({ type: "Ready", status: "True" });
});

test("a volume that is renamed can be reached until its last task has moved", async () => {
  const scene = testWorld();
  await scene.pushExample();
  await scene.register();
  const compose = await scene.read("docker-compose.yml");
  const mounted = compose.replace("  worker:\n", "  worker:\n    volumes: [old:/data]\n");
  await scene.push({ "docker-compose.yml": `${mounted}volumes: { old: { x-efs: {} } }\n` });
  await scene.settle();
  const began = scene.world.now;
  const renamed = mounted.replace("[old:/data]", "[new:/data]");
  const allow = "allow: [{ remove: volumes.old, from: any, until: 2026-01-20 }]\n    on: {";
  await scene.push({
    "docker-compose.yml": `${renamed}volumes: { new: { x-efs: {} } }\n`,
    "trueup.yaml": (await scene.read("trueup.yaml")).replace("on: {", allow),
  });
  await scene.settle();

  const at = timesOf(scene, began);
  const [lost = 0] = at("AWS::EFS::MountTarget", "DELETE_IN_PROGRESS").values();
  const moved = [...at("AWS::ECS::Service", "UPDATE_COMPLETE").values()];
  expect(moved).toHaveLength(1);
  expect(lost).toBeGreaterThan(Math.max(...moved));
});

test("the way out of the subnets that tasks are in is there until the last has left them", async () => {
  const scene = testWorld();
  await scene.pushExample();
  await scene.register();
  const overlay = await scene.read("envs/dev.yml");
  const single = overlay.replace("DisableNat", "SingleNat");
  await scene.push({ "envs/dev.yml": single });
  await scene.settle();
  const began = scene.world.now;
  const allow = "allow: [{ remove: x-vpc.NatAddress1, from: any, until: 2026-01-20 }]\n    on: {";
  await scene.push({
    "envs/dev.yml": overlay,
    "trueup.yaml": (await scene.read("trueup.yaml")).replace("on: {", allow),
  });
  await scene.settle();

  const at = timesOf(scene, began);
  const routes = ["AppRouteTable1DefaultRoute", "AppRouteTable2DefaultRoute"];
  const gone = [...routes, "NatAddress1", "NatGateway1"];
  const deleted = ["Route", "EIP", "NatGateway"].flatMap((type) => [
    ...at(`AWS::EC2::${type}`, "DELETE_IN_PROGRESS"),
  ]);
  expect(deleted.map(([id]) => id).sort()).toEqual(gone);
  const moved = [...at("AWS::ECS::Service", "UPDATE_COMPLETE").values()];
  expect(moved).toHaveLength(3);
  expect(Math.min(...deleted.map(([, when]) => when))).toBeGreaterThan(Math.max(...moved));
  expect((await scene.status()).conditions[0]).toMatchObject({ type: "Ready", status: "True" });
});

test("a port of a load balancer is open until the rules behind it have moved to another", async () => {
  const { began, compose, scene } = await deployed();
  await scene.push({ "docker-compose.yml": compose.replace("- Port: 80\n", "- Port: 8081\n") });
  await scene.settle();

  const at = timesOf(scene, began);
  const closed = [...at("AWS::EC2::SecurityGroupIngress", "DELETE_IN_PROGRESS").values()];
  const moved = [...at("AWS::ElasticLoadBalancingV2::ListenerRule", "UPDATE_COMPLETE").values()];
  const made = [...at("AWS::ElasticLoadBalancingV2::ListenerRule", "CREATE_COMPLETE").values()];
  expect(closed).toHaveLength(1);
  expect(Math.min(...closed)).toBeGreaterThan(Math.max(...moved, ...made));
  expect((await scene.status()).conditions[0]).toMatchObject({ type: "Ready", status: "True" });
});
