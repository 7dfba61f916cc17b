import { beforeEach, describe, expect, test } from "vitest";
import { kindOf, type Operation } from "../../src/aws/call.ts";
import { type TestWorld, testWorld } from "./world.ts";

let scene: TestWorld;
let deaf = false;
/** Whether CodeCommit hands out no list of references. */
let isUnlisted = false;

beforeEach(async () => {
  [deaf, isUnlisted] = [false, false];
  const denied = { error: "AccessDeniedException", when: "before" } as const;
  scene = testWorld({
    deliver: ({ source }) => (deaf && source !== "aws.events" ? [] : [0]),
    fate: (_, operation) => (isUnlisted && operation === "codecommit:GitPull" ? denied : "lives"),
  });
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  await hours(1);
});

const hours = (count: number) => scene.driver.settle({ at: scene.world.now + count * 3_600_000 });

/** How often each operation was called while the clock struck once. */
const inOneSweep = async (): Promise<Readonly<Partial<Record<Operation, number>>>> => {
  const before = scene.calls.length;
  await scene.driver.settle({ at: scene.world.now + 600_000 });
  const groups = Object.groupBy(scene.calls.slice(before), (operation) => operation);
  return Object.fromEntries(
    Object.entries(groups)
      .map(([operation, those = []]) => [operation, those.length] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
};

const said = async () => {
  const { conditions } = await scene.status();
  return conditions.map(({ reason, status, type }) => `${type}=${status} ${reason}`);
};

describe("a sweep over what has not changed", () => {
  test("makes this handful of reads, whatever it is of, and queues nothing", async () => {
    expect(await inOneSweep()).toEqual({
      "cloudformation:DescribeStacks": 1,
      "codecommit:GitPull": 1,
      "ecr:DescribeImages": 3,
      "s3:GetObject": 1,
      "s3:ListObjectsV2": 2,
      "ssm:GetParametersByPath": 1,
      "sts:GetCallerIdentity": 1,
    });
  });

  test("asks for each branch where it may not have the list of them, and queues nothing either", async () => {
    isUnlisted = true;
    expect(await inOneSweep()).toMatchObject({
      "codecommit:GetBranch": 1,
      "codecommit:GitPull": 1,
      "ssm:GetParametersByPath": 1,
    });
    const queued = scene.log.filter((line) => line.startsWith("queued")).at(-1);
    expect(queued).toContain('"keys":[]');
  });

  test("compiles nothing after a cold start either", async () => {
    const compiled = async () => {
      const before = scene.calls.length;
      await scene.driver.settle({ at: scene.world.now + 600_000 });
      return scene.calls.slice(before).filter((one) => one === "codecommit:GetBlob").length;
    };
    expect(await compiled()).toBe(0);
  });
});

describe("a sweep after events that never came", () => {
  test.for([
    [
      "a push",
      async () => {
        const text = await scene.read("docker-compose.yml");
        await scene.push({
          "docker-compose.yml": text.replace("VisibilityTimeout: 60", "VisibilityTimeout: 61"),
        });
      },
    ],
    ["an image", () => scene.pushImage("blog-app-02", "1.0.1")],
    [
      "a request",
      async () => {
        await scene.ask("ssm:PutParameter", {
          Name: "/trueup/myapps/dev/requested-at",
          Value: '"token-1"',
          Type: "String",
        });
      },
    ],
  ] as const)("finds %s", async ([what, happen]) => {
    deaf = true;
    await happen();
    await hours(1);
    expect(await said()).toEqual(["Ready=True Deployed", "Healthy=True Running"]);
    const status = await scene.status();
    if (what === "a request") expect(status.requestedAt).toBe("token-1");
    else expect(status.stacks.some(({ status: is }) => is === "UPDATE_COMPLETE")).toBe(true);
  });

  test("finds what somebody changed by hand, and then rests again", async () => {
    deaf = true;
    const { stacks } = await scene.status();
    const StackName = stacks.find(({ name }) => name.includes("-base-"))?.name;
    const { TemplateBody } = (await scene.ask("cloudformation:GetTemplate", { StackName })) as {
      readonly TemplateBody: string;
    };
    const changed = TemplateBody.replace('"VisibilityTimeout":60', '"VisibilityTimeout":99');
    await scene.ask("cloudformation:UpdateStack", { StackName, TemplateBody: changed });
    await hours(1);
    expect(await said()).toContain("Stalled=True ForeignTemplate");
    const before = scene.calls.length;
    await hours(1);
    const writes = scene.calls.slice(before).filter((one) => kindOf(one) !== "read");
    expect(writes).toEqual([]);
  });
});
