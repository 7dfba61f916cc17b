import { beforeEach, expect, test } from "vitest";
import { type TestWorld, testWorld } from "./world.ts";

let scene: TestWorld;

beforeEach(async () => {
  scene = testWorld();
  await scene.pushExample();
  await scene.register();
  await scene.settle();
});

test("a topic that two environments of one account would name alike is made by neither", async () => {
  const [yaml, compose] = [await scene.read("trueup.yaml"), await scene.read("docker-compose.yml")];
  const before = scene.mutations().length;
  const topic = "\nx-sns: { t: { Properties: { TopicName: news } } }\n";
  await scene.push({
    "docker-compose.yml": `${compose}${topic}`,
    "trueup.yaml": yaml.replace(/^environments:$/m, "$&\n  other:\n    on: { branch: main }"),
  });
  await scene.settle();
  const { conditions } = await scene.status();
  const stalled = conditions.find(({ type }) => type === "Stalled");
  expect(stalled).toMatchObject({ status: "True", reason: "SourceInvalid" });
  expect(stalled?.message).toContain("AWS::SNS::Topic news");
  expect(scene.mutations().length).toBe(before);

  // With the name of each environment in it, nothing is in the way.
  const own = topic.replace("news", `"news-\${TRUEUP_ENVIRONMENT}"`);
  await scene.push({ "docker-compose.yml": `${compose}${own}` });
  await scene.settle();
  const after = await scene.status();
  expect(after.conditions.find(({ type }) => type === "Ready")?.status).toBe("True");
});
