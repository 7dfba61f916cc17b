import { distinct } from "../../model/same.ts";
import { join, type Properties, pseudo, type Value } from "../../model/template.ts";
import { pascal } from "../ids.ts";
import { asMapping, isMapping } from "../read.ts";
import { definitionOf, definitionsOf, propertiesIn, type Scope } from "../scope.ts";
import { isEncryptedByKms, logTargets, ownBucket, withoutKms } from "./elbv2/access-logs.ts";
import { type Delivery, statementsFor } from "./s3-deliveries.ts";
import type { Definition } from "./x-resource.ts";

export const bucketPolicyId = (bucket: string): string => `${pascal(bucket)}BucketPolicy`;

/** What lets the application's load balancers and buckets write their logs into one of its buckets. */
export const allowLogs = (bucket: string, arn: Value, scope: Scope): readonly Properties[] => [
  ...ofBalancers(bucket, arn, scope),
  ...ofBuckets(bucket, arn, scope),
];

/** S3 says who came to a bucket in another, or in itself (docs: "Permissions for log delivery"). */
function ofBuckets(bucket: string, arn: Value, scope: Scope): readonly Properties[] {
  return accessLogs(scope)
    .filter((log) => log.into === bucket)
    .flatMap((log) => statementsFor(log, arn, byLogging, scope));
}

const byLogging = { service: "logging.s3.amazonaws.com", more: {} };

/** Says of a bucket that is logged into another one why nothing would come there. */
export function checkLogging({ name }: Definition, scope: Scope): void {
  for (const { of, into, path } of accessLogs(scope)) {
    const target = definitionOf("x-s3", into, scope);
    if (of !== name || !isMapping(target)) continue;
    if (target.Lookup !== undefined) {
      const message = `nothing lets S3 write logs into ${into}, which is looked up and stays as it is`;
      const help = "The bucket's own policy has to let logging.s3.amazonaws.com s3:PutObject.";
      scope.report.warn({ code: "by-hand", path, message, help });
    } else if (isEncryptedByKms(target)) {
      const message = `${into} is encrypted with KMS, where S3 writes no access logs`;
      scope.report.warn({ code: "no-effect", path, message, help: withoutKms });
    }
  }
}

/** `LoggingConfiguration` of the buckets that the file makes. */
function accessLogs(scope: Scope): readonly Delivery[] {
  return Object.entries(definitionsOf("x-s3", scope)).flatMap(([of, definition]) => {
    const logging = propertiesIn(definition).LoggingConfiguration;
    if (asMapping(definition).Lookup !== undefined || !isMapping(logging)) return [];
    const { DestinationBucketName: name, LogFilePrefix: prefix } = logging;
    const into = name === undefined ? of : ownBucket(String(name));
    const path = ["x-s3", of, "Properties", "LoggingConfiguration"];
    return into === undefined ? [] : [{ of, into, prefix: String(prefix ?? ""), path }];
  });
}

function ofBalancers(bucket: string, arn: Value, scope: Scope): readonly Properties[] {
  const balancers = definitionsOf("x-elbv2", scope);
  const statements = Object.entries(balancers).flatMap(([name, definition]) => {
    const isNetwork = propertiesIn(definition).Type === "network";
    return logTargets(definition, ["x-elbv2", name])
      .filter((target) => ownBucket(target.bucket) === bucket)
      .flatMap(({ prefix }) => (isNetwork ? ofNetwork(arn, prefix) : ofApplication(arn, prefix)));
  });
  // Two balancers under one prefix need one statement.
  return distinct(statements);
}

const logsUnder = (arn: Value, prefix: string): Value =>
  join([arn, `/${prefix === "" ? "" : `${prefix}/`}AWSLogs/`, pseudo.account, "/*"]);

/** The account in the path is the load balancer's, so nobody else's logs can come here. */
const ofApplication = (arn: Value, prefix: string): readonly Properties[] => [
  {
    Effect: "Allow",
    Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: logsUnder(arn, prefix),
  },
];

function ofNetwork(arn: Value, prefix: string): readonly Properties[] {
  const Principal = { Service: "delivery.logs.amazonaws.com" };
  const logs = join(["arn:", pseudo.partition, ":logs:", pseudo.region, ":", pseudo.account, ":*"]);
  const account = { "aws:SourceAccount": pseudo.account };
  const ArnLike = { "aws:SourceArn": logs };
  const acl = { "s3:x-amz-acl": "bucket-owner-full-control" };
  return [
    {
      Effect: "Allow",
      Principal,
      Action: "s3:GetBucketAcl",
      Resource: arn,
      Condition: { StringEquals: account, ArnLike },
    },
    {
      Effect: "Allow",
      Principal,
      Action: "s3:PutObject",
      Resource: logsUnder(arn, prefix),
      Condition: { StringEquals: { ...account, ...acl }, ArnLike },
    },
  ];
}
