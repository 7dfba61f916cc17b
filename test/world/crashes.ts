import { expect, test } from "vitest";
import { type Fate, type TestWorld, testWorld } from "./world.ts";

/** The three uses, one after the other. */
const workload = async (scene: TestWorld): Promise<void> => {
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  await scene.pushImage("blog-app-02", "1.0.1");
  await scene.settle();
  await scene.driver.invoke("ReconcileFunction", { application: "myapps", environment: "dev" });
  await scene.settle();
};

interface Described {
  readonly Stacks: readonly { readonly StackName: string; readonly StackStatus: string }[];
}

/** What the world came to: all that a person or the next pass can see, but times and generated ids. */
const outcome = async (scene: TestWorld) => {
  const { conditions, digest } = await scene.status();
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as Described;
  const stacks = Stacks.map(async ({ StackName, StackStatus }) => {
    const [template, changeSets] = await Promise.all([
      scene.ask("cloudformation:GetTemplate", { StackName, TemplateStage: "Original" }),
      scene.ask("cloudformation:ListChangeSets", { StackName }),
    ]);
    const { TemplateBody } = template as { readonly TemplateBody: string };
    const { Outputs, ...rest } = JSON.parse(TemplateBody);
    return {
      name: StackName,
      rests: /^(CREATE|UPDATE)_COMPLETE$/.test(StackStatus),
      template: { ...rest, Outputs: { ...Outputs, TrueupDigest: undefined } },
      changeSets: (changeSets as { readonly Summaries: readonly unknown[] }).Summaries.length,
    };
  });
  return {
    conditions: conditions.map(({ message, reason, status, type }) => [
      type,
      status,
      reason,
      message,
    ]),
    bundle: digest.bundle,
    stacks: (await Promise.all(stacks)).sort((a, b) => (a.name < b.name ? -1 : 1)),
    compose: await scene.read("docker-compose.yml"),
  };
};

const writesAfter = async (scene: TestWorld): Promise<number> => {
  const before = scene.mutations().length;
  await scene.driver.settle({ at: scene.world.now + 1_800_000 });
  return scene.mutations().length - before;
};

/**
 * Every call of the controller is a point where its process can die. Wherever it does, the end is
 * that of the calm run, and then nothing is written any more.
 */
export async function crashEverywhere(end: Exclude<Fate, "lives">): Promise<void> {
  const calm = testWorld();
  await workload(calm);
  const expected = await outcome(calm);
  const points = calm.calls.map((operation, count) => ({ operation, count }));

  test("the calm run is ready and rests", async () => {
    expect(expected.conditions).toEqual([["Ready", "True", "Deployed", expect.any(String)]]);
    expect(expected.stacks.map(({ changeSets, rests }) => [rests, changeSets])).toEqual(
      Array(4).fill([true, 0]),
    );
    expect(await writesAfter(calm)).toBe(0);
  });

  test.for(points)(
    `$operation, call $count, and the process ${end}: the same end`,
    async (point) => {
      const scene = testWorld({ fate: (at) => (at === point.count ? end : "lives") });
      await workload(scene);
      expect(await outcome(scene)).toEqual(expected);
      expect(await writesAfter(scene)).toBe(0);
    },
  );
}
