import type { Context } from "../world.ts";

/** How long CloudFormation takes for its own steps, in milliseconds at tempo 1. */
export const pace = {
  changeSetBegins: 500,
  changeSetComputes: 4000,
  driftDetects: 20_000,
  operationBegins: 1000,
  phaseEnds: 2000,
} as const;

/** A duration at the world's tempo, up to a fifth longer. */
export const lasting = (milliseconds: number, { world }: Context): number =>
  milliseconds * world.tempo * (1 + world.chance() / 5);

/** How long a resource of a type takes to make, change or delete. */
export const durationOf = (type: string, context: Context): number =>
  lasting((seconds[type] ?? 8) * 1000, context);

const seconds: Readonly<Record<string, number>> = {
  "AWS::DynamoDB::Table": 30,
  "AWS::EC2::InternetGateway": 16,
  "AWS::EC2::NatGateway": 100,
  "AWS::EC2::VPC": 12,
  "AWS::ECS::Cluster": 12,
  "AWS::ECS::TaskDefinition": 2,
  "AWS::EFS::MountTarget": 90,
  "AWS::ElastiCache::CacheCluster": 360,
  "AWS::ElastiCache::ReplicationGroup": 600,
  "AWS::ElasticLoadBalancingV2::LoadBalancer": 120,
  "AWS::IAM::Role": 18,
  "AWS::RDS::DBCluster": 300,
  "AWS::RDS::DBInstance": 480,
  "AWS::SQS::Queue": 65,
  "AWS::SSM::Parameter": 2,
  "AWS::ServiceDiscovery::PrivateDnsNamespace": 45,
};
