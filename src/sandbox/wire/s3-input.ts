import { AwsError } from "../world.ts";
import type { Decoded, Request } from "./protocol.ts";
import { type Element, readXml } from "./xml.ts";

/**
 * The input of an S3 operation, gathered from path, query, headers and body. What has no name here
 * goes in under the name it has on the wire, for the operation to refuse.
 */
export function readInput({ body, headers, path, query }: Request, operation: string): Decoded {
  const [, bucket = "", ...key] = path.split("/").map(decodeURIComponent);
  const input: Record<string, unknown> = {};
  if (bucket !== "") input.Bucket = bucket;
  if (key.join("") !== "") input.Key = key.join("/");
  for (const [name, value] of query) {
    if (isNoise(name)) continue;
    input[queryMembers[name] ?? name] = name === "max-keys" ? Number(value) : value;
  }
  Object.assign(input, headerInput(headers, operation));
  if (operation === "PutObject") input.Body = new Uint8Array(body);
  else if (body.length > 0) Object.assign(input, documentInput(body, operation));
  return { operation, input };
}

/**
 * The request with its body as it was meant: clients may send it in signed chunks, with headers,
 * such as a checksum, behind it.
 */
export function unchunked(request: Request): Request {
  const { body, headers } = request;
  if (!headers["x-amz-content-sha256"]?.startsWith("STREAMING-")) return request;
  const parts: Buffer[] = [];
  for (let start = 0; ; ) {
    const end = body.indexOf("\r\n", start);
    const size = Number.parseInt(body.toString("latin1", start, end).split(";")[0] ?? "", 16);
    if (end < 0 || Number.isNaN(size)) throw new AwsError("IncompleteBody", "A chunk is broken");
    start = end + 2;
    if (size === 0) {
      const trailers = body.toString("latin1", start).matchAll(/^([\w-]+):\s*(.+?)\r?$/gm);
      const named = [...trailers].map(([, name = "", value]) => [name.toLowerCase(), value]);
      const all = { ...headers, ...Object.fromEntries(named) };
      return { ...request, headers: all, body: Buffer.concat(parts) };
    }
    parts.push(body.subarray(start, start + size));
    start += size + 2;
  }
}

function headerInput(headers: Request["headers"], operation: string): Record<string, unknown> {
  const sent = Object.entries({ ...headers, ...contentEncoding(headers) }).filter(
    ([name, value]) => value !== undefined && !isNoise(name),
  );
  const metadata = sent.filter(([name]) => name.startsWith(metadataPrefix));
  const others = sent
    .filter(([name]) => !name.startsWith(metadataPrefix))
    .flatMap(([name, value]) => {
      const member = headerMembers[name] ?? (name.startsWith("x-amz-") ? name : undefined);
      return member === undefined || isOfDocument(member, operation) ? [] : [[member, value]];
    });
  return {
    ...Object.fromEntries(others),
    ...(metadata.length > 0 && {
      Metadata: Object.fromEntries(
        metadata.map(([name, value]) => [name.slice(metadataPrefix.length), value]),
      ),
    }),
  };
}

const metadataPrefix = "x-amz-meta-";

/** But for PutObject's, a content type and a checksum describe the request's own document. */
const isOfDocument = (member: string, operation: string): boolean =>
  operation !== "PutObject" &&
  ["ContentType", "ContentMD5", "ChecksumAlgorithm", "ChecksumCRC32"].includes(member);

/** Chunked bodies name their encoding beside the content's own. */
const contentEncoding = (headers: Request["headers"]) => ({
  "content-encoding":
    headers["content-encoding"]
      ?.split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "aws-chunked")
      .join(",") || undefined,
});

function documentInput(body: Buffer, operation: string): Record<string, unknown> {
  const root = readXml(body.toString("utf8"));
  if (root === undefined) {
    throw new AwsError("MalformedXML", "The XML you provided was not well-formed");
  }
  if (operation === "DeleteObjects") {
    const Objects = root.children.filter(({ name }) => name === "Object").map(membersOf);
    const { Object: _, Quiet, ...others } = membersOf(root);
    return { Delete: { ...others, Objects, ...(Quiet && { Quiet: Quiet === "true" }) } };
  }
  return { [root.name]: membersOf(root) };
}

const membersOf = ({ children }: Element): Record<string, string> =>
  Object.fromEntries(children.map(({ name, text }) => [name, text]));

/** What belongs to signing, tracing and transport, not to the call. */
const isNoise = (name: string): boolean =>
  noise.has(name.toLowerCase()) || name.toLowerCase().startsWith("amz-sdk-");

const noise: ReadonlySet<string> = new Set([
  ...["delete", "list-type", "versions", "x-id"],
  ...["x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires", "x-amz-signature"],
  ...["x-amz-content-sha256", "x-amz-decoded-content-length", "x-amz-security-token"],
  ...[
    "x-amz-signedheaders",
    "x-amz-trailer",
    "x-amz-trailer-signature",
    "x-amz-user-agent",
    "x-amzn-trace-id",
  ],
]);

const queryMembers: Readonly<Record<string, string>> = {
  "continuation-token": "ContinuationToken",
  delimiter: "Delimiter",
  "encoding-type": "EncodingType",
  "fetch-owner": "FetchOwner",
  "max-keys": "MaxKeys",
  prefix: "Prefix",
  "start-after": "StartAfter",
  versionId: "VersionId",
};

const headerMembers: Readonly<Record<string, string>> = {
  "cache-control": "CacheControl",
  "content-disposition": "ContentDisposition",
  "content-encoding": "ContentEncoding",
  "content-language": "ContentLanguage",
  "content-md5": "ContentMD5",
  "content-type": "ContentType",
  expires: "Expires",
  "if-match": "IfMatch",
  "if-modified-since": "IfModifiedSince",
  "if-none-match": "IfNoneMatch",
  "if-unmodified-since": "IfUnmodifiedSince",
  range: "Range",
  "x-amz-checksum-crc32": "ChecksumCRC32",
  "x-amz-checksum-mode": "ChecksumMode",
  "x-amz-sdk-checksum-algorithm": "ChecksumAlgorithm",
  "x-amz-server-side-encryption": "ServerSideEncryption",
};
