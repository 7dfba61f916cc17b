import { beforeEach, describe, expect, test, vi } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { forgetAll } from "../../src/memo.ts";
import type { EnvironmentRecord } from "../../src/model/record.ts";
import { workOf } from "../../src/sandbox/lambda/work.ts";
import { type TestWorld, testWorld } from "./world.ts";

// What was looked up before is known before it is known what is to be looked up.

vi.mock("../../src/compile/compile.ts", async (original) => {
  const module = await original<typeof import("../../src/compile/compile.ts")>();
  return { ...module, compile: vi.fn(module.compile) };
});

let scene: TestWorld;

const subnet = (tier: string, number: number) => ({
  Type: "AWS::EC2::Subnet",
  Properties: {
    VpcId: { Ref: "Vpc" },
    CidrBlock: `10.0.${number}.0/24`,
    Tags: [{ Key: "tier", Value: tier }],
  },
});

const network = {
  Resources: {
    Vpc: {
      Type: "AWS::EC2::VPC",
      Properties: { CidrBlock: "10.0.0.0/16", Tags: [{ Key: "net", Value: "shared" }] },
    },
    App: subnet("app", 1),
    Public: subnet("public", 2),
    Storage: subnet("storage", 3),
  },
};

const lookup = `x-vpc:
  Lookup:
    VpcId: { Tags: { net: shared } }
    AppSubnets: { Tags: { tier: app } }
    PublicSubnets: { Tags: { tier: public } }
    StorageSubnets: { Tags: { tier: storage } }
`;

beforeEach(async () => {
  scene = testWorld();
  await scene.ask("cloudformation:CreateStack", {
    StackName: "network",
    TemplateBody: JSON.stringify(network),
  });
  await scene.settle();
  await scene.pushExample();
  const example = await scene.read("docker-compose.yml");
  await scene.push({ "docker-compose.yml": example.replace(/^x-vpc:\n(?: .*\n)*/m, lookup) });
  await scene.register();
  await scene.settle();
});

const bucket = (): string | undefined =>
  Object.values(workOf(scene.world).functions)[0]?.environment.TRUEUP_BUCKET;

const readJson = async <T>(Key: string): Promise<T> => {
  const got = await scene.ask("s3:GetObject", { Bucket: bucket(), Key });
  return JSON.parse((got as { readonly text: string }).text);
};

const writeJson = async (Key: string, value: unknown): Promise<void> => {
  await scene.ask("s3:PutObject", { Bucket: bucket(), Key, Body: JSON.stringify(value) });
};

const recordKey = "records/myapps/dev.json";

/** The next look finds this record, and no memory of what was compiled. */
const lookAgain = async (change: Partial<EnvironmentRecord>): Promise<void> => {
  const { rested: _, ...record } = await readJson<EnvironmentRecord>(recordKey);
  await writeJson(recordKey, { ...record, ...change });
  forgetAll();
  await scene.driver.settle({ at: scene.world.now + 3_600_000 });
};

const inputsOf = async ({ asked, deployed }: EnvironmentRecord) => {
  const path = `inputs/myapps/dev/${deployed?.revision}-`;
  return { path, answers: await readJson<object>(`${path}${asked}.json`) };
};

describe("an environment that looks things up", () => {
  test("is compiled once by a look that finds what it asked for before", async () => {
    const before = scene.mutations().length;
    forgetAll();
    vi.mocked(compile).mockClear();
    const { rested: _, ...record } = await readJson<EnvironmentRecord>(recordKey);
    await writeJson(recordKey, record);
    await scene.driver.settle({ at: scene.world.now + 600_000 });
    expect(compile).toHaveBeenCalledOnce();
    expect(scene.mutations().length).toBe(before);
    expect((await readJson<EnvironmentRecord>(recordKey)).rested).toBeDefined();
  });

  test("never takes what was found for another question", async () => {
    const record = await readJson<EnvironmentRecord>(recordKey);
    const { answers, path } = await inputsOf(record);
    await writeJson(`${path}000000000000.json`, {
      ...answers,
      "x-vpc.VpcId": { VpcId: "vpc-99999999" },
    });
    const before = scene.mutations().length;
    await lookAgain({ asked: "000000000000" });
    expect(scene.mutations().length).toBe(before);
    expect((await readJson<EnvironmentRecord>(recordKey)).asked).toBe(record.asked);
  });

  test.for([
    ["nothing", undefined],
    ["what nobody ever asked", "ffffffffffff"],
  ] as const)("asks what it has to when its record says %s", async ([, asked]) => {
    const record = await readJson<EnvironmentRecord>(recordKey);
    expect(record.asked).toMatch(/^[0-9a-f]{12}$/);
    const before = scene.mutations().length;
    await lookAgain({ asked });
    expect(scene.mutations().length).toBe(before);
    expect((await readJson<EnvironmentRecord>(recordKey)).asked).toBe(record.asked);
  });
});
