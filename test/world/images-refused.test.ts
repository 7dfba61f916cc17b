import { describe, expect, test } from "vitest";
import type { Operation } from "../../src/aws/call.ts";
import { stopSweeping } from "../sweeping.ts";
import { begin, registry, settings } from "./repository.ts";
import { testWorld } from "./world.ts";

// What moves images cannot, or may not, read or write for a while.

const compose = `services:\n  web:\n    image: ${registry}/web:1.0.0\n    x-image-policy: { semver: ^1 }\n`;

test("a commit that is refused is tried less and less often, says when, and is made once it may be", async () => {
  let isRefused = false;
  const error = { error: "AccessDeniedException", when: "before" } as const;
  const scene = testWorld({
    fate: (_, operation: Operation) =>
      isRefused && operation === "codecommit:CreateCommit" ? error : "lives",
  });
  await begin(scene, { "trueup.yaml": settings("myapps"), "compose.yml": compose });
  isRefused = true;
  await scene.pushImage("web", "1.0.1");
  await scene.driver.settle({ at: scene.world.now + 3_600_000 });
  const status = await scene.applicationStatus();
  expect(status.conditions[0]).toMatchObject({
    reason: "ProgressingWithRetry",
    message: expect.stringContaining("AccessDenied"),
  });
  expect(Date.parse(status.nextLook ?? "")).toBeGreaterThan(scene.world.now);

  const before = scene.calls.length;
  await scene.driver.settle({ at: scene.world.now + 3_600_000 });
  const tries = scene.calls.slice(before).filter((one) => one === "codecommit:CreateCommit");
  // By the sweep, and once or twice between two of them.
  expect(tries.length).toBeLessThanOrEqual(18);

  isRefused = false;
  await scene.driver.settle({ at: scene.world.now + 3_600_000 });
  expect(await scene.read("compose.yml")).toContain("web:1.0.1@sha256:");
  const { conditions, nextLook } = await scene.applicationStatus();
  expect(conditions.map(({ reason, type }) => `${type} ${reason}`)).toEqual(["Ready Followed"]);
  expect(nextLook).toBeUndefined();
});

describe("a registry that may not be read", () => {
  const refusing = async (seconds = 0) => {
    const state = { isRefused: false };
    const error = { error: "AccessDeniedException", when: "before" } as const;
    const scene = testWorld({
      skew: () => seconds * 1000,
      fate: (_, operation: Operation) =>
        state.isRefused && operation === "ecr:DescribeImages" ? error : "lives",
    });
    await begin(scene, { "trueup.yaml": settings("myapps"), "compose.yml": compose });
    await stopSweeping(scene.ask);
    state.isRefused = true;
    await scene.pushImage("web", "1.0.1");
    await scene.driver.settle({ at: scene.world.now + 60_000 });
    const { conditions, images } = await scene.applicationStatus();
    expect(conditions[0]).toMatchObject({ reason: "ImagesNotFollowed" });
    expect(images).toMatchObject([{ repository: "web", state: "stalled" }]);
    return { scene, state };
  };

  test("is looked at again soon, sweep or no sweep", async () => {
    const { scene, state } = await refusing();
    state.isRefused = false;
    await scene.driver.settle({ at: scene.world.now + 300_000 });
    expect(await scene.read("compose.yml")).toContain("web:1.0.1@sha256:");
  });

  test.for([-58, 58])("is so too where the clock is %d s ahead of AWS", async (seconds) => {
    const { scene, state } = await refusing(seconds);
    await scene.driver.settle({ at: scene.world.now + 1_800_000 });
    state.isRefused = false;
    await scene.driver.settle({ at: scene.world.now + 420_000 });
    expect(await scene.read("compose.yml")).toContain("web:1.0.1@sha256:");
  });

  test("is left to the sweep after an hour, and nothing more is written", async () => {
    const { scene } = await refusing();
    await scene.driver.settle({ at: scene.world.now + 4_500_000 });
    const before = scene.calls.length;
    await scene.driver.settle({ at: scene.world.now + 3_600_000 });
    expect(scene.calls.slice(before)).toEqual([]);
    expect((await scene.applicationStatus()).nextLook).toBeUndefined();
  });

  test("is looked at when the next image is pushed to it", async () => {
    const { scene, state } = await refusing();
    await scene.driver.settle({ at: scene.world.now + 7_200_000 });
    state.isRefused = false;
    await scene.pushImage("web", "1.0.2");
    await scene.driver.settle({ at: scene.world.now + 60_000 });
    expect(await scene.read("compose.yml")).toContain("web:1.0.2@sha256:");
  });
});
