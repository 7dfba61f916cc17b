import { describe, expect, test } from "vitest";
import type { Operation } from "../../src/aws/call.ts";
import { testWorld } from "./world.ts";

// What nobody may read for hours is asked for no more often than everything else is looked at.

const hours = 3_600_000;

async function refusing(operation: Operation) {
  const state = { isRefused: false };
  const error = { error: "AccessDeniedException", when: "before" } as const;
  const scene = testWorld({
    fate: (_, asked: Operation) => (state.isRefused && asked === operation ? error : "lives"),
  });
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  state.isRefused = true;
  return { scene, state };
}

// Whoever deploys and whoever looks after images each ask for the branch.
describe.for<[Operation, number]>([
  ["codecommit:GetBranch", 12],
  ["cloudformation:DescribeStacks", 6],
])("%s that is refused for hours", ([operation, most]) => {
  test("is left to the sweep after the first, and heals with it", async () => {
    const { scene, state } = await refusing(operation);
    await scene.push({ "envs/dev.yml": `${await scene.read("envs/dev.yml")}\n# more\n` });
    await scene.driver.settle({ at: scene.world.now + 2 * hours });
    const { conditions, nextLook } = await scene.status();
    expect(conditions[0]?.reason).toBe("ProgressingWithRetry");
    expect(nextLook).toBeUndefined();

    const before = scene.calls.length;
    await scene.driver.settle({ at: scene.world.now + hours });
    const since = scene.calls.slice(before);
    expect(since.filter((one) => one === operation).length).toBeLessThanOrEqual(most);
    expect(since).not.toContain("ssm:PutParameter");

    state.isRefused = false;
    await scene.driver.settle({ at: scene.world.now + hours / 4 });
    expect((await scene.status()).conditions[0]?.reason).toBe("Deployed");
  });
});
