import { expect, test } from "vitest";
import { type TestWorld, testWorld } from "./world.ts";

interface Stack {
  readonly StackName: string;
  readonly StackStatus: string;
  readonly LastUpdatedTime?: unknown;
  readonly Outputs?: readonly { readonly OutputKey: string; readonly OutputValue: string }[];
}

const stacksOf = async (scene: TestWorld): Promise<ReadonlyMap<string, Stack>> => {
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
    readonly Stacks: readonly Stack[];
  };
  const ours = Stacks.filter(({ StackName }) => StackName.startsWith("trueup-myapps-dev-"));
  // `trueup-myapps-dev-s-app02-0a1b2c3d` by `s-app02`.
  return new Map(ours.map((stack) => [stack.StackName.split("-").slice(3, -1).join("-"), stack]));
};

const updates = async (scene: TestWorld) => {
  const stacks = await stacksOf(scene);
  return ["s-app01", "s-app02", "s-worker"].map((unit) => [
    unit,
    stacks.get(unit)?.StackStatus,
    String(stacks.get(unit)?.LastUpdatedTime),
  ]);
};

/** Items of the outputs that hold security groups, by output. */
const packsOf = async (scene: TestWorld): Promise<readonly (readonly string[])[]> => {
  const base = (await stacksOf(scene)).get("base");
  const packs = (base?.Outputs ?? []).filter(({ OutputKey }) => /^SecurityGroups/.test(OutputKey));
  return packs.map(({ OutputValue }) =>
    OutputValue.split(",").map((item) => item.replace(/SecurityGroup.*/, "")),
  );
};

const push = async (scene: TestWorld, text: string): Promise<void> => {
  await scene.push({ "docker-compose.yml": text });
  await scene.settle();
  const { conditions } = await scene.status();
  expect(
    conditions.filter(({ status, type }) => type === "Ready" && status === "True"),
  ).toHaveLength(1);
};

test("a family that comes, and one that goes, roll no other, though their groups share an output", async () => {
  const scene = testWorld();
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  const text = await scene.read("docker-compose.yml");
  const before = await updates(scene);
  expect(await packsOf(scene)).toContainEqual(["App02"]);

  // Its name is chosen for the output that its group is in.
  await push(
    scene,
    text.replace("\n  # Reads the queue", `\n  alpha: ${alpha}\n\n  # Reads the queue`),
  );
  expect(await packsOf(scene)).toContainEqual(["Alpha", "App02"]);
  expect((await stacksOf(scene)).get("s-alpha")?.StackStatus).toBe("CREATE_COMPLETE");
  expect(await updates(scene)).toEqual(before);

  await push(scene, text);
  expect(await packsOf(scene)).toContainEqual(["App02"]);
  expect((await stacksOf(scene)).has("s-alpha")).toBe(false);
  expect(await updates(scene)).toEqual(before);
});

const alpha =
  "{ image: public.ecr.aws/docker/library/busybox:1.37, x-xray: false, command: [sleep, infinity] }";
