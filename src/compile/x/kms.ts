import { getAtt, join, type Properties, pseudo, ref } from "../../model/template.ts";
import { policyDocument } from "../iam.ts";
import { hashedId } from "../ids.ts";
import { checkKeyPolicy } from "../policy-documents.ts";
import { open, text } from "../read.ts";
import { propertiesIn, type Scope } from "../scope.ts";
import { textValue } from "../values.ts";
import { macroAt, macrosOf } from "./macros.ts";
import { type Definition, kept, on, type XResource } from "./x-resource.ts";

const encrypt = [
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyPair",
  "kms:GenerateDataKeyPairWithoutPlaintext",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];
const decrypt = ["kms:Decrypt"];
const readMacros = open({ Alias: text });

const isRotated = ({ KeySpec = "SYMMETRIC_DEFAULT", Origin = "AWS_KMS" }: Properties): boolean =>
  KeySpec === "SYMMETRIC_DEFAULT" && Origin === "AWS_KMS";

/** `x-kms`: keys. Whoever else a key is for, its account's own policies always count. */
export const kms: XResource = {
  key: "x-kms",
  suffix: "Key",
  reads: ["MacroParameters", "Settings"],

  returnValues: {
    KeyId: (id) => ref(id),
    Arn: (id) => getAtt(id, "Arn"),
  },

  lookup: {
    type: "AWS::KMS::Key",
    standIn: (_name, { account, region }) => ({
      KeyId: "12345678-1234-1234-1234-123456789012",
      Arn: `arn:aws:kms:${region}:${account}:key/12345678-1234-1234-1234-123456789012`,
    }),
  },

  access: {
    EncryptDecrypt: on(...encrypt, ...decrypt, "kms:CreateGrant", "kms:DescribeKey"),
    EncryptOnly: on(...encrypt, "kms:DescribeKey"),
    DecryptOnly: on(...decrypt, "kms:DescribeKey"),
    SQS: on("kms:Decrypt", "kms:GenerateDataKey"),
    KMSDecryptPolicy: on(...decrypt),
    KMSEncryptPolicy: on(...encrypt),
  },

  resources: (key, scope) => {
    const { KeyPolicy } = propertiesIn(key.given);
    checkKeyPolicy(KeyPolicy, [...key.path, "Properties", "KeyPolicy"], scope.report);
    const properties = {
      // KMS rotates what it has the material of, and symmetric keys only.
      ...(isRotated(key.properties) ? { EnableKeyRotation: true } : {}),
      KeyPolicy: policyDocument([forOwner]),
      ...key.properties,
    };
    return [{ id: key.id, type: "AWS::KMS::Key", properties, ...kept }, ...aliasOf(key, scope)];
  },
};

/** What lets policies of the account say who may use a key. */
export const forOwner: Properties = {
  Effect: "Allow",
  Principal: { AWS: join(["arn:", pseudo.partition, ":iam::", pseudo.account, ":root"]) },
  Action: "kms:*",
  Resource: "*",
};

/** A short alias has the application and environment before it, so that two can live side by side. */
function aliasOf(key: Definition, scope: Scope) {
  const { path } = key;
  const { application, environment } = scope.settings;
  const { Alias: alias } = macrosOf(readMacros, key, scope.report);
  if (alias === undefined) return [];
  const whole = alias.startsWith("alias/") ? alias : `alias/${application}-${environment}-${alias}`;
  const at = [...path, macroAt(key, "Alias"), "Alias"];
  if (whole.startsWith("alias/aws/")) {
    const message = "aliases that begin with alias/aws/ are those of AWS's own keys";
    scope.report.error({ code: "reserved", path: at, message, help: "Call it something else." });
  }
  const AliasName = textValue(whole, at, scope);
  const properties = { AliasName, TargetKeyId: ref(key.id) };
  // One that is to stand for another key is the same alias: there is no room for two.
  const id = hashedId("KeyAlias", { AliasName });
  const sole = { what: `AliasName ${whole}`, help: "Give each a name of its own, or none." };
  return [{ id, type: "AWS::KMS::Alias", properties, sole }];
}
