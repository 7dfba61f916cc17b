import type { AwsError } from "../world.ts";

/** A request as it came over the wire, its body whole. */
export interface Request {
  readonly method: string;
  /** As it was sent: still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A call in the shapes of the SDK. */
export interface Decoded {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** How a service's calls, answers and errors are written on the wire. */
export interface Protocol {
  decode(request: Request): Decoded;
  encode(decoded: Decoded, output: unknown, requestId: string): Reply;
  refuse(error: AwsError, request: Request, requestId: string): Reply;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
