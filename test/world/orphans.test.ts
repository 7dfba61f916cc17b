import { expect, test } from "vitest";
import type { EnvironmentStatus } from "../../src/model/status.ts";
import { workOf } from "../../src/sandbox/lambda/work.ts";
import { type TestWorld, testWorld } from "./world.ts";

// What left trueup.yaml and has nothing any more is forgotten, whatever it was.

const yaml = (environments: object) =>
  JSON.stringify({ application: "myapps", compose: ["docker-compose.yml"], environments });

const compose = `services:
  web: { image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/blog-app-01:1.0.0" }
x-vpc: { Properties: { DisableNat: true } }
`;

const hours = (scene: TestWorld, count: number) =>
  scene.driver.settle({ at: scene.world.now + count * 3_600_000 });

const statuses = async (scene: TestWorld): Promise<readonly string[]> => {
  const { Parameters } = (await scene.ask("ssm:GetParametersByPath", {
    Path: "/trueup/myapps",
    Recursive: true,
  })) as { readonly Parameters: readonly { readonly Name: string }[] };
  return Parameters.map(({ Name }) => Name.slice("/trueup/myapps/".length))
    .filter((name) => name.endsWith("/status"))
    .sort();
};

/** Lets go all that an environment, or an instance of it, has. */
async function consent(scene: TestWorld, name: string): Promise<void> {
  const status = { Name: `/trueup/myapps/${name}/status` };
  const { Parameter } = (await scene.ask("ssm:GetParameter", status)) as {
    readonly Parameter: { readonly Value: string };
  };
  const { digest } = JSON.parse(Parameter.Value) as EnvironmentStatus;
  const Bucket = Object.values(workOf(scene.world).functions)[0]?.environment.TRUEUP_BUCKET;
  const asked = { Bucket, Key: `plans/${digest.plan}.json` };
  const { text } = (await scene.ask("s3:GetObject", asked)) as { readonly text: string };
  const Value = JSON.stringify({ doomed: JSON.parse(text).doomed, reason: "over" });
  const Name = `/trueup/myapps/${name.split(".")[0]}/consent`;
  await scene.ask("ssm:PutParameter", { Name, Value, Type: "String", Overwrite: true });
}

test("an environment of branches, once the instance of the last one is gone", async () => {
  const scene = testWorld();
  await scene.pushExample();
  const preview = { on: { branch: "feature/*" } };
  const dev = { on: { branch: "main" } };
  const commitId = await scene.push({
    "trueup.yaml": yaml({ dev, preview }),
    "docker-compose.yml": compose,
  });
  const branch = { repositoryName: "myapps", branchName: "feature/x" };
  await scene.ask("codecommit:CreateBranch", { ...branch, commitId });
  await scene.register();
  await hours(scene, 1);
  expect(await statuses(scene)).toContain("preview/status");

  await scene.ask("codecommit:DeleteBranch", branch);
  await hours(scene, 2);
  await scene.push({ "trueup.yaml": yaml({ dev }) });
  await hours(scene, 1);
  expect(await statuses(scene)).toEqual(["dev/status"]);
});

test("one that was never deployed", async () => {
  const scene = testWorld();
  await scene.pushExample();
  await scene.register();
  await hours(scene, 1);
  const dev = { on: { branch: "main" }, compose: ["envs/dev.yml"] };
  await scene.push({ "trueup.yaml": yaml({ dev, prod: { on: { tag: "v*" } } }) });
  await hours(scene, 1);
  expect(await statuses(scene)).toEqual(["dev/status", "prod/status"]);
  await scene.push({ "trueup.yaml": yaml({ dev }) });
  await hours(scene, 1);
  expect(await statuses(scene)).toEqual(["dev/status"]);
});

test("but not while an instance of it is there, and when that is gone", async () => {
  const scene = testWorld();
  await scene.pushExample();
  const preview = { on: { branch: "feature/*" } };
  const dev = { on: { branch: "main" } };
  const files = { "trueup.yaml": yaml({ dev, preview }), "docker-compose.yml": compose };
  const commitId = await scene.push(files);
  const branch = { repositoryName: "myapps", branchName: "feature/x" };
  await scene.ask("codecommit:CreateBranch", { ...branch, commitId });
  await scene.register();
  await hours(scene, 1);
  await scene.push({ "trueup.yaml": yaml({ dev }) });
  await hours(scene, 1);
  expect(await statuses(scene)).toEqual([
    "dev/status",
    expect.stringMatching(/^preview\.feature-x-/),
    "preview/status",
  ]);
  const [, instance = ""] = await statuses(scene);
  const name = instance.replace("/status", "");
  await consent(scene, name);
  await hours(scene, 1);
  expect(await statuses(scene)).toEqual(["dev/status"]);
});
