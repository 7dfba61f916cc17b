import { kindOf } from "../../../src/aws/call.ts";
import type { Template } from "../../../src/sandbox/cloudformation/state.ts";
import type { Effect } from "../process.ts";
import { type Shop, secret } from "../shop.ts";
import { containersIn } from "./seen.ts";

// S6: what is secret stands in nothing that the controller writes, however it is spelt; and no container is
// given a secret but the one whose service asks for it.

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

/** What is wrong with who is given the shop's secret by a template of its stack `unit`. */
export function misgivenIn(unit: string, template: Template, shop: Shop): readonly string[] {
  const holders = containersIn(template).filter((one) => JSON.stringify(one).includes(secret));
  const names = holders.map((one) => String((one as { readonly Name?: unknown }).Name));
  const grantees = shop.secret && unit === "s-web" ? ["web"] : [];
  return names.join() === grantees.join()
    ? []
    : [
        `S6 ${unit} gives the secret to ${names.join() || "nobody"}, not ${grantees.join() || "nobody"}`,
      ];
}
