import { describe, expect, test } from "vitest";
import { artifactsIn } from "../../src/aws/artifacts.ts";
import { recordsIn } from "../../src/aws/records.ts";
import { ConflictError } from "../../src/model/errors.ts";
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

  test.for(["{", "null", '"text"', '{"v":2}'])(
    "that reads %s is empty, with the version to overwrite",
    async (text) => {
      const { call } = recorder({ "s3:GetObject": [{ text, ETag: '"e1"' }] });
      const read = await recordsIn("bucket", call).read("myapps/dev");
      expect(read).toEqual({ record: emptyRecord, version: '"e1"' });
    },
  );

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
