import { describe, expect, test } from "vitest";
import { kindOf } from "../../src/aws/call.ts";
import { begun, instanceOf, minutes, type Setting, stacksOf } from "./ephemeral.ts";
import type { TestWorld } from "./world.ts";

const lease = { ttl: "20m" };

/** A stack of somebody else, which is called almost like those of the instance. */
const bystander = async (scene: TestWorld, revision: string): Promise<void> => {
  const Resources = { Topic: { Type: "AWS::SNS::Topic" } };
  await scene.ask("cloudformation:CreateStack", {
    StackName: `trueup-myapps-test-${instanceOf(revision)}-base-00000000`,
    TemplateBody: JSON.stringify({ Resources }),
  });
};

/** The life of an instance from the push to the time when it has to be gone. */
const life = async (setting: Setting = {}) => {
  const { revision, scene } = await begun({ ephemeral: lease, ...setting });
  await bystander(scene, revision);
  await minutes(scene, 180);
  return { revision, scene };
};

const named = async (scene: TestWorld): Promise<readonly string[]> => {
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
    readonly Stacks: readonly { readonly StackName: string }[];
  };
  return Stacks.map(({ StackName }) => StackName);
};

const expectClean = async (scene: TestWorld, revision: string): Promise<void> => {
  expect(await stacksOf(scene)).toEqual([`${instanceOf(revision)}-base`]);
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
    readonly Stacks: readonly { readonly StackName: string; readonly StackStatus: string }[];
  };
  expect(Stacks.map(({ StackName, StackStatus }) => [StackName.slice(-8), StackStatus])).toEqual([
    ["00000000", "CREATE_COMPLETE"],
  ]);
  expect(scene.log.filter((line) => line.startsWith("leak"))).toEqual([]);
};

const calm = await life();
const writes = calm.scene.calls
  .map((operation, count) => ({ operation, count }))
  .filter(({ operation }) => kindOf(operation) !== "read");

test("the calm run makes everything, deletes it and leaves everybody else alone", async () => {
  await expectClean(calm.scene, calm.revision);
  const made = writes.map(({ operation }) => operation);
  expect(made.filter((one) => one === "cloudformation:ExecuteChangeSet")).toHaveLength(2);
  expect(made.filter((one) => one === "cloudformation:DeleteStack")).toHaveLength(2);
});

test("the teardown is set, then the lease is written, and only then anything is made", async () => {
  const made: string[] = [];
  await life({
    onCall: ({ input, operation, principal }) => {
      const { Key = "", Name = "" } = input as { readonly Key?: string; readonly Name?: string };
      if (operation === "scheduler:CreateSchedule" && Name.startsWith("t-")) made.push("teardown");
      if (operation === "s3:PutObject" && Key.startsWith("leases/")) made.push("lease");
      const isOurs =
        !principal.endsWith("user/ann") && operation === "cloudformation:CreateChangeSet";
      if (isOurs) made.push("stack");
    },
  });
  expect(made.slice(0, 3)).toEqual(["teardown", "lease", "stack"]);
});

describe("nothing is leaked, and nothing of others is deleted", () => {
  test.for(writes)("where a process dies after $operation, call $count", async ({ count }) => {
    const { revision, scene } = await life({
      fate: (at) => (at === count ? "dies after" : "lives"),
    });
    await expectClean(scene, revision);
  });

  test.for(writes)(
    "where the controller is no more after $operation, call $count: the janitor alone cleans up",
    async ({ count }) => {
      let dead = false;
      const { revision, scene } = await life({
        fate: (at) => {
          dead ||= at === count;
          return at === count ? "dies after" : "lives";
        },
        halted: (name) => dead && name !== "JanitorFunction",
      });
      await expectClean(scene, revision);
    },
  );

  test("where no event ever arrives", async () => {
    const { revision, scene } = await life({ deliver: () => [] });
    await expectClean(scene, revision);
  });

  test.for(["api", "web"])("where somebody protects the stack of %s from it", async (service) => {
    const more = `  api:
    image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/blog-app-01:1.0.0
`;
    const { revision, scene } = await begun({ ephemeral: lease, more });
    await minutes(scene, 15);
    const unit = `${instanceOf(revision)}-s-${service}`;
    const [StackName] = (await named(scene)).filter((name) => name.includes(unit));
    const protect = (EnableTerminationProtection: boolean) =>
      scene.ask("cloudformation:UpdateTerminationProtection", {
        StackName,
        EnableTerminationProtection,
      });
    await protect(true);
    await minutes(scene, 120);
    // The other service's is gone, and what they share waits for both.
    expect(await stacksOf(scene)).toEqual([`${instanceOf(revision)}-base`, unit]);
    await protect(false);
    await minutes(scene, 60);
    expect(await stacksOf(scene)).toEqual([]);
  });

  test("where the janitor was away for hours", async () => {
    let away = true;
    const { revision, scene } = await life({
      halted: (name) => away && name === "JanitorFunction",
    });
    expect(await stacksOf(scene)).toHaveLength(3);
    away = false;
    await minutes(scene, 60);
    expect(await stacksOf(scene)).toEqual([`${instanceOf(revision)}-base`]);
    expect(scene.log.some((line) => line.startsWith("leak"))).toBe(true);
  });
});
