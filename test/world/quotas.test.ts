import { expect, test } from "vitest";
import { stateOf } from "../../src/sandbox/cloudformation/state.ts";
import { setQuota } from "../../src/sandbox/service-quotas.ts";
import {
  begun,
  instanceOf,
  minutes,
  pushNext,
  reasonsOf,
  stacksOf,
  statusOf,
} from "./ephemeral.ts";
import type { TestWorld } from "./world.ts";

// An instance for which an account has no room waits, rather than failing half way.

const place = ({ world }: TestWorld) => ({ world, account: "123456789012", region: "eu-west-1" });
const vpcs = "vpc L-F678F1CE";

test("an instance waits for a VPC, says so, and begins when there is room", async () => {
  const { revision, scene } = await begun();
  setQuota(place(scene), vpcs, 1);
  await minutes(scene, 30);
  const next = await pushNext(scene, 1);
  await minutes(scene, 20);
  const first = instanceOf(revision);
  expect(await stacksOf(scene)).toEqual([`${first}-base`, `${first}-s-web`]);
  expect(await reasonsOf(scene)).toEqual(["Ready QuotaReached", "Reconciling QuotaReached"]);
  expect((await statusOf(scene))?.conditions[0]?.message).toBe(
    `${instanceOf(next)}: There is no room in eu-west-1 for VPCs: 1 of 1 are there, 1 more needed (vpc L-F678F1CE). Delete some, or have Service Quotas raise it.`,
  );
  const made = scene.mutations().length;
  await minutes(scene, 20);
  expect(scene.mutations().length).toBe(made);

  setQuota(place(scene), vpcs, 2);
  await minutes(scene, 20);
  expect(await reasonsOf(scene, instanceOf(next))).toContain("Ready Deployed");
});

test("several that begin at once count each other, though nothing of them is there yet", async () => {
  const { scene } = await begun({ on: { branch: "feature/*" }, ephemeral: { max: 9 } });
  setQuota(place(scene), vpcs, 2);
  const { branch } = (await scene.ask("codecommit:GetBranch", {
    repositoryName: "myapps",
    branchName: "main",
  })) as { readonly branch: { readonly commitId: string } };
  for (const name of ["a", "b", "c", "d"]) {
    await scene.ask("codecommit:CreateBranch", {
      repositoryName: "myapps",
      branchName: `feature/${name}`,
      commitId: branch.commitId,
    });
  }
  await minutes(scene, 30);
  const { instances = [] } = (await statusOf(scene)) ?? {};
  expect(instances.map(({ state }) => state).sort()).toEqual([
    "Deployed",
    "Deployed",
    "QuotaReached",
    "QuotaReached",
  ]);
});

test("what nobody may know beforehand is refused half way, and nothing of it stays", async () => {
  const { scene } = await begun({
    fate: (_, operation) =>
      operation === "servicequotas:GetServiceQuota"
        ? { error: "AccessDeniedException", when: "before" }
        : "lives",
  });
  setQuota(place(scene), vpcs, 0);
  await minutes(scene, 30);
  const events = Object.values(stateOf(place(scene)).stacks).flatMap((stack) => stack.events);
  expect(events.map(({ reason = "" }) => reason).join()).toContain(
    "The maximum number of VPCs has been reached.",
  );
  expect(await stacksOf(scene)).toEqual([]);
});

test("where nobody may know how much room there is, nothing waits", async () => {
  const { revision, scene } = await begun({
    fate: (_, operation) =>
      operation === "servicequotas:GetServiceQuota"
        ? { error: "AccessDeniedException", when: "before" }
        : "lives",
  });
  await minutes(scene, 30);
  expect(await reasonsOf(scene, instanceOf(revision))).toContain("Ready Deployed");
  expect(scene.log.some((line) => line.startsWith("room not known"))).toBe(true);
});
