import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StackStatus } from "@aws-sdk/client-cloudformation";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Call } from "../../src/aws/call.ts";
import { remainsOf } from "../../src/aws/remains.ts";
import { sdkCaller } from "../../src/aws/sdk.ts";
import { createDriver } from "../../src/sandbox/driver.ts";
import { diskGit } from "../../src/sandbox/git/disk.ts";
import { registerBucket } from "../../src/sandbox/s3/of-stacks.ts";
import { type SandboxServer, startServer } from "../../src/sandbox/server.ts";
import { services } from "../../src/sandbox/services.ts";
import { World } from "../../src/sandbox/world.ts";
import { recorder } from "./recorder.ts";

const region = "eu-west-1";
const account = "123456789012";
const directory = mkdtempSync(join(tmpdir(), "trueup-remains-"));
const bucket = "trueup-myapps-test-uploads";
let server: SandboxServer;
let call: Call;

beforeAll(async () => {
  const world = new World({ services, git: diskGit(directory), start: Date.now(), seed: 1 });
  server = await startServer({ world, driver: () => createDriver(world, {}), port: 0 });
  const properties = { VersioningConfiguration: { Status: "Enabled" } };
  const made = { type: "AWS::S3::Bucket", physicalId: bucket, properties };
  registerBucket({ world, account, region, principal: "" }, made);
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  call = sdkCaller({ region, endpoint: server.url, credentials })({ region });
});

afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

const left = async () => {
  const page = await call("s3:ListObjectVersions", { Bucket: bucket });
  return [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].length;
};

const fill = async () => {
  for (const Body of ["one", "two"])
    await call("s3:PutObject", { Bucket: bucket, Key: "a/ä b", Body });
  await call("s3:PutObject", { Bucket: bucket, Key: "c", Body: "three" });
  await call("s3:DeleteObject", { Bucket: bucket, Key: "c" });
};

describe("a bucket is emptied, over the wire as AWS speaks it", () => {
  test("of every version and every mark of a deletion", async () => {
    await fill();
    expect(await left()).toBe(4);
    await remainsOf(call).empty(bucket, () => true);
    expect(await left()).toBe(0);
  });

  test("as far as there is time", async () => {
    await fill();
    await remainsOf(call).empty(bucket, () => false);
    expect(await left()).toBe(4);
    await remainsOf(call).empty(bucket, () => true);
  });

  test("and one that is gone is empty", async () => {
    await remainsOf(call).empty("trueup-not-there", () => true);
  });
});

test("what S3 refuses to delete is an error, not an empty bucket", async () => {
  const { call: answers } = recorder({
    "s3:ListObjectVersions": [{ Versions: [{ Key: "a", VersionId: "1" }] }],
    "s3:DeleteObjects": [{ Errors: [{ Key: "a", Code: "AccessDenied" }] }],
  });
  await expect(remainsOf(answers).empty("b", () => true)).rejects.toThrow("AccessDenied");
});

test("stacks of every status are listed but deleted ones, on every page, and no other name", async () => {
  const stack = (name: string) => ({ StackId: `id-${name}`, StackName: name, StackStatus: "X" });
  const { call: answers, requests } = recorder({
    "cloudformation:ListStacks": [
      { StackSummaries: [stack("trueup-a-1"), stack("other")], NextToken: "2" },
      { StackSummaries: [stack("trueup-a-2"), stack("trueup-b")] },
    ],
  });
  const found = await remainsOf(answers).stacks("trueup-a");
  expect(found.map(({ name }) => name)).toEqual(["trueup-a-1", "trueup-a-2"]);
  const [first] = requests.map(({ input }) => input as { readonly StackStatusFilter: string[] });
  const statuses = Object.values(StackStatus).filter((status) => status !== "DELETE_COMPLETE");
  expect(first?.StackStatusFilter.toSorted()).toEqual(statuses.toSorted());
});
