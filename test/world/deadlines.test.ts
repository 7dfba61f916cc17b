import { beforeEach, describe, expect, test } from "vitest";
import { crashing, type TestWorld, testWorld } from "./world.ts";

let scene: TestWorld;
let good: string;

/** Without its circuit breaker a service that never starts holds its stack for three hours. */
const patient = "    deploy:\n      update_config: { failure_action: continue }\n";

beforeEach(async () => {
  scene = testWorld();
  await scene.pushExample();
  await scene.register();
  const text = await scene.read("docker-compose.yml");
  const [before = "", after = ""] = text.split("  worker:\n");
  good = `${before}  worker:\n${after.replace("    deploy:\n", patient)}`;
  const settings = await scene.read("trueup.yaml");
  const deadlines = "    deadlines: { plan: 2m, execute: 20m, stabilise: 10m }";
  await scene.push({
    "docker-compose.yml": good,
    "trueup.yaml": settings.replace(/^ {4}on:.*$/m, `$&\n${deadlines}`),
  });
  await scene.settle();
});

const said = async () => {
  const { conditions } = await scene.status();
  return conditions
    .filter(({ type }) => type !== "Healthy")
    .map(({ reason, status, type }) => `${type}=${status} ${reason}`);
};

const minutes = (count: number) => scene.driver.settle({ at: scene.world.now + count * 60_000 });

describe("a service that never becomes stable", () => {
  test("is given up at its deadline, reported by name, and not tried again by itself", async () => {
    await scene.push({ "docker-compose.yml": good.replace(/\S+blog-worker:\S+/, crashing) });
    await minutes(9);
    expect(await said()).toEqual(["Ready=False Progressing", "Reconciling=True Progressing"]);
    expect(scene.mutations()).not.toContain("cloudformation:CancelUpdateStack");

    await scene.settle();
    const cancels = scene.mutations().filter((one) => one === "cloudformation:CancelUpdateStack");
    expect(cancels.length).toBe(1);
    const { conditions } = await scene.status();
    expect(await said()).toEqual(["Ready=False RolledBack", "Stalled=True RolledBack"]);
    expect(conditions[0]?.message).toMatch(/WorkerService did not become stable within 10 min\.$/);
    const made = scene.mutations().length;
    await minutes(180);
    expect(scene.mutations().length).toBe(made);

    await scene.push({ "docker-compose.yml": good });
    await scene.settle();
    expect(await said()).toEqual(["Ready=True Deployed"]);
  });

  test("is not given up while the environment is suspended", async () => {
    await scene.push({ "docker-compose.yml": good.replace(/\S+blog-worker:\S+/, crashing) });
    await minutes(5);
    const Value = JSON.stringify({ reason: "somebody is looking into it" });
    await scene.ask("ssm:PutParameter", {
      Name: "/trueup/myapps/dev/suspended",
      Value,
      Type: "String",
    });
    await minutes(60);
    expect(scene.mutations()).not.toContain("cloudformation:CancelUpdateStack");
  });
});
