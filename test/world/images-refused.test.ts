import { expect, test } from "vitest";
import type { Operation } from "../../src/aws/call.ts";
import { begin, registry, settings } from "./repository.ts";
import { testWorld } from "./world.ts";

// What moves images cannot, or may not, write for a while.

test("a commit that is refused is tried less and less often, says when, and is made once it may be", async () => {
  let isRefused = false;
  const error = { error: "AccessDeniedException", when: "before" } as const;
  const scene = testWorld({
    fate: (_, operation: Operation) =>
      isRefused && operation === "codecommit:CreateCommit" ? error : "lives",
  });
  const compose = `services:\n  web:\n    image: ${registry}/web:1.0.0\n    x-image-policy: { semver: ^1 }\n`;
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
