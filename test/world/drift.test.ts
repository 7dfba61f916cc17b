import { beforeEach, describe, expect, test } from "vitest";
import { type TestWorld, testWorld } from "./world.ts";

let scene: TestWorld;

beforeEach(async () => {
  scene = testWorld();
  await scene.pushExample();
  await scene.register();
  await scene.settle();
});

const hours = async (count: number) =>
  scene.driver.settle({ at: scene.world.now + count * 3_600_000 });

const said = async () => {
  const { conditions } = await scene.status();
  return conditions
    .filter(({ type }) => type !== "Healthy")
    .map(({ reason, status, type }) => `${type}=${status} ${reason}`);
};

const drifted = async () => {
  const { conditions } = await scene.status();
  return conditions.find(({ type }) => type === "Drifted")?.message;
};

interface Listed {
  readonly ResourceDescriptions: readonly { readonly Identifier: string }[];
}

/** What there is of a kind, whoever made it. */
const identifierOf = async (TypeName: string, part: string): Promise<string> => {
  const { ResourceDescriptions } = (await scene.ask("cloudcontrolapi:ListResources", {
    TypeName,
  })) as Listed;
  const found = ResourceDescriptions.find(({ Identifier }) => Identifier.includes(part));
  if (found === undefined) throw new Error(`No ${TypeName} ${part}`);
  return found.Identifier;
};

const queue = "AWS::SQS::Queue";
const jobs = () => identifierOf(queue, "JobsQueue");

/** Somebody changes a resource, not by CloudFormation. */
const changeByHand = async (TypeName: string, part: string, path: string, value: unknown) =>
  scene.ask("cloudcontrolapi:UpdateResource", {
    TypeName,
    Identifier: await identifierOf(TypeName, part),
    PatchDocument: JSON.stringify([{ op: "replace", path, value }]),
  });

const timeout = async (): Promise<unknown> => {
  const { ResourceDescription } = (await scene.ask("cloudcontrolapi:GetResource", {
    TypeName: queue,
    Identifier: await jobs(),
  })) as { readonly ResourceDescription: { readonly Properties: string } };
  return JSON.parse(ResourceDescription.Properties).VisibilityTimeout;
};

/** Under the environment in `trueup.yaml`. */
const setting = async (lines: string) => {
  const text = await scene.read("trueup.yaml");
  await scene.push({ "trueup.yaml": text.replace(/^ {4}on:.*$/m, `$&\n${lines}`) });
  await scene.settle();
};

const callsSince = (from: number, part: string) =>
  scene.calls.slice(from).filter((one) => one.includes(part));

const suspend = async (Value: string) =>
  scene.ask("ssm:PutParameter", {
    Name: "/trueup/myapps/dev/suspended",
    Value,
    Type: "String",
    Overwrite: true,
  });

describe("what somebody changes behind CloudFormation's back", () => {
  test("is reported within a day, with the compose path, and nothing is done about it", async () => {
    const made = scene.mutations().length;
    await changeByHand(queue, "JobsQueue", "/VisibilityTimeout", 99);
    await hours(25);
    expect(await said()).toEqual(["Ready=True Deployed", "Drifted=True ResourceDrift"]);
    expect(await drifted()).toBe(
      "base: Somebody changed VisibilityTimeout of x-sqs.jobs (JobsQueue).",
    );
    expect(await timeout()).toBe(99);
    expect(scene.mutations().length).toBe(made);
  });

  test("is said no longer once somebody has put it back", async () => {
    await changeByHand(queue, "JobsQueue", "/VisibilityTimeout", 99);
    await hours(25);
    await changeByHand(queue, "JobsQueue", "/VisibilityTimeout", 60);
    await hours(25);
    expect(await said()).toEqual(["Ready=True Deployed"]);
  });

  test("is put back once under selfHeal: revert, and then it rests", async () => {
    await setting("    selfHeal: revert");
    const made = scene.mutations().length;
    await changeByHand(queue, "JobsQueue", "/VisibilityTimeout", 99);
    await hours(25);
    expect(await timeout()).toBe(60);
    expect(await said()).toEqual(["Ready=True Deployed"]);
    expect(scene.mutations().slice(made)).toEqual([
      "cloudformation:CreateChangeSet",
      "cloudformation:ExecuteChangeSet",
    ]);
    await hours(49);
    expect(scene.mutations().length).toBe(made + 2);
  });

  test("is made again under selfHeal: revert where it was deleted", async () => {
    await setting("    selfHeal: revert");
    const Identifier = await jobs();
    await scene.ask("cloudcontrolapi:DeleteResource", { TypeName: queue, Identifier });
    await hours(25);
    expect(await timeout()).toBe(60);
    expect(await said()).toEqual(["Ready=True Deployed"]);
  });
});

