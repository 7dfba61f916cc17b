import { getAtt, type Value } from "../model/template.ts";
import { allowing, arn, type Statement } from "./iam.ts";
import { asMapping, isMapping } from "./read.ts";

/**
 * The right to use a key of KMS, however a file names it: by ARN, id or alias, or as `x-kms::name`.
 * None where there is no key, or one of AWS's own, which everybody in the account may use.
 */
export function keyRights(
  key: Value | undefined,
  actions: readonly string[],
): readonly Statement[] {
  const allow = (resource: Value): Statement => allowing(actions, [resource]);
  // A policy names a key by its ARN, and what refers to one of the file may be its id.
  if (isMapping(key) && typeof key.Ref === "string") {
    if (key.Ref === "AWS::NoValue") return [];
    return [allow(isPseudo(key.Ref) ? arn("kms", ["key/", key]) : getAtt(key.Ref, "Arn"))];
  }
  const text = startOf(key);
  if (key === undefined || /^(?:alias\/)?aws\//.test(text)) return [];
  if (text.startsWith("alias/")) {
    // Nor can it name one by its alias, only ask that the key has it.
    const Condition = { "ForAnyValue:StringEquals": { "kms:ResourceAliases": key } };
    return [{ ...allow(arn("kms", ["key/*"])), Condition }];
  }
  return [allow(isMapping(key) || text.startsWith("arn:") ? key : arn("kms", [`key/${text}`]))];
}

/** What is the same of all stacks: no resource, which has an ARN. */
const isPseudo = (id: string): boolean => id.startsWith("AWS::");

/** The text that a value begins with, as far as it is known. */
function startOf(value: Value | undefined): string {
  const joined = asMapping(value)["Fn::Join"];
  const [first] = Array.isArray(joined) && Array.isArray(joined[1]) ? joined[1] : [value];
  return typeof first === "string" ? first : "";
}
