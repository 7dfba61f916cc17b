import fc from "fast-check";
import { expect, test } from "vitest";
import type { Condition } from "../../src/model/status.ts";
import { outcome, workload, writesAfter } from "./three-uses.ts";
import { type Fate, testWorld } from "./world.ts";

/** What any call can hear that says nothing about what was asked: retried, and then all is as ever. */
const errors: readonly Exclude<Fate, string>[] = [
  { error: "ThrottlingException", when: "before" },
  { error: "ServiceUnavailable", when: "before" },
  { error: "ExpiredTokenException", when: "before" },
  { error: "AccessDeniedException", when: "before" },
  { error: "TimeoutError", when: "after" },
];

const calm = testWorld();
await workload(calm);
const expected = await outcome(calm);

test("an error that may pass is tried again within minutes, not by the sweep", async () => {
  const asked: number[] = [];
  const scene = testWorld({
    fate: (at, operation) => {
      if (operation !== "cloudformation:CreateChangeSet") return "lives";
      asked.push(at);
      return asked.length > 1 ? "lives" : { error: "ServiceUnavailable", when: "before" };
    },
  });
  await scene.pushExample();
  await scene.register();
  await scene.driver.settle({ at: scene.world.now + 30_000 });
  const { conditions, nextLook } = await scene.status();
  expect(conditions[0]).toMatchObject({ type: "Ready", reason: "ProgressingWithRetry" });
  expect(Date.parse(nextLook ?? "") - scene.world.now).toBeLessThan(61_000);
  await scene.driver.settle({ at: scene.world.now + 150_000 });
  expect(asked.length).toBeGreaterThan(1);
});

test("that nothing can be remembered is said, and tried again less and less often", async () => {
  let isOut = false;
  const scene = testWorld({
    fate: (_, operation) =>
      isOut && operation === "s3:PutObject" ? { error: "AccessDenied", when: "before" } : "lives",
  });
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  isOut = true;
  const compose = await scene.read("docker-compose.yml");
  const next = compose.replace("VisibilityTimeout: 60", "VisibilityTimeout: 61");
  await scene.push({ "docker-compose.yml": next });
  const asked = scene.calls.length;
  await scene.driver.settle({ at: scene.world.now + 3_600_000 });
  const tries = scene.calls.slice(asked).filter((operation) => operation === "s3:PutObject");
  expect(tries.length).toBeLessThan(40);
  const { conditions } = await scene.status();
  expect(conditions[0]).toMatchObject({ status: "False", reason: "ProgressingWithRetry" });
  isOut = false;
  await scene.settle();
  expect((await scene.status()).conditions[0]).toMatchObject({ status: "True" });
});

test("an error that stays is tried again less and less often, and is over when it is over", async () => {
  let isOut = true;
  const at: number[] = [];
  const scene = testWorld({
    fate: (_, operation) => {
      if (operation !== "cloudformation:CreateChangeSet" || !isOut) return "lives";
      at.push(scene.world.now);
      return { error: "ThrottlingException", when: "before" };
    },
  });
  await scene.pushExample();
  await scene.register();
  await scene.driver.settle({ at: scene.world.now + 480_000 });
  const waits = at.slice(1).map((time, index) => (time - (at[index] ?? 0)) / 1000);
  expect(waits.length).toBeLessThan(8);
  expect(waits[0]).toBeLessThan(90);
  expect(waits.at(-1)).toBeGreaterThan(90);

  isOut = false;
  await scene.settle();
  const { conditions } = await scene.status();
  expect(conditions[0]).toMatchObject({ type: "Ready", status: "True" });
});

/** Up to forty things that go wrong in the first six hundred calls, and events that are lost. */
const troubles = fc.record({
  fates: fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 600 }),
      fate: fc.constantFrom<Fate>(...errors, "dies before", "dies after"),
    }),
    { maxLength: 40 },
  ),
  lost: fc.uniqueArray(fc.integer({ min: 0, max: 150 }), { maxLength: 60 }),
});

test("with many of them at once, and lost events, it still gets there", async () => {
  await fc.assert(
    fc.asyncProperty(troubles, async ({ fates, lost }) => {
      const fateAt = new Map(fates.map(({ at, fate }) => [at, fate]));
      const gone = new Set(lost);
      const scene = testWorld({
        fate: (count) => fateAt.get(count) ?? "lives",
        deliver: (_, count) => (gone.has(count) ? [] : [0]),
      });
      await workload(scene);
      await scene.driver.settle({ at: scene.world.now + 7_200_000 });
      expect(await outcome(scene)).toEqual(expected);
      expect(await writesAfter(scene)).toBe(0);
    }),
    { numRuns: 20, seed: 7 },
  );
}, 600_000);

test("a status that somebody made a SecureString is written anew", async () => {
  const scene = testWorld();
  await scene.pushExample();
  const secret = { Value: "?", Type: "SecureString" };
  for (const Name of ["/trueup/myapps/dev/status", "/trueup/myapps/status"])
    await scene.ask("ssm:PutParameter", { Name, ...secret });
  await scene.register();
  await scene.settle();
  const reasonOf = ({ conditions: [first] }: { readonly conditions: readonly Condition[] }) =>
    first?.reason;
  expect(reasonOf(await scene.status())).toBe("Deployed");
  expect(reasonOf(await scene.applicationStatus())).toBe("Followed");
});