describe("drift is not put back", () => {
  test("where trueup.yaml says so, also under selfHeal: revert", async () => {
    await setting(
      "    selfHeal: revert\n    drift: { every: 1h, ignore: [x-sqs.jobs.VisibilityTimeout] }",
    );
    const made = scene.mutations().length;
    await changeByHand(queue, "JobsQueue", "/VisibilityTimeout", 99);
    await hours(3);
    expect(await said()).toEqual(["Ready=True Deployed"]);
    expect(scene.mutations().length).toBe(made);
  });

  test("where that would take with it what is to be let be", async () => {
    await setting(
      "    selfHeal: revert\n    drift: { every: 1h, ignore: [x-sqs.jobs.VisibilityTimeout] }",
    );
    const made = scene.mutations().length;
    await changeByHand(queue, "JobsQueue", "/VisibilityTimeout", 99);
    await changeByHand(queue, "JobsQueue", "/RedrivePolicy/maxReceiveCount", 9);
    await hours(3);
    expect(await said()).toEqual(["Ready=True Deployed", "Drifted=True ResourceDrift"]);
    expect(await drifted()).toContain("JobsQueue/VisibilityTimeout, which is to be left alone");
    expect(scene.mutations().length).toBe(made);
  });

  test("where that would replace something", async () => {
    await setting("    selfHeal: revert\n    drift: { every: 1h }");
    const made = scene.mutations().length;
    await changeByHand("AWS::EC2::SecurityGroup", "sg-", "/GroupDescription", "mine");
    await hours(3);
    expect(await drifted()).toContain("That would replace");
    expect(scene.mutations().length).toBe(made);
  });

  test("while the environment is suspended, and is as soon as it is resumed", async () => {
    await setting("    selfHeal: revert");
    await suspend(JSON.stringify({ reason: "an incident" }));
    const made = scene.mutations().length;
    await changeByHand(queue, "JobsQueue", "/VisibilityTimeout", 99);
    await hours(25);
    expect(await said()).toContain("Held=True Suspended");
    expect(await said()).toContain("Drifted=True ResourceDrift");
    expect(scene.mutations().length).toBe(made);
    await suspend(JSON.stringify({ reason: "over", until: "2026-01-01T00:00:00Z" }));
    await scene.settle();
    expect(await timeout()).toBe(60);
  });
});

describe("drift that is to be put back", () => {
  test("is not before it is approved by itself, whatever was approved before", async () => {
    await setting("    selfHeal: revert\n    approval: manual\n    drift: { every: 1h }");
    const approve = async () => {
      const { digest } = await scene.status();
      const Value = JSON.stringify({ digest: digest.plan, reason: "fine" });
      const Name = "/trueup/myapps/dev/approval";
      await scene.ask("ssm:PutParameter", { Name, Value, Type: "String", Overwrite: true });
      await scene.settle();
    };
    const compose = await scene.read("docker-compose.yml");
    const next = compose.replace("VisibilityTimeout: 60", "VisibilityTimeout: 61");
    await scene.push({ "docker-compose.yml": next });
    await scene.settle();
    await approve();
    expect(await timeout()).toBe(61);

    const made = scene.mutations().length;
    await changeByHand(queue, "JobsQueue", "/VisibilityTimeout", 99);
    await hours(3);
    expect(await said()).toContain("Approved=False AwaitingApproval");
    expect(scene.mutations().length).toBe(made);
    await approve();
    expect(await timeout()).toBe(61);
    expect(await said()).toContain("Ready=True Deployed");
  });

  test("waits for its window, also where the bundle was let begin long ago", async () => {
    const windows = '    windows: [{ allow: "0 0 1 1 *", for: 1h, timezone: UTC, overrun: true }]';
    await setting(`    selfHeal: revert\n    drift: { every: 1h }\n${windows}`);
    const compose = await scene.read("docker-compose.yml");
    const next = compose.replace("VisibilityTimeout: 60", "VisibilityTimeout: 61");
    await scene.push({ "docker-compose.yml": next });
    await scene.settle();
    expect(await timeout()).toBe(61);
    await hours(2);
    const made = scene.mutations().length;
    await changeByHand(queue, "JobsQueue", "/VisibilityTimeout", 99);
    await hours(3);
    expect(await said()).toContain("Held=True WindowClosed");
    expect(scene.mutations().length).toBe(made);
  });

  test("needs nothing more where somebody else has put it back in the meantime", async () => {
    await setting("    selfHeal: revert\n    drift: { every: 12h }");
    await suspend(JSON.stringify({ reason: "an incident" }));
    await changeByHand(queue, "JobsQueue", "/VisibilityTimeout", 99);
    await hours(13);
    expect(await said()).toContain("Drifted=True ResourceDrift");
    await changeByHand(queue, "JobsQueue", "/VisibilityTimeout", 60);
    const made = scene.mutations().length;
    await suspend(JSON.stringify({ reason: "over", until: "2026-01-01T00:00:00Z" }));
    await scene.settle();
    expect(await said()).toEqual(["Ready=True Deployed"]);
    expect(scene.mutations().slice(made)).toEqual([
      "cloudformation:CreateChangeSet",
      "cloudformation:DeleteChangeSet",
    ]);
    await hours(24);
    expect(scene.mutations().length).toBe(made + 2);
  });
});

