import { type Bound, form, items, letters, oneOf, range } from "./bound.ts";
import { numberIn } from "./literal.ts";

const manyOf = (size: string): readonly string[] =>
  ["Bytes", "Bits"].map((unit) => (size === "" ? unit : `${size}${unit.toLowerCase()}`));
const eachSecond = (unit: string): readonly string[] => [unit, `${unit}/Second`];

const capacity = {
  ReadCapacityUnits: range(1),
  WriteCapacityUnits: range(1),
};
const indexName = form(/^[\w.-]{3,255}$/, "3 to 255 letters, digits, _, - and .");
const s3Event = form(/^s3:\w+(?::(?:\w+|\*))?$/, "an event of S3, such as s3:ObjectCreated:*");
const domain = form(
  /^(?:\*\.)?(?:(?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9]\.)+(?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9]$/,
  "a name in a domain, such as www.example.com or *.example.com",
);
/** The first is what a certificate is called. */
const isShort: Bound["fits"] = (value) => domain.fits(value) && letters(1, 64).fits(value);
const actions = items(0, 5);
const daily = form(
  /^([01]?\d|2[0-3]):[0-5]\d-([01]?\d|2[0-3]):[0-5]\d$/,
  "two times of day in UTC, such as 03:00-04:00",
);
const weekly = form(
  /^(mon|tue|wed|thu|fri|sat|sun):([01]?\d|2[0-3]):[0-5]\d-(mon|tue|wed|thu|fri|sat|sun):([01]?\d|2[0-3]):[0-5]\d$/i,
  "two times of the week in UTC, such as sun:03:00-sun:04:00",
);
const nodeType = form(/^cache\./, "a class of nodes, such as cache.t4g.micro");
const seconds = oneOf("0", "1", "5", "10", "15", "30", "60");
const insights: Bound = {
  takes: "7, 731, or months of 31 days up to 713",
  fits: (value) => {
    const days = numberIn(value) ?? 7;
    return days === 7 || days === 731 || (days > 0 && days <= 713 && days % 31 === 0);
  },
};
const port = range(1150, 65_535);
const databaseName = form(/^[A-Za-z]\w{0,63}$/, "up to 64 letters, digits and _, a letter first");

const aged = oneOf(
  "AFTER_1_DAY",
  ...[7, 14, 30, 60, 90, 180, 270, 365].map((days) => `AFTER_${days}_DAYS`),
);
const units = oneOf(
  "None",
  "Percent",
  "Seconds",
  "Microseconds",
  "Milliseconds",
  ...["Count", ...["", "Kilo", "Mega", "Giga", "Tera"].flatMap(manyOf)].flatMap(eachSecond),
);
const alias = form(
  /^[a-z0-9_.][a-z0-9_.-]{0,126}$/,
  "up to 127 small letters, digits, _, - and ., and no - first",
);

