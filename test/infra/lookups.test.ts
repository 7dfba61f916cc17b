import { expect, test } from "vitest";
import { kinds } from "../../src/aws/lookup-kinds.ts";
import { having, listOf, template } from "./template.ts";

/**
 * What Cloud Control needs to describe a type, as the read handlers of the CloudFormation registry
 * say, and to list those that are found by name.
 */
const needed: Readonly<Record<string, readonly string[]>> = {
  "AWS::DynamoDB::Table": [
    "dynamodb:DescribeContinuousBackups",
    "dynamodb:DescribeContributorInsights",
    "dynamodb:DescribeKinesisStreamingDestination",
    "dynamodb:DescribeTable",
    "dynamodb:DescribeTimeToLive",
    "dynamodb:GetResourcePolicy",
    "dynamodb:ListTagsOfResource",
  ],
  "AWS::EC2::Subnet": ["ec2:DescribeNetworkAcls", "ec2:DescribeSubnets"],
  "AWS::EC2::VPC": [
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeVpcEncryptionControls",
    "ec2:DescribeVpcs",
  ],
  "AWS::ECS::Cluster": ["ecs:DescribeClusters"],
  "AWS::ElasticLoadBalancingV2::Listener": [
    "elasticloadbalancing:DescribeListenerAttributes",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeTags",
  ],
  "AWS::ElasticLoadBalancingV2::LoadBalancer": [
    "elasticloadbalancing:DescribeCapacityReservation",
    "elasticloadbalancing:DescribeLoadBalancerAttributes",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeTags",
  ],
  "AWS::Kinesis::Stream": [
    "kinesis:DescribeStreamSummary",
    "kinesis:ListTagsForResource",
    "kinesis:ListTagsForStream",
  ],
  "AWS::KMS::Alias": ["kms:ListAliases"],
  "AWS::KMS::Key": [
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListResourceTags",
  ],
  "AWS::RDS::DBCluster": ["rds:DescribeDBClusters"],
  "AWS::RDS::DBInstance": ["ec2:DescribeSecurityGroups", "rds:DescribeDBInstances"],
  "AWS::Route53::HostedZone": [
    "route53:GetHostedZone",
    "route53:ListHostedZones",
    "route53:ListHostedZonesByName",
    "route53:ListQueryLoggingConfigs",
    "route53:ListTagsForResource",
  ],
  "AWS::S3::Bucket": [
    "s3:GetAccelerateConfiguration",
    "s3:GetAnalyticsConfiguration",
    "s3:GetBucketCORS",
    "s3:GetBucketLogging",
    "s3:GetBucketNotification",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetBucketOwnershipControls",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketTagging",
    "s3:GetBucketVersioning",
    "s3:GetBucketWebsite",
    "s3:GetEncryptionConfiguration",
    "s3:GetIntelligentTieringConfiguration",
    "s3:GetInventoryConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:GetMetricsConfiguration",
    "s3:GetReplicationConfiguration",
    "s3:ListBucket",
  ],
  "AWS::SNS::Topic": [
    "sns:GetDataProtectionPolicy",
    "sns:GetTopicAttributes",
    "sns:ListSubscriptionsByTopic",
    "sns:ListTagsForResource",
  ],
  "AWS::SQS::Queue": ["sqs:GetQueueAttributes", "sqs:ListQueueTags"],
  "AWS::ServiceDiscovery::PrivateDnsNamespace": [
    "servicediscovery:GetNamespace",
    "servicediscovery:ListNamespaces",
    "servicediscovery:ListTagsForResource",
  ],
};

/** What is counted, as the list handlers say: VPCs are among those that are described. */
const counted = ["ec2:DescribeAddresses", "ec2:DescribeNatGateways"];

const described = Object.entries(kinds).filter(([, kind]) => kind.described !== "never");

test("every type that is described has its permissions here, and keys that go by an alias", () => {
  const types = [...described.map(([type]) => type), "AWS::KMS::Alias"];
  expect(Object.keys(needed).sort()).toEqual(types.sort());
});

test("lookups and counts may what they need, and no more", () => {
  const granted = having("Action", template.Resources.LookupPolicy).flatMap(({ Action }) =>
    listOf(Action),
  );
  expect(granted.toSorted()).toEqual(
    [...new Set([...Object.values(needed).flat(), ...counted])].toSorted(),
  );
});

test("nothing that is looked up can read a secret", () => {
  const looking = ["ReadPolicy", "ReconcilePolicy", "LookupPolicy"];
  const granted = looking
    .flatMap((name) => having("Action", template.Resources[name]))
    .flatMap(({ Action }) => listOf(Action));
  expect(granted).toContain("cloudformation:GetResource");
  expect(granted).not.toContain("secretsmanager:GetSecretValue");
});