describe("what is to be put back", () => {
  test("is not tried again by itself where that failed, and the cause is told", async () => {
    await setting("    selfHeal: revert\n    drift: { every: 1h }");
    const { failResource } = await import("../../src/sandbox/cloudformation/faults.ts");
    const context = { world: scene.world, account: "123456789012", region: "eu-west-1" } as never;
    failResource(context, { logicalId: "JobsQueue", on: "update", reason: "AccessDenied." });
    await changeByHand(queue, "JobsQueue", "/VisibilityTimeout", 99);
    const made = scene.mutations().length;
    await hours(6);
    expect(await said()).toContain("Stalled=True RolledBack");
    expect(await said()).toContain("Drifted=True ResourceDrift");
    expect(scene.mutations().length).toBe(made + 2);
    const { conditions } = await scene.status();
    expect(conditions[0]?.message).toContain("AccessDenied.");
  });
});

describe("looking for drift", () => {
  test("costs a sweep nothing while it is not due", async () => {
    await hours(1);
    const from = scene.calls.length;
    await scene.driver.settle({ at: scene.world.now + 600_000 });
    expect(callsSince(from, "SendMessageBatch")).toEqual([]);
  });

  test("costs an unchanged environment one detection a stack and day, and no other write", async () => {
    await hours(48);
    const [from, made] = [scene.calls.length, scene.mutations().length];
    await hours(24);
    // Four stacks: each asked for once, and once what came of it.
    expect(callsSince(from, "DetectStackDrift")).toHaveLength(4);
    expect(callsSince(from, "DriftDetectionStatus")).toHaveLength(4);
    expect(callsSince(from, "DescribeStackResourceDrifts")).toEqual([]);
    expect(scene.mutations().length).toBe(made);
    expect(await said()).toEqual(["Ready=True Deployed"]);
  });

  test("is as often as trueup.yaml says", async () => {
    await setting("    drift: { every: 6h }");
    await hours(6);
    const from = scene.calls.length;
    await hours(24);
    expect(callsSince(from, "DetectStackDrift")).toHaveLength(16);
  });

  test("is not done under selfHeal: off", async () => {
    await setting("    selfHeal: off");
    const from = scene.calls.length;
    await changeByHand(queue, "JobsQueue", "/VisibilityTimeout", 99);
    await hours(49);
    expect(callsSince(from, "Drift")).toEqual([]);
  });

  test("is begun at most once at a time, also where the process dies before it is remembered", async () => {
    let dies = true;
    scene = testWorld({
      fate: (_count, operation) => {
        if (operation !== "cloudformation:DetectStackDrift" || !dies) return "lives";
        dies = false;
        return "dies after";
      },
    });
    await scene.pushExample();
    await scene.register();
    await scene.settle();
    await changeByHand(queue, "JobsQueue", "/VisibilityTimeout", 99);
    await hours(25);
    expect(dies).toBe(false);
    expect(await said()).toEqual(["Ready=True Deployed", "Drifted=True ResourceDrift"]);
  });

  test("that is not allowed is said, and keeps nothing else from going on", async () => {
    scene = testWorld({
      fate: (_count, operation) =>
        operation === "cloudformation:DetectStackDrift"
          ? { error: "AccessDenied", when: "before" }
          : "lives",
    });
    await scene.pushExample();
    await scene.register();
    await scene.settle();
    await hours(25);
    expect(await said()).toEqual(["Ready=True Deployed", "Drifted=Unknown DetectionIncomplete"]);
    await scene.pushImage("blog-app-02", "1.0.1");
    await scene.settle();
    expect(await said()).toContain("Ready=True Deployed");
  });
});
