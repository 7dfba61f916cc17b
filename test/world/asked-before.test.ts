import { beforeEach, describe, expect, test } from "vitest";
import { installationFrom } from "../../src/aws/installation.ts";
import { awsPorts } from "../../src/aws/ports.ts";
import { loops } from "../../src/loops.ts";
import { forgetAll } from "../../src/memo.ts";
import type { EnvironmentRecord } from "../../src/model/record.ts";
import type { Ports } from "../../src/ports/ports.ts";
import { answerOf } from "../../src/sandbox/in-process.ts";
import { workOf } from "../../src/sandbox/lambda/work.ts";
import { lookup, makeNetwork } from "./shared-network.ts";
import { type TestWorld, testWorld } from "./world.ts";

// What was looked up before is known before it is known what is to be looked up.

let scene: TestWorld;
/** Files that were read, and answers that were kept, in their order. */
let reads: string[] = [];

beforeEach(async () => {
  scene = testWorld({
    onCall: ({ input, operation }) => {
      const { Key = "" } = input as { readonly Key?: string };
      if (operation === "codecommit:GetBlob") reads.push("file");
      if (operation === "s3:GetObject" && Key.startsWith("inputs/")) reads.push("answers");
    },
  });
  await makeNetwork(scene);
  await scene.settle();
  await scene.pushExample();
  const example = await scene.read("docker-compose.yml");
  await scene.push({ "docker-compose.yml": example.replace(/^x-vpc:\n(?: .*\n)*/m, lookup) });
  await scene.register();
  await scene.settle();
});

/** Those of a process that begins now. */
function portsOfAnother(): Ports {
  const [account, region] = ["123456789012", "eu-west-1"];
  const arn = `arn:aws:sts::${account}:assumed-role/Reconcile/another`;
  const reconcile = Object.values(workOf(scene.world).functions).find(({ handler }) =>
    handler.endsWith(".reconcile"),
  );
  const ports = awsPorts(
    () => async (operation, input) =>
      answerOf(scene.world, { account, region, arn }, operation, input) as never,
    installationFrom({ ...reconcile?.environment, AWS_REGION: region }),
    () => undefined,
  );
  return {
    ...ports,
    clock: { ...ports.clock, now: () => new Date(scene.world.now).toISOString() },
  };
}

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
  test("is compiled with what it found before at once, not to find out what to ask", async () => {
    const before = scene.mutations().length;
    const { rested: _, ...record } = await readJson<EnvironmentRecord>(recordKey);
    await writeJson(recordKey, record);
    forgetAll();
    reads = [];
    await loops.reconcile("myapps", "dev", portsOfAnother());
    // trueup.yaml, and the two compose files only when all that they look up is known.
    expect(reads).toEqual(["file", "answers", "answers", "file", "file"]);
    expect(scene.mutations().length).toBe(before);
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
