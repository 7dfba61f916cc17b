import type { Request } from "./protocol.ts";

/** Who signed a request, and for which service where. */
export interface Credential {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

/**
 * The scope a request was signed for: in its Authorization header, or in the query of a presigned
 * address. The signature itself is not verified: a sandbox on loopback keeps no secrets.
 */
export function credentialOf({ headers, query }: Request): Credential | undefined {
  const text =
    /Credential=([^,\s]+)/.exec(headers.authorization ?? "")?.[1] ?? query.get("X-Amz-Credential");
  const [accessKeyId, , region, service, end] = text?.split("/") ?? [];
  if (!accessKeyId || !region || !service || end !== "aws4_request") return undefined;
  return { accessKeyId, region, service };
}
