import { describe, expect, test } from "vitest";
import { workOf } from "../../src/sandbox/lambda/work.ts";
import { type TestWorld, testWorld } from "./world.ts";

// A platform without services, and an application in its network: two files of one repository.

const platformYaml = `application: platform
compose: [platform.yml]
environments:
  prod: { on: { branch: main } }
`;

const platform = (more = "") => `x-vpc: { Properties: { SingleNat: true } }
x-cluster: { Properties: { ClusterSettings: [{ Name: containerInsights, Value: disabled }] } }
x-cloudmap: { private: { Name: myapps.internal } }
${more}`;

const application = (from: string, more = "") => `application: myapps
compose: [docker-compose.yml]
environments:
  dev:
    on: { branch: main }
    compose: [envs/dev.yml]
    parameters: { from: ${from} }
${more}`;

async function began(from = "platform/prod", files: Readonly<Record<string, string>> = {}) {
  const scene = testWorld();
  await scene.pushExample();
  await scene.push({
    "platform.trueup.yaml": platformYaml,
    "platform.yml": platform(),
    "trueup.yaml": application(from),
    ...files,
  });
  await scene.register();
  await hours(scene, 1);
  return scene;
}

async function registerPlatform(scene: TestWorld, more: object = {}): Promise<void> {
  const ceiling = { accounts: ["123456789012"], regions: ["eu-west-1"], roles: [], ...more };
  const follows = { repository: "myapps", branch: "main", file: "platform.trueup.yaml" };
  const Value = JSON.stringify({ ...follows, environments: { "*": ceiling }, ssm: [] });
  const Name = "/trueup/platform/registration";
  await scene.ask("ssm:PutParameter", { Name, Value, Type: "String", Overwrite: true });
}

const hours = (scene: TestWorld, count: number) =>
  scene.driver.settle({ at: scene.world.now + count * 3_600_000 });

const said = async (scene: TestWorld) =>
  (await scene.status()).conditions
    .filter(({ type }) => type !== "Healthy" && type !== "Reconciling")
    .map(({ reason, status, type }) => `${type}=${status} ${reason}`);

const why = async (scene: TestWorld, type: string) =>
  (await scene.status()).conditions.find((condition) => condition.type === type)?.message;

interface Stack {
  readonly StackName: string;
  readonly LastUpdatedTime?: unknown;
  readonly Outputs?: readonly { readonly OutputKey: string; readonly OutputValue: string }[];
}

async function stacksOf(scene: TestWorld, name: string): Promise<readonly Stack[]> {
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
    readonly Stacks: readonly Stack[];
  };
  return Stacks.filter(({ StackName }) => StackName.startsWith(`trueup-${name}-`));
}

async function outputsOf(scene: TestWorld): Promise<Readonly<Record<string, string>>> {
  const stacks = await stacksOf(scene, "platform-prod");
  return Object.fromEntries(
    stacks.flatMap(({ Outputs = [] }) =>
      Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
    ),
  );
}

async function templatesOf(scene: TestWorld): Promise<string> {
  const texts = (await stacksOf(scene, "myapps-dev")).map(async ({ StackName }) => {
    const found = await scene.ask("cloudformation:GetTemplate", {
      StackName,
      TemplateStage: "Original",
    });
    return (found as { readonly TemplateBody: string }).TemplateBody;
  });
  return (await Promise.all(texts)).join("\n");
}

function bucketOf({ world }: TestWorld): string {
  const [{ environment = {} } = {}] = Object.values(workOf(world).functions);
  return environment.TRUEUP_BUCKET ?? "";
}

/** What was taken for revisions of the application. */
async function keptInputs(scene: TestWorld): Promise<readonly string[]> {
  const asked = { Bucket: bucketOf(scene), Prefix: "inputs/myapps/dev/" };
  const { Contents = [] } = (await scene.ask("s3:ListObjectsV2", asked)) as {
    readonly Contents?: readonly { readonly Key: string }[];
  };
  return Contents.map(({ Key }) => Key);
}

/** Somebody's operation: what it ends with nobody knows before it ends. */
async function updateByHand(scene: TestWorld): Promise<void> {
  const [{ StackName } = {}] = await stacksOf(scene, "platform-prod");
  const Tags = [{ Key: "by", Value: "hand" }];
  const asked = { StackName, UsePreviousTemplate: true, Tags };
  await scene.ask("cloudformation:UpdateStack", asked);
}

const held = ["Ready=False Held", "Held=True NeedsUnmet"];
const done = ["Ready=True Deployed"];

