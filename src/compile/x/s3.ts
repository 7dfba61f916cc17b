import type { Data } from "../../compose/project.ts";
import { getAtt, join, type Properties, pseudo, ref, type Value } from "../../model/template.ts";
import { policyDocument } from "../iam.ts";
import { checkBucketStatement } from "../policy-documents.ts";
import {
  asIs,
  asList,
  boolean,
  functionIn,
  list,
  noEffect,
  object,
  oneOf,
  open,
  type Read,
  type Reader,
  text,
} from "../read.ts";
import type { Scope } from "../scope.ts";
import { dataValue } from "../values.ts";
import { allowLogs, bucketPolicyId, checkLogging } from "./bucket-policies.ts";
import { macroAt, macrosOf } from "./macros.ts";
import { allowDeliveries, checkDeliveries } from "./s3-deliveries.ts";
import { allowNotifications } from "./s3-notifications.ts";
import { type Definition, type Grant, kept, on, type XResource } from "./x-resource.ts";

const objects = (...actions: readonly string[]): readonly Grant[] => [
  { actions, on: (arn) => [join([arn, "/*"])] },
];

const read = ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion"];
const write = ["s3:AbortMultipartUpload", "s3:PutObject", "s3:PutObjectTagging"];
const remove = ["s3:DeleteObject", "s3:DeleteObjectTagging"];
const look = ["s3:GetBucketLocation", "s3:GetBucketPublicAccessBlock", "s3:ListBucket"];

const examine = [
  "s3:GetBucketAcl",
  "s3:GetBucketCORS",
  "s3:GetBucketLogging",
  "s3:GetBucketNotification",
  "s3:GetBucketPolicy",
  "s3:GetBucketPolicyStatus",
  "s3:GetBucketRequestPayment",
  "s3:GetBucketTagging",
  "s3:GetBucketVersioning",
  "s3:GetBucketWebsite",
  "s3:GetEncryptionConfiguration",
  "s3:GetLifecycleConfiguration",
  "s3:ListBucketMultipartUploads",
  "s3:ListBucketVersions",
];

const objectLevels: Readonly<Record<string, readonly Grant[]>> = {
  CRUD: objects(...read, ...write, ...remove),
  RW: objects(...read, ...write),
  StrictRW: objects("s3:GetObject", "s3:PutObject"),
  StrictRWDelete: objects("s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
  RWDelete: objects(...read, ...write, ...remove),
  ReadOnly: objects(...read),
  StrictReadOnly: objects("s3:GetObject"),
  WriteOnly: objects(...write),
  StrictWriteOnly: objects("s3:PutObject"),
};

/** By which `Access` asks that nothing is done but by TLS. */
const secure = ["enforceSecureConnection", "s3-bucket-ssl-requests-only"];

const named = (prefix: string, grants: (own: readonly Grant[]) => readonly Grant[]) =>
  Object.fromEntries(
    Object.entries(objectLevels).map(([level, own]) => [`${prefix}${level}`, grants(own)]),
  );

/** Buckets are encrypted so in any case. */
const encrypted: Reader<never> = (data, path, report) => {
  if (!["false", "true"].includes(String(data))) oneOf("AES256")(data, path, report);
  return undefined;
};

const readMacros = open({
  EnableAcceleration: boolean,
  EnableEncryption: encrypted,
  ExpandRegionToBucket: boolean,
  ExpandAccountIdToBucket: boolean,
  NameSeparator: text,
  BucketPolicy: object({
    PredefinedBucketPolicies: list(oneOf("enforceSecureConnection")),
    Statement: list(asIs),
    Policies: noEffect("the statements of a bucket's policy are in Statement"),
  }),
});

/**
 * `x-s3`: buckets. Encrypted, closed to the public and to plain HTTP, unless the file says
 * otherwise.
 */
export const s3: XResource = {
  key: "x-s3",
  suffix: "Bucket",
  reads: ["MacroParameters", "Settings"],

  returnValues: {
    BucketName: (id) => ref(id),
    Arn: (id) => getAtt(id, "Arn"),
    DomainName: (id) => getAtt(id, "DomainName"),
    RegionalDomainName: (id) => getAtt(id, "RegionalDomainName"),
    DualStackDomainName: (id) => getAtt(id, "DualStackDomainName"),
    WebsiteURL: (id) => getAtt(id, "WebsiteURL"),
  },

  lookup: {
    type: "AWS::S3::Bucket",
    standIn: (name, { region }) => ({
      BucketName: name.toLowerCase(),
      Arn: `arn:aws:s3:::${name.toLowerCase()}`,
      DomainName: `${name.toLowerCase()}.s3.amazonaws.com`,
      RegionalDomainName: `${name.toLowerCase()}.s3.${region}.amazonaws.com`,
      DualStackDomainName: `${name.toLowerCase()}.s3.dualstack.${region}.amazonaws.com`,
      WebsiteURL: `http://${name.toLowerCase()}.s3-website-${region}.amazonaws.com`,
    }),
  },

  access: {
    // One word is about the objects; finding them takes the bucket, too.
    ...named("", (grants) => [...on(...look), ...grants]),
    // As files from before ComposeX 0.12 have it.
    RWObjects: [...on(...look), ...objects(...read, ...write)],
    "bucket.ListOnly": on(...look),
    "bucket.PowerUser": on(...look, ...examine),
    ...named("objects.", (grants) => grants),
    ...Object.fromEntries(
      secure.flatMap((key) => [
        [`${key}.false`, []],
        [`${key}.true`, []],
      ]),
    ),
  },

  // By the policy of a bucket that is made here always so; that of another may let all through.
  condition: (access) =>
    secure.some((key) => access[key] === "true")
      ? { Bool: { "aws:SecureTransport": "true" } }
      : undefined,

  encryptedWith: ({ BucketEncryption }) => keyOf(BucketEncryption),

  resources: (bucket, scope) => {
    const macros = macrosOf(readMacros, bucket, scope.report);
    const arn = getAtt(bucket.id, "Arn");
    const statements = (macros.BucketPolicy?.Statement ?? []).map((statement, index) => {
      const path = [...bucket.path, "MacroParameters", "BucketPolicy", "Statement", index];
      checkBucketStatement(statement, path, scope.report);
      const given = dataValue(statement, path, scope) as Properties;
      return given.NotResource === undefined
        ? { Resource: [arn, join([arn, "/*"])], ...given }
        : given;
    });
    checkLogging(bucket, scope);
    checkDeliveries(bucket, scope);
    const policies = allowNotifications(bucket, scope);
    const all = [
      ...(isOpenSite(bucket, macros) ? [] : [onlyEncrypted(arn)]),
      ...allowLogs(bucket.name, arn, scope),
      ...allowDeliveries(bucket.name, arn, scope),
      ...statements,
    ];
    return [
      {
        id: bucket.id,
        type: "AWS::S3::Bucket",
        properties: {
          ...usual,
          ...ownership(bucket.properties),
          ...acceleration(bucket, macros, scope),
          ...withAliases(bucket.properties),
          ...nameOf(bucket, macros),
        },
        ...(policies.length > 0 ? { dependsOn: policies } : {}),
        ...kept,
      },
      ...(all.length === 0 ? [] : [policyOf(bucket, all)]),
    ];
  },
};

const policyOf = ({ id, name }: Definition, statements: readonly Properties[]) => ({
  id: bucketPolicyId(name),
  type: "AWS::S3::BucketPolicy",
  properties: {
    Bucket: ref(id),
    PolicyDocument: policyDocument(statements),
  },
});

/** S3 serves websites without TLS. */
const isOpenSite = ({ properties }: Definition, { BucketPolicy: policy }: Macros): boolean =>
  properties.WebsiteConfiguration !== undefined &&
  policy?.PredefinedBucketPolicies?.includes("enforceSecureConnection") !== true;

const usual: Properties = {
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [
      { ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } },
    ],
  },
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  },
};

