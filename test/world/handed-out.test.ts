import { expect, test } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import type { EnvironmentStatus } from "../../src/model/status.ts";
import { workOf } from "../../src/sandbox/lambda/work.ts";
import { type TestWorld, testWorld } from "./world.ts";

// What another environment was handed, it runs in: it is not taken from under it.

const platformYaml = `application: platform
compose: [platform.yml]
environments:
  prod: { on: { branch: main } }
`;

const network = (properties = "SingleNat: true") =>
  `x-vpc: { Properties: { ${properties} } }\nx-cloudmap: { private: { Name: shared.internal } }\n`;

const taking = (parameters = "{ from: platform/prod }") => `application: myapps
compose: [docker-compose.yml]
environments:
  dev:
    on: { branch: main }
    compose: [envs/dev.yml]
    parameters: ${parameters}
`;

const hours = (scene: TestWorld, count: number) =>
  scene.driver.settle({ at: scene.world.now + count * 3_600_000 });

async function began(): Promise<TestWorld> {
  const scene = testWorld();
  await scene.pushExample();
  await scene.push({
    "platform.trueup.yaml": platformYaml,
    "platform.yml": network(),
    "trueup.yaml": taking(),
  });
  await scene.register();
  const follows = { repository: "myapps", branch: "main", file: "platform.trueup.yaml" };
  const Value = JSON.stringify({ ...follows, environments: { "*": {} }, ssm: [] });
  const Name = "/trueup/platform/registration";
  await scene.ask("ssm:PutParameter", { Name, Value, Type: "String" });
  await hours(scene, 1);
  expect(await said(scene)).toEqual(["Ready=True Deployed"]);
  return scene;
}

async function platform(scene: TestWorld): Promise<EnvironmentStatus> {
  const Name = "/trueup/platform/prod/status";
  const { Parameter } = (await scene.ask("ssm:GetParameter", { Name })) as {
    readonly Parameter: { readonly Value: string };
  };
  return JSON.parse(Parameter.Value);
}

const said = async (scene: TestWorld, status?: EnvironmentStatus) =>
  (status ?? (await scene.status())).conditions
    .filter(({ type }) => type === "Ready" || type === "Stalled")
    .map(({ reason, status: is, type }) => `${type}=${is} ${reason}`);

const consent = async (scene: TestWorld): Promise<void> => {
  const Bucket = Object.values(workOf(scene.world).functions)[0]?.environment.TRUEUP_BUCKET;
  const Key = `plans/${(await platform(scene)).digest.plan}.json`;
  const object = (await scene.ask("s3:GetObject", { Bucket, Key })) as { readonly text: string };
  const { doomed } = JSON.parse(object.text) as Plan;
  const Value = JSON.stringify({ doomed, reason: "not needed any more" });
  const Name = "/trueup/platform/prod/consent";
  await scene.ask("ssm:PutParameter", { Name, Value, Type: "String", Overwrite: true });
  await hours(scene, 1);
};

const inUse = ["Ready=False InUse", "Stalled=True InUse"];

test("a network is not made anew under those that run in it, and the rest of a change waits with it", async () => {
  const scene = await began();
  const made = scene.mutations().length;
  await scene.push({ "platform.yml": network("SingleNat: true, VpcCidr: 10.9.0.0/16") });
  await hours(scene, 2);
  const status = await platform(scene);
  expect(await said(scene, status)).toEqual(inUse);
  expect(status.conditions[0]?.message).toMatch(/^base: myapps\/dev takes .*Vpc/);
  expect(scene.mutations().length).toBe(made);
  expect(await said(scene)).toEqual(["Ready=True Deployed"]);

  await scene.push({ "platform.yml": network() });
  await hours(scene, 1);
  expect(await said(scene, await platform(scene))).toEqual(["Ready=True Deployed"]);
});

test("it is not deleted with consent either, until nobody takes anything from it", async () => {
  const scene = await began();
  await scene.push({ "platform.trueup.yaml": platformYaml.replace("prod:", "stage:") });
  await hours(scene, 1);
  await consent(scene);
  expect(await said(scene, await platform(scene))).toEqual(inUse);
  const deleted = () => scene.calls.filter((one) => one === "cloudformation:DeleteStack").length;
  expect(deleted()).toBe(0);
  // Who leaves is there until it is gone.
  await scene.push({ "trueup.yaml": taking().replace("  dev:", "  other:") });
  await hours(scene, 1);
  expect(await said(scene, await platform(scene))).toEqual(inUse);
});

test("what nobody takes is nobody's", async () => {
  const scene = await began();
  // A load balancer is moved to no other network: there is one of another name.
  const compose = await scene.read("docker-compose.yml");
  await scene.push({
    "docker-compose.yml": compose.replace("\n  public:", "\n  front:"),
    "trueup.yaml": taking("{}"),
  });
  await hours(scene, 1);
  await scene.push({ "platform.trueup.yaml": platformYaml.replace("prod:", "stage:") });
  await hours(scene, 1);
  await consent(scene);
  await expect(platform(scene)).rejects.toThrow("be found");
});
