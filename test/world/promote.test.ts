import { expect, test } from "vitest";
import type { Call } from "../../src/aws/call.ts";
import { peopleOf } from "../../src/aws/people.ts";
import { approve, began, edited, good, hour, push, said, statusOf, trueup } from "./promotion.ts";
import type { TestWorld } from "./world.ts";

// A person chooses what an environment takes from the one before.

const promote = async (scene: TestWorld, revision: string, environment = "prod") => {
  const people = peopleOf(scene.ask as Call);
  await people.promote("myapps", environment, { revision, reason: "a closer look" });
  await hour(scene);
};

const release = async (scene: TestWorld) => {
  await peopleOf(scene.ask as Call).release("myapps", "prod");
  await hour(scene);
};

const deployedIn = async (scene: TestWorld, environment = "prod") =>
  (await statusOf(scene, environment)).revision.deployed ?? "";

const another = async (scene: TestWorld) =>
  push(scene, { "docker-compose.yml": await edited(scene) });

test("an older revision is taken and kept until it is released", async () => {
  const scene = await began(trueup());
  const first = await deployedIn(scene);
  const second = await another(scene);
  expect(await deployedIn(scene)).toBe(second);

  await promote(scene, first);
  const kept = [first, "Ready=True Deployed", "Held=True RevisionChosen", "Verified=True Passed"];
  expect(await said(scene, "prod")).toEqual(kept);
  const third = await another(scene);
  expect(await said(scene, "test")).toEqual([third, ...good]);
  expect(await said(scene, "prod")).toEqual(kept);

  await release(scene);
  expect(await said(scene, "prod")).toEqual([third, ...good]);
});

test.for([-50, 50])(
  "by a clock %d s ahead too, a moment after a newer one was verified",
  async (seconds) => {
    const scene = await began(trueup(), { skew: () => seconds * 1000 });
    const first = await deployedIn(scene);
    const second = await scene.push({ "docker-compose.yml": await edited(scene) });
    while ((await statusOf(scene, "test")).revision.verified !== second)
      await scene.driver.settle({ at: scene.world.now + 1000 });

    await promote(scene, first);
    const kept = [first, "Ready=True Deployed", "Held=True RevisionChosen", "Verified=True Passed"];
    expect(await said(scene, "prod")).toEqual(kept);
  },
);

test("the newest is taken as it is without being asked for, and keeps no newer one back", async () => {
  const scene = await began(trueup());
  await promote(scene, await deployedIn(scene));
  expect((await said(scene, "prod")).slice(1)).toEqual(good);
  const second = await another(scene);
  expect(await said(scene, "prod")).toEqual([second, ...good]);
});

test("what is chosen waits for approval like anything else", async () => {
  const scene = await began(trueup({ approval: "manual" }));
  await approve(scene);
  const first = await deployedIn(scene);
  const second = await another(scene);
  await approve(scene);
  expect(await deployedIn(scene)).toBe(second);

  await promote(scene, first);
  expect(await said(scene, "prod")).toEqual([
    second,
    "Ready=False Held",
    "Held=True AwaitingApproval",
    "Approved=False AwaitingApproval",
  ]);
  await approve(scene);
  expect(await deployedIn(scene)).toBe(first);
});

test("what is chosen waits for its window", async () => {
  const never = "    windows: [{ allow: '0 0 1 6 *', for: 1h }]\n";
  const scene = await began(trueup());
  const first = await deployedIn(scene);
  await another(scene);
  await push(scene, { "trueup.yaml": trueup({ prod: never }) });
  const before = await deployedIn(scene);
  await promote(scene, first);
  expect(await deployedIn(scene)).toBe(before);
  expect(await said(scene, "prod")).toContain("Held=True WindowClosed");
});

test("what was not verified is refused, and nothing else is taken for it", async () => {
  const scene = await began(trueup());
  const first = await deployedIn(scene);
  const mutations = scene.mutations().length;
  await promote(scene, "a".repeat(40));
  const { conditions } = await statusOf(scene, "prod");
  expect(conditions.find(({ type }) => type === "Stalled")).toMatchObject({
    reason: "NotVerified",
    message: "aaaaaaaa was chosen, and test has not verified it.",
  });
  expect(scene.mutations().length).toBe(mutations);
  await another(scene);
  expect(await deployedIn(scene)).toBe(first);
});

test("what failed here is tried once more", async () => {
  const scene = await began(trueup());
  const first = await deployedIn(scene);
  const bad = await push(scene, { "trueup.yaml": trueup({ status: 500 }) });
  expect((await statusOf(scene, "prod")).revision.deployed).toBe(first);
  const runs = () => scene.calls.filter((one) => one === "cloudformation:ExecuteChangeSet").length;
  const before = runs();
  await promote(scene, bad);
  // There, tried, and back again: it is as bad as it was.
  expect(runs()).toBe(before + 2);
  expect(await said(scene, "prod")).toContain("Held=True VerificationFailed");
  expect(await deployedIn(scene)).toBe(first);
});

test.for([-50, 50])("by a clock %d s ahead it is so too, at once and once", async (seconds) => {
  const scene = await began(trueup(), { skew: () => seconds * 1000 });
  const first = await deployedIn(scene);
  const bad = await scene.push({ "trueup.yaml": trueup({ status: 500 }) });
  const stands = () => said(scene, "prod");
  while (!(await stands()).includes("Verified=False Failed"))
    await scene.driver.settle({ at: scene.world.now + 1000 });
  const asked = scene.world.now;
  await promote(scene, bad);
  expect(await stands()).toContain("Held=True VerificationFailed");
  expect(await deployedIn(scene)).toBe(first);
  const { Contents = [] } = (await scene.ask("s3:ListObjectsV2", {
    Bucket: "trueup-123456789012-eu-west-1",
    Prefix: "verdicts/myapps/prod/",
  })) as { readonly Contents?: readonly { readonly Key: string; readonly LastModified: Date }[] };
  const again = Contents.filter(({ Key }) => Key.includes(bad));
  expect(again.filter(({ LastModified }) => LastModified.getTime() > asked)).toHaveLength(1);
});

test("an environment that takes from no other says so and stays", async () => {
  const scene = await began(trueup());
  const deployed = await deployedIn(scene, "test");
  await promote(scene, deployed, "test");
  await another(scene);
  expect(await said(scene, "test")).toContain("Stalled=True NothingToPromote");
  expect(await deployedIn(scene, "test")).toBe(deployed);
});
