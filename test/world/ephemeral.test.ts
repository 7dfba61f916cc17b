import { describe, expect, test } from "vitest";
import { failResource } from "../../src/sandbox/cloudformation/faults.ts";
import type { World } from "../../src/sandbox/world.ts";
import {
  begun,
  bucketOf,
  instanceOf,
  minutes,
  pushNext,
  reasonsOf,
  stacksOf,
  statusOf,
} from "./ephemeral.ts";
import type { TestWorld } from "./world.ts";

const both = (instance: string) => [`${instance}-base`, `${instance}-s-web`];

test("wakes are set as far ahead as they have to be, however long a pass takes", async () => {
  const ahead: number[] = [];
  const time: { world?: World } = {};
  const { scene } = await begun({
    fate: (_, operation) => {
      if (operation === "s3:PutObject") time.world?.advanceTo(time.world.now + 3000);
      return "lives";
    },
    onCall: ({ at, input, operation }) => {
      if (!operation.endsWith("Schedule")) return;
      const { ScheduleExpression = "" } = input as { readonly ScheduleExpression?: string };
      const due = /^at\((.*)\)$/.exec(ScheduleExpression)?.[1];
      if (due !== undefined) ahead.push((Date.parse(`${due}Z`) - at) / 1000);
    },
  });
  time.world = scene.world;
  await minutes(scene, 200);
  expect(await reasonsOf(scene)).toEqual(["Ready NothingLeased"]);
  expect(ahead.length).toBeGreaterThan(0);
  expect(ahead.filter((seconds) => seconds < 60)).toEqual([]);
});

describe("an ephemeral environment", () => {
  test("has an instance for its revision, which is deleted when its time is over, and not made again", async () => {
    const { revision, scene } = await begun();
    const instance = instanceOf(revision);
    await minutes(scene, 30);
    expect(await stacksOf(scene)).toEqual(both(instance));
    expect(await reasonsOf(scene, instance)).toEqual(["Ready Deployed", "Healthy Running"]);
    expect(await statusOf(scene)).toMatchObject({
      revision: { desired: revision, deployed: revision },
      instances: [{ name: instance, revision, state: "Deployed" }],
    });

    while ((await stacksOf(scene)).length > 0) await minutes(scene, 1);
    // What could still come is looked for a while longer, and that is nobody's concern.
    await minutes(scene, 4);
    expect(await statusOf(scene, instance)).toBeUndefined();
    expect(await reasonsOf(scene)).toEqual(["Ready NothingLeased"]);

    await minutes(scene, 150);
    const made = scene.mutations().length;
    await minutes(scene, 240);
    expect(scene.mutations().length).toBe(made);
  });

  test("has two revisions side by side, and lets the older go when the newer is ready", async () => {
    const { revision, scene } = await begun();
    await minutes(scene, 3);
    const older = instanceOf(revision);
    const newer = instanceOf(await pushNext(scene, 1));
    await minutes(scene, 2);
    expect(await stacksOf(scene)).toEqual(expect.arrayContaining(both(older)));
    expect((await statusOf(scene))?.instances?.map(({ name }) => name).toSorted()).toEqual(
      [newer, older].toSorted(),
    );
    await minutes(scene, 60);
    expect(await stacksOf(scene)).toEqual(both(newer));
    expect(await reasonsOf(scene, newer)).toContain("Ready Deployed");
  });

  test("has no more instances than it may, and takes the next when one is gone", async () => {
    const { revision, scene } = await begun({ ephemeral: { ttl: "1h", max: 1 } });
    await minutes(scene, 10);
    const newer = instanceOf(await pushNext(scene, 1));
    await minutes(scene, 30);
    expect(await stacksOf(scene)).toEqual(both(instanceOf(revision)));
    expect(await reasonsOf(scene)).toEqual(["Ready InstancesAtMax", "Reconciling InstancesAtMax"]);
    await minutes(scene, 45);
    expect(await stacksOf(scene)).toEqual(both(newer));
  });

  test("says what is wrong with a revision, and makes nothing of it", async () => {
    const { scene } = await begun({ more: "    replcas: 2\n" });
    await minutes(scene, 30);
    expect(await reasonsOf(scene)).toContain("Stalled SourceInvalid");
    expect((await statusOf(scene))?.errors).toHaveLength(1);
    expect(scene.mutations()).toEqual([]);
  });

  test("begins nothing while it is suspended, and ends what was begun all the same", async () => {
    const { revision, scene } = await begun();
    await minutes(scene, 30);
    const Name = "/trueup/myapps/test/suspended";
    const Value = JSON.stringify({ reason: "a look" });
    await scene.ask("ssm:PutParameter", { Name, Value, Type: "String" });
    await pushNext(scene, 1);
    await minutes(scene, 60);
    expect(await stacksOf(scene)).toEqual(both(instanceOf(revision)));
    await minutes(scene, 60);
    expect(await stacksOf(scene)).toEqual([]);
  });
});

