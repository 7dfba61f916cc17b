/**
 * What CloudFormation calls to create and delete the types that are compiled, and to know them again
 * in between: facts of the handlers that the CloudFormation registry publishes, service by service.
 */
export const handlers: Readonly<Record<string, string>> = {
  "AWS::ApplicationAutoScaling::ScalableTarget":
    "application-autoscaling: RegisterScalableTarget DescribeScalableTargets DescribeScheduledActions PutScheduledAction DeleteScheduledAction DeregisterScalableTarget; cloudwatch: PutMetricAlarm DeleteAlarms DescribeAlarms; iam: PassRole CreateServiceLinkedRole",
  "AWS::ApplicationAutoScaling::ScalingPolicy":
    "application-autoscaling: PutScalingPolicy DescribeScalingPolicies DeleteScalingPolicy; cloudwatch: PutMetricAlarm DeleteAlarms DescribeAlarms",
  "AWS::CertificateManager::Certificate":
    "acm: RequestCertificate DescribeCertificate AddTagsToCertificate ListTagsForCertificate UpdateCertificateOptions DeleteCertificate RemoveTagsFromCertificate; route53: ChangeResourceRecordSets",
  "AWS::CloudWatch::Alarm":
    "cloudwatch: PutMetricAlarm DescribeAlarms ListTagsForResource TagResource UntagResource DeleteAlarms",
  "AWS::CloudWatch::CompositeAlarm": "cloudwatch: PutCompositeAlarm DescribeAlarms DeleteAlarms",
  "AWS::CloudWatch::Dashboard": "cloudwatch: PutDashboard GetDashboard DeleteDashboards",
  "AWS::Cognito::UserPoolClient":
    "cognito-idp: CreateUserPoolClient DescribeUserPoolClient UpdateUserPoolClient DeleteUserPoolClient",
  "AWS::DynamoDB::Table":
    "dynamodb: CreateTable DescribeTable DescribeTimeToLive DescribeContinuousBackups DescribeContributorInsights DescribeKinesisStreamingDestination UpdateTable UpdateTimeToLive UpdateContinuousBackups UpdateContributorInsights EnableKinesisStreamingDestination DisableKinesisStreamingDestination PutResourcePolicy GetResourcePolicy DeleteResourcePolicy TagResource UntagResource ListTagsOfResource DeleteTable; kinesis: DescribeStream; kms: CreateGrant Decrypt DescribeKey",
  "AWS::EC2::DHCPOptions":
    "ec2: CreateDhcpOptions DescribeDhcpOptions CreateTags DescribeTags DeleteDhcpOptions DeleteTags",
  "AWS::EC2::EIP":
    "ec2: AllocateAddress DescribeAddresses AssociateAddress DisassociateAddress CreateTags ReleaseAddress",
  "AWS::EC2::FlowLog":
    "ec2: CreateFlowLogs DescribeFlowLogs CreateTags DeleteFlowLogs; iam: PassRole; logs: CreateLogDelivery DeleteLogDelivery; s3: GetBucketPolicy PutBucketPolicy",
  "AWS::EC2::InternetGateway":
    "ec2: CreateInternetGateway DescribeInternetGateways CreateTags DeleteInternetGateway",
  "AWS::EC2::NatGateway": "ec2: CreateNatGateway DescribeNatGateways CreateTags DeleteNatGateway",
  "AWS::EC2::Route": "ec2: CreateRoute DescribeRouteTables ReplaceRoute DeleteRoute",
  "AWS::EC2::RouteTable": "ec2: CreateRouteTable DescribeRouteTables CreateTags DeleteRouteTable",
  "AWS::EC2::SecurityGroup":
    "ec2: CreateSecurityGroup DescribeSecurityGroups DescribeSecurityGroupRules AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress CreateTags DeleteSecurityGroup",
  "AWS::EC2::SecurityGroupIngress":
    "ec2: AuthorizeSecurityGroupIngress DescribeSecurityGroupRules ModifySecurityGroupRules UpdateSecurityGroupRuleDescriptionsIngress RevokeSecurityGroupIngress",
  "AWS::EC2::Subnet":
    "ec2: CreateSubnet DescribeSubnets DescribeNetworkAcls ModifySubnetAttribute CreateTags DeleteSubnet",
  "AWS::EC2::SubnetRouteTableAssociation":
    "ec2: AssociateRouteTable DescribeRouteTables DisassociateRouteTable",
  "AWS::EC2::VPC":
    "ec2: CreateVpc DescribeVpcs DescribeVpcAttribute DescribeVpcEncryptionControls DescribeNetworkAcls DescribeSecurityGroups ModifyVpcAttribute ModifyVpcTenancy CreateTags DeleteVpc",
  "AWS::EC2::VPCDHCPOptionsAssociation": "ec2: AssociateDhcpOptions DescribeVpcs",
  "AWS::EC2::VPCEndpoint":
    "ec2: CreateVpcEndpoint DescribeVpcEndpoints ModifyVpcEndpoint CreateTags DeleteVpcEndpoints; route53: AssociateVPCWithHostedZone",
  "AWS::EC2::VPCGatewayAttachment":
    "ec2: AttachInternetGateway DescribeInternetGateways DescribeVpnGateways DetachInternetGateway",
  "AWS::ECS::Cluster":
    "ecs: CreateCluster DescribeClusters PutClusterCapacityProviders UpdateCluster UpdateClusterSettings TagResource UntagResource DeleteCluster; iam: CreateServiceLinkedRole; kms: DescribeKey",
  "AWS::ECS::Service":
    "ecs: CreateService DescribeServices DescribeServiceDeployments DescribeServiceRevisions ListServiceDeployments UpdateService TagResource UntagResource DeleteService; ec2: DescribeNetworkInterfaces; iam: PassRole CreateServiceLinkedRole",
  "AWS::ECS::TaskDefinition":
    "ecs: RegisterTaskDefinition DescribeTaskDefinition TagResource UntagResource DeregisterTaskDefinition; iam: PassRole GetRole",
  "AWS::EFS::AccessPoint":
    "elasticfilesystem: CreateAccessPoint DescribeAccessPoints TagResource UntagResource DeleteAccessPoint",
  "AWS::EFS::FileSystem":
    "elasticfilesystem: CreateFileSystem DescribeFileSystems DescribeBackupPolicy DescribeFileSystemPolicy DescribeLifecycleConfiguration DescribeReplicationConfigurations PutBackupPolicy PutFileSystemPolicy PutLifecycleConfiguration CreateReplicationConfiguration DeleteReplicationConfiguration UpdateFileSystem UpdateFileSystemProtection TagResource UntagResource DeleteFileSystem; iam: CreateServiceLinkedRole; kms: DescribeKey GenerateDataKeyWithoutPlaintext CreateGrant",
  "AWS::EFS::MountTarget":
    "elasticfilesystem: CreateMountTarget DescribeMountTargets DescribeMountTargetSecurityGroups ModifyMountTargetSecurityGroups DeleteMountTarget; ec2: CreateNetworkInterface DescribeNetworkInterfaces DescribeSubnets ModifyNetworkInterfaceAttribute DeleteNetworkInterface",
  "AWS::ElastiCache::CacheCluster":
    "elasticache: CreateCacheCluster DescribeCacheClusters ModifyCacheCluster ListTagsForResource AddTagsToResource RemoveTagsFromResource CreateSnapshot DeleteCacheCluster; iam: CreateServiceLinkedRole; logs: CreateLogDelivery",
  "AWS::ElastiCache::ParameterGroup":
    "elasticache: CreateCacheParameterGroup DescribeCacheParameterGroups DescribeCacheParameters DescribeEngineDefaultParameters ModifyCacheParameterGroup AddTagsToResource DeleteCacheParameterGroup",
  "AWS::ElastiCache::ReplicationGroup":
    "elasticache: CreateReplicationGroup DescribeReplicationGroups ModifyReplicationGroup ModifyReplicationGroupShardConfiguration ListTagsForResource AddTagsToResource RemoveTagsFromResource CreateCacheCluster DeleteCacheCluster DescribeCacheClusters CreateSnapshot DeleteReplicationGroup; logs: CreateLogDelivery UpdateLogDelivery DeleteLogDelivery GetLogDelivery ListLogDeliveries; iam: CreateServiceLinkedRole; kms: Decrypt Encrypt GenerateDataKey CreateGrant DescribeKey",
  "AWS::ElastiCache::SubnetGroup":
    "elasticache: CreateCacheSubnetGroup DescribeCacheSubnetGroups ModifyCacheSubnetGroup ListTagsForResource AddTagsToResource DeleteCacheSubnetGroup",
  "AWS::ElasticLoadBalancingV2::Listener":
    "elasticloadbalancing: CreateListener DescribeListeners DescribeListenerAttributes ModifyListener ModifyListenerAttributes AddTags DescribeTags RemoveTags DeleteListener; cognito-idp: DescribeUserPoolClient",
  "AWS::ElasticLoadBalancingV2::ListenerCertificate":
    "elasticloadbalancing: AddListenerCertificates DescribeListenerCertificates RemoveListenerCertificates",
  "AWS::ElasticLoadBalancingV2::ListenerRule":
    "elasticloadbalancing: CreateRule DescribeRules ModifyRule SetRulePriorities AddTags DescribeTags RemoveTags DeleteRule; cognito-idp: DescribeUserPoolClient",
  "AWS::ElasticLoadBalancingV2::LoadBalancer":
    "elasticloadbalancing: CreateLoadBalancer DescribeLoadBalancers DescribeLoadBalancerAttributes DescribeCapacityReservation ModifyLoadBalancerAttributes SetIpAddressType SetSecurityGroups SetSubnets AddTags DescribeTags RemoveTags DeleteLoadBalancer; ec2: DescribeSecurityGroups DescribeSubnets; iam: CreateServiceLinkedRole",
  "AWS::ElasticLoadBalancingV2::TargetGroup":
    "elasticloadbalancing: CreateTargetGroup DescribeTargetGroups DescribeTargetGroupAttributes DescribeTargetHealth ModifyTargetGroup ModifyTargetGroupAttributes AddTags DescribeTags RemoveTags DeleteTargetGroup; iam: CreateServiceLinkedRole",
  "AWS::Events::Rule":
    "events: PutRule DescribeRule PutTargets ListTargetsByRule RemoveTargets EnableRule DisableRule TagResource UntagResource DeleteRule; iam: PassRole",
  "AWS::IAM::Policy": "iam: PutRolePolicy GetRolePolicy DeleteRolePolicy",
  "AWS::IAM::Role":
    "iam: CreateRole GetRole GetRolePolicy ListRolePolicies ListAttachedRolePolicies ListRoleTags PutRolePolicy DeleteRolePolicy AttachRolePolicy DetachRolePolicy PutRolePermissionsBoundary DeleteRolePermissionsBoundary UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy TagRole UntagRole DeleteRole",
  "AWS::KMS::Alias": "kms: CreateAlias ListAliases UpdateAlias DeleteAlias",
  "AWS::KMS::Key":
    "kms: CreateKey DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags EnableKey DisableKey EnableKeyRotation DisableKeyRotation PutKeyPolicy UpdateKeyDescription TagResource UntagResource ScheduleKeyDeletion",
  "AWS::Kinesis::Stream":
    "kinesis: CreateStream DescribeStreamSummary ListTagsForStream ListTagsForResource EnableEnhancedMonitoring DisableEnhancedMonitoring IncreaseStreamRetentionPeriod DecreaseStreamRetentionPeriod StartStreamEncryption StopStreamEncryption UpdateShardCount UpdateStreamMode UpdateMaxRecordSize UpdateStreamWarmThroughput AddTagsToStream RemoveTagsFromStream TagResource UntagResource DeleteStream",
  "AWS::Logs::LogGroup":
    "logs: CreateLogGroup DescribeLogGroups ListTagsForResource GetDataProtectionPolicy PutDataProtectionPolicy DeleteDataProtectionPolicy PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey DisassociateKmsKey TagResource UntagResource DeleteLogGroup",
  "AWS::RDS::DBCluster":
    "rds: CreateDBCluster DescribeDBClusters DescribeDBClusterSnapshots DescribeDBSnapshots DescribeDBSubnetGroups DescribeEvents DescribeGlobalClusters ModifyDBCluster AddRoleToDBCluster RemoveRoleFromDBCluster EnableHttpEndpoint DisableHttpEndpoint RestoreDBClusterFromSnapshot RestoreDBClusterToPointInTime AddTagsToResource RemoveTagsFromResource CreateDBClusterSnapshot RemoveFromGlobalCluster DeleteDBCluster DeleteDBInstance; iam: PassRole CreateServiceLinkedRole; secretsmanager: CreateSecret TagResource",
  "AWS::RDS::DBClusterParameterGroup":
    "rds: CreateDBClusterParameterGroup DescribeDBClusterParameterGroups DescribeDBClusterParameters DescribeDBClusters DescribeEngineDefaultClusterParameters ModifyDBClusterParameterGroup ResetDBClusterParameterGroup ListTagsForResource AddTagsToResource RemoveTagsFromResource DeleteDBClusterParameterGroup; iam: CreateServiceLinkedRole",
  "AWS::RDS::DBInstance":
    "rds: CreateDBInstance DescribeDBInstances DescribeDBClusters DescribeDBClusterSnapshots DescribeDBInstanceAutomatedBackups DescribeDBSnapshots DescribeDBEngineVersions DescribeDBParameterGroups DescribeEvents CreateDBInstanceReadReplica PromoteReadReplica ModifyDBInstance RebootDBInstance AddRoleToDBInstance RemoveRoleFromDBInstance RestoreDBInstanceFromDBSnapshot RestoreDBInstanceToPointInTime StartDBInstanceAutomatedBackupsReplication StopDBInstanceAutomatedBackupsReplication AddTagsToResource RemoveTagsFromResource CreateDBSnapshot DeleteDBInstance; ec2: DescribeAccountAttributes DescribeAvailabilityZones DescribeInternetGateways DescribeSecurityGroups DescribeSubnets DescribeVpcAttribute DescribeVpcs; iam: GetRole PassRole CreateServiceLinkedRole; kms: CreateGrant DescribeKey; secretsmanager: CreateSecret TagResource",
  "AWS::RDS::DBParameterGroup":
    "rds: CreateDBParameterGroup DescribeDBParameterGroups DescribeDBParameters DescribeEngineDefaultParameters ModifyDBParameterGroup ResetDBParameterGroup ListTagsForResource AddTagsToResource RemoveTagsFromResource DeleteDBParameterGroup",
  "AWS::RDS::DBSubnetGroup":
    "rds: CreateDBSubnetGroup DescribeDBSubnetGroups ModifyDBSubnetGroup ListTagsForResource AddTagsToResource RemoveTagsFromResource DeleteDBSubnetGroup",
  "AWS::Route53::HostedZone":
    "route53: CreateHostedZone GetHostedZone GetChange ListTagsForResource ListQueryLoggingConfigs CreateQueryLoggingConfig DeleteQueryLoggingConfig ChangeTagsForResource UpdateHostedZoneComment AssociateVPCWithHostedZone DisassociateVPCFromHostedZone DeleteHostedZone; ec2: DescribeVpcs",
  "AWS::Route53::RecordSet":
    "route53: ChangeResourceRecordSets GetChange GetHostedZone ListHostedZones ListResourceRecordSets",
  "AWS::S3::Bucket":
    "s3: CreateBucket ListBucket GetBucketAcl GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketCORS GetBucketLogging GetBucketNotification GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPublicAccessBlock GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration GetIntelligentTieringConfiguration GetInventoryConfiguration GetLifecycleConfiguration GetMetricsConfiguration GetReplicationConfiguration PutAccelerateConfiguration PutAnalyticsConfiguration PutBucketAcl PutBucketCORS PutBucketLogging PutBucketNotification PutBucketObjectLockConfiguration PutBucketOwnershipControls PutBucketPublicAccessBlock PutBucketTagging PutBucketVersioning PutBucketWebsite PutEncryptionConfiguration PutIntelligentTieringConfiguration PutInventoryConfiguration PutLifecycleConfiguration PutMetricsConfiguration PutReplicationConfiguration DeleteBucketWebsite DeleteBucket; iam: PassRole",
  "AWS::S3::BucketPolicy": "s3: PutBucketPolicy GetBucketPolicy DeleteBucketPolicy",
  "AWS::SNS::Topic":
    "sns: CreateTopic GetTopicAttributes SetTopicAttributes Subscribe Unsubscribe ListSubscriptionsByTopic GetDataProtectionPolicy PutDataProtectionPolicy ListTagsForResource TagResource UntagResource DeleteTopic; iam: GetRole PassRole",
  "AWS::SNS::TopicPolicy": "sns: SetTopicAttributes",
  "AWS::SQS::Queue":
    "sqs: CreateQueue GetQueueUrl GetQueueAttributes SetQueueAttributes ListQueueTags TagQueue UntagQueue DeleteQueue",
  "AWS::SQS::QueuePolicy": "sqs: SetQueueAttributes GetQueueAttributes",
  "AWS::SSM::Parameter":
    "ssm: PutParameter GetParameters AddTagsToResource RemoveTagsFromResource DeleteParameter",
  "AWS::SecretsManager::Secret":
    "secretsmanager: CreateSecret DescribeSecret GetSecretValue GetRandomPassword UpdateSecret ReplicateSecretToRegions RemoveRegionsFromReplication TagResource UntagResource DeleteSecret",
  "AWS::SecretsManager::SecretTargetAttachment":
    "secretsmanager: GetSecretValue PutSecretValue; rds: DescribeDBInstances DescribeDBClusters",
  "AWS::ServiceDiscovery::Instance":
    "servicediscovery: RegisterInstance GetInstance GetOperation DeregisterInstance; route53: ChangeResourceRecordSets",
  "AWS::ServiceDiscovery::PrivateDnsNamespace":
    "servicediscovery: CreatePrivateDnsNamespace GetNamespace GetOperation UpdatePrivateDnsNamespace ListTagsForResource TagResource UntagResource DeleteNamespace; route53: CreateHostedZone GetHostedZone ListHostedZonesByName ChangeResourceRecordSets DeleteHostedZone; ec2: DescribeVpcs DescribeRegions",
  "AWS::ServiceDiscovery::Service":
    "servicediscovery: CreateService GetService ListServices GetServiceAttributes UpdateServiceAttributes DeleteServiceAttributes UpdateService ListTagsForResource TagResource UntagResource DeleteService",
};
