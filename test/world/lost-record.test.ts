import { beforeEach, describe, expect, test } from "vitest";
import { type TestWorld, testWorld } from "./world.ts";

let scene: TestWorld;

beforeEach(async () => {
  scene = testWorld();
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  await scene.loseRecord();
});

const said = async () => {
  const { conditions } = await scene.status();
  return conditions
    .filter(({ type }) => type !== "Healthy")
    .map(({ reason, status, type }) => `${type}=${status} ${reason}`);
};

const stackUnits = async () => {
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
    readonly Stacks: readonly { readonly StackName: string }[];
  };
  return Stacks.map(({ StackName }) => /-dev-(.*)-[0-9a-f]{8}$/.exec(StackName)?.[1]).sort();
};

describe("a record that is lost", () => {
  test("leaves no stack behind: what left the repository meanwhile goes", async () => {
    const text = await scene.read("docker-compose.yml");
    const [service = ""] = /^ {2}# Reads the queue[\s\S]*?(?=\nx-sqs)/m.exec(text) ?? [];
    const without = text
      .replace(service, "")
      .replace(/^ {4}Services:\n {6}worker: .*\n/gm, "")
      .replace(/^ {6}worker: .*\n/gm, "");
    await scene.push({ "docker-compose.yml": without });
    await scene.settle();
    expect(await said()).toEqual(["Ready=True Deployed"]);
    expect(await stackUnits()).toEqual(["base", "s-app01", "s-app02"]);
  });

  test("makes no second set of stacks beside the first in another layout", async () => {
    const made = scene.mutations().length;
    const text = await scene.read("trueup.yaml");
    await scene.push({ "trueup.yaml": text.replace(/^ {4}on:.*$/m, "$&\n    layout: single") });
    await scene.settle();
    expect(await said()).toContain("Stalled=True LayoutChanged");
    expect(await stackUnits()).toEqual(["base", "s-app01", "s-app02", "s-worker"]);
    expect(scene.mutations().length).toBe(made);
  });

  test("is asked of the tags by the look and by the pass, and not again", async () => {
    const asked = scene.calls.length;
    await scene.driver.settle({ at: scene.world.now + 3_600_000 });
    const since = scene.calls.slice(asked);
    expect(since.filter((one) => one === "tagging:GetResources").length).toBe(2);
  });
});
