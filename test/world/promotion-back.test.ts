import { expect, test } from "vitest";
import { approve, began, edited, good, hour, push, said, statusOf, trueup } from "./promotion.ts";
import type { TestWorld } from "./world.ts";

// What is followed goes back, and what people look at beside it is not followed.

/** Somebody pushes main back to an older commit, past all that came since. */
const pushBack = async (scene: TestWorld, commitId: string): Promise<void> => {
  const repositoryName = "myapps";
  await scene.ask("codecommit:CreateBranch", { repositoryName, branchName: "kept", commitId });
  await scene.ask("codecommit:UpdateDefaultBranch", { repositoryName, defaultBranchName: "kept" });
  await scene.ask("codecommit:DeleteBranch", { repositoryName, branchName: "main" });
  await scene.ask("codecommit:CreateBranch", { repositoryName, branchName: "main", commitId });
  await hour(scene);
};

const deployed = async (scene: TestWorld, environment: string) =>
  (await statusOf(scene, environment)).revision.deployed ?? "";

const another = async (scene: TestWorld) =>
  push(scene, { "docker-compose.yml": await edited(scene) });

const hold = async (scene: TestWorld, revision: string): Promise<void> => {
  const Value = JSON.stringify({ revision, reason: "a look" });
  await scene.ask("ssm:PutParameter", { Name: "/trueup/myapps/test/hold", Value, Type: "String" });
  await hour(scene);
};

test("a branch that is pushed back takes all that follows with it", async () => {
  const scene = await began(trueup());
  const first = await deployed(scene, "prod");
  const second = await another(scene);
  expect(await said(scene, "prod")).toEqual([second, ...good]);
  await pushBack(scene, first);
  expect(await said(scene, "test")).toEqual([first, ...good]);
  expect(await said(scene, "prod")).toEqual([first, ...good]);

  const third = await another(scene);
  expect(await said(scene, "prod")).toEqual([third, ...good]);
  const made = scene.mutations().length;
  await hour(scene);
  expect(scene.mutations().length).toBe(made);
});

test("what a branch has no more is not offered any longer", async () => {
  const scene = await began(trueup({ approval: "manual" }));
  await approve(scene);
  const first = await deployed(scene, "prod");
  const second = await another(scene);
  expect((await statusOf(scene, "prod")).revision.desired).toBe(second);
  await pushBack(scene, first);
  const { digest, revision } = await statusOf(scene, "prod");
  expect([revision.desired, digest.plan]).toEqual([first, undefined]);
});

test("a revision that is held before it was ever verified is not passed on, then or later", async () => {
  const scene = await began(trueup());
  // Never verified: what comes after it is there before anybody looks.
  const skipped = await scene.push({ "docker-compose.yml": await edited(scene) });
  const second = await another(scene);
  expect(await said(scene, "prod")).toEqual([second, ...good]);
  await hold(scene, skipped);
  expect((await statusOf(scene, "test")).revision).toMatchObject({
    deployed: skipped,
    verified: skipped,
  });
  expect(await said(scene, "prod")).toEqual([second, ...good]);
  await scene.ask("ssm:DeleteParameter", { Name: "/trueup/myapps/test/hold" });
  await hour(scene);
  expect(await said(scene, "test")).toEqual([second, ...good]);
  expect(await said(scene, "prod")).toEqual([second, ...good]);
});

test("one that is held and verified is there to be promoted by name", async () => {
  const scene = await began(trueup());
  const skipped = await scene.push({ "docker-compose.yml": await edited(scene) });
  await another(scene);
  await hold(scene, skipped);
  const Value = JSON.stringify({ revision: skipped, reason: "that one" });
  await scene.ask("ssm:PutParameter", {
    Name: "/trueup/myapps/prod/promote",
    Value,
    Type: "String",
  });
  await hour(scene);
  expect(await deployed(scene, "prod")).toBe(skipped);
});

test("a revision that is held as it arrives is passed on once it is followed again", async () => {
  const scene = await began(trueup());
  const first = await deployed(scene, "prod");
  const second = await scene.push({ "docker-compose.yml": await edited(scene) });
  await hold(scene, second);
  expect((await statusOf(scene, "test")).revision.verified).toBe(second);
  expect(await deployed(scene, "prod")).toBe(first);
  await scene.ask("ssm:DeleteParameter", { Name: "/trueup/myapps/test/hold" });
  await hour(scene);
  expect(await said(scene, "test")).toEqual([second, ...good]);
  expect(await said(scene, "prod")).toEqual([second, ...good]);
});
