import { expect, test } from "vitest";
import { testWorld } from "./world.ts";

// Keys of environments that there are not: people mistype, and old messages come late.

test.for(["prod", "constructor", "valueof", "dev.", "dev.main-000000"])(
  "a request for %s, which there is not, is over at once and leaves nothing",
  async (environment) => {
    const scene = testWorld();
    await scene.pushExample();
    await scene.register();
    await scene.settle();
    const made = scene.mutations().length;
    const Name = `/trueup/myapps/${environment}/requested-at`;
    await scene.ask("ssm:PutParameter", { Name, Value: "now", Type: "String" });
    await scene.settle();
    expect(scene.log.filter((line) => line.startsWith("pass failed"))).toEqual([]);
    const status = { Name: `/trueup/myapps/${environment}/status` };
    await expect(scene.ask("ssm:GetParameter", status)).rejects.toThrow("couldn't be found");
    expect(scene.mutations().length).toBe(made);
  },
);
