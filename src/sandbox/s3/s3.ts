import { refuseOthers, takes } from "../inputs.ts";
import { AwsError, type Context, type Service } from "../world.ts";
import { type Bucket, bucketOf, bucketsOf, isEmpty } from "./buckets.ts";
import { listObjectsV2 } from "./list.ts";
import { deleteObject, getObject, headObject, putObject } from "./objects.ts";
import { listObjectVersions } from "./versions.ts";

const readParameters = ["Bucket", "ChecksumMode", "IfMatch", "IfNoneMatch", "Key"] as const;

/** Simple Storage Service: whole objects, conditional writes, listings, versions where a bucket keeps them. */
export const s3: Service = {
  name: "s3",
  operations: {
    CreateBucket: takes<CreateBucketInput>(["Bucket", "CreateBucketConfiguration"], createBucket),
    HeadBucket: takes<{ readonly Bucket: string }>(["Bucket"], headBucket),
    ListBuckets: takes(["Prefix"], listBuckets),
    DeleteBucket: takes<{ readonly Bucket: string }>(["Bucket"], deleteBucket),
    PutObject: takes(
      [
        "Body",
        "Bucket",
        "ChecksumAlgorithm",
        "ChecksumCRC32",
        "ContentLength",
        "ContentMD5",
        "ContentType",
        "IfMatch",
        "IfNoneMatch",
        "Key",
        "Metadata",
        "ServerSideEncryption",
      ],
      putObject,
    ),
    GetObject: takes(readParameters, getObject),
    HeadObject: takes(readParameters, headObject),
    DeleteObject: takes(["Bucket", "IfMatch", "Key", "VersionId"], deleteObject),
    DeleteObjects: takes<DeleteObjectsInput>(
      ["Bucket", "ChecksumAlgorithm", "Delete"],
      deleteObjects,
    ),
    ListObjectVersions: takes(["Bucket", "EncodingType", "MaxKeys", "Prefix"], listObjectVersions),
    ListObjectsV2: takes(
      [
        "Bucket",
        "ContinuationToken",
        "Delimiter",
        "EncodingType",
        "MaxKeys",
        "Prefix",
        "StartAfter",
      ],
      listObjectsV2,
    ),
  },
};

interface CreateBucketInput {
  readonly Bucket: string;
  readonly CreateBucketConfiguration?: { readonly LocationConstraint?: string };
}

interface DeleteObjectsInput {
  readonly Bucket: string;
  readonly ChecksumAlgorithm?: string;
  readonly Delete: {
    readonly Objects: readonly { readonly Key: string; readonly VersionId?: string }[];
    readonly Quiet?: boolean;
  };
}

function createBucket(
  { Bucket, CreateBucketConfiguration }: CreateBucketInput,
  { account, region, world }: Context,
): unknown {
  refuseOthers(CreateBucketConfiguration ?? {}, new Set(["LocationConstraint"]));
  checkName(Bucket);
  checkLocation(CreateBucketConfiguration?.LocationConstraint, region);
  const location = region === "us-east-1" ? `/${Bucket}` : `http://${Bucket}.s3.amazonaws.com/`;
  const answer = { Location: location, BucketArn: `arn:aws:s3:::${Bucket}` };

  const buckets = bucketsOf(world);
  const other = buckets[Bucket];
  if (other === undefined) {
    buckets[Bucket] = { name: Bucket, account, region, created: world.now, objects: {} };
    return answer;
  }
  if (other.account !== account) {
    throw new AwsError(
      "BucketAlreadyExists",
      "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
      409,
    );
  }
  // The oldest region answers a second creation as if it were the first.
  if (region === "us-east-1" && other.region === region) return answer;
  throw new AwsError(
    "BucketAlreadyOwnedByYou",
    "Your previous request to create the named bucket succeeded and you already own it.",
    409,
  );
}

function checkName(name: string): void {
  const wellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name);
  if (!wellFormed || name.includes("..") || /^\d+(?:\.\d+){3}$/.test(name)) {
    throw new AwsError("InvalidBucketName", "The specified bucket is not valid.");
  }
}

function checkLocation(constraint: string | undefined, region: string): void {
  if (region === "us-east-1" ? constraint === undefined : constraint === region) return;
  throw region === "us-east-1" && constraint === region
    ? new AwsError("InvalidLocationConstraint", "The specified location-constraint is not valid")
    : new AwsError(
        "IllegalLocationConstraintException",
        `The ${constraint ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request was sent to.`,
      );
}

function headBucket({ Bucket }: { readonly Bucket: string }, context: Context): unknown {
  const bucket = bucketsOf(context.world)[Bucket];
  // A HEAD answer has no body: all it can say is its status.
  if (bucket === undefined) throw new AwsError("NotFound", "Not Found", 404);
  if (bucket.account !== context.account) throw new AwsError("Forbidden", "Forbidden", 403);
  return { BucketArn: `arn:aws:s3:::${Bucket}`, BucketRegion: bucket.region };
}

function listBuckets({ Prefix = "" }: { readonly Prefix?: string }, context: Context): unknown {
  const own = (bucket: Bucket) =>
    bucket.account === context.account && bucket.name.startsWith(Prefix);
  return {
    Buckets: Object.values(bucketsOf(context.world))
      .filter(own)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ created, name }) => ({ Name: name, CreationDate: new Date(created) })),
    Owner: { ID: context.account.padStart(64, "0") },
  };
}

function deleteBucket({ Bucket }: { readonly Bucket: string }, context: Context): unknown {
  const bucket = bucketOf(Bucket, context);
  if (!isEmpty(bucket)) {
    throw new AwsError("BucketNotEmpty", "The bucket you tried to delete is not empty", 409);
  }
  delete bucketsOf(context.world)[Bucket];
  return {};
}

function deleteObjects({ Bucket, Delete }: DeleteObjectsInput, context: Context): unknown {
  if (Delete.Objects.length > 1000) {
    throw new AwsError(
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
    );
  }
  for (const object of Delete.Objects) refuseOthers(object, new Set(["Key", "VersionId"]));
  for (const object of Delete.Objects) deleteObject({ Bucket, ...object }, context);
  return Delete.Quiet === true ? {} : { Deleted: Delete.Objects };
}
