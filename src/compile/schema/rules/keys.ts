import { isOn, type Rule, textIn } from "../literal.ts";

/** What a kind of key is for; the first is what it is for unless that is said. */
const usages: readonly (readonly [spec: RegExp, usages: readonly string[]])[] = [
  [/^SYMMETRIC_DEFAULT$/, ["ENCRYPT_DECRYPT"]],
  [/^RSA_/, ["ENCRYPT_DECRYPT", "SIGN_VERIFY"]],
  [/^ECC_NIST_P/, ["SIGN_VERIFY", "KEY_AGREEMENT"]],
  [/^ECC_SECG_|^ML_DSA_/, ["SIGN_VERIFY"]],
  [/^HMAC_/, ["GENERATE_VERIFY_MAC"]],
];

const specOf = (given: Parameters<typeof textIn>[0]) =>
  given === undefined ? "SYMMETRIC_DEFAULT" : textIn(given);

const usage: Rule = ({ KeySpec, KeyUsage }) => {
  const spec = specOf(KeySpec);
  const said = KeyUsage === undefined ? "ENCRYPT_DECRYPT" : textIn(KeyUsage);
  const [, known = []] = usages.find(([form]) => form.test(spec ?? "")) ?? [];
  if (said === undefined || known.length === 0 || known.includes(said)) return [];
  const message = `a key that is ${spec} is not for ${said}`;
  const path = [KeyUsage === undefined ? "KeySpec" : "KeyUsage"];
  return [{ path, message, help: `Write KeyUsage: ${known.join(" or ")}.` }];
};

const rotation: Rule = ({ EnableKeyRotation, KeySpec }) => {
  const spec = specOf(KeySpec);
  return spec !== undefined && spec !== "SYMMETRIC_DEFAULT" && isOn(EnableKeyRotation)
    ? [
        {
          path: ["EnableKeyRotation"],
          message: `KMS rotates no key that is ${spec}`,
          help: "Remove EnableKeyRotation.",
        },
      ]
    : [];
};

export const keyRules: readonly Rule[] = [usage, rotation];
