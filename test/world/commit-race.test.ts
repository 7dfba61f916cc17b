import { expect, test } from "vitest";
import { type Fate, testWorld } from "./world.ts";

test("a person's commit that comes in between is kept, and the image is written on top of it", async () => {
  const edited = "VisibilityTimeout: 77";
  let compose: string | undefined;
  const scene = testWorld({
    fate: async (_, operation): Promise<Fate> => {
      if (compose === undefined || operation !== "codecommit:CreateCommit") return "lives";
      const text = compose.replace("VisibilityTimeout: 60", edited);
      compose = undefined;
      await scene.push({ "docker-compose.yml": text });
      return "lives";
    },
  });
  await scene.pushExample();
  await scene.register();
  await scene.settle();

  compose = await scene.read("docker-compose.yml");
  await scene.pushImage("blog-app-02", "1.0.1");
  await scene.settle();
  expect(compose).toBeUndefined();
  const text = await scene.read("docker-compose.yml");
  expect(text).toContain(edited);
  expect(text).toMatch(/blog-app-02:1\.0\.1@sha256:/);
  const { stacks } = await scene.status();
  const StackName = stacks.find(({ name }) => name.includes("-base-"))?.name;
  const { TemplateBody } = (await scene.ask("cloudformation:GetTemplate", { StackName })) as {
    readonly TemplateBody: string;
  };
  expect(TemplateBody).toMatch(/"VisibilityTimeout":\s*77\b/);
});
