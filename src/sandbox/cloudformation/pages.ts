import { invalid } from "./errors.ts";

/** The hundred items from `token` on, and the token of the next hundred. */
export function pageOf<T>(all: readonly T[], token: string | undefined) {
  const from = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString());
  if (!Number.isInteger(from) || from < 0) throw invalid("NextToken is invalid");
  const until = from + 100;
  const next =
    all.length > until ? { NextToken: Buffer.from(String(until)).toString("base64url") } : {};
  return { items: all.slice(from, until), next };
}
