import { describe, expect, test } from "vitest";
import { readObject } from "../../src/sandbox/s3/buckets.ts";
import { registerBucket } from "../../src/sandbox/s3/of-stacks.ts";
import type { World } from "../../src/sandbox/world.ts";
import { aWorld, call, principal, refusal } from "./world-of-services.ts";

const inRegion = { CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } };

function aBucket(...keys: readonly string[]): World {
  const world = aWorld();
  call(world, "s3:CreateBucket", { Bucket: "store", ...inRegion });
  for (const Key of keys) call(world, "s3:PutObject", { Bucket: "store", Key, Body: Key });
  return world;
}

describe("an object", () => {
  test("comes back as it was put", () => {
    const world = aBucket();
    const { ETag } = call(world, "s3:PutObject", {
      Bucket: "store",
      Key: "k",
      Body: new Uint8Array([0, 255, 1]),
      ContentType: "image/x",
      Metadata: { a: "b" },
    });
    expect(ETag).toMatch(/^"[0-9a-f]{32}"$/);
    const read = call(world, "s3:GetObject", { Bucket: "store", Key: "k" });
    expect(read).toMatchObject({ ETag, ContentType: "image/x", ContentLength: 3 });
    expect([...read.Body]).toEqual([0, 255, 1]);
    expect(call(world, "s3:HeadObject", { Bucket: "store", Key: "k" })).toMatchObject({
      ETag,
      Metadata: { a: "b" },
    });
  });

  test("is text to services that fetch it, of their own account's buckets", () => {
    const world = aBucket("k");
    expect(readObject({ world, ...principal, principal: "" }, "store", "k")).toBe("k");
    const other = { world, ...principal, account: "210987654321", principal: "" };
    expect(() => readObject(other, "store", "k")).toThrow("Access Denied");
  });

  test("is written only if the conditions hold", () => {
    const world = aBucket();
    const write = (input: object) =>
      ["s3:PutObject", { Bucket: "store", Key: "k", ...input }] as const;
    expect(refusal(world, ...write({ IfMatch: '"x"' }))).toMatch(/^NoSuchKey/);
    const first = call(world, ...write({ Body: "1", IfNoneMatch: "*" })).ETag;
    expect(refusal(world, ...write({ Body: "2", IfNoneMatch: "*" }))).toBe(
      "PreconditionFailed: At least one of the pre-conditions you specified did not hold",
    );
    const second = call(world, ...write({ Body: "2", IfMatch: first })).ETag;
    expect(refusal(world, ...write({ Body: "3", IfMatch: first }))).toMatch(/^PreconditionFailed/);
    expect(call(world, "s3:HeadObject", { Bucket: "store", Key: "k" }).ETag).toBe(second);
  });

  test("is not read again if it is known", () => {
    const world = aBucket("k");
    const { ETag } = call(world, "s3:HeadObject", { Bucket: "store", Key: "k" });
    const read = (input: object) =>
      refusal(world, "s3:GetObject", { Bucket: "store", Key: "k", ...input });
    expect(read({ IfNoneMatch: ETag })).toMatch(/^NotModified/);
    expect(read({ IfNoneMatch: '"other"' })).toBe("accepted");
    expect(read({ IfMatch: '"other"' })).toMatch(/^PreconditionFailed/);
  });
});

describe("a listing", () => {
  const world = aBucket("a/1", "a/2", "b", "c/1", "c/d/2");
  const list = (input: object) => call(world, "s3:ListObjectsV2", { Bucket: "store", ...input });
  const keys = ({ Contents = [], CommonPrefixes = [] }) => [
    ...Contents.map(({ Key }) => Key),
    ...CommonPrefixes.map(({ Prefix }) => Prefix),
  ];

  test.for<[object, string[]]>([
    [{}, ["a/1", "a/2", "b", "c/1", "c/d/2"]],
    [{ Prefix: "a/" }, ["a/1", "a/2"]],
    [{ Delimiter: "/" }, ["b", "a/", "c/"]],
    [{ Delimiter: "/", Prefix: "c/" }, ["c/1", "c/d/"]],
    [{ StartAfter: "b" }, ["c/1", "c/d/2"]],
    [{ MaxKeys: 0 }, []],
  ])("of %j is %j", ([input, expected]) => expect(keys(list(input))).toEqual(expected));

  test("goes on where the last page ended", () => {
    const first = list({ Delimiter: "/", MaxKeys: 2 });
    expect(first).toMatchObject({ IsTruncated: true, KeyCount: 2 });
    const token = first.NextContinuationToken;
    const second = list({ Delimiter: "/", MaxKeys: 2, ContinuationToken: token });
    expect(second.IsTruncated).toBe(false);
    expect([...keys(first), ...keys(second)].sort()).toEqual(["a/", "b", "c/"]);
  });
});

