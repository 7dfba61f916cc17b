import { beforeEach, describe, expect, test } from "vitest";
import type { Call } from "../../src/aws/call.ts";
import { peopleOf } from "../../src/aws/people.ts";
import { failResource } from "../../src/sandbox/cloudformation/faults.ts";
import { workOf } from "../../src/sandbox/lambda/work.ts";
import { crashing, type TestWorld, testWorld } from "./world.ts";

let scene: TestWorld;
let good: string;

beforeEach(async () => {
  scene = testWorld();
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  good = await scene.read("docker-compose.yml");
});

const bad = () => good.replace(/\S+blog-worker:\S+/, crashing);

const said = async () => {
  const { conditions } = await scene.status();
  return conditions.map(({ reason, status, type }) => `${type}=${status} ${reason}`);
};

const workerStatus = async () => {
  const { stacks } = await scene.status();
  return stacks.find(({ name }) => name.includes("-s-worker-"))?.status;
};

const ledger = () => {
  const Bucket = Object.values(workOf(scene.world).functions)[0]?.environment.TRUEUP_BUCKET;
  return peopleOf(scene.ask as Call, Bucket).history("myapps", "dev", 1000);
};

/** Until the worker's stack does nothing but wait for its service. */
const untilItHangs = async () => {
  for (let minutes = 0; minutes < 60; minutes += 1) {
    await scene.driver.settle({ at: scene.world.now + 5_000 });
    const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
      readonly Stacks: readonly { readonly StackName: string; readonly StackStatus: string }[];
    };
    const worker = Stacks.find(({ StackName }) => StackName.includes("-s-worker-"));
    if (worker?.StackStatus !== "UPDATE_IN_PROGRESS") continue;
    const { StackResourceSummaries } = (await scene.ask("cloudformation:ListStackResources", {
      StackName: worker.StackName,
    })) as { readonly StackResourceSummaries: readonly Record<string, string>[] };
    const busy = StackResourceSummaries.filter(({ ResourceStatus }) =>
      ResourceStatus?.endsWith("_IN_PROGRESS"),
    );
    if (busy.length === 1 && busy[0]?.ResourceType === "AWS::ECS::Service") return;
  }
  throw new Error("It never hung.");
};

describe("a push while a deployment hangs", () => {
  test("does not queue behind it: the update is broken off, and only the newest is applied", async () => {
    await scene.push({ "docker-compose.yml": bad() });
    await untilItHangs();
    const newer = good.replace("x-xray: false", "x-xray: true");
    await scene.push({ "docker-compose.yml": newer });
    await scene.settle();
    expect(scene.mutations()).toContain("cloudformation:CancelUpdateStack");
    expect(await said()).toEqual(["Ready=True Deployed", "Healthy=True Running"]);
    expect(await workerStatus()).toBe("UPDATE_COMPLETE");
  });

  test("what was broken off did not fail: it may be asked for again", async () => {
    await scene.push({ "docker-compose.yml": bad() });
    await untilItHangs();
    await scene.push({ "docker-compose.yml": good });
    await scene.settle();
    expect(await said()).toEqual(["Ready=True Deployed", "Healthy=True Running"]);
    expect(await workerStatus()).toBe("UPDATE_ROLLBACK_COMPLETE");

    const executed = scene.mutations().length;
    await scene.push({ "docker-compose.yml": bad() });
    await scene.settle();
    expect(scene.mutations().slice(executed)).toContain("cloudformation:ExecuteChangeSet");
    expect(await said()).toContain("Stalled=True RolledBack");
  });
});

test("an update that somebody broke off is not tried again by itself, and says how it would be", async () => {
  await scene.push({ "docker-compose.yml": bad() });
  await untilItHangs();
  const { stacks } = await scene.status();
  const StackName = stacks.find(({ name }) => name.includes("-s-worker-"))?.name;
  await scene.ask("cloudformation:CancelUpdateStack", { StackName });
  await scene.settle();
  const made = scene.mutations().length;
  await scene.driver.settle({ at: scene.world.now + 7_200_000 });
  expect(scene.mutations().length).toBe(made);
  const { conditions } = await scene.status();
  expect(conditions.find(({ type }) => type === "Stalled")).toMatchObject({
    reason: "RolledBack",
    message: expect.stringContaining("trueup reconcile"),
  });
});

const failRollback = (times: number): void => {
  const context = { world: scene.world, account: "123456789012", region: "eu-west-1" };
  failResource(
    { ...context, principal: "" },
    { type: "AWS::ECS::Service", on: "rollback", reason: "It would not go back.", times },
  );
};

const leaveOut = (stack: string, logicalId: string) =>
  scene.ask("ssm:PutParameter", {
    Name: "/trueup/myapps/dev/consent",
    Value: JSON.stringify({ skip: { [stack]: [logicalId] }, reason: "seen to" }),
    Type: "String",
  });

const ask = (Value: string) =>
  scene.ask("ssm:PutParameter", {
    Name: "/trueup/myapps/dev/requested-at",
    Value,
    Type: "String",
    Overwrite: true,
  });

