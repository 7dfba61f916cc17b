import { createHash } from "node:crypto";
import { declaredIn } from "../cloudformation/held.ts";
import { allows } from "../iam/policy.ts";
import { callerOf } from "../iam/roles.ts";
import { AwsError, type Context, type World } from "../world.ts";

export interface StoredObject {
  readonly base64: string;
  readonly size: number;
  /** MD5 in hex, between quotes. */
  readonly etag: string;
  readonly modified: number;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly crc32: string | undefined;
}

export interface Bucket {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly created: number;
  /** What is there now. */
  readonly objects: Record<string, StoredObject>;
  /** Where versions are kept: every one of each key, the newest first. */
  readonly versions?: Record<string, readonly Version[]>;
  /** JSON: what others than its account may do; who is of it may do anything here. */
  policy?: string;
}

/** A version of a key; without an object it marks a deletion. */
export interface Version {
  readonly id: string;
  readonly object: StoredObject | undefined;
  readonly modified: number;
}

/** Whether a bucket holds anything, be it only what was deleted. */
export const isEmpty = ({ objects, versions = {} }: Bucket): boolean =>
  Object.keys(objects).length === 0 && Object.keys(versions).length === 0;

/** Every bucket of the world by name: the namespace is one, each bucket belongs to an account. */
export const bucketsOf = (world: World): Record<string, Bucket> =>
  world.stateOf("s3", { account: "*", region: "*" }, () => ({}));

/** A bucket that the caller may use; that of another account is refused as S3 does. */
export function bucketOf(name: string, { account, world }: Context): Bucket {
  const bucket = bucketsOf(world)[name];
  if (bucket === undefined) {
    throw new AwsError("NoSuchBucket", "The specified bucket does not exist", 404);
  }
  if (bucket.account !== account) throw new AwsError("AccessDenied", "Access Denied", 403);
  return bucket;
}

export const bytesOf = ({ base64 }: StoredObject): Uint8Array =>
  new Uint8Array(Buffer.from(base64, "base64"));

export const md5 = (bytes: Uint8Array, encoding: "base64" | "hex"): string =>
  createHash("md5").update(bytes).digest(encoding);

/**
 * An object's text, for services that fetch from S3 in their caller's name. That of another account's
 * bucket is for the bucket's policy to let out.
 */
export function readObject(context: Context, name: string, key: string): string | undefined {
  const bucket = bucketsOf(context.world)[name];
  if (bucket !== undefined && !mayRead(bucket, key, context)) {
    throw new AwsError("AccessDenied", "Access Denied", 403);
  }
  const object = bucket?.objects[key];
  return object && Buffer.from(object.base64, "base64").toString();
}

function mayRead({ account, name, policy }: Bucket, key: string, context: Context): boolean {
  if (account === context.account) return true;
  const documents = [
    ...(policy === undefined ? [] : [policy]),
    ...policiesOfStacks(name, account, context),
  ];
  const asked = {
    action: "s3:GetObject",
    resource: `arn:aws:s3:::${name}/${key}`,
    caller: callerOf(context),
  };
  return documents.some((document) => allows(document, asked));
}

const policiesOfStacks = (bucket: string, account: string, { world }: Context) =>
  world
    .places("cloudformation")
    .filter((place) => place.account === account)
    .flatMap((place) => declaredIn(place, "AWS::S3::BucketPolicy"))
    .filter(({ properties }) => properties.Bucket === bucket)
    .map(({ properties }) => properties.PolicyDocument);
