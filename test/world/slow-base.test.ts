import { beforeEach, describe, expect, test } from "vitest";
import { failResource } from "../../src/sandbox/cloudformation/faults.ts";
import { type TestWorld, testWorld } from "./world.ts";

let scene: TestWorld;

const context = { account: "123456789012", region: "eu-west-1", principal: "" };

/** A database beside the example: its resize takes longer than anybody wants to wait. */
const database = `
x-rds:
  main:
    MacroParameters: { Engine: postgres, EngineVersion: "16.3" }
    Properties: { DBInstanceClass: db.t4g.micro }
    Services:
      worker: { Access: RW }
`;

const compose = () => scene.read("docker-compose.yml");

const said = async () => {
  const { conditions } = await scene.status();
  return conditions.map(({ reason, status, type }) => `${type}=${status} ${reason}`);
};

/** As CloudFormation has it now. */
const statusOf = async (unit: string): Promise<string | undefined> => {
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
    readonly Stacks: readonly { readonly StackName: string; readonly StackStatus: string }[];
  };
  return Stacks.find(({ StackName }) => StackName.includes(`-dev-${unit}-`))?.StackStatus;
};

const imageOf = async (family: string): Promise<string> => {
  const { stacks } = await scene.status();
  const name = stacks.find((stack) => stack.name.includes(`-dev-${family}-`))?.name;
  const { TemplateBody } = (await scene.ask("cloudformation:GetTemplate", { StackName: name })) as {
    readonly TemplateBody: string;
  };
  return /blog-[a-z0-9-]+:[0-9.]+/.exec(TemplateBody)?.[0] ?? "";
};

beforeEach(async () => {
  scene = testWorld();
  await scene.pushExample();
  await scene.register();
});

describe("a base that is busy with a database", () => {
  beforeEach(async () => {
    await scene.push({ "docker-compose.yml": `${await compose()}${database}` });
    await scene.settle();
    expect(await said()).toContain("Ready=True Deployed");
    const resized = (await compose()).replace("db.t4g.micro", "db.t4g.small");
    await scene.push({ "docker-compose.yml": resized });
    await scene.driver.settle({ at: scene.world.now + 90_000 });
    expect(await statusOf("base")).toBe("UPDATE_IN_PROGRESS");
  });

  test("does not hold an image push of a service that imports nothing of it", async () => {
    await scene.pushImage("blog-app-02", "1.0.1");
    await scene.driver.settle({ at: scene.world.now + 180_000 });
    expect(await imageOf("s-app02")).toBe("blog-app-02:1.0.1");
    expect(await statusOf("s-app02")).toBe("UPDATE_COMPLETE");
    expect(await statusOf("base")).toBe("UPDATE_IN_PROGRESS");
    await scene.settle();
    expect(await said()).toEqual(["Ready=True Deployed", "Healthy=True Running"]);
  });

  test("holds the service that uses the database until it is done", async () => {
    await scene.pushImage("blog-worker", "1.0.1");
    await scene.driver.settle({ at: scene.world.now + 180_000 });
    expect(await statusOf("base")).toBe("UPDATE_IN_PROGRESS");
    expect(await imageOf("s-worker")).toBe("blog-worker:1.0.0");
    await scene.settle();
    expect(await imageOf("s-worker")).toBe("blog-worker:1.0.1");
    expect(await said()).toEqual(["Ready=True Deployed", "Healthy=True Running"]);
  });
});

describe("a base that is quarantined for a queue's attribute", () => {
  beforeEach(async () => {
    await scene.settle();
    failResource(
      { ...context, world: scene.world },
      { logicalId: "JobsQueue", on: "update", reason: "Not this attribute.", times: 1 },
    );
    const changed = (await compose()).replace("VisibilityTimeout: 60", "VisibilityTimeout: 90");
    await scene.push({ "docker-compose.yml": changed });
    await scene.settle();
    expect(await said()).toContain("Stalled=True RolledBack");
    failResource(
      { ...context, world: scene.world },
      { logicalId: "JobsQueue", on: "update", reason: "Not this attribute." },
    );
  });

  test("does not hold services that do not use the queue", async () => {
    await scene.pushImage("blog-app-02", "1.0.1");
    await scene.settle();
    expect(await imageOf("s-app02")).toBe("blog-app-02:1.0.1");
    expect(await statusOf("s-app02")).toBe("UPDATE_COMPLETE");
    expect(await statusOf("base")).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(await said()).toContain("Stalled=True RolledBack");
  });

  test("holds those that use it, and says for whom they wait", async () => {
    await scene.pushImage("blog-worker", "1.0.1");
    await scene.settle();
    expect(await imageOf("s-worker")).toBe("blog-worker:1.0.0");
    const { conditions } = await scene.status();
    expect(conditions[0]?.message).toContain("s-worker: It waits for base.");
  });
});
