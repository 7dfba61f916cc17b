import { describe, expect, test } from "vitest";
import { artifactsIn } from "../../src/aws/artifacts.ts";
import { leasesIn } from "../../src/aws/leases.ts";
import { recordsIn } from "../../src/aws/records.ts";
import { ConflictError } from "../../src/model/errors.ts";
import type { Lease } from "../../src/model/lease.ts";
import { type EnvironmentRecord, emptyRecord } from "../../src/model/record.ts";
import { awsError, recorder } from "./recorder.ts";

describe("a record", () => {
  const record: EnvironmentRecord = {
    ...emptyRecord,
    intent: { revision: "r1", bundle: "b1" },
  };

  test("comes with its version", async () => {
    const { call, requests } = recorder({
      "s3:GetObject": [{ text: JSON.stringify(record), ETag: '"e1"' }],
    });
    const read = await recordsIn("bucket", call).read("myapps/dev");
    expect(read).toEqual({ record, version: '"e1"' });
    expect(requests[0]?.input).toEqual({ Bucket: "bucket", Key: "records/myapps/dev.json" });
  });

  test("that was never written is empty and has no version", async () => {
    const { call } = recorder({ "s3:GetObject": [awsError("NoSuchKey")] });
    const read = await recordsIn("bucket", call).read("myapps/dev");
    expect(read).toEqual({ record: emptyRecord, version: undefined });
  });

  const broken = [
    { failures: null },
    { failures: [] },
    { failures: "none" },
    { cancelled: {} },
    { stacks: null },
    { stacks: [] },
    { stacks: "none" },
    { stacks: { base: null } },
    { stacks: { base: "trueup-myapps-dev-base" } },
    { stacks: { base: { name: 7 } } },
    { stacks: { base: { name: "b", holds: 7 } } },
    { cancelled: [7] },
    { failures: { "arn:…": { revision: "r1" } } },
    { settings: { target: { account: "1" } } },
    { settings: "none" },
    { deployed: { revision: "r1" } },
    { offered: { digest: "d", at: 7 } },
    { listed: { digest: 7, at: "now" } },
    { approval: { plan: "p", rollOut: "r", stamps: {}, risks: {} } },
    { approval: { plan: "p", rollOut: "r", stamps: [], risks: {}, votes: [] } },
    { doomed: { digest: "d", stacks: 7 } },
    { approval: { plan: "p", rollOut: "r", stamps: {}, risks: null, votes: [] } },
    { drift: { due: "2026-01-01T00:00:00Z", units: [] } },
    { drift: { due: "2026-01-01T00:00:00Z", units: { base: null } } },
    { wanted: "r1" },
    { verdict: { revision: "r1", bundle: "b1" } },
    { verification: { revision: "r1" } },
  ].map((part) => JSON.stringify({ v: 1, ...part }));

  test.for(["{", "null", '"text"', "{}", '{"v":2}', ...broken])(
    "that reads %s is empty, with the version to overwrite",
    async (text) => {
      const { call } = recorder({ "s3:GetObject": [{ text, ETag: '"e1"' }] });
      const read = await recordsIn("bucket", call).read("myapps/dev");
      expect(read).toEqual({ record: emptyRecord, version: '"e1"' });
    },
  );

  test("that lacks what nobody knew of when it was written is read all the same", async () => {
    const stacks = { base: { name: "trueup-myapps-dev-base" } };
    const { call } = recorder({ "s3:GetObject": [{ text: JSON.stringify({ v: 1, stacks }) }] });
    const read = await recordsIn("bucket", call).read("myapps/dev");
    expect(read.record).toEqual({ ...emptyRecord, stacks });
  });

  test("that cannot be reached is an error", async () => {
    const { call } = recorder({ "s3:GetObject": [awsError("AccessDenied")] });
    await expect(recordsIn("bucket", call).read("myapps/dev")).rejects.toThrow("AccessDenied");
  });

  const body = {
    Bucket: "bucket",
    Key: "records/myapps/dev.json",
    Body: JSON.stringify(record),
    ContentType: "application/json",
  };

  test.for([
    ["'\"e1\"'", '"e1"', { IfMatch: '"e1"' }],
    ["none", undefined, { IfNoneMatch: "*" }],
  ] as const)("is written if its version is still %s", async ([, version, condition]) => {
    const { call, requests } = recorder({ "s3:PutObject": [{ ETag: '"e2"' }] });
    const written = await recordsIn("bucket", call).write("myapps/dev", record, version);
    expect(written).toBe('"e2"');
    expect(requests[0]?.input).toEqual({ ...body, ...condition });
  });

  test.for(["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"])(
    "that another pass has written is a conflict: %s",
    async (name) => {
      const { call } = recorder({ "s3:PutObject": [awsError(name)] });
      const written = recordsIn("bucket", call).write("myapps/dev", record, '"e1"');
      await expect(written).rejects.toBeInstanceOf(ConflictError);
    },
  );
});

