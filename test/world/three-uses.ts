import type { TestWorld } from "./world.ts";

/** The three uses, one after the other. */
export const workload = async (scene: TestWorld): Promise<void> => {
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
export const outcome = async (scene: TestWorld) => {
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

/** Mutating calls within half an hour of being done: there should be none. */
export const writesAfter = async (scene: TestWorld): Promise<number> => {
  const before = scene.mutations().length;
  await scene.driver.settle({ at: scene.world.now + 1_800_000 });
  return scene.mutations().length - before;
};
