import { byKey, pageOf } from "../inputs.ts";
import { keysFrom } from "../key-order.ts";
import { AwsError, type Context } from "../world.ts";
import { bucketOf, type StoredObject } from "./buckets.ts";

export interface ListObjectsInput {
  readonly Bucket: string;
  readonly ContinuationToken?: string;
  readonly Delimiter?: string;
  readonly EncodingType?: string;
  readonly MaxKeys?: number;
  readonly Prefix?: string;
  readonly StartAfter?: string;
}

/** A row of a listing: an object, or (with a delimiter) all that share a prefix. */
interface Row {
  readonly key: string;
  readonly object: StoredObject | undefined;
}

export function listObjectsV2(input: ListObjectsInput, context: Context): unknown {
  const { ContinuationToken, Delimiter, EncodingType, MaxKeys = 1000, Prefix, StartAfter } = input;
  const { name, objects } = bucketOf(input.Bucket, context);
  const size = Math.min(MaxKeys, 1000);
  const rows = rowsOf(objects, input);
  const page = pageOf(rows, ({ key }) => key, { size, token: ContinuationToken });
  if (page === undefined) {
    throw new AwsError("InvalidArgument", "The continuation token provided is incorrect");
  }
  const written = (key: string): string =>
    EncodingType === "url" ? encodeURIComponent(key).replaceAll("%2F", "/") : key;

  return {
    Name: name,
    Prefix: written(Prefix ?? ""),
    ...(Delimiter === undefined ? {} : { Delimiter: written(Delimiter) }),
    MaxKeys,
    KeyCount: page.items.length,
    IsTruncated: page.next !== undefined,
    ...(EncodingType === undefined ? {} : { EncodingType }),
    ...(StartAfter === undefined ? {} : { StartAfter: written(StartAfter) }),
    ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
    ...(page.next === undefined ? {} : { NextContinuationToken: page.next }),
    ...some(
      "Contents",
      page.items.flatMap(({ key, object }) =>
        object === undefined ? [] : [contents(written(key), object)],
      ),
    ),
    ...some(
      "CommonPrefixes",
      page.items.flatMap(({ key, object }) =>
        object === undefined ? [{ Prefix: written(key) }] : [],
      ),
    ),
  };
}

/** S3 leaves a list out that has nothing in it. */
const some = (name: string, items: readonly unknown[]) =>
  items.length === 0 ? {} : { [name]: items };

const contents = (key: string, { etag, modified, size }: StoredObject) => ({
  Key: key,
  LastModified: new Date(modified),
  ETag: etag,
  Size: size,
  StorageClass: "STANDARD",
});

function rowsOf(
  objects: Readonly<Record<string, StoredObject>>,
  { Delimiter, Prefix = "", StartAfter = "" }: ListObjectsInput,
): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const name of keysFrom(objects, Prefix)) {
    if (name <= StartAfter) continue;
    const object = objects[name];
    const end = Delimiter ? name.indexOf(Delimiter, Prefix.length) : -1;
    const row =
      end < 0 || Delimiter === undefined
        ? { key: name, object }
        : { key: name.slice(0, end + Delimiter.length), object: undefined };
    rows.set(row.key, row);
  }
  return [...rows.values()].sort(byKey(({ key }) => key));
}
