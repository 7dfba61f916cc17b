import { expect, test } from "vitest";
import type { EnvironmentStatus } from "../../src/model/status.ts";
import { type TestWorld, testWorld } from "./world.ts";

// The road of a revision: a throw-away environment is made, verified and deleted; then it is promoted.

const page = `[{ http: { url: "\${outputs.PublicUrl}/", match: ok, retries: 1 } }]`;
const trueup = `application: myapps
compose: [docker-compose.yml]
environments:
  test:
    on: { branch: main }
    compose: [envs/dev.yml]
    ephemeral: { ttl: 3h, keepOnFailure: 20m }
    verify: ${page}
  prod:
    from: test
    compose: [envs/dev.yml]
`;

const minutes = (scene: TestWorld, count: number): Promise<boolean> =>
  scene.driver.settle({ at: scene.world.now + count * 60_000 });

/** How the service answers that is checked. */
const answering = (text: string, status: number): string =>
  text.replace(
    /(?:SANDBOX_HTTP_STATUS: .*\n {6})?LOG_LEVEL/,
    `SANDBOX_HTTP_STATUS: "${status}"\n      LOG_LEVEL`,
  );

const pushed = async (scene: TestWorld, status: number): Promise<string> => {
  const text = answering(await scene.read("docker-compose.yml"), status);
  return scene.push({ "trueup.yaml": trueup, "docker-compose.yml": text });
};

const statusOf = async (scene: TestWorld, environment: string): Promise<EnvironmentStatus> => {
  const Name = `/trueup/myapps/${environment}/status`;
  const { Parameter } = (await scene.ask("ssm:GetParameter", { Name })) as {
    readonly Parameter: { readonly Value: string };
  };
  return JSON.parse(Parameter.Value);
};

const stacksOf = async (scene: TestWorld, environment: string): Promise<number> => {
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
    readonly Stacks: readonly { readonly StackName: string }[];
  };
  return Stacks.filter(({ StackName }) => StackName.startsWith(`trueup-myapps-${environment}-`))
    .length;
};

const reasons = async (scene: TestWorld, environment: string): Promise<readonly string[]> =>
  (await statusOf(scene, environment)).conditions.map(({ reason, type }) => `${type} ${reason}`);

test("what was verified goes on when its environment is gone, and what failed never does", async () => {
  const scene = testWorld();
  await scene.pushExample();
  const good = await pushed(scene, 200);
  await scene.register();
  await minutes(scene, 90);
  expect(await stacksOf(scene, "test")).toBe(0);
  expect((await statusOf(scene, "prod")).revision.deployed).toBe(good);
  expect(await reasons(scene, "test")).toContain("Ready NothingLeased");

  const bad = await pushed(scene, 500);
  await minutes(scene, 15);
  const instance = `test.main-${bad.slice(0, 6)}`;
  expect(await reasons(scene, instance)).toContain("Verified Failed");
  expect(await stacksOf(scene, "test")).toBeGreaterThan(0);
  await minutes(scene, 60);
  expect(await stacksOf(scene, "test")).toBe(0);
  expect((await statusOf(scene, "prod")).revision.deployed).toBe(good);

  const next = await pushed(scene, 201);
  await minutes(scene, 90);
  expect((await statusOf(scene, "prod")).revision.deployed).toBe(good);
  const mended = await pushed(scene, 200);
  await minutes(scene, 90);
  expect(mended).not.toBe(next);
  expect((await statusOf(scene, "prod")).revision.deployed).toBe(mended);
  expect(await stacksOf(scene, "test")).toBe(0);
  expect(scene.log.filter((line) => line.startsWith("leak"))).toEqual([]);
});
