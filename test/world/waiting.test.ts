import { expect, test } from "vitest";
import type { EnvironmentStatus } from "../../src/model/status.ts";
import { instanceOfBranch, instanceOfRevision } from "../../src/promote/instance.ts";
import { stopSweeping } from "../sweeping.ts";
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

/** An application without a network of its own, and what one more environment of it says. */
async function besides(preview: object, ...branches: readonly string[]): Promise<TestWorld> {
  const scene = await began();
  const commitId = await scene.push({
    "trueup.yaml": JSON.stringify({ application: "myapps", environments: { preview } }),
    "docker-compose.yml": `services: { web: { image: "${image}" } }\n`,
  });
  for (const branchName of branches)
    await scene.ask("codecommit:CreateBranch", { repositoryName: "myapps", branchName, commitId });
  await hours(scene, 1);
  return scene;
}

const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/blog-app-01:1.0.0";

const reasonsOf = async (scene: TestWorld, environment: string) => {
  const Name = `/trueup/myapps/${environment}/status`;
  const { Parameter } = (await scene.ask("ssm:GetParameter", { Name })) as {
    readonly Parameter: { readonly Value: string };
  };
  const { conditions } = JSON.parse(Parameter.Value) as EnvironmentStatus;
  return conditions.map(({ message, reason }) => `${reason}: ${message}`);
};

const suspend = (scene: TestWorld, more: object = {}, environment = "preview") =>
  scene.ask("ssm:PutParameter", {
    Name: `/trueup/myapps/${environment}/suspended`,
    Value: JSON.stringify({ reason: "a look", ...more }),
    Type: "String",
  });

test("an instance that waits for approval, and its environment, which says so", async () => {
  const preview = { on: { branch: "feature/*" }, approval: "manual" };
  const scene = await besides(preview, "feature/a");
  expect(await writtenLater(scene)).toEqual([]);
  expect(await reasonsOf(scene, "preview")).toEqual([
    `Held: Held: ${instanceOfBranch("feature/a")}.`,
  ]);
});

test("an instance that goes after another one, which is suspended", async () => {
  const scene = await besides({ on: { branch: "feature/*" } }, "feature/a", "feature/b");
  await suspend(scene);
  for (const branchName of ["feature/a", "feature/b"])
    await scene.ask("codecommit:DeleteBranch", { repositoryName: "myapps", branchName });
  expect(await writtenLater(scene)).toEqual([]);
  const last = await reasonsOf(scene, `preview.${instanceOfBranch("feature/b")}`);
  expect(last[0]).toContain("PruneBudget");
});

test("an instance that is not begun while its environment is suspended, until it is no more", async () => {
  const scene = await besides({ on: { branch: "main" }, ephemeral: { ttl: "1h" } });
  const until = new Date(scene.world.now + 6 * 3_600_000).toISOString();
  await suspend(scene, { until });
  const revision = await scene.push({
    "docker-compose.yml": `services: { api: { image: "${image}" } }\n`,
  });
  expect(await writtenLater(scene)).toEqual([]);
  const instance = instanceOfRevision("main", revision);
  expect(await reasonsOf(scene, "preview")).toEqual([`Held: ${instance}: suspended: a look`]);
  await stopSweeping(scene.ask);
  await hours(scene, 2.5);
  expect((await reasonsOf(scene, "preview"))[0]).toContain("Deployed");
});

test("nobody for what has no instance now, as it needs none", async () => {
  const test = { on: { branch: "main" }, ephemeral: { ttl: "1h" } };
  const scene = await besides(test);
  const prod = { on: { branch: "main" }, needs: ["myapps/preview"] };
  await hours(scene, 2);
  await scene.push({
    "trueup.yaml": JSON.stringify({ application: "myapps", environments: { preview: test, prod } }),
  });
  await suspend(scene, {}, "prod");
  await hours(scene, 3);
  expect((await reasonsOf(scene, "preview"))[0]).toContain("NothingLeased");
  await scene.ask("ssm:DeleteParameter", { Name: "/trueup/myapps/prod/suspended" });
  await hours(scene, 1);
  expect((await reasonsOf(scene, "prod"))[0]).toContain("Deployed");
});
