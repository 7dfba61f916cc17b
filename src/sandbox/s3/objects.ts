import { crc32 } from "node:zlib";
import { AwsError, type Context, notEmulated } from "../world.ts";
import { bucketOf, bytesOf, md5, type StoredObject } from "./buckets.ts";
import { addVersion, deleteVersion } from "./versions.ts";

export interface PutObjectInput {
  readonly Bucket: string;
  readonly Key: string;
  readonly Body?: Uint8Array | string;
  readonly ContentLength?: number;
  readonly ContentMD5?: string;
  readonly ContentType?: string;
  readonly ChecksumAlgorithm?: string;
  readonly ChecksumCRC32?: string;
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
  readonly Metadata?: Readonly<Record<string, string>>;
  readonly ServerSideEncryption?: string;
}

interface ReadInput {
  readonly Bucket: string;
  readonly Key: string;
  readonly ChecksumMode?: string;
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
}

/** Writes an object, if its conditions hold: If-Match is a compare-and-swap. */
export function putObject(input: PutObjectInput, context: Context): unknown {
  const bucket = bucketOf(input.Bucket, context);
  const body = Buffer.from(input.Body ?? "");
  checkKey(input.Key);
  checkBody(input, body);
  checkWrite(input, bucket.objects[input.Key]);

  const object: StoredObject = {
    base64: body.toString("base64"),
    size: body.length,
    etag: `"${md5(body, "hex")}"`,
    modified: context.world.now,
    contentType: input.ContentType ?? "binary/octet-stream",
    metadata: input.Metadata ?? {},
    crc32: input.ChecksumCRC32,
  };
  const version = addVersion(bucket, input.Key, { object, world: context.world });
  return {
    ETag: object.etag,
    ServerSideEncryption: "AES256",
    ...checksum(object),
    ...(version === undefined ? {} : { VersionId: version }),
  };
}

export function getObject(input: ReadInput, context: Context): unknown {
  const object = bucketOf(input.Bucket, context).objects[input.Key];
  if (object === undefined) {
    throw new AwsError("NoSuchKey", "The specified key does not exist.", 404);
  }
  checkRead(input, object);
  return { ...head(input, object), Body: bytesOf(object) };
}

export function headObject(input: ReadInput, context: Context): unknown {
  const object = lookUp(input, context);
  // A HEAD answer has no body: all it can say is its status.
  if (object === undefined) throw new AwsError("NotFound", "Not Found", 404);
  checkRead(input, object);
  return head(input, object);
}

interface DeleteInput {
  readonly Bucket: string;
  readonly Key: string;
  readonly IfMatch?: string;
  readonly VersionId?: string;
}

/** Deletes an object, or one version of it; that there is none is no error. */
export function deleteObject(
  { Bucket, IfMatch, Key, VersionId }: DeleteInput,
  context: Context,
): unknown {
  const bucket = bucketOf(Bucket, context);
  if (IfMatch !== undefined) checkWrite({ IfMatch }, bucket.objects[Key]);
  if (VersionId !== undefined) {
    deleteVersion(bucket, Key, VersionId);
    return { VersionId };
  }
  const marker = addVersion(bucket, Key, { object: undefined, world: context.world });
  return marker === undefined ? {} : { DeleteMarker: true, VersionId: marker };
}

const preconditionFailed = (): AwsError =>
  new AwsError(
    "PreconditionFailed",
    "At least one of the pre-conditions you specified did not hold",
    412,
  );

function lookUp({ Bucket, Key }: ReadInput, context: Context): StoredObject | undefined {
  try {
    return bucketOf(Bucket, context).objects[Key];
  } catch (error) {
    if (error instanceof AwsError && error.code === "NoSuchBucket") return undefined;
    throw error;
  }
}

function checkKey(key: string): void {
  if (Buffer.byteLength(key) > 1024) {
    throw new AwsError("KeyTooLongError", "Your key is too long");
  }
}

function checkBody(input: PutObjectInput, body: Buffer): void {
  const { ChecksumAlgorithm, ChecksumCRC32, ContentMD5, ServerSideEncryption } = input;
  if (ChecksumAlgorithm !== undefined && ChecksumAlgorithm !== "CRC32") {
    throw notEmulated(`checksums by ${ChecksumAlgorithm}`);
  }
  if (ServerSideEncryption !== undefined && ServerSideEncryption !== "AES256") {
    throw notEmulated(`encryption by ${ServerSideEncryption}`);
  }
  if (ChecksumCRC32 !== undefined && ChecksumCRC32 !== crc32Of(body)) {
    throw new AwsError(
      "BadDigest",
      "The CRC32 you specified did not match the calculated checksum.",
    );
  }
  if (ContentMD5 !== undefined && ContentMD5 !== md5(body, "base64")) {
    throw new AwsError(
      "BadDigest",
      "The Content-MD5 you specified did not match what we received.",
    );
  }
}

function crc32Of(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString("base64");
}

function checkWrite(
  { IfMatch, IfNoneMatch }: { readonly IfMatch?: string; readonly IfNoneMatch?: string },
  present: StoredObject | undefined,
): void {
  if (IfNoneMatch !== undefined && IfNoneMatch !== "*") {
    throw new AwsError(
      "NotImplemented",
      "A header you provided implies functionality that is not implemented",
      501,
    );
  }
  if (IfNoneMatch === "*" && present !== undefined) throw preconditionFailed();
  if (IfMatch === undefined) return;
  if (present === undefined) {
    throw new AwsError("NoSuchKey", "The specified key does not exist.", 404);
  }
  if (!matches(IfMatch, present)) throw preconditionFailed();
}

function checkRead({ IfMatch, IfNoneMatch }: ReadInput, object: StoredObject): void {
  if (IfMatch !== undefined && !matches(IfMatch, object)) throw preconditionFailed();
  if (IfNoneMatch !== undefined && matches(IfNoneMatch, object)) {
    throw new AwsError("NotModified", "Not Modified", 304);
  }
}

const matches = (condition: string, { etag }: StoredObject): boolean =>
  condition === "*" || condition.replaceAll('"', "") === etag.replaceAll('"', "");

const head = ({ ChecksumMode }: ReadInput, object: StoredObject) => ({
  AcceptRanges: "bytes",
  LastModified: new Date(object.modified),
  ContentLength: object.size,
  ETag: object.etag,
  ContentType: object.contentType,
  ServerSideEncryption: "AES256",
  Metadata: object.metadata,
  ...(ChecksumMode === "ENABLED" ? checksum(object) : {}),
});

const checksum = ({ crc32 }: StoredObject) =>
  crc32 === undefined ? {} : { ChecksumCRC32: crc32, ChecksumType: "FULL_OBJECT" };