test.for<[string, string, object, RegExp]>([
  [
    "a missing key",
    "GetObject",
    { Bucket: "store", Key: "none" },
    /^NoSuchKey: The specified key does not exist\.$/,
  ],
  [
    "a missing bucket",
    "GetObject",
    { Bucket: "none", Key: "k" },
    /^NoSuchBucket: The specified bucket does not exist$/,
  ],
  ["a missing key without a body", "HeadObject", { Bucket: "store", Key: "none" }, /^NotFound/],
  ["a missing bucket without a body", "HeadBucket", { Bucket: "none" }, /^NotFound/],
  [
    "the same bucket again",
    "CreateBucket",
    { Bucket: "store", ...inRegion },
    /^BucketAlreadyOwnedByYou/,
  ],
  [
    "a bucket of nowhere",
    "CreateBucket",
    { Bucket: "other" },
    /^IllegalLocationConstraintException: The unspecified/,
  ],
  ["a bad name", "CreateBucket", { Bucket: "Store", ...inRegion }, /^InvalidBucketName/],
  ["the deletion of a full bucket", "DeleteBucket", { Bucket: "store" }, /^BucketNotEmpty/],
  [
    "a wrong checksum",
    "PutObject",
    { Bucket: "store", Key: "k", Body: "a", ChecksumCRC32: "AAAAAA==" },
    /^BadDigest/,
  ],
  ["a range", "GetObject", { Bucket: "store", Key: "k", Range: "bytes=0-1" }, /^NotImplemented/],
])("%s is refused", ([, operation, input, message]) => {
  expect(refusal(aBucket("k"), `s3:${operation}`, input)).toMatch(message);
});

test("a bucket's name is taken in every account, and its objects are its own account's", () => {
  const world = aBucket("k");
  const stranger = { ...principal, account: "210987654321" };
  const attempt = (operation: string, input: unknown) => () =>
    world.call(operation, input, stranger);
  expect(attempt("s3:CreateBucket", { Bucket: "store", ...inRegion })).toThrow(/not available/);
  expect(attempt("s3:GetObject", { Bucket: "store", Key: "k" })).toThrow("Access Denied");
  expect(world.call("s3:ListBuckets", {}, stranger)).toMatchObject({ Buckets: [] });
});

test("deleting is no error where there is nothing", () => {
  const world = aBucket("a", "b");
  expect(call(world, "s3:DeleteObject", { Bucket: "store", Key: "none" })).toEqual({});
  const Objects = [{ Key: "a" }, { Key: "none" }];
  call(world, "s3:DeleteObjects", { Bucket: "store", Delete: { Objects } });
  expect(call(world, "s3:ListObjectsV2", { Bucket: "store" })).toMatchObject({
    Contents: [{ Key: "b" }],
  });
});

describe("versions", () => {
  /** As CloudFormation makes it, whose properties alone ask for versions. */
  const aVersionedBucket = (): World => {
    const world = aWorld();
    const properties = { VersioningConfiguration: { Status: "Enabled" } };
    const made = { type: "AWS::S3::Bucket", physicalId: "store", properties };
    registerBucket({ world, ...principal, principal: "" }, made);
    return world;
  };
  const list = (world: World, more: object = {}) =>
    call(world, "s3:ListObjectVersions", { Bucket: "store", ...more });

  test("are kept of what is overwritten and deleted, and keep their bucket from going", () => {
    const world = aVersionedBucket();
    const first = call(world, "s3:PutObject", { Bucket: "store", Key: "a", Body: "one" });
    call(world, "s3:PutObject", { Bucket: "store", Key: "a", Body: "two" });
    const marker = call(world, "s3:DeleteObject", { Bucket: "store", Key: "a" });
    expect(marker).toMatchObject({ DeleteMarker: true });
    expect(list(world)).toMatchObject({
      IsTruncated: false,
      Versions: [
        { Key: "a", IsLatest: false, Size: 3 },
        { Key: "a", IsLatest: false, VersionId: first.VersionId },
      ],
      DeleteMarkers: [{ Key: "a", IsLatest: true, VersionId: marker.VersionId }],
    });
    expect(refusal(world, "s3:GetObject", { Bucket: "store", Key: "a" })).toMatch(/^NoSuchKey/);
    expect(refusal(world, "s3:DeleteBucket", { Bucket: "store" })).toMatch(/^BucketNotEmpty/);
  });

  test("come back when what hides them is deleted for good", () => {
    const world = aVersionedBucket();
    call(world, "s3:PutObject", { Bucket: "store", Key: "a", Body: "one" });
    const { VersionId } = call(world, "s3:DeleteObject", { Bucket: "store", Key: "a" });
    call(world, "s3:DeleteObject", { Bucket: "store", Key: "a", VersionId });
    const read = call(world, "s3:GetObject", { Bucket: "store", Key: "a" });
    expect(Buffer.from(read.Body).toString()).toBe("one");
  });

  test("are deleted many at a time, and a page tells that there are more", () => {
    const world = aVersionedBucket();
    for (const Key of ["a", "b", "c"])
      call(world, "s3:PutObject", { Bucket: "store", Key, Body: "" });
    const page = list(world, { MaxKeys: 2 });
    expect(page.IsTruncated).toBe(true);
    const Objects = list(world).Versions.map(({ Key, VersionId }: Record<string, string>) => ({
      Key,
      VersionId,
    }));
    call(world, "s3:DeleteObjects", { Bucket: "store", Delete: { Objects, Quiet: true } });
    expect(list(world).Versions).toBeUndefined();
    call(world, "s3:DeleteBucket", { Bucket: "store" });
  });

  test("of a bucket without them are the objects themselves", () => {
    const world = aBucket("k");
    expect(list(world).Versions).toMatchObject([{ Key: "k", VersionId: "null", IsLatest: true }]);
    const Objects = [{ Key: "k", VersionId: "null" }];
    call(world, "s3:DeleteObjects", { Bucket: "store", Delete: { Objects } });
    call(world, "s3:DeleteBucket", { Bucket: "store" });
  });
});
