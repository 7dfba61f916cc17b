import { expect, test } from "vitest";
import { type TestWorld, testWorld } from "./world.ts";

// What is waited for a long time is waited for in silence.

const hours = (scene: TestWorld, count: number) =>
  scene.driver.settle({ at: scene.world.now + count * 3_600_000 });

async function began(): Promise<TestWorld> {
  const scene = testWorld();
  await scene.pushExample();
  await scene.register();
  await hours(scene, 1);
  return scene;
}

const said = async (scene: TestWorld) =>
  (await scene.status()).conditions.map(({ reason, type }) => `${type} ${reason}`);

/** What is written, or asked of a queue, in two hours that begin in two hours. */
async function writtenLater(scene: TestWorld): Promise<readonly string[]> {
  await hours(scene, 2);
  const before = scene.calls.length;
  await hours(scene, 2);
  const writes = /:(Put|Update|Create|Send)/;
  return scene.calls.slice(before).filter((operation) => writes.test(operation));
}

const edit = async (scene: TestWorld, from: string | RegExp, to: string): Promise<void> => {
  const text = await scene.read("docker-compose.yml");
  await scene.push({ "docker-compose.yml": text.replace(from, to) });
  await hours(scene, 1);
};

test("an environment that waits for another, which never gets ready", async () => {
  const scene = await began();
  const yaml = await scene.read("trueup.yaml");
  const needs = (list: string) => yaml.replace(/^ {4}on:.*$/m, `$&\n    needs: [${list}]`);
  await scene.push({ "trueup.yaml": needs("platform/prod") });
  await edit(scene, "VisibilityTimeout: 60", "VisibilityTimeout: 90");
  expect(await said(scene)).toContain("Held NeedsUnmet");
  expect(await writtenLater(scene)).toEqual([]);
  await scene.push({ "trueup.yaml": yaml });
  await hours(scene, 1);
  expect(await said(scene)).toEqual(["Ready Deployed", "Healthy Running"]);
});

test("an image that nobody pushes, until somebody does", async () => {
  const scene = await began();
  await edit(scene, /blog-worker:.*\n *x-image-policy: .*/, "blog-worker:9.9.9");
  expect(await said(scene)).toContain("Stalled ImageMissing");
  expect(await writtenLater(scene)).toEqual([]);
  await scene.pushImage("blog-worker", "9.9.9");
  await hours(scene, 1);
  expect(await said(scene)).toEqual(["Ready Deployed", "Healthy Running"]);
});
