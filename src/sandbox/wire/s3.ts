import { notEmulated } from "../world.ts";
import { type Decoded, isRecord, type Protocol, type Reply, type Request } from "./protocol.ts";
import { readInput, unchunked } from "./s3-input.ts";
import { element, wrapped } from "./xml.ts";

/** S3's restXml, path style: `/bucket/key`. */
export const s3: Protocol = {
  decode: (request) => readInput(unchunked(request), operationOf(request)),

  encode: ({ operation }, output): Reply => {
    const members = isRecord(output) ? output : {};
    const root = documents[operation];
    if (root !== undefined) return { ...empty, headers: xml, body: document(root, members) };
    const { Body, ...rest } = members;
    const status = operation.startsWith("Delete") ? 204 : 200;
    const body = Body instanceof Uint8Array ? Body : "";
    return { status, headers: headersOf(rest), body };
  },

  refuse: ({ code, message, status }, _request, requestId): Reply => ({
    status,
    headers: xml,
    body: element("Error", {
      Code: code,
      Message: message,
      RequestId: requestId,
      HostId: requestId,
    }),
  }),
};

const xml = { "content-type": "application/xml" };
const empty = { status: 200, body: "" };
const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

/** Operations that answer with a document, and its root. */
const documents: Readonly<Record<string, string>> = {
  DeleteObjects: "DeleteResult",
  ListBuckets: "ListAllMyBucketsResult",
  ListObjectVersions: "ListVersionsResult",
  ListObjectsV2: "ListBucketResult",
};

function operationOf({ method, path, query }: Request): string {
  const [, bucket = "", ...key] = path.split("/");
  const level = bucket === "" ? "service" : key.join("") === "" ? "bucket" : "object";
  for (const name of query.keys()) {
    if (subresources.has(name)) return operations[`${method} ${level}?${name}`] ?? refuse(name);
  }
  return operations[`${method} ${level}`] ?? refuse(`${method} ${path}`);
}

const operations: Readonly<Record<string, string>> = {
  "GET service": "ListBuckets",
  "DELETE bucket": "DeleteBucket",
  "GET bucket": "ListObjects",
  "GET bucket?list-type": "ListObjectsV2",
  "GET bucket?versions": "ListObjectVersions",
  "HEAD bucket": "HeadBucket",
  "POST bucket?delete": "DeleteObjects",
  "PUT bucket": "CreateBucket",
  "DELETE object": "DeleteObject",
  "GET object": "GetObject",
  "HEAD object": "HeadObject",
  "PUT object": "PutObject",
};

/** Words in the query that make another operation of a request. */
const subresources: ReadonlySet<string> = new Set([
  ...["accelerate", "acl", "analytics", "attributes", "cors", "delete", "encryption"],
  ...["intelligent-tiering", "inventory", "legal-hold", "lifecycle", "list-type", "location"],
  ...["logging", "metadataTable", "metrics", "notification", "object-lock", "ownershipControls"],
  ...["partNumber", "policy", "policyStatus", "publicAccessBlock", "replication"],
  ...["requestPayment", "restore", "retention", "select", "session", "tagging", "torrent"],
  ...["uploadId", "uploads", "versioning", "versions", "website"],
]);

const refuse = (what: string): never => {
  throw notEmulated(`s3 ${what}`);
};

/** S3's lists are flat: one element after the other, without one around them. */
function document(root: string, members: Decoded["input"]): string {
  const inner = Object.entries(members).map(([name, value]) => {
    if (!Array.isArray(value)) return element(name, value);
    if (name === "Buckets")
      return wrapped(
        name,
        value.map((item) => element("Bucket", item)),
      );
    return value.map((item) => element(elements[name] ?? name, item)).join("");
  });
  return wrapped(`${root} xmlns="${namespace}"`, inner);
}

/** Lists whose elements have another name than in the SDK. */
const elements: Readonly<Record<string, string>> = {
  DeleteMarkers: "DeleteMarker",
  Versions: "Version",
};

function headersOf({ Metadata, ...members }: Decoded["input"]): Record<string, string> {
  const metadata = Object.entries(isRecord(Metadata) ? Metadata : {});
  const present = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries([
    ...metadata.map(([name, value]) => [`x-amz-meta-${name}`, String(value)]),
    ...present.map(([name, value]) => {
      const header = answerHeaders[name];
      if (header === undefined) throw new Error(`No header for S3's ${name}`);
      return [header, value instanceof Date ? value.toUTCString() : String(value)];
    }),
  ]);
}

const answerHeaders: Readonly<Record<string, string>> = {
  AcceptRanges: "accept-ranges",
  BucketArn: "x-amz-bucket-arn",
  BucketRegion: "x-amz-bucket-region",
  ChecksumCRC32: "x-amz-checksum-crc32",
  ChecksumType: "x-amz-checksum-type",
  ContentLength: "content-length",
  DeleteMarker: "x-amz-delete-marker",
  ContentType: "content-type",
  ETag: "etag",
  LastModified: "last-modified",
  Location: "location",
  ServerSideEncryption: "x-amz-server-side-encryption",
  VersionId: "x-amz-version-id",
};
