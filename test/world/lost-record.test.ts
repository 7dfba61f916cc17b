import { beforeEach, describe, expect, test } from "vitest";
import { workOf } from "../../src/sandbox/lambda/work.ts";
import { type TestWorld, testWorld } from "./world.ts";

let scene: TestWorld;

beforeEach(async () => {
  scene = testWorld();
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  await scene.loseRecord();
});

const said = async () => {
  const { conditions } = await scene.status();
  return conditions
    .filter(({ type }) => type !== "Healthy")
    .map(({ reason, status, type }) => `${type}=${status} ${reason}`);
};

const stackUnits = async () => {
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
    readonly Stacks: readonly { readonly StackName: string }[];
  };
  return Stacks.map(({ StackName }) => /-dev-(.*)-[0-9a-f]{8}$/.exec(StackName)?.[1]).sort();
};

describe("a record that is lost", () => {
  test("leaves no stack behind: what left the repository meanwhile goes", async () => {
    const text = await scene.read("docker-compose.yml");
    const [service = ""] = /^ {2}# Reads the queue[\s\S]*?(?=\nx-sqs)/m.exec(text) ?? [];
    const without = text
      .replace(service, "")
      .replace(/^ {4}Services:\n {6}worker: .*\n/gm, "")
      .replace(/^ {6}worker: .*\n/gm, "");
    await scene.push({ "docker-compose.yml": without });
    await scene.settle();
    expect(await said()).toEqual(["Ready=True Deployed"]);
    expect(await stackUnits()).toEqual(["base", "s-app01", "s-app02"]);
  });

  test("makes no second set of stacks beside the first in another layout", async () => {
    const made = scene.mutations().length;
    const text = await scene.read("trueup.yaml");
    await scene.push({ "trueup.yaml": text.replace(/^ {4}on:.*$/m, "$&\n    layout: single") });
    await scene.settle();
    expect(await said()).toContain("Stalled=True LayoutChanged");
    expect(await stackUnits()).toEqual(["base", "s-app01", "s-app02", "s-worker"]);
    expect(scene.mutations().length).toBe(made);
  });

  test("deletes no copy that somebody made of a stack, tags and all", async () => {
    const tags = { application: "myapps", environment: "dev", unit: "s-old" };
    await scene.ask("cloudformation:CreateStack", {
      StackName: "copy",
      TemplateBody: JSON.stringify({ Resources: { Cluster: { Type: "AWS::ECS::Cluster" } } }),
      Tags: Object.entries(tags).map(([key, Value]) => ({ Key: `trueup:${key}`, Value })),
    });
    await scene.settle();
    await scene.driver.settle({ at: scene.world.now + 3_600_000 });
    const told = await scene.ask("cloudformation:DescribeStacks", { StackName: "copy" });
    expect(told).toMatchObject({ Stacks: [{ StackStatus: "CREATE_COMPLETE" }] });
    expect(await said()).toEqual(["Ready=True Deployed"]);
  });

  test("is asked of the tags by the look and by the pass, and not again", async () => {
    const asked = scene.calls.length;
    await scene.driver.settle({ at: scene.world.now + 3_600_000 });
    const since = scene.calls.slice(asked);
    expect(since.filter((one) => one === "tagging:GetResources").length).toBe(2);
  });
});

describe("a record that somebody edited", () => {
  const stackOfOthers = async (): Promise<string> => {
    const TemplateBody = JSON.stringify({ Resources: { Topic: { Type: "AWS::SNS::Topic" } } });
    const { StackId } = (await scene.ask("cloudformation:CreateStack", {
      StackName: "innocent",
      TemplateBody,
    })) as { readonly StackId: string };
    await scene.settle();
    return StackId;
  };

  /** The record as it is kept, after an edit of it. */
  const edit = async (edited: (record: { stacks: object }) => object): Promise<void> => {
    await scene.push({ README: "" });
    await scene.settle();
    const [{ environment = {} } = {}] = Object.values(workOf(scene.world).functions);
    const at = { Bucket: environment.TRUEUP_BUCKET, Key: "records/myapps/dev.json" };
    const { text } = (await scene.ask("s3:GetObject", at)) as { readonly text: string };
    await scene.ask("s3:PutObject", { ...at, Body: JSON.stringify(edited(JSON.parse(text))) });
    const compose = await scene.read("docker-compose.yml");
    const next = compose.replace("VisibilityTimeout: 60", "VisibilityTimeout: 61");
    await scene.push({ "docker-compose.yml": next });
    await scene.settle();
  };

  test("deletes no stack of others that it names", async () => {
    const StackName = await stackOfOthers();
    await edit((record) => ({
      ...record,
      stacks: { ...record.stacks, "s-old": { name: "innocent", recoveries: 0 } },
    }));
    expect(await said()).toEqual(["Ready=True Deployed"]);
    const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", { StackName })) as {
      readonly Stacks: readonly { readonly StackStatus: string }[];
    };
    expect(Stacks[0]?.StackStatus).toBe("CREATE_COMPLETE");
  });

  test.for([{ stacks: null }, { stacks: { base: null } }, { failures: [] }, { cancelled: "no" }])(
    "so that it is no record any more knows nothing, and keeps nothing from going on: %j",
    async (broken) => {
      await edit((record) => ({ ...record, ...broken }));
      expect(await said()).toEqual(["Ready=True Deployed"]);
      expect(await stackUnits()).toEqual(["base", "s-app01", "s-app02", "s-worker"]);
    },
  );
});