describe("a record, of which", () => {
  test("S3 says no version is one that cannot be compared", async () => {
    const { call } = recorder({ "s3:PutObject": [{}] });
    const written = recordsIn("bucket", call).write("myapps/dev", emptyRecord, undefined);
    await expect(written).rejects.toThrow("no ETag");
  });

  test("the write is refused for another reason is no conflict", async () => {
    const { call } = recorder({ "s3:PutObject": [awsError("AccessDenied")] });
    const written = recordsIn("bucket", call).write("myapps/dev", emptyRecord, undefined);
    await expect(written).rejects.toThrow("AccessDenied");
    await expect(written).rejects.not.toBeInstanceOf(ConflictError);
  });

  test("the application is known is listed by its key, and removed by it", async () => {
    const { call, requests } = recorder({
      "s3:ListObjectsV2": [{ Contents: [{ Key: "records/my.json/dev.json" }] }],
      "s3:DeleteObject": [{}],
    });
    const records = recordsIn("bucket", call);
    expect(await records.keys("myapps")).toEqual(["my.json/dev"]);
    await records.remove("myapps/dev");
    expect(requests.map(({ input }) => input)).toMatchObject([
      { Bucket: "bucket", Prefix: "records/myapps/" },
      { Bucket: "bucket", Key: "records/myapps/dev.json" },
    ]);
  });
});

describe("an artifact", () => {
  test("is written if it is not there", async () => {
    const { call, requests } = recorder({ "s3:PutObject": [{}] });
    await artifactsIn("bucket", call).put("bundles/b1.json", "{}");
    expect(requests[0]?.input).toEqual({
      Bucket: "bucket",
      Key: "bundles/b1.json",
      Body: "{}",
      ContentType: "application/json",
      IfNoneMatch: "*",
    });
  });

  test("that is there already is as good as written", async () => {
    const { call } = recorder({ "s3:PutObject": [awsError("PreconditionFailed")] });
    await artifactsIn("bucket", call).put("bundles/b1.json", "{}");
  });

  test("that may not be there yet is not", async () => {
    const { call } = recorder({ "s3:PutObject": [awsError("ConditionalRequestConflict")] });
    await expect(artifactsIn("bucket", call).put("bundles/b1.json", "{}")).rejects.toThrow();
  });

  test("is read, or absent", async () => {
    const { call } = recorder({
      "s3:GetObject": [{ text: "{}", ETag: '"e1"' }, awsError("NoSuchKey")],
    });
    const artifacts = artifactsIn("bucket", call);
    expect(await artifacts.read("bundles/b1.json")).toBe("{}");
    expect(await artifacts.read("bundles/b2.json")).toBeUndefined();
  });
});

describe("a lease", () => {
  const lease = { v: 1, ends: "2026-01-01T00:00:00Z", target: { account: "1", region: "r" } };
  const key = "myapps/test.main-1a2b3c";
  const path = `leases/${key}.json`;

  test("is compared and swapped; one that is overtaken is a conflict", async () => {
    const { call, requests } = recorder({
      "s3:GetObject": [{ text: JSON.stringify(lease), ETag: '"e1"' }],
      "s3:PutObject": [{}, {}, awsError("PreconditionFailed")],
    });
    const leases = leasesIn("bucket", call);
    const held = await leases.read(key);
    expect(held).toEqual({ lease, version: '"e1"' });
    await leases.write(key, held?.lease as Lease, held?.version);
    await leases.write(key, held?.lease as Lease, undefined);
    await expect(leases.write(key, lease as Lease, '"e0"')).rejects.toThrow(ConflictError);
    expect(requests.slice(1).map(({ input }) => input)).toMatchObject([
      { Key: path, IfMatch: '"e1"' },
      { Key: path, IfNoneMatch: "*" },
      { Key: path, IfMatch: '"e0"' },
    ]);
  });

  test.for(["{}", "null", '{"v":2}'])(
    "that reads %s is an error: it cannot be acted upon",
    async (text) => {
      const { call } = recorder({ "s3:GetObject": [{ text, ETag: '"e1"' }] });
      await expect(leasesIn("bucket", call).read(key)).rejects.toThrow(key);
    },
  );

  test("is listed by its key, of one application or of all", async () => {
    const { call, requests } = recorder({
      "s3:ListObjectsV2": [{ Contents: [{ Key: path }], NextContinuationToken: "2" }, {}, {}],
    });
    expect(await leasesIn("bucket", call).list()).toEqual([key]);
    await leasesIn("bucket", call).list("myapps");
    expect(requests.map(({ input }) => (input as { Prefix: string }).Prefix)).toEqual([
      "leases/",
      "leases/",
      "leases/myapps/",
    ]);
  });
});
