import { expect, test } from "vitest";
import { stopSweeping } from "../sweeping.ts";
import { type TestWorld, testWorld } from "./world.ts";

const name = { Name: "/trueup/myapps/dev/hold" };

const began = async () => {
  const scene = testWorld();
  const first = await scene.pushExample();
  await scene.register();
  await scene.settle();
  return { scene, first };
};

const edit = async (scene: TestWorld, seconds: number): Promise<string> => {
  const text = await scene.read("docker-compose.yml");
  const edited = text.replace(/VisibilityTimeout: \d+/, `VisibilityTimeout: ${seconds}`);
  const revision = await scene.push({ "docker-compose.yml": edited });
  await scene.settle();
  return revision;
};

const hold = async (scene: TestWorld, request: object): Promise<void> => {
  const Value = JSON.stringify(request);
  await scene.ask("ssm:PutParameter", { ...name, Value, Type: "String", Overwrite: true });
  await scene.driver.settle({ at: scene.world.now + 1_200_000 });
};

const said = async (scene: TestWorld) => {
  const { conditions, revision } = await scene.status();
  const words = conditions.filter(({ type }) => type !== "Healthy");
  return [
    revision.deployed,
    ...words.map(({ reason, status, type }) => `${type}=${status} ${reason}`),
  ];
};

test("a revision that is held is gone back to, and no newer one slips through until it is released", async () => {
  const { first, scene } = await began();
  await edit(scene, 61);
  await hold(scene, { revision: first, reason: "61 is too long" });
  expect(await said(scene)).toEqual([first, "Ready=True Deployed", "Held=True RevisionHeld"]);

  const newest = await edit(scene, 62);
  expect(await said(scene)).toEqual([first, "Ready=True Deployed", "Held=True RevisionHeld"]);

  await scene.ask("ssm:DeleteParameter", name);
  await scene.settle();
  expect(await said(scene)).toEqual([newest, "Ready=True Deployed"]);
});

test("a revision from before trueup.yaml was moved cannot be gone to, and says why", async () => {
  const { first, scene } = await began();
  const at = { repositoryName: "myapps", branchName: "main", parentCommitId: first };
  const fileContent = new TextEncoder().encode(await scene.read("trueup.yaml"));
  await scene.ask("codecommit:CreateCommit", {
    ...at,
    commitMessage: "Move it",
    putFiles: [{ filePath: "deploy/trueup.yaml", fileContent }],
    deleteFiles: [{ filePath: "trueup.yaml" }],
  });
  const Name = "/trueup/myapps/registration";
  const { Parameter } = (await scene.ask("ssm:GetParameter", { Name })) as {
    readonly Parameter: { readonly Value: string };
  };
  const Value = JSON.stringify({ ...JSON.parse(Parameter.Value), file: "deploy/trueup.yaml" });
  await scene.ask("ssm:PutParameter", { Name, Value, Type: "String", Overwrite: true });
  await scene.settle();
  expect((await said(scene)).slice(1)).toEqual(["Ready=True Deployed"]);
  await hold(scene, { revision: first, reason: "it ran then" });
  expect(await said(scene)).toContain("Stalled=True ApplicationFileMissing");
  const { conditions } = await scene.status();
  expect(conditions[0]?.message).toContain(`has no deploy/trueup.yaml at ${first.slice(0, 8)}`);
});

test("a hold that ends by itself is followed by the branch", async () => {
  const { first, scene } = await began();
  const newer = await edit(scene, 61);
  const until = new Date(scene.world.now + 3_600_000).toISOString();
  await hold(scene, { revision: first, reason: "for an hour", until });
  expect((await said(scene))[0]).toBe(first);
  await scene.driver.settle({ at: scene.world.now + 7_200_000 });
  expect(await said(scene)).toEqual([newer, "Ready=True Deployed"]);
});