test("an instance that is held at another revision than its own says what to do instead", async () => {
  const { revision, scene } = await begun();
  const next = await pushNext(scene, 1);
  await minutes(scene, 30);
  const instance = instanceOf(next);
  expect(await reasonsOf(scene, instance)).toContain("Ready Deployed");
  const Name = `/trueup/myapps/test.${instance}/hold`;
  const hold = (at: string) => ({ revision: at, reason: "it ran then" });
  const put = (Value: object) =>
    scene.ask("ssm:PutParameter", {
      Name,
      Value: JSON.stringify(Value),
      Type: "String",
      Overwrite: true,
    });
  await put(hold(revision));
  await minutes(scene, 15);
  const told = await statusOf(scene, instance);
  const held = told?.conditions.find(({ type }) => type === "Held");
  expect(held?.reason).toBe("Suspended");
  expect(held?.message).toContain("trueup rollback myapps/test REVISION");

  // At its own it is, and nothing keeps it from being changed.
  await put(hold(next));
  await minutes(scene, 15);
  const reasons = await reasonsOf(scene, instance);
  expect(reasons.slice(0, 2)).toEqual(["Ready Deployed", "Held RevisionHeld"]);
});

test("an ephemeral environment begins no lease while a request cannot be read", async () => {
  const { scene } = await begun();
  const hold = { Name: "/trueup/myapps/test/hold" };
  await scene.ask("ssm:PutParameter", { ...hold, Value: "the one before", Type: "String" });
  await minutes(scene, 180);
  expect(await stacksOf(scene)).toEqual([]);
  expect(await reasonsOf(scene)).toEqual(["Ready Held"]);

  await scene.ask("ssm:DeleteParameter", hold);
  await minutes(scene, 30);
  expect(await reasonsOf(scene)).toEqual(["Ready Deployed"]);
});

test.for([
  ["another name", { prefix: "trueup-x" }, {}],
  ["another region", { regions: ["eu-west-1", "us-east-1"] }, { target: { region: "us-east-1" } }],
] as const)(
  "what waited is not made where its lease does not look: %s",
  async ([, ceiling, more]) => {
    const { revision, scene } = await begun();
    const suspended = { Name: `/trueup/myapps/test.${instanceOf(revision)}/suspended` };
    await scene.ask("ssm:PutParameter", {
      ...suspended,
      Value: JSON.stringify({ reason: "a look" }),
      Type: "String",
    });
    await minutes(scene, 20);
    const environment = { on: { tag: "v*" }, ephemeral: { ttl: "2h" }, ...more };
    const yaml = JSON.stringify({ application: "myapps", environments: { test: environment } });
    await scene.ask("ssm:DeleteParameter", { Name: "/trueup/myapps/registration" });
    await scene.register(ceiling);
    await scene.push({ "trueup.yaml": yaml });
    await minutes(scene, 20);
    await scene.ask("ssm:DeleteParameter", suspended);
    await minutes(scene, 20);
    expect(scene.mutations()).not.toContain("cloudformation:CreateChangeSet");
    await minutes(scene, 180);
    expect(await statusOf(scene, instanceOf(revision))).toBeUndefined();
  },
);

/** Lets no task definition be made. */
const breakTasks = ({ world }: TestWorld): void => {
  const context = { world, account: "123456789012", region: "eu-west-1", principal: "" };
  failResource(context, { type: "AWS::ECS::TaskDefinition", on: "create", reason: "Broken." });
};

test("an instance whose lease ends while trueup.yaml cannot be read is ready no longer, nor is its environment", async () => {
  const { revision, scene } = await begun({ more: "" });
  await minutes(scene, 60);
  expect(await reasonsOf(scene)).toEqual(["Ready Deployed"]);
  await scene.push({ "trueup.yaml": "environments: [" });
  await minutes(scene, 30);
  expect(await reasonsOf(scene)).toEqual(["Ready Deployed"]);

  await minutes(scene, 90);
  expect(await stacksOf(scene)).toEqual([]);
  expect(await statusOf(scene, instanceOf(revision))).toBeUndefined();
  expect(await reasonsOf(scene)).toEqual([
    "Ready ApplicationFileInvalid",
    "Stalled ApplicationFileInvalid",
  ]);
});