/** Since 2023 S3 takes lists of access only for a bucket that says so. */
const ownership = ({ AccessControl: acl = "Private" }: Properties): Properties =>
  acl === "Private" || acl === "BucketOwnerFullControl"
    ? {}
    : { OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerPreferred" }] } };

const onlyEncrypted = (arn: Value): Properties => ({
  Sid: "OnlyEncryptedConnections",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [arn, join([arn, "/*"])],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

type Macros = Read<typeof readMacros>;

/** S3 accelerates no bucket that has a dot in its name. */
function acceleration(bucket: Definition, macros: Macros, { report }: Scope): Properties {
  if (macros.EnableAcceleration !== true) return {};
  const name = JSON.stringify({ ...bucket.properties, ...nameOf(bucket, macros) }.BucketName ?? "");
  if (!name.includes(".")) return { AccelerateConfiguration: { AccelerationStatus: "Enabled" } };
  const message = "EnableAcceleration does nothing: the bucket has a dot in its name";
  const key = macroAt(bucket, "EnableAcceleration");
  report.warn({ code: "no-effect", path: [...bucket.path, key, "EnableAcceleration"], message });
  return {};
}

/** `aws/s3`, as the console calls it, is `alias/aws/s3` to the API. */
const withAliases = (properties: Properties): Properties => {
  const alias = (value: Value): Value => {
    if (Array.isArray(value)) return (value as readonly Value[]).map(alias);
    if (typeof value !== "object") return value === "aws/s3" ? "alias/aws/s3" : value;
    return Object.fromEntries(
      Object.entries(value as Properties).map(([key, item]) => [key, alias(item)]),
    );
  };
  const { BucketEncryption } = properties;
  return BucketEncryption === undefined
    ? properties
    : { ...properties, BucketEncryption: alias(BucketEncryption) };
};

function nameOf({ properties }: Definition, macros: Macros): Properties {
  const { BucketName } = properties;
  // Nothing is put behind what is no name, and said to be none.
  const isName = typeof BucketName !== "object" || functionIn(BucketName as Data) !== undefined;
  if (BucketName === undefined || !isName) return {};
  const separator = macros.NameSeparator ?? "-";
  const parts = [
    BucketName,
    ...(macros.ExpandAccountIdToBucket === true ? [separator, pseudo.account] : []),
    ...(macros.ExpandRegionToBucket === true ? [separator, pseudo.region] : []),
  ];
  return parts.length > 1 ? { BucketName: join(parts) } : {};
}

function keyOf(encryption: Value | undefined): Value | undefined {
  const { ServerSideEncryptionConfiguration: rules } = (encryption ?? {}) as Properties;
  const [rule] = asList(rules) as readonly Properties[];
  return ((rule?.ServerSideEncryptionByDefault ?? {}) as Properties).KMSMasterKeyID;
}
