import type { Data } from "../../../compose/project.ts";
import { asList, asMapping, isMapping } from "../../read.ts";
import type { Path } from "../../report.ts";
import { definitionOf, propertiesIn, type Scope } from "../../scope.ts";
import type { LoadBalancer } from "./load-balancer.ts";

/** Where one load balancer writes logs to: a bucket, by its name or under `x-s3`. */
export interface LogTarget {
  /** What its attributes begin with. */
  readonly attribute: string;
  /** As the file has it: `x-s3::logs`, or the name of a bucket that is there. */
  readonly bucket: string;
  readonly prefix: string;
  readonly path: Path;
}

/** The logs of a load balancer, by `S3Logs: bucket[:/prefix]` or by its attributes. */
export function logTargets(definition: Data, path: Path): readonly LogTarget[] {
  const { Settings, MacroParameters } = asMapping(definition);
  const sections = Object.entries({ Settings, MacroParameters });
  return [
    ...sections.flatMap(([key, section]) => {
      const at = [...path, key, "S3Logs"];
      const { S3Logs } = asMapping(section);
      return S3Logs === undefined ? [] : shorthand(S3Logs, at);
    }),
    ...fromAttributes(definition, [...path, "Properties", "LoadBalancerAttributes"]),
  ];
}

/** The name under `x-s3` that a text means. */
export const ownBucket = (text: string): string | undefined =>
  /^x-s3::([^:]+)(?:::BucketName)?$/.exec(text)?.[1];

/** The same of a text that stands for an ARN. */
export const ownBucketOfArn = (text: string): string | undefined =>
  /^x-s3::([^:]+)(?:::Arn)?$/.exec(text)?.[1];

/** Load balancers write to buckets with S3's own encryption only. */
export function checkEncryption(
  { type }: LoadBalancer,
  { bucket, path }: LogTarget,
  scope: Scope,
): void {
  const definition = definitionOf("x-s3", ownBucket(bucket) ?? "", scope);
  if (type !== "application" || !isEncryptedByKms(definition)) return;
  const message = `${bucket} is encrypted with KMS, where an application load balancer cannot log`;
  scope.report.error({ code: "cannot-honour", path, message, help: withoutKms });
}

export const withoutKms = "Take a bucket without BucketEncryption: S3 encrypts it by itself.";

/** Whether a definition under `x-s3` asks for a key of KMS, its own or AWS's. */
export function isEncryptedByKms(definition: Data | undefined): boolean {
  const encryption = propertiesIn(definition).BucketEncryption;
  return JSON.stringify(encryption ?? null).includes('"aws:kms');
}

function shorthand(data: Data, path: Path): readonly LogTarget[] {
  const match = /^(x-s3::[^:]+(?:::BucketName)?|[^:]+)(?::\/?([^:]*))?$/.exec(String(data));
  const [, bucket = String(data), prefix = ""] = match ?? [];
  return [{ attribute: "access_logs.s3", bucket, prefix: prefix.replace(/\/$/, ""), path }];
}

function fromAttributes(definition: Data, path: Path): readonly LogTarget[] {
  const given = propertiesIn(definition).LoadBalancerAttributes;
  const pairs = asList(given).filter(isMapping);
  const attributeOf = (key: string) =>
    isMapping(given) ? given[key] : pairs.find(({ Key }) => Key === key)?.Value;
  return ["access_logs.s3", "connection_logs.s3"].flatMap((attribute) => {
    const bucket = attributeOf(`${attribute}.bucket`);
    if (typeof bucket !== "string") return [];
    return [{ attribute, bucket, prefix: String(attributeOf(`${attribute}.prefix`) ?? ""), path }];
  });
}
