import { expect, test } from "vitest";
import { graphOf, only, saidOf } from "./from-text.ts";

// What the services themselves refuse of properties, though the registry's schemas take them.

const web = 'services: { web: { image: "web:1", ports: ["80:80"] } }\n';
const vpc = "x-vpc: { Properties: { SingleNat: true } }\n";

/** One resource of a kind, with these properties. */
const one = (kind: string, properties: string, rest = ""): string =>
  `${web}${vpc}${kind}: { it: { ${rest} Properties: { ${properties} } } }\n`;

const errorsIn = (text: string): readonly string[] =>
  saidOf(text, { lookups: "placeholder" })
    .filter((line) => line.startsWith("error"))
    .map((line) =>
      line.replace(/^error out-of-bounds [\w-]+\.(?:it\.|web\.)?(?:Properties\.)?/, ""),
    );

const table = (properties: string): string =>
  one(
    "x-dynamodb",
    `AttributeDefinitions: [{ AttributeName: k, AttributeType: S }], KeySchema: [{ AttributeName: k, KeyType: HASH }], ${properties}`,
  );
const index = (schema: string, more = "Projection: { ProjectionType: ALL }", name = "byK") =>
  `[{ IndexName: ${name}, KeySchema: [${schema}], ${more} }]`;
const hash = "{ AttributeName: k, KeyType: HASH }";
const alarm = (properties: string): string =>
  one("x-alarms", `ComparisonOperator: GreaterThanThreshold, ${properties}`);
const metric =
  "Namespace: n, MetricName: m, Threshold: 1, EvaluationPeriods: 1, Period: 60, Statistic: Sum";
const mysql = (properties: string, engine = 'mysql, EngineVersion: "8.0.36"'): string =>
  one("x-rds", properties, `MacroParameters: { Engine: ${engine} },`);
const aurora = (properties: string): string =>
  mysql(properties, 'aurora-postgresql, EngineVersion: "16.4"');
const lifecycle = (rule: string): string =>
  one("x-s3", `LifecycleConfiguration: { Rules: [{ Status: Enabled, ${rule} }] }`);
const redis = (properties: string): string =>
  one("x-elasticache", `Engine: redis, ReplicationGroupDescription: it, ${properties}`);
const volume = (properties: string): string =>
  `services: { web: { image: "web:1", deploy: { update_config: { order: stop-first } }, volumes: ["it:/it"] } }\n${vpc}volumes: { it: { x-efs: { Properties: { ${properties} } } } }\n`;
const event = (properties: string): string => one("x-events", properties, "Services: { web: {} },");
const balanced = (
  given: Partial<Record<"actions" | "conditions" | "service" | "type", string>>,
): string => {
  const protocol = given.type === "network" ? "TCP" : "HTTP";
  const target = `Targets: [{ name: "web:web:80", ${given.conditions ?? ""} }]`;
  return `${web}${vpc}x-elbv2:
  it:
    Properties: { Scheme: internal, Type: ${given.type ?? "application"} }
    Listeners: [{ Port: 80, Protocol: ${protocol}, ${given.actions ?? target} }]
${given.actions ? "" : `    Services: { "web:web:80": { port: 80, protocol: ${protocol}, ${given.service ?? ""} } }`}
`;
};
const mesh = (service: string): string =>
  `services: { web: { image: "web:1", ports: [{ target: 80, name: http }, { target: 81, name: admin }], x-network: { x-ecs_connect: { Properties: { Namespace: a.internal, Services: [{ PortName: http, ${service} }] } } } } }\n${vpc}`;