test.for([
  [{ revision: "main", reason: "" }, "Held=True Suspended"],
  [{ revision: "f".repeat(40), reason: "" }, "Stalled=True RevisionMissing"],
] as const)("a hold of %o changes nothing: %s", async ([request, expected]) => {
  const { scene } = await began();
  const made = scene.mutations().length;
  await hold(scene, request);
  expect(await said(scene)).toContain(expected);
  expect(scene.mutations().length).toBe(made);
});

test("a hold of what is not there ends by itself too, with no sweep to see it", async () => {
  const { scene } = await began();
  const newest = await edit(scene, 61);
  await stopSweeping(scene.ask);
  const until = new Date(scene.world.now + 3_600_000).toISOString();
  await hold(scene, { revision: "f".repeat(40), reason: "for an hour", until });
  expect(await said(scene)).toContain("Stalled=True RevisionMissing");
  await scene.driver.settle({ at: scene.world.now + 7_200_000 });
  expect(await said(scene)).toEqual([newest, "Ready=True Deployed"]);
});

test("what rolls is looked at soon, though something else is to be looked at much later", async () => {
  const { first, scene } = await began();
  const newest = await edit(scene, 61);
  const until = "2026-01-08T00:00:00Z";
  await hold(scene, { revision: newest, reason: "a week", until });
  expect((await scene.status()).nextLook).toBe(until);

  const Value = JSON.stringify({ revision: first, reason: "a week", until });
  await scene.ask("ssm:PutParameter", { ...name, Value, Type: "String", Overwrite: true });
  let status = await scene.status();
  while (status.conditions[0]?.reason !== "Progressing") {
    await scene.driver.settle({ at: scene.world.now + 1000 });
    status = await scene.status();
  }
  expect(Date.parse(status.nextLook ?? "") - scene.world.now).toBeLessThan(121_000);
});

test("a pass that cannot begin is tried again, and what was to be looked at later is looked at all the same", async () => {
  let isAway = false;
  const scene = testWorld({
    fate: (_, operation) =>
      isAway && operation === "ssm:GetParameters"
        ? { error: "ServiceUnavailable", when: "before" }
        : "lives",
  });
  const first = await scene.pushExample();
  await scene.register();
  await scene.settle();
  await stopSweeping(scene.ask);
  const newer = await edit(scene, 61);
  const until = new Date(scene.world.now + 3_600_000).toISOString();
  const request = { revision: first, reason: "for an hour", until };
  await hold(scene, request);
  expect((await said(scene))[0]).toBe(first);

  isAway = true;
  const Value = JSON.stringify(request);
  await scene.ask("ssm:PutParameter", { ...name, Value, Type: "String", Overwrite: true });
  await scene.driver.settle({ at: scene.world.now + 10_000 });
  isAway = false;
  await scene.driver.settle({ at: scene.world.now + 7_200_000 });
  expect(await said(scene)).toEqual([newer, "Ready=True Deployed"]);
});

test("what ends within the minute is looked at as soon as a schedule can be", async () => {
  const ahead: number[] = [];
  const scene = testWorld({
    onCall: ({ at, input, operation }) => {
      if (!operation.endsWith("Schedule")) return;
      const { ScheduleExpression = "" } = input as { readonly ScheduleExpression?: string };
      const time = /^at\((.*)\)$/.exec(ScheduleExpression)?.[1];
      if (time !== undefined) ahead.push((Date.parse(`${time}Z`) - at) / 1000);
    },
  });
  const first = await scene.pushExample();
  await scene.register();
  await scene.settle();
  await scene.driver.settle({ at: scene.world.now + 3_600_000 });
  ahead.length = 0;
  await stopSweeping(scene.ask);
  const until = new Date(scene.world.now + 20_000).toISOString();
  await hold(scene, { revision: first, reason: "a moment", until });
  expect(ahead.length).toBeGreaterThan(0);
  expect(ahead.filter((seconds) => seconds < 60)).toEqual([]);
  expect(await said(scene)).toEqual([first, "Ready=True Deployed"]);
});
