import { describe, expect, test } from "vitest";
import { type TestWorld, testWorld } from "./world.ts";

// The world begins on Thursday, 2026-01-01T00:00:00Z.

const trueup = (more = "") => `application: myapps
compose: [docker-compose.yml]
environments:
  dev:
    on: { branch: main }
    compose: [envs/dev.yml]
    variables: { LOG_LEVEL: debug }
${more}`;

const night = '    windows: [{ deny: "0 0 * * *", for: 6h }]\n';

async function began(more: string, registered: object = {}): Promise<TestWorld> {
  const scene = testWorld();
  await scene.pushExample();
  await scene.push({ "trueup.yaml": trueup(more) });
  await scene.register(registered);
  await hours(scene, 1);
  return scene;
}

const hours = (scene: TestWorld, count: number) =>
  scene.driver.settle({ at: scene.world.now + count * 3_600_000 });

const said = async (scene: TestWorld) =>
  (await scene.status()).conditions
    .filter(({ type }) => type !== "Healthy" && type !== "Reconciling")
    .map(({ reason, status, type }) => `${type}=${status} ${reason}`);

const held = ["Ready=False Held", "Held=True WindowClosed"];
const done = ["Ready=True Deployed"];

describe("an environment with a window", () => {
  test("is planned, says when it will be changed, and is changed then", async () => {
    const scene = await began(night);
    expect(await said(scene)).toEqual(held);
    expect(scene.mutations()).toEqual([]);
    const { conditions, digest, nextLook } = await scene.status();
    expect(digest.plan).toMatch(/^[0-9a-f]{64}$/);
    expect(nextLook).toBe("2026-01-01T06:00:00Z");
    expect(conditions.find(({ type }) => type === "Held")?.message).toBe(
      'denied by "0 0 * * *" for 6h (UTC): will apply at 2026-01-01T06:00:00.000Z',
    );
    await hours(scene, 7);
    expect(await said(scene)).toEqual(done);
  });

  test("does not let a push take the window away while it is closed", async () => {
    const scene = await began("");
    await scene.push({ "trueup.yaml": trueup(night) });
    await hours(scene, 23);
    expect(await said(scene)).toEqual(done);
    const before = scene.mutations().length;
    await hours(scene, 1);
    const text = await scene.read("docker-compose.yml");
    const edited = text.replace(/VisibilityTimeout: \d+/, "VisibilityTimeout: 61");
    await scene.push({ "trueup.yaml": trueup(), "docker-compose.yml": edited });
    await hours(scene, 1);
    expect(await said(scene)).toEqual(held);

    // Nor in two steps.
    await scene.push({ "docker-compose.yml": text });
    await hours(scene, 1);
    await scene.push({ "docker-compose.yml": edited });
    await hours(scene, 1);
    expect(await said(scene)).toEqual(held);
    expect(scene.mutations()).toHaveLength(before);
    await hours(scene, 5);
    expect(await said(scene)).toEqual(done);
  });

  test("is held by its registration, whatever its file says", async () => {
    const windows = [{ deny: "0 0 * * *", for: "6h" }];
    const scene = await began("", { windows });
    expect(await said(scene)).toEqual(held);
    await scene.push({ "trueup.yaml": trueup('    windows: [{ allow: "* * * * *", for: 1h }]\n') });
    await hours(scene, 1);
    expect(await said(scene)).toEqual(held);
    expect(scene.mutations()).toEqual([]);
    await hours(scene, 5);
    expect(await said(scene)).toEqual(done);
  });

  test("finishes what CloudFormation has begun, and waits with the next stack", async () => {
    const scene = await began('    windows: [{ deny: "2 1 * * *", for: 2h }]\n');
    await scene.driver.settle({ at: scene.world.now + 10 * 60_000 });
    const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
      readonly Stacks: readonly { readonly StackStatus: string }[];
    };
    expect(Stacks.map(({ StackStatus }) => StackStatus)).toEqual(
      Stacks.map(() => "CREATE_COMPLETE"),
    );
    await hours(scene, 4);
    expect(await said(scene)).toEqual(done);
  });
});

describe("an environment that needs another", () => {
  const needs = (file: string) => `application: myapps
compose: [docker-compose.yml]
environments:
  dev:
    on: { branch: main }
    compose: [envs/dev.yml]
    variables: { LOG_LEVEL: debug }
${file}`;

  test("waits until that one is ready, and says so", async () => {
    const scene = await began("    needs: [platform/prod]\n");
    expect(await said(scene)).toEqual(["Ready=False Held", "Held=True NeedsUnmet"]);
    expect(scene.mutations()).toEqual([]);

    const Value = JSON.stringify({
      ...(await scene.status()),
      revision: { desired: "a", deployed: "a" },
      conditions: [{ type: "Ready", status: "True", reason: "Deployed", message: "", since: "" }],
    });
    const Name = "/trueup/platform/prod/status";
    await scene.ask("ssm:PutParameter", { Name, Value, Type: "String" });
    await hours(scene, 1);
    expect(await said(scene)).toEqual(done);
  });

  test("that needs it too is told that it waits for itself", async () => {
    const text = needs(`    needs: [myapps/prod]
  prod: { on: { branch: main }, compose: [envs/dev.yml], needs: [myapps/dev] }
`);
    const scene = testWorld();
    await scene.pushExample();
    await scene.push({ "trueup.yaml": text });
    await scene.register();
    await hours(scene, 1);
    const { conditions } = await scene.status();
    expect(conditions.find(({ type }) => type === "Stalled")).toMatchObject({
      reason: "NeedsCircle",
      message: "It waits for itself: myapps/dev needs myapps/prod needs myapps/dev.",
    });
    expect(scene.mutations()).toEqual([]);
  });
});
