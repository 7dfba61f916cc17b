import { expect, test } from "vitest";
import { lookup, makeNetwork } from "./shared-network.ts";
import { type TestWorld, testWorld } from "./world.ts";

// What is deployed, and is to be in another network.

const said = async (scene: TestWorld) => {
  const { conditions } = await scene.status();
  return conditions
    .filter(({ type }) => type !== "Healthy")
    .map(({ reason, status, type }) => `${type}=${status} ${reason}`);
};

const stalled = ["Ready=False NetworkChanged", "Stalled=True NetworkChanged"];
const ready = ["Ready=True Deployed"];

async function began(): Promise<TestWorld> {
  const scene = testWorld();
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  expect(await said(scene)).toEqual(ready);
  return scene;
}

test("a load balancer is moved to no other network, and one of another name is made there", async () => {
  const scene = await began();
  await makeNetwork(scene);
  await scene.settle();
  const made = scene.mutations().length;
  const compose = await scene.read("docker-compose.yml");
  const moved = compose.replace(/^x-vpc:\n(?: .*\n)*/m, lookup);
  await scene.push({ "docker-compose.yml": moved, "envs/dev.yml": "services: {}\n" });
  await scene.settle();
  expect(await said(scene)).toEqual(stalled);
  expect((await scene.status()).conditions[0]?.message).toContain(
    "base: x-elbv2.public is in the network that is deployed, and AWS moves nothing of the kind to another. Put x-vpc back, or give it another name: what is new is made in the new network, and what is old goes when nothing uses it any more.",
  );
  expect(scene.mutations().length).toBe(made);

  await scene.push({ "docker-compose.yml": moved.replace("\n  public:", "\n  front:") });
  await scene.settle();
  expect(await said(scene)).toEqual(ready);
});

test("a network becomes no other one", async () => {
  const scene = await began();
  const compose = await scene.read("docker-compose.yml");
  await scene.push({ "docker-compose.yml": compose.replace("10.42.0.0", "10.43.0.0") });
  await scene.settle();
  expect(await said(scene)).toEqual(stalled);
  expect((await scene.status()).conditions[0]?.message).toContain(
    "Put x-vpc back, or have the new one in an environment of another name.",
  );
  await scene.push({ "docker-compose.yml": compose });
  await scene.settle();
  expect(await said(scene)).toEqual(ready);
});
