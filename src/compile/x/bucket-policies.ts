import { join, type Properties, pseudo, type Value } from "../../model/template.ts";
import { pascal } from "../ids.ts";
import { isMapping } from "../read.ts";
import { extension, type Scope } from "../scope.ts";
import { logTargets, ownBucket } from "./elbv2/access-logs.ts";

export const bucketPolicyId = (bucket: string): string => `${pascal(bucket)}BucketPolicy`;

/** What lets the application's load balancers write their logs into one of its buckets. */
export function allowLogs(bucket: string, arn: Value, { project }: Scope): readonly Properties[] {
  const balancers = extension(project, "x-elbv2");
  if (!isMapping(balancers)) return [];
  const statements = Object.entries(balancers).flatMap(([name, definition]) => {
    const properties = isMapping(definition) ? definition.Properties : undefined;
    const isNetwork = isMapping(properties) && properties.Type === "network";
    return logTargets(definition, ["x-elbv2", name])
      .filter((target) => ownBucket(target.bucket) === bucket)
      .flatMap(({ prefix }) => (isNetwork ? ofNetwork(arn, prefix) : ofApplication(arn, prefix)));
  });
  // Two balancers under one prefix need one statement.
  return [...new Map(statements.map((one) => [JSON.stringify(one), one])).values()];
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