const refused = [
  [one("x-sqs", "DelaySeconds: 901"), "DelaySeconds"],
  [one("x-sqs", 'MaximumMessageSize: "100"'), "MaximumMessageSize"],
  [one("x-sqs", "MessageRetentionPeriod: 10"), "MessageRetentionPeriod"],
  [one("x-sqs", "ReceiveMessageWaitTimeSeconds: 21"), "ReceiveMessageWaitTimeSeconds"],
  [one("x-sqs", "VisibilityTimeout: 43201"), "VisibilityTimeout"],
  [one("x-sqs", "ContentBasedDeduplication: true"), "ContentBasedDeduplication"],
  [one("x-sqs", "FifoQueue: true, FifoThroughputLimit: perMessageGroupId"), "FifoThroughputLimit"],
  [one("x-sqs", "SqsManagedSseEnabled: true, KmsMasterKeyId: alias/a"), "SqsManagedSseEnabled"],
  [one("x-sqs", "RedriveAllowPolicy: { redrivePermission: byQueue }"), "RedriveAllowPolicy"],
  [one("x-sns", "TracingConfig: all"), "TracingConfig"],
  [one("x-sns", "Subscription: [{ Protocol: mail, Endpoint: a@b.c }]"), "Subscription[0].Protocol"],
  [one("x-sns", "Subscription: [{ Protocol: email, Endpoint: a }]"), "Subscription[0].Endpoint"],
  [one("x-sns", "ContentBasedDeduplication: true"), "ContentBasedDeduplication"],
  [one("x-kinesis", "RetentionPeriodHours: 12"), "RetentionPeriodHours"],
  [one("x-kinesis", "ShardCount: 1, StreamModeDetails: { StreamMode: ON_DEMAND }"), "ShardCount"],
  [one("x-kms", "PendingWindowInDays: 3"), "PendingWindowInDays"],
  [one("x-kms", "KeyUsage: SIGN_VERIFY"), "KeyUsage"],
  [one("x-kms", "KeySpec: ECC_NIST_P256"), "KeySpec"],
  [one("x-kms", "KeySpec: RSA_2048, EnableKeyRotation: true"), "EnableKeyRotation"],
  [one("x-ssm_parameter", 'Value: ""'), "Value"],
  [
    `${web}${vpc}x-acm: { it: { Properties: { DomainName: "*.*.example.com", ValidationMethod: EMAIL } } }\n`,
    "DomainName",
  ],
  [
    one(
      "x-s3",
      "NotificationConfiguration: { QueueConfigurations: [{ Event: ObjectCreated, Queue: 'arn:aws:sqs:eu-west-1:1:q' }] }",
    ),
    "NotificationConfiguration.QueueConfigurations[0].Event",
  ],
  [
    one(
      "x-s3",
      "NotificationConfiguration: { QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: 'arn:aws:sqs:eu-west-1:1:q' }, { Event: 's3:ObjectCreated:Put', Queue: 'arn:aws:sqs:eu-west-1:1:p' }] }",
    ),
    "NotificationConfiguration.QueueConfigurations[1]",
  ],
  [one("x-s3", "AccessControl: PublicRead"), "AccessControl"],
  [
    one(
      "x-sns",
      "Subscription: [{ Protocol: firehose, Endpoint: 'arn:aws:firehose:eu-west-1:1:deliverystream/a' }]",
    ),
    "Subscription[0].Protocol",
  ],
  [
    table(`GlobalSecondaryIndexes: ${index("{ AttributeName: z, KeyType: HASH }")}`),
    "GlobalSecondaryIndexes[0].KeySchema[0].AttributeName",
  ],
  [table("TimeToLiveSpecification: { Enabled: true }"), "TimeToLiveSpecification"],
  [table("BillingMode: PROVISIONED"), "BillingMode"],
  [
    table(
      "BillingMode: PAY_PER_REQUEST, ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 }",
    ),
    "ProvisionedThroughput",
  ],
  [
    table("ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 1 }"),
    "ProvisionedThroughput.ReadCapacityUnits",
  ],
  [
    table(`GlobalSecondaryIndexes: ${index(hash, "Projection: { ProjectionType: INCLUDE }")}`),
    "GlobalSecondaryIndexes[0].Projection",
  ],
  [
    table(`GlobalSecondaryIndexes: ${index(hash, "Projection: { ProjectionType: ALL }", "ix")}`),
    "GlobalSecondaryIndexes[0].IndexName",
  ],
  [table(`LocalSecondaryIndexes: ${index(hash)}`), "LocalSecondaryIndexes[0].KeySchema"],
  [
    one(
      "x-dynamodb",
      "AttributeDefinitions: [{ AttributeName: k, AttributeType: S }, { AttributeName: z, AttributeType: S }], KeySchema: [{ AttributeName: k, KeyType: HASH }]",
    ),
    "AttributeDefinitions[1]",
  ],
  [
    one(
      "x-dynamodb",
      "AttributeDefinitions: [{ AttributeName: k, AttributeType: S }], KeySchema: [{ AttributeName: k, KeyType: RANGE }]",
    ),
    "KeySchema",
  ],
  [lifecycle("Id: a"), "LifecycleConfiguration.Rules[0]"],
  [lifecycle("ExpirationInDays: 0"), "LifecycleConfiguration.Rules[0].ExpirationInDays"],
  [
    lifecycle("Transitions: [{ StorageClass: STANDARD_IA, TransitionInDays: 10 }]"),
    "LifecycleConfiguration.Rules[0].Transitions[0].TransitionInDays",
  ],
  [
    lifecycle(
      "ExpirationInDays: 60, Transitions: [{ StorageClass: GLACIER, TransitionInDays: 60 }]",
    ),
    "LifecycleConfiguration.Rules[0].Transitions[0]",
  ],
  [
    one(
      "x-s3",
      'CorsConfiguration: { CorsRules: [{ AllowedMethods: [OPTIONS], AllowedOrigins: ["*"] }] }',
    ),
    "CorsConfiguration.CorsRules[0].AllowedMethods[0]",
  ],
  [
    one(
      "x-s3",
      'CorsConfiguration: { CorsRules: [{ AllowedMethods: [GET], AllowedOrigins: ["https://*.*"] }] }',
    ),
    "CorsConfiguration.CorsRules[0].AllowedOrigins[0]",
  ],
  [
    one(
      "x-s3",
      "ReplicationConfiguration: { Role: 'arn:aws:iam::1:role/r', Rules: [{ Status: Enabled, Destination: { Bucket: 'arn:aws:s3:::b' } }] }",
    ),
    "ReplicationConfiguration",
  ],
  [
    one("x-s3", "WebsiteConfiguration: { IndexDocument: a/index.html }"),
    "WebsiteConfiguration.IndexDocument",
  ],
  [
    one(
      "x-s3",
      "WebsiteConfiguration: { IndexDocument: a, RedirectAllRequestsTo: { HostName: b } }",
    ),
    "WebsiteConfiguration.IndexDocument",
  ],
  [
    one(
      "x-s3",
      "IntelligentTieringConfigurations: [{ Id: a, Status: Enabled, Tierings: [{ AccessTier: ARCHIVE_ACCESS, Days: 30 }] }]",
    ),
    "IntelligentTieringConfigurations[0].Tierings[0].Days",
  ],
  [mysql("BackupRetentionPeriod: 36"), "BackupRetentionPeriod"],
  [mysql("AllocatedStorage: 5"), "AllocatedStorage"],
  [mysql("AllocatedStorage: 100, MaxAllocatedStorage: 100"), "MaxAllocatedStorage"],
  [mysql("AllocatedStorage: 100, Iops: 3000"), "Iops"],
  [mysql("AllocatedStorage: 100, StorageType: io1"), "StorageType"],
  [mysql("MonitoringInterval: 60"), "MonitoringInterval"],
  [mysql("DBInstanceClass: m5.large"), "DBInstanceClass"],
  [mysql("DBName: my-db"), "DBName"],
  [mysql("MasterUsername: a23456789012345678"), "MasterUsername"],
  [mysql("MasterUsername: admin", 'postgres, EngineVersion: "16"'), "MasterUsername"],
  [mysql("MultiAZ: true, AvailabilityZone: eu-west-1a"), "AvailabilityZone"],
  [mysql('PreferredBackupWindow: "3-4"'), "PreferredBackupWindow"],
  [mysql('PreferredBackupWindow: "23:50-00:10"'), "PreferredBackupWindow"],
  [
    mysql(
      'PreferredBackupWindow: "23:30-00:30", PreferredMaintenanceWindow: "mon:00:15-mon:01:15"',
    ),
    "PreferredBackupWindow",
  ],
  [mysql("Port: 80"), "Port"],
  [
    mysql("EnablePerformanceInsights: true, PerformanceInsightsRetentionPeriod: 30"),
    "PerformanceInsightsRetentionPeriod",
  ],
  [aurora("BackupRetentionPeriod: 0"), "BackupRetentionPeriod"],
  [
    aurora("ServerlessV2ScalingConfiguration: { MinCapacity: 4, MaxCapacity: 2 }"),
    "ServerlessV2ScalingConfiguration",
  ],
  [
    aurora("ServerlessV2ScalingConfiguration: { MinCapacity: 0.3, MaxCapacity: 2 }"),
    "ServerlessV2ScalingConfiguration",
  ],
  [redis("AutomaticFailoverEnabled: true"), "AutomaticFailoverEnabled"],
  [redis("MultiAZEnabled: true, NumCacheClusters: 2"), "MultiAZEnabled"],
  [redis("NumNodeGroups: 2"), "NumNodeGroups"],
  [redis("NumNodeGroups: 1, ReplicasPerNodeGroup: 6"), "ReplicasPerNodeGroup"],
  [redis("AuthToken: a234567890123456"), "AuthToken"],
  [one("x-elasticache", "Engine: redis, NumCacheNodes: 2"), "NumCacheNodes"],
  [one("x-elasticache", "Engine: redis, CacheNodeType: t3.micro"), "CacheNodeType"],
  [volume("ThroughputMode: provisioned"), "x-efs.Properties.ThroughputMode"],
  [volume("ProvisionedThroughputInMibps: 10"), "x-efs.Properties.ProvisionedThroughputInMibps"],
  [
    volume("LifecyclePolicies: [{ TransitionToIA: AFTER_31_DAYS }]"),
    "x-efs.Properties.LifecyclePolicies[0].TransitionToIA",
  ],
  [
    volume("LifecyclePolicies: [{ TransitionToArchive: AFTER_90_DAYS }]"),
    "x-efs.Properties.LifecyclePolicies[0].TransitionToArchive",
  ],
  [
    volume(
      "ThroughputMode: elastic, LifecyclePolicies: [{ TransitionToIA: AFTER_30_DAYS, TransitionToArchive: AFTER_90_DAYS }]",
    ),
    "x-efs.Properties.LifecyclePolicies[0]",
  ],
  [alarm(`${metric}, ExtendedStatistic: p99`), "ExtendedStatistic"],
  [alarm(metric.replace(", Statistic: Sum", "")), "it"],
  [alarm(metric.replace("Threshold: 1,", "")), "ComparisonOperator"],
  [
    alarm(metric.replace("Periods: 1, Period: 60", "Periods: 300, Period: 300")),
    "EvaluationPeriods",
  ],
  [alarm(`${metric}, DatapointsToAlarm: 2`), "DatapointsToAlarm"],
  [alarm(`${metric}, Unit: Fortnights`), "Unit"],
  [
    alarm(
      "Threshold: 1, EvaluationPeriods: 1, Metrics: [{ Id: a, Expression: b * 2 }, { Id: b, MetricStat: { Metric: { Namespace: n, MetricName: m }, Period: 60, Stat: Sum } }]",
    ),
    "Metrics",
  ],
  [
    alarm("Threshold: 1, EvaluationPeriods: 1, Metrics: [{ Id: A, Expression: b * 2 }]"),
    "Metrics[0].Id",
  ],
  [event("ScheduleExpression: rate(1 day), EventBusName: mine"), "EventBusName"],
  [event("EventPattern: { source: aws.s3 }"), "EventPattern.source"],
  [
    event(
      "ScheduleExpression: rate(1 day), Targets: [{ Id: a, Arn: 'arn:aws:sqs:eu-west-1:1:q', Input: hello }]",
    ),
    "Targets[0].Input",
  ],
  [
    balanced({
      actions: "DefaultActions: [{ Type: redirect, RedirectConfig: { StatusCode: HTTP_301 } }]",
    }),
    "Listeners[0].DefaultActions[0].RedirectConfig",
  ],
  [
    balanced({
      actions:
        "DefaultActions: [{ Type: fixed-response, FixedResponseConfig: { StatusCode: 302 } }]",
    }),
    "Listeners[0].DefaultActions[0].FixedResponseConfig.StatusCode",
  ],
  [
    balanced({
      conditions:
        "Conditions: [{ Field: path-pattern, PathPatternConfig: { Values: [/a, /b, /c, /d, /e, /f] } }]",
    }),
    "Listeners[0].Targets[0].Conditions",
  ],
  [
    balanced({
      conditions:
        "Conditions: [{ Field: http-request-method, HttpRequestMethodConfig: { Values: [get] } }]",
    }),
    "Listeners[0].Targets[0].Conditions[0].HttpRequestMethodConfig.Values[0]",
  ],
  [balanced({ service: "healthcheck: { Matcher: { HttpCode: 200-599 } }" }), "Services.web:web:80"],
  [balanced({ service: "healthcheck: { HealthCheckPath: health }" }), "Services.web:web:80"],
  [
    balanced({
      type: "network",
      service: "TargetGroupAttributes: [{ Key: stickiness.type, Value: lb_cookie }]",
    }),
    "Services.web:web:80.TargetGroupAttributes",
  ],
  [mesh("DiscoveryName: A.b"), "x-network.x-ecs_connect"],
  [mesh('ClientAliases: [{ Port: 80, DnsName: "a b" }]'), "x-network.x-ecs_connect"],
  [
    mesh(
      "ClientAliases: [{ Port: 1, DnsName: a }] }, { PortName: admin, ClientAliases: [{ Port: 1, DnsName: a }]",
    ),
    "x-network.x-ecs_connect",
  ],
  [
    `${web}${vpc}x-cluster: { Properties: { CapacityProviders: [FARGATE], DefaultCapacityProviderStrategy: [{ CapacityProvider: FARGATE_SPOT, Weight: 1 }] } }\n`,
    "DefaultCapacityProviderStrategy[0].CapacityProvider",
  ],
] as const;