/** What a load balancer answers by itself, of listeners and rules. */
const answers = {
  "FixedResponseConfig.ContentType": oneOf(
    "application/javascript",
    "application/json",
    "text/css",
    "text/html",
    "text/plain",
  ),
  "FixedResponseConfig.MessageBody": letters(0, 1024),
  "FixedResponseConfig.StatusCode": form(/^[245]\d\d$/, "a status of 2XX, 4XX or 5XX"),
  "RedirectConfig.Path": form(/^(?:\/|#\{).{0,127}$/, "a path, / first"),
  "RedirectConfig.Port": form(
    /^(?:#\{port\}|\d{1,4}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])$/,
    "a port, or #{port}",
  ),
  "RedirectConfig.Protocol": oneOf("#{protocol}", "HTTP", "HTTPS"),
  "RedirectConfig.StatusCode": oneOf("HTTP_301", "HTTP_302"),
};

/** Below `prefix`, as `GlobalSecondaryIndexes[].IndexName`. */
const inside = (
  prefix: string,
  all: Readonly<Record<string, Bound>>,
): Readonly<Record<string, Bound>> =>
  Object.fromEntries(Object.entries(all).map(([key, bound]) => [`${prefix}.${key}`, bound]));

/**
 * What the APIs of the services take, where the registry's schemas say less: type → `A.B[].C` → bound.
 * Quotas that an account may have raised are none of these.
 */
export const bounds: Readonly<Record<string, Readonly<Record<string, Bound>>>> = {
  "AWS::ApplicationAutoScaling::ScalingPolicy": inside("TargetTrackingScalingPolicyConfiguration", {
    ScaleInCooldown: range(0),
    ScaleOutCooldown: range(0),
  }),
  "AWS::CertificateManager::Certificate": {
    DomainName: { ...domain, takes: `${domain.takes}, of 64 characters at most`, fits: isShort },
    "SubjectAlternativeNames[]": domain,
  },
  "AWS::CloudWatch::Alarm": {
    AlarmActions: actions,
    AlarmDescription: letters(0, 1024),
    DatapointsToAlarm: range(1),
    Dimensions: items(0, 30),
    "Dimensions[].Name": letters(1, 255),
    "Dimensions[].Value": letters(1, 1024),
    EvaluateLowSampleCountPercentile: oneOf("evaluate", "ignore"),
    EvaluationPeriods: range(1),
    ExtendedStatistic: form(
      /^(p|tm|tc|ts|wm)\d{1,2}(\.\d+)?$|^p100$|^(TM|TC|TS|WM|PR)\([^)]*\)$|^IQM$/i,
      "a percentile or the like, such as p99 or tm90",
    ),
    InsufficientDataActions: actions,
    MetricName: letters(1, 255),
    "Metrics[].Id": form(/^[a-z]\w{0,254}$/, "letters, digits and _, a small letter first"),
    Namespace: form(/^[^:].{0,254}$/, "up to 255 characters, and no colon first"),
    OKActions: actions,
    Unit: units,
  },
  "AWS::CloudWatch::CompositeAlarm": {
    AlarmActions: actions,
    AlarmDescription: letters(0, 1024),
    AlarmRule: letters(1, 10_240),
    InsufficientDataActions: actions,
    OKActions: actions,
  },
  "AWS::DynamoDB::Table": {
    "AttributeDefinitions[].AttributeName": letters(1, 255),
    LocalSecondaryIndexes: items(0, 5),
    "PointInTimeRecoverySpecification.RecoveryPeriodInDays": range(1, 35),
    ...inside("ProvisionedThroughput", capacity),
    "GlobalSecondaryIndexes[].IndexName": indexName,
    "GlobalSecondaryIndexes[].Projection.NonKeyAttributes": items(1, 20),
    ...inside("GlobalSecondaryIndexes[].ProvisionedThroughput", capacity),
    "LocalSecondaryIndexes[].IndexName": indexName,
    "LocalSecondaryIndexes[].Projection.NonKeyAttributes": items(1, 20),
  },
  "AWS::ECS::Cluster": {
    "ClusterSettings[].Value": oneOf("disabled", "enabled", "enhanced"),
    "DefaultCapacityProviderStrategy[].Base": range(0, 100_000),
    "DefaultCapacityProviderStrategy[].Weight": range(0, 1000),
  },
  "AWS::ECS::Service": inside("ServiceConnectConfiguration.Services[]", {
    ClientAliases: items(0, 1),
    "ClientAliases[].DnsName": alias,
    "ClientAliases[].Port": range(1, 65_535),
    DiscoveryName: form(
      /^[a-z0-9_][a-z0-9_-]{0,63}$/,
      "up to 64 small letters, digits, _ and -, and no - first",
    ),
    IngressPortOverride: range(0, 65_535),
    "Timeout.IdleTimeoutSeconds": range(0, 2_147_483_647),
    "Timeout.PerRequestTimeoutSeconds": range(0, 2_147_483_647),
  }),
  "AWS::EFS::FileSystem": {
    "LifecyclePolicies[].TransitionToArchive": aged,
    "LifecyclePolicies[].TransitionToIA": aged,
    "LifecyclePolicies[].TransitionToPrimaryStorageClass": oneOf("AFTER_1_ACCESS"),
    PerformanceMode: oneOf("generalPurpose", "maxIO"),
    ProvisionedThroughputInMibps: range(1),
    ThroughputMode: oneOf("bursting", "elastic", "provisioned"),
  },
  "AWS::ElastiCache::CacheCluster": {
    AZMode: oneOf("cross-az", "single-az"),
    CacheNodeType: nodeType,
    NumCacheNodes: range(1),
    PreferredMaintenanceWindow: weekly,
    SnapshotRetentionLimit: range(0, 35),
    SnapshotWindow: daily,
  },
  "AWS::ElastiCache::ReplicationGroup": {
    AuthToken: letters(16, 128),
    CacheNodeType: nodeType,
    NumCacheClusters: range(1, 6),
    NumNodeGroups: range(1),
    PreferredMaintenanceWindow: weekly,
    ReplicasPerNodeGroup: range(0, 5),
    SnapshotRetentionLimit: range(0, 35),
    SnapshotWindow: daily,
  },
  "AWS::ElasticLoadBalancingV2::Listener": inside("DefaultActions[]", answers),
  "AWS::ElasticLoadBalancingV2::ListenerRule": inside("Actions[]", answers),
  "AWS::ElasticLoadBalancingV2::TargetGroup": {
    HealthCheckPath: form(/^\/.{0,1023}$/, "a path, / first"),
  },
  "AWS::Events::Rule": {
    Description: letters(0, 512),
    Targets: items(0, 5),
    "Targets[].Input": letters(0, 8192),
    "Targets[].RetryPolicy.MaximumEventAgeInSeconds": range(60, 86_400),
    "Targets[].RetryPolicy.MaximumRetryAttempts": range(0, 185),
  },
  "AWS::IAM::Role": {
    ManagedPolicyArns: items(0, 20),
    "ManagedPolicyArns[]": form(/^arn:|^[^:]*$/, "the ARN of a policy"),
  },
  "AWS::KMS::Key": {
    Description: letters(0, 8192),
    PendingWindowInDays: range(7, 30),
    RotationPeriodInDays: range(90, 2560),
  },
  "AWS::Kinesis::Stream": {
    RetentionPeriodHours: range(24, 8760),
    ShardCount: range(1),
  },
  "AWS::RDS::DBCluster": {
    BackupRetentionPeriod: range(1, 35),
    BacktrackWindow: range(0, 259_200),
    DatabaseName: databaseName,
    MonitoringInterval: seconds,
    PerformanceInsightsRetentionPeriod: insights,
    Port: port,
    PreferredBackupWindow: daily,
    PreferredMaintenanceWindow: weekly,
    "ServerlessV2ScalingConfiguration.MaxCapacity": range(1, 256),
    "ServerlessV2ScalingConfiguration.MinCapacity": range(0, 256),
    "ServerlessV2ScalingConfiguration.SecondsUntilAutoPause": range(300, 86_400),
  },
  "AWS::RDS::DBInstance": {
    BackupRetentionPeriod: range(0, 35),
    DBInstanceClass: form(/^db\./, "a class of databases, such as db.t4g.micro"),
    DBName: databaseName,
    MonitoringInterval: seconds,
    PerformanceInsightsRetentionPeriod: insights,
    Port: port,
    PreferredBackupWindow: daily,
    PreferredMaintenanceWindow: weekly,
    PromotionTier: range(0, 15),
  },
  "AWS::S3::Bucket": {
    "CorsConfiguration.CorsRules": items(1, 100),
    "CorsConfiguration.CorsRules[].AllowedMethods[]": oneOf("DELETE", "GET", "HEAD", "POST", "PUT"),
    "LifecycleConfiguration.Rules": items(1, 1000),
    "LifecycleConfiguration.Rules[].AbortIncompleteMultipartUpload.DaysAfterInitiation": range(1),
    "LifecycleConfiguration.Rules[].ExpirationInDays": range(1),
    "LifecycleConfiguration.Rules[].Id": letters(1, 255),
    "LifecycleConfiguration.Rules[].NoncurrentVersionExpiration.NewerNoncurrentVersions": range(
      1,
      100,
    ),
    "LifecycleConfiguration.Rules[].NoncurrentVersionExpiration.NoncurrentDays": range(1),
    "LifecycleConfiguration.Rules[].NoncurrentVersionExpirationInDays": range(1),
    "NotificationConfiguration.LambdaConfigurations[].Event": s3Event,
    "NotificationConfiguration.QueueConfigurations[].Event": s3Event,
    "NotificationConfiguration.TopicConfigurations[].Event": s3Event,
    "WebsiteConfiguration.IndexDocument": form(/^[^/]+$/, "the name of a file, without /"),
  },
  "AWS::SNS::Topic": {
    DisplayName: letters(0, 100),
    "Subscription[].Protocol": oneOf(
      "application",
      "email",
      "email-json",
      "http",
      "https",
      "lambda",
      "sms",
      "sqs",
    ),
    TracingConfig: oneOf("Active", "PassThrough"),
  },
  "AWS::SQS::Queue": {
    DelaySeconds: range(0, 900),
    KmsDataKeyReusePeriodSeconds: range(60, 86_400),
    MaximumMessageSize: range(1024, 1_048_576),
    MessageRetentionPeriod: range(60, 1_209_600),
    ReceiveMessageWaitTimeSeconds: range(0, 20),
    "RedrivePolicy.maxReceiveCount": range(1, 1000),
    VisibilityTimeout: range(0, 43_200),
  },
  "AWS::SSM::Parameter": {
    AllowedPattern: letters(0, 1024),
    Description: letters(0, 1024),
    Value: form(/./s, "text that is not empty"),
  },
};