describe("an application that takes its parameters from a platform", () => {
  test("waits for it, and is deployed into its network and cluster", async () => {
    const scene = await began();
    expect(await said(scene)).toEqual(held);
    expect(await why(scene, "Held")).toContain("platform is not registered");
    expect(scene.mutations()).toEqual([]);

    await registerPlatform(scene);
    await scene.driver.settle({ at: scene.world.now + 90_000 });
    expect(await said(scene)).toEqual(held);
    expect(await stacksOf(scene, "platform-prod")).toHaveLength(1);
    expect(await stacksOf(scene, "myapps-dev")).toEqual([]);

    await hours(scene, 1);
    expect(await said(scene)).toEqual(done);
    const given = await outputsOf(scene);
    const templates = await templatesOf(scene);
    for (const name of ["VpcId", "AppSubnets", "PublicSubnets", "ClusterName", "NamespaceId"])
      for (const id of given[name]?.split(",") ?? [`no ${name}`])
        expect(templates, name).toContain(`"${id}"`);
    expect(templates).not.toMatch(
      /"AWS::(?:EC2::VPC|ECS::Cluster|ServiceDiscovery::PrivateDnsNamespace)"/,
    );
  });

  test("is not rolled by what becomes of the platform", async () => {
    const scene = await began();
    await registerPlatform(scene);
    await hours(scene, 1);
    const before = await stacksOf(scene, "myapps-dev");
    await scene.push({ "platform.yml": platform("x-tags: { owner: network }\n") });
    await hours(scene, 1);
    const [base] = await stacksOf(scene, "platform-prod");
    expect(base?.LastUpdatedTime).toBeDefined();
    expect(await said(scene)).toEqual(done);
    expect(await stacksOf(scene, "myapps-dev")).toEqual(before);
  });

  test("waits with a new revision while the platform is being changed, and keeps what it has", async () => {
    const scene = await began();
    await registerPlatform(scene);
    await hours(scene, 1);
    const before = await stacksOf(scene, "myapps-dev");
    await updateByHand(scene);
    const text = await scene.read("docker-compose.yml");
    await scene.push({ "docker-compose.yml": text.replace("Timeout: 60", "Timeout: 61") });
    await scene.driver.settle({ at: scene.world.now + 5_000 });
    expect(await said(scene)).toEqual(held);
    expect(await why(scene, "Held")).toContain("UPDATE_IN_PROGRESS");
    expect(await stacksOf(scene, "myapps-dev")).toEqual(before);
    await hours(scene, 1);
    expect(await said(scene)).toEqual(done);
    expect(await templatesOf(scene)).toContain("61");
  });
});

describe("what was taken for a revision", () => {
  test("is not asked for again, however the platform stands", async () => {
    const scene = await began();
    await registerPlatform(scene);
    await hours(scene, 1);
    await updateByHand(scene);
    const asked = { application: "myapps", environment: "dev" };
    await scene.driver.invoke("ReconcileFunction", asked);
    await scene.driver.settle({ at: scene.world.now + 5_000 });
    expect((await scene.status()).requestedAt).toBeDefined();
    expect(await said(scene)).toEqual(done);
  });

  test("is taken again from stacks with its tags, where nothing is remembered", async () => {
    const scene = await began();
    await registerPlatform(scene);
    await hours(scene, 1);
    const [key = "none"] = await keptInputs(scene);
    await scene.ask("s3:DeleteObject", { Bucket: bucketOf(scene), Key: key });
    await scene.ask("s3:DeleteObject", {
      Bucket: bucketOf(scene),
      Key: "records/platform/prod.json",
    });
    expect(await keptInputs(scene)).toEqual([]);
    const asked = { application: "myapps", environment: "dev" };
    await scene.driver.invoke("ReconcileFunction", asked);
    await scene.driver.settle({ at: scene.world.now + 5_000 });
    expect(await keptInputs(scene)).toEqual([key]);
    expect(await said(scene)).toEqual(done);
  });
});

describe("parameters that cannot be taken", () => {
  const unknown = ["Ready=False ParametersUnknown", "Stalled=True ParametersUnknown"];

  test("from an environment that is not there", async () => {
    const scene = await began("platform/live");
    await registerPlatform(scene);
    await hours(scene, 1);
    expect(await said(scene)).toEqual(unknown);
    const { errors } = await scene.status();
    expect(errors).toMatchObject([
      { file: "trueup.yaml", line: 7, message: "platform has no environment live" },
    ]);
    await scene.push({ "platform.trueup.yaml": platformYaml.replace("prod:", "live:") });
    await hours(scene, 1);
    expect(await said(scene)).toEqual(done);
  });

  test("from one that hands out nothing", async () => {
    const scene = await began("platform/prod", { "platform.yml": "x-sqs: { q: {} }\n" });
    await registerPlatform(scene);
    await hours(scene, 1);
    expect(await said(scene)).toEqual(unknown);
    expect(await why(scene, "Stalled")).toContain("platform/prod hands out nothing");
  });

  test("from one that has instances", async () => {
    const scene = await began("platform/prod", {
      "platform.trueup.yaml": platformYaml.replace("branch: main", 'branch: "f/*"'),
    });
    await registerPlatform(scene);
    await hours(scene, 1);
    expect(await why(scene, "Stalled")).toContain("has instances, and none of them is meant");
  });

  test("from another region", async () => {
    const scene = await began("platform/prod", {
      "platform.trueup.yaml": platformYaml.replace("}\n", ", target: { region: eu-west-2 } }\n"),
    });
    await registerPlatform(scene);
    await hours(scene, 1);
    expect(await why(scene, "Held")).toBe("platform/prod is stalled: NotPermitted");
    await registerPlatform(scene, { regions: ["eu-west-2"] });
    await hours(scene, 1);
    expect(await why(scene, "Stalled")).toContain(
      "platform/prod is in eu-west-2, and this is in eu-west-1",
    );
  });

  test("from oneself, by a detour too", async () => {
    const more = "  prod: { on: { branch: main }, needs: [myapps/dev] }\n";
    const scene = await began("myapps/prod", { "trueup.yaml": application("myapps/prod", more) });
    expect(await said(scene)).toEqual(["Ready=False NeedsCircle", "Stalled=True NeedsCircle"]);
    expect(await why(scene, "Stalled")).toBe(
      "It waits for itself: myapps/dev needs myapps/prod needs myapps/dev.",
    );
    const own = await began("myapps/dev");
    expect(await why(own, "Stalled")).toBe("It waits for itself: myapps/dev needs myapps/dev.");
  });
});