const taken = [
  one("x-sqs", "DelaySeconds: 900, MaximumMessageSize: 1048576, VisibilityTimeout: 0"),
  one(
    "x-sqs",
    "FifoQueue: true, ContentBasedDeduplication: true, DeduplicationScope: messageGroup, FifoThroughputLimit: perMessageGroupId",
  ),
  one("x-sqs", "ContentBasedDeduplication: false"),
  one("x-sqs", "VisibilityTimeout: { 'Fn::Select': [0, [1, 2]] }"),
  one("x-kms", "KeySpec: RSA_2048, KeyUsage: SIGN_VERIFY"),
  one(
    "x-s3",
    "AccessControl: PublicRead, PublicAccessBlockConfiguration: { BlockPublicAcls: false }",
  ),
  one(
    "x-s3",
    "NotificationConfiguration: { QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: 'arn:aws:sqs:eu-west-1:1:q', Filter: { S3Key: { Rules: [{ Name: prefix, Value: a/ }] } } }, { Event: 's3:ObjectCreated:*', Queue: 'arn:aws:sqs:eu-west-1:1:p', Filter: { S3Key: { Rules: [{ Name: prefix, Value: b/ }] } } }, { Event: 's3:ObjectRemoved:*', Queue: 'arn:aws:sqs:eu-west-1:1:p' }] }",
  ),
  table("ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 }"),
  table(`GlobalSecondaryIndexes: ${index(hash)}`),
  lifecycle(
    "ExpirationInDays: 61, Transitions: [{ StorageClass: STANDARD_IA, TransitionInDays: 30 }, { StorageClass: GLACIER, TransitionInDays: 60 }]",
  ),
  mysql("AllocatedStorage: 400, Iops: 12000, MaxAllocatedStorage: 500, MasterUsername: admin"),
  mysql('PreferredBackupWindow: "23:30-00:00", PreferredMaintenanceWindow: "mon:00:00-mon:01:00"'),
  mysql("EnablePerformanceInsights: true, PerformanceInsightsRetentionPeriod: 93"),
  aurora(
    "ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 1, SecondsUntilAutoPause: 300 }",
  ),
  redis("NumCacheClusters: 2, MultiAZEnabled: true, AutomaticFailoverEnabled: true"),
  redis("NumNodeGroups: 2, ReplicasPerNodeGroup: 0, AutomaticFailoverEnabled: true"),
  volume(
    "ThroughputMode: elastic, LifecyclePolicies: [{ TransitionToIA: AFTER_30_DAYS }, { TransitionToArchive: AFTER_90_DAYS }]",
  ),
  alarm(metric.replace("Periods: 1, Period: 60", "Periods: 168, Period: 3600")),
  alarm(metric.replace("Statistic: Sum", "ExtendedStatistic: tm99.9, Unit: Bytes/Second")),
  one(
    "x-alarms",
    "ComparisonOperator: GreaterThanUpperThreshold, EvaluationPeriods: 1, ThresholdMetricId: b, Metrics: [{ Id: a, MetricStat: { Metric: { Namespace: n, MetricName: m }, Period: 60, Stat: Sum } }, { Id: b, Expression: 'ANOMALY_DETECTION_BAND(a)' }]",
  ),
  event(
    "EventPattern: { source: [aws.s3], detail: { object: { size: [{ numeric: ['>', 5] }] } } }",
  ),
  balanced({
    type: "network",
    service:
      "TargetGroupAttributes: [{ Key: stickiness.type, Value: source_ip }], healthcheck: { HealthCheckProtocol: HTTP, HealthCheckPath: /, Matcher: { HttpCode: 200-599 } }",
  }),
  mesh("DiscoveryName: web, ClientAliases: [{ Port: 80, DnsName: web.a }]"),
];

test.for(refused)("a service refuses %s", ([text, where]) => {
  expect(errorsIn(text)).toEqual([where]);
});

test.for(taken)("a service takes %s", (text) => {
  expect(errorsIn(text)).toEqual([]);
});

test("a key that KMS does not rotate is not to be rotated", () => {
  const text = one("x-kms", "KeySpec: HMAC_256, KeyUsage: GENERATE_VERIFY_MAC");
  expect(only(graphOf(text), "AWS::KMS::Key")).not.toHaveProperty("EnableKeyRotation");
});

test("a database sends the logs that its engine writes, and is told of others", () => {
  const text = aurora("EnableCloudwatchLogsExports: [postgresql, audit]");
  expect(only(graphOf(text), "AWS::RDS::DBCluster").EnableCloudwatchLogsExports).toEqual([
    "postgresql",
  ]);
  expect(saidOf(text)).toContain(
    "warning no-effect x-rds.it.Properties.EnableCloudwatchLogsExports[1]",
  );
  expect(saidOf(aurora("EnableCloudwatchLogsExports: [slow]"))).toContain(
    "error unknown-value x-rds.it.Properties.EnableCloudwatchLogsExports[0]",
  );
});
