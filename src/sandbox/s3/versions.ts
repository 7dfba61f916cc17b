import { byKey, refuseOthers } from "../inputs.ts";
import { put, remove } from "../key-order.ts";
import { AwsError, type Context } from "../world.ts";
import { type Bucket, bucketOf, type StoredObject, type Version } from "./buckets.ts";

export interface ListVersionsInput {
  readonly Bucket: string;
  readonly EncodingType?: string;
  readonly MaxKeys?: number;
  readonly Prefix?: string;
}

/** Puts an object, or with none the mark of a deletion, in front of what a key had. */
export function addVersion(
  bucket: Bucket,
  key: string,
  { object, world }: { readonly object: StoredObject | undefined } & Pick<Context, "world">,
): string | undefined {
  const { objects, versions } = bucket;
  if (versions === undefined) {
    show(objects, key, object);
    return undefined;
  }
  const version: Version = { id: world.text(32), object, modified: world.now };
  versions[key] = [version, ...(versions[key] ?? [])];
  show(objects, key, object);
  return version.id;
}

/** Deletes one version for good: what was before it is there again. */
export function deleteVersion(bucket: Bucket, key: string, id: string): void {
  const { objects, versions } = bucket;
  if (versions === undefined) {
    if (id === "null") remove(objects, key);
    return;
  }
  const left = (versions[key] ?? []).filter((version) => version.id !== id);
  if (left.length === 0) delete versions[key];
  else versions[key] = left;
  show(objects, key, left[0]?.object);
}

function show(objects: Bucket["objects"], key: string, object: StoredObject | undefined): void {
  if (object === undefined) remove(objects, key);
  else put(objects, key, object);
}

interface Row extends Version {
  readonly key: string;
  readonly isLatest: boolean;
}

/** Every version of every key, as far as a page goes. */
export function listObjectVersions(input: ListVersionsInput, context: Context): unknown {
  const { EncodingType, MaxKeys = 1000, Prefix = "" } = input;
  refuseOthers(EncodingType === undefined ? {} : { EncodingType }, new Set(["EncodingType"]));
  if (MaxKeys < 1) throw new AwsError("InvalidArgument", "max-keys must be at least 1");
  const bucket = bucketOf(input.Bucket, context);
  const rows = rowsOf(bucket).filter(({ key }) => key.startsWith(Prefix));
  const page = rows.slice(0, Math.min(MaxKeys, 1000));
  const written = (key: string): string =>
    EncodingType === "url" ? encodeURIComponent(key).replaceAll("%2F", "/") : key;
  const common = ({ id, isLatest, key, modified }: Row) => ({
    Key: written(key),
    VersionId: id,
    IsLatest: isLatest,
    LastModified: new Date(modified),
  });
  const versions = page.flatMap((row) =>
    row.object === undefined
      ? []
      : [
          {
            ...common(row),
            ETag: row.object.etag,
            Size: row.object.size,
            StorageClass: "STANDARD",
          },
        ],
  );
  const markers = page.filter(({ object }) => object === undefined).map(common);
  return {
    Name: bucket.name,
    Prefix,
    MaxKeys,
    IsTruncated: page.length < rows.length,
    ...(EncodingType === undefined ? {} : { EncodingType }),
    ...(versions.length === 0 ? {} : { Versions: versions }),
    ...(markers.length === 0 ? {} : { DeleteMarkers: markers }),
  };
}

function rowsOf({ objects, versions }: Bucket): readonly Row[] {
  const kept =
    versions === undefined
      ? Object.entries(objects).map(([key, object]) => ({
          key,
          id: "null",
          object,
          modified: object.modified,
          isLatest: true,
        }))
      : Object.entries(versions).flatMap(([key, all]) =>
          all.map((version, index) => ({ key, ...version, isLatest: index === 0 })),
        );
  return kept.sort(byKey(({ key }) => key));
}
