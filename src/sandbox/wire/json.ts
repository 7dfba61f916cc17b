import { AwsError, notEmulated } from "../world.ts";
import { isRecord, type Protocol } from "./protocol.ts";

/** What JSON cannot say by itself: which members of a service's inputs are bytes or times. */
export interface Members {
  readonly blobs?: readonly string[];
  readonly times?: readonly string[];
}

/** AwsJson 1.0 and 1.1: one path, the operation in a header. */
export function json(
  version: "1.0" | "1.1",
  members: Members,
  errorHeaders: (code: string) => Readonly<Record<string, string>> = () => ({}),
): Protocol {
  const type = { "content-type": `application/x-amz-json-${version}` };
  return {
    decode: ({ body, headers }) => {
      const operation = headers["x-amz-target"]?.split(".").at(-1);
      if (!operation) throw notEmulated("a request without an X-Amz-Target");
      return { operation, input: readJson(body, members) };
    },
    encode: (_decoded, output, _requestId) => ({
      status: 200,
      headers: type,
      // An operation without output answers with an empty body.
      body: output === undefined ? "" : writeJson(output),
    }),
    refuse: ({ code, message, status }) => ({
      status,
      headers: { ...type, "x-amzn-errortype": code, ...errorHeaders(code) },
      body: JSON.stringify({ __type: code, message }),
    }),
  };
}

export function readJson(body: Buffer, members: Members): Readonly<Record<string, unknown>> {
  const value = parsed(body);
  const shaped = shape("", value, members);
  if (!isRecord(shaped)) throw malformed();
  return shaped;
}

/** Times as seconds since the epoch, bytes as base64. */
export const writeJson = (value: unknown): string => JSON.stringify(plain(value));

function parsed(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString("utf8"));
  } catch {
    throw malformed();
  }
}

const malformed = (): AwsError =>
  new AwsError("SerializationException", "The request body is not a JSON object");

/** A member that is null is one that was not sent. */
function shape(name: string, value: unknown, members: Members): unknown {
  if (Array.isArray(value)) return value.map((item) => shape(name, item, members));
  if (isRecord(value)) {
    const entries = Object.entries(value).filter(([, member]) => member !== null);
    return Object.fromEntries(entries.map(([key, member]) => [key, shape(key, member, members)]));
  }
  if (typeof value === "string" && members.blobs?.includes(name)) {
    return new Uint8Array(Buffer.from(value, "base64"));
  }
  if (typeof value === "number" && members.times?.includes(name)) return new Date(value * 1000);
  return value;
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}
