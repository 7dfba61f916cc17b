import { beforeEach, describe, expect, test } from "vitest";
import { type TestWorld, testWorld } from "./world.ts";

let scene: TestWorld;

beforeEach(async () => {
  scene = testWorld();
  await scene.pushExample();
  await scene.register();
  await scene.settle();
});

const said = async () => {
  const { conditions } = await scene.status();
  return conditions
    .filter(({ type }) => type !== "Healthy")
    .map(({ reason, status, type }) => `${type}=${status} ${reason}`);
};

const stackNames = async () => {
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
    readonly Stacks: readonly { readonly StackName: string }[];
  };
  return Stacks.map(({ StackName }) => StackName).sort();
};

describe("another layout", () => {
  const single = async () => {
    const text = await scene.read("trueup.yaml");
    await scene.push({ "trueup.yaml": text.replace(/^ {4}on:.*$/m, "$&\n    layout: single") });
    await scene.settle();
  };

  test("of what is deployed stalls and touches nothing; the old one goes on", async () => {
    const text = await scene.read("trueup.yaml");
    const [before, made] = [await stackNames(), scene.mutations().length];
    await single();
    expect(await said()).toEqual(["Ready=False LayoutChanged", "Stalled=True LayoutChanged"]);
    const { conditions, digest } = await scene.status();
    expect(conditions[0]?.message).toContain("Put `layout: per-service` back into trueup.yaml");
    expect(digest.plan).toBeUndefined();
    expect(await stackNames()).toEqual(before);
    expect(scene.mutations().length).toBe(made);

    await scene.push({ "trueup.yaml": text });
    await scene.settle();
    expect(await said()).toEqual(["Ready=True Deployed"]);
  });
});
