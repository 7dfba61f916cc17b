import { acm } from "./acm.ts";
import { alarms } from "./alarms.ts";
import { cloudmap } from "./cloudmap.ts";
import { dashboards } from "./dashboards.ts";
import { dynamodb } from "./dynamodb.ts";
import { elasticache } from "./elasticache.ts";
import { elbv2 } from "./elbv2/elbv2.ts";
import { events } from "./events.ts";
import { kinesis } from "./kinesis.ts";
import { kms } from "./kms.ts";
import { rds } from "./rds/rds.ts";
import { resources } from "./resources.ts";
import { route53 } from "./route53.ts";
import { s3 } from "./s3.ts";
import { sns } from "./sns.ts";
import { sqs } from "./sqs.ts";
import { ssmParameter } from "./ssm-parameter.ts";
import type { TopLevelKey } from "./top-level-key.ts";

/** Made where they are first needed, or read beside services. */
const elsewhere = (key: `x-${string}`, compile: TopLevelKey["compile"] = () => undefined) => ({
  key,
  compile,
});

/** Every `x-` key at the top of a compose file, in the order in which it is compiled. */
export const topLevelKeys: readonly TopLevelKey[] = [
  elsewhere("x-vpc", (_data, scope) => scope.network()),
  elsewhere("x-cluster", (_data, scope) => scope.cluster()),
  elsewhere("x-aws-cluster"),
  elsewhere("x-tags"),
  elsewhere("x-xray"),
  elsewhere("x-image-policies"),
  cloudmap,
  route53,
  resources(acm),
  resources(kms),
  resources(sqs),
  resources(sns),
  resources(s3),
  resources(dynamodb),
  resources(rds),
  resources(elasticache),
  resources(kinesis),
  resources(ssmParameter),
  elbv2,
  events,
  alarms,
  dashboards,
];

/** What ECS ComposeX itself passes over, and why there is nothing to be made of it. */
export const gone: Readonly<Record<string, string>> = {
  "x-appmesh": "AWS App Mesh has ended: x-network.x-ecs_connect puts services into a mesh of ECS",
  "x-configs":
    "what it said is said by x-iam, x-network, x-scaling, x-logging and x-xray of services",
  "x-dns": "what it said is said by x-route53 and x-cloudmap",
};

/** What to do where a kind of resource is not made here. */
export const elsewhereFirst =
  "Make it in a stack of its own, and tell services of it by environment and x-iam.";

/** Known to ECS ComposeX and not built yet, each with what to do meanwhile. */
export const later: Readonly<Record<string, string>> = {
  "x-aps": elsewhereFirst,
  "x-codeguru_profiler": elsewhereFirst,
  "x-cognito_userpool": "Name the pool by its ARN in AuthenticateCognitoConfig.UserPoolArn.",
  "x-docdb": elsewhereFirst,
  "x-efs": "A file system belongs to a volume: write volumes.NAME.x-efs.",
  "x-kinesis_firehose": elsewhereFirst,
  "x-neptune": elsewhereFirst,
  "x-opensearch": elsewhereFirst,
  "x-wafv2_webacl": "Make it in a stack of its own, and associate it with the load balancer there.",
};
