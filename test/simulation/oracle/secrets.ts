import { kindOf } from "../../../src/aws/call.ts";
import type { Effect } from "../process.ts";

// S6: what is secret stands in nothing that the controller writes, however it is spelt.

/** The ways in which a secret could be spelt in a text. */
export const spellingsOf = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString("hex"),
  // Wherever in a text it begins; what its neighbours have a share in is left out.
  ...["", "x", "xx"].map((lead) =>
    Buffer.from(lead + secret)
      .toString("base64")
      .slice(4, -4),
  ),
];

/** What is wrong with a call by which one of these would be told. */
export function toldIn({ input, operation }: Effect, spellings: readonly string[]) {
  if (spellings.length === 0 || kindOf(operation) === "read") return [];
  const text = JSON.stringify(input, (_, value) =>
    value instanceof Uint8Array ? new TextDecoder().decode(value) : value,
  );
  const isTold = spellings.some((one) => text.includes(one));
  return isTold ? [`S6 ${operation} tells a secret`] : [];
}

/** Credentials in an answer of STS, in every spelling. */
export function credentialsIn({ operation }: Effect, answer: unknown): readonly string[] {
  if (operation !== "sts:AssumeRole") return [];
  const { Credentials } = answer as {
    readonly Credentials?: { readonly SecretAccessKey: string; readonly SessionToken: string };
  };
  if (Credentials === undefined) return [];
  const { SecretAccessKey, SessionToken } = Credentials;
  return [SecretAccessKey, SessionToken].flatMap(spellingsOf);
}