test("an instance that cannot be deleted is not said to be on its way for ever", async () => {
  let refused = false;
  const { revision, scene } = await begun({
    ephemeral: { ttl: "20m" },
    fate: (_, operation) =>
      refused && operation === "cloudformation:DeleteStack"
        ? { error: "AccessDenied", when: "before" }
        : "lives",
  });
  const instance = instanceOf(revision);
  await minutes(scene, 15);
  refused = true;
  await minutes(scene, 15);
  expect(await reasonsOf(scene, instance)).toContain("Reconciling TearingDown");
  expect((await statusOf(scene))?.conditions[0]?.message).toBe(`Being deleted: ${instance}.`);

  await minutes(scene, 120);
  expect(await reasonsOf(scene, instance)).toContain("Reconciling Overdue");
  expect(await reasonsOf(scene)).toContain("Reconciling Overdue");
  expect((await statusOf(scene))?.conditions[0]?.message).toBe(`Not deleted in time: ${instance}.`);

  refused = false;
  await minutes(scene, 60);
  expect(await stacksOf(scene)).toEqual([]);
  expect(await reasonsOf(scene)).toEqual(["Ready NothingLeased"]);
});

describe("an instance that fails", () => {
  test("goes at once where nobody asked for it to be kept", async () => {
    const { scene } = await begun();
    breakTasks(scene);
    await minutes(scene, 40);
    expect(await stacksOf(scene)).toEqual([]);
  });

  test("is kept once for people to look at, and no longer", async () => {
    const { revision, scene } = await begun({ ephemeral: { ttl: "20m", keepOnFailure: "1h" } });
    breakTasks(scene);
    await minutes(scene, 55);
    expect(await stacksOf(scene)).toContain(`${instanceOf(revision)}-base`);
    expect(await reasonsOf(scene, instanceOf(revision))).toContain("Stalled RolledBack");
    await minutes(scene, 40);
    expect(await stacksOf(scene)).toEqual([]);
    const made = scene.mutations().length;
    await minutes(scene, 240);
    expect(scene.mutations().length).toBe(made);
  });
});

describe("what holds anything goes too", () => {
  const fill = async (scene: TestWorld, Bucket: string): Promise<void> => {
    for (const Body of ["one", "two"]) await scene.ask("s3:PutObject", { Bucket, Key: "a", Body });
    await scene.ask("s3:PutObject", { Bucket, Key: "b", Body: "three" });
    await scene.ask("s3:DeleteObject", { Bucket, Key: "b" });
  };

  test("a bucket with versions, which CloudFormation alone could not delete", async () => {
    const { revision, scene } = await begun();
    await minutes(scene, 30);
    const bucket = await bucketOf(scene, instanceOf(revision));
    await fill(scene, bucket);
    await minutes(scene, 150);
    expect(await stacksOf(scene)).toEqual([]);
    await expect(scene.ask("s3:HeadBucket", { Bucket: bucket })).rejects.toThrow("Not Found");
    expect(scene.log.filter((line) => line.startsWith("leak"))).toEqual([]);
  });

  test("one that is filled while it is deleted, at the next try", async () => {
    const { revision, scene } = await begun({
      fate: async (_, operation) => {
        if (operation === "cloudformation:DeleteStack" && refill !== undefined) await refill();
        return "lives" as const;
      },
    });
    let refill: (() => Promise<void>) | undefined;
    await minutes(scene, 30);
    const bucket = await bucketOf(scene, instanceOf(revision));
    let times = 3;
    refill = async () => {
      times -= 1;
      if (times >= 0) await fill(scene, bucket);
    };
    await minutes(scene, 180);
    expect(times).toBeLessThan(0);
    expect(await stacksOf(scene)).toEqual([]);
  });

  test("what cannot be deleted is left behind after five tries, and said to be a leak", async () => {
    const { revision, scene } = await begun();
    await minutes(scene, 30);
    const { world } = scene;
    const context = { world, account: "123456789012", region: "eu-west-1", principal: "" };
    failResource(context, { type: "AWS::S3::Bucket", on: "delete", reason: "Never." });
    await minutes(scene, 240);
    expect(await stacksOf(scene)).toEqual([]);
    const leaks = scene.log.filter((line) => line.startsWith("leak"));
    expect(leaks).toHaveLength(1);
    expect(leaks[0]).toContain('"type":"AWS::S3::Bucket"');
    expect(leaks[0]).toContain(`myapps/test.${instanceOf(revision)}`);
  });
});
