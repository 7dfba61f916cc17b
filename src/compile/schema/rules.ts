import type { Properties } from "../../model/template.ts";
import type { Breach, Rule } from "./literal.ts";
import { alarmRules } from "./rules/alarms.ts";
import { bucketRules } from "./rules/buckets.ts";
import { cacheClusterRules, replicationGroupRules } from "./rules/caches.ts";
import { clusterRules, instanceRules } from "./rules/databases.ts";
import { capacityRules } from "./rules/ecs-clusters.ts";
import { eventRules } from "./rules/events.ts";
import { fileSystemRules } from "./rules/file-systems.ts";
import { keyRules } from "./rules/keys.ts";
import { listenerRules, ruleRules, targetGroupRules } from "./rules/listeners.ts";
import { meshRules } from "./rules/meshes.ts";
import { queueRules, streamRules, topicRules } from "./rules/messages.ts";
import { tableRules } from "./rules/tables.ts";

/** What the services say of several properties of one resource together, by its type. */
const rules: Readonly<Record<string, readonly Rule[]>> = {
  "AWS::CloudWatch::Alarm": alarmRules,
  "AWS::DynamoDB::Table": tableRules,
  "AWS::ECS::Cluster": capacityRules,
  "AWS::ECS::Service": meshRules,
  "AWS::EFS::FileSystem": fileSystemRules,
  "AWS::ElastiCache::CacheCluster": cacheClusterRules,
  "AWS::ElastiCache::ReplicationGroup": replicationGroupRules,
  "AWS::ElasticLoadBalancingV2::Listener": listenerRules,
  "AWS::ElasticLoadBalancingV2::ListenerRule": ruleRules,
  "AWS::ElasticLoadBalancingV2::TargetGroup": targetGroupRules,
  "AWS::Events::Rule": eventRules,
  "AWS::KMS::Key": keyRules,
  "AWS::Kinesis::Stream": streamRules,
  "AWS::RDS::DBCluster": clusterRules,
  "AWS::RDS::DBInstance": instanceRules,
  "AWS::S3::Bucket": bucketRules,
  "AWS::SNS::Topic": topicRules,
  "AWS::SQS::Queue": queueRules,
};

/** What a service would refuse of these properties, each of which is well by itself. */
export const brokenRules = (type: string, properties: Properties): readonly Breach[] =>
  (Object.hasOwn(rules, type) ? (rules[type] ?? []) : []).flatMap((rule) => rule(properties));
