import { expect, test } from "vitest";
import { testWorld } from "./world.ts";

test("an environment that wants nothing and has nothing is not looked at again and again", async () => {
  const scene = testWorld();
  await scene.pushExample();
  const yaml = "application: myapps\nenvironments:\n  dev: { on: { branch: main } }\n";
  await scene.push({ "trueup.yaml": yaml, "docker-compose.yml": "services: {}\n" });
  await scene.register();
  await scene.settle();
  const { conditions } = await scene.status();
  expect(conditions[0]).toMatchObject({ status: "True", reason: "Deployed" });
  const looks = scene.calls.filter((one) => one === "ssm:GetParameters");
  // Of the registration, its first pass and what that leaves behind: no pass follows another at once.
  expect(looks).toHaveLength(10);
});