describe("a rollback that fails", () => {
  test("is late when it takes long once it is continued, however long it had failed", async () => {
    failRollback(4);
    await scene.push({ "docker-compose.yml": bad() });
    await scene.settle();
    expect(await said()).toContain("Stalled=True StackStuck");
    await scene.driver.settle({ at: scene.world.now + 4 * 3_600_000 });
    await ask("mended");
    const from = (await ledger()).length;
    for (let looks = 0; looks < 10; looks += 1) {
      await scene.driver.settle({ at: scene.world.now + 3000 });
      await ask(`look-${looks}`);
    }
    await scene.settle();
    const reasons = (await ledger()).slice(from).flatMap(({ conditions }) => conditions);
    const stalled = reasons.filter(({ type }) => type === "Stalled").map(({ reason }) => reason);
    expect(stalled).not.toContain("DeadlineExceeded");
    expect(await workerStatus()).toBe("UPDATE_ROLLBACK_COMPLETE");
  });

  test("is continued, and then it is an ordinary failure", async () => {
    failRollback(1);
    await scene.push({ "docker-compose.yml": bad() });
    await scene.settle();
    expect(scene.mutations()).toContain("cloudformation:ContinueUpdateRollback");
    expect(await workerStatus()).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(await said()).toContain("Stalled=True RolledBack");

    await scene.push({ "docker-compose.yml": good });
    await scene.settle();
    expect(await said()).toEqual(["Ready=True Deployed", "Healthy=True Running"]);
  });

  test("again and again is for a person to see, and a new revision tries once more", async () => {
    failRollback(4);
    await scene.push({ "docker-compose.yml": bad() });
    await scene.settle();
    expect(await said()).toContain("Stalled=True StackStuck");
    const continued = () =>
      scene.mutations().filter((one) => one === "cloudformation:ContinueUpdateRollback").length;
    expect(continued()).toBe(3);
    await scene.driver.settle({ at: scene.world.now + 7_200_000 });
    expect(continued()).toBe(3);

    await scene.push({ "docker-compose.yml": good });
    await scene.settle();
    expect(await said()).toEqual(["Ready=True Deployed", "Healthy=True Running"]);
  });
});

describe("a rollback that goes on failing", () => {
  test("is continued without what people name, and then is not taken for deployed", async () => {
    failRollback(5);
    await scene.push({ "docker-compose.yml": bad() });
    await scene.settle();
    const { conditions, stacks } = await scene.status();
    const worker = stacks.find(({ name }) => name.includes("-s-worker-"))?.name ?? "";
    const told = conditions.find(({ type }) => type === "Stalled")?.message ?? "";
    expect(told).toContain(`{"skip":{"${worker}":["LOGICAL_ID"]}}`);
    const [, service = ""] = /(\w+Service) \([^)]*\): It would not go back/.exec(told) ?? [];
    // A status has room for so much: what can be done comes before what AWS says.
    expect(told.indexOf("Mend what is named")).toBeLessThan(told.indexOf("It would not go back"));

    await leaveOut(worker, service);
    await scene.settle();
    expect(await workerStatus()).toBe("UPDATE_ROLLBACK_COMPLETE");

    // What is wanted is what the stack is stamped with; nobody knows whether it is there.
    await scene.push({ "docker-compose.yml": good });
    await scene.settle();
    expect(await said()).toContain("Stalled=True RollbackSkipped");
    // A detection finds that it is not.
    expect(await said()).toContain("Drifted=True ResourceDrift");
    await scene.push({ "docker-compose.yml": good.replace("x-xray: false", "x-xray: true") });
    await scene.settle();
    expect(await said()).toEqual(["Ready=True Deployed", "Healthy=True Running"]);
  });

  test("is for a person again when it is another, whatever was left out before", async () => {
    failRollback(5);
    await scene.push({ "docker-compose.yml": bad() });
    await scene.settle();
    const { stacks } = await scene.status();
    const worker = stacks.find(({ name }) => name.includes("-s-worker-"))?.name ?? "";
    await leaveOut(worker, "WorkerService");
    await scene.settle();
    expect(await workerStatus()).toBe("UPDATE_ROLLBACK_COMPLETE");
    const [told] = (await ledger()).flatMap(({ consents = [] }) => consents);
    expect(told).toMatchObject({ skip: { [worker]: ["WorkerService"] }, reason: "seen to" });

    failRollback(5);
    await scene.push({ "docker-compose.yml": bad().replace("x-xray: false", "x-xray: true") });
    await scene.settle();
    expect(await workerStatus()).toBe("UPDATE_ROLLBACK_FAILED");
    expect(await said()).toContain("Stalled=True StackStuck");
  });

  test("is asked for once without what cannot be left out", async () => {
    failRollback(5);
    await scene.push({ "docker-compose.yml": bad() });
    await scene.settle();
    const { stacks } = await scene.status();
    const worker = stacks.find(({ name }) => name.includes("-s-worker-"))?.name ?? "";
    await leaveOut(worker, "WorkerServce");
    await scene.settle();
    await scene.driver.settle({ at: scene.world.now + 7_200_000 });
    const continued = scene.calls.filter((one) => one.endsWith(":ContinueUpdateRollback"));
    expect(continued).toHaveLength(4);
    const { conditions } = await scene.status();
    const told = conditions.find(({ type }) => type === "Stalled")?.message;
    expect(told).toContain("failed to update: [WorkerService]. Mend what is named");
  });
});
