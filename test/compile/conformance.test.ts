// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are what is tested.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { propertyData } from "../../scripts/property-data.ts";
import { misfitsIn } from "../../src/compile/schema/misfits.ts";
import { propertiesOfType } from "../../src/compile/schema/shapes.ts";
import { folders, renderFolder } from "../golden/folders.ts";
import { errorsOf } from "./from-text.ts";

const committed = JSON.parse(readFileSync("src/compile/data/properties.json", "utf8"));

const balanced = (listener: string): string =>
  `x-elbv2:
  lb:
    Properties: { Scheme: internal }
    Listeners: [{ Port: 80, Targets: [{ name: "web:web:80" }], ${listener} }]
    Services: { "web:web:80": { port: 80 } }`;

const using = (definitions: string): string =>
  `services: { web: { image: "web:1", ports: ["80"], volumes: ["store:/store"] } }\nx-vpc: { Properties: { SingleNat: true } }\n${definitions.startsWith("volumes") ? "" : "volumes: { store: {} }\n"}${definitions}\n`;

describe("the registry's properties", () => {
  test("are those of the installed schema data", () => {
    expect(committed).toEqual(propertyData());
  });

  test("stay small enough for the bundle", () => {
    expect(JSON.stringify(committed).length).toBeLessThan(48_000);
  });

  test("are known of every type that is made", () => {
    const sources = readFileSync("test/golden/units.txt", "utf8").trim().split("\n");
    for (const line of sources) expect(propertiesOfType(line.split(": ")[0] ?? "")).toBeDefined();
  });
});

test("every golden template conforms", () => {
  const nothing = { required: [], shapes: new Map() };
  const misfits = folders.flatMap((folder) => {
    const rendered = renderFolder(folder);
    if (rendered.kind !== "rendered") return [];
    return rendered.bundle.stacks.flatMap(({ template }) =>
      Object.entries(template.Resources).flatMap(([id, { Properties: given = {}, Type }]) =>
        misfitsIn(propertiesOfType(Type) ?? nothing, given).map((misfit) => ({ id, misfit })),
      ),
    );
  });
  expect(misfits).toEqual([]);
});

const refused: readonly (readonly [definitions: string, ...said: readonly string[]])[] = [
  [
    "x-sqs: { jobs: { Properties: { VisibilityTimeut: 60 } } }",
    "unknown-property x-sqs.jobs.Properties.VisibilityTimeut: AWS::SQS::Queue has no property VisibilityTimeut (Did you mean VisibilityTimeout?)",
  ],
  [
    "x-sqs: { jobs: { Properties: { VisibilityTimeout: soon } } }",
    "wrong-type x-sqs.jobs.Properties.VisibilityTimeout: VisibilityTimeout of AWS::SQS::Queue must be a whole number",
  ],
  [
    "x-sqs: { jobs: { Properties: { FifoQueue: maybe } } }",
    "wrong-type x-sqs.jobs.Properties.FifoQueue: FifoQueue of AWS::SQS::Queue must be true or false",
  ],
  [
    "x-sqs: { jobs: { Properties: { KmsMasterKeyId: [a] } } }",
    "wrong-type x-sqs.jobs.Properties.KmsMasterKeyId: KmsMasterKeyId of AWS::SQS::Queue must be text",
  ],
  [
    "x-sqs: { jobs: { Properties: { RedriveAllowPolicy: 7 } } }",
    "wrong-type x-sqs.jobs.Properties.RedriveAllowPolicy: RedriveAllowPolicy of AWS::SQS::Queue must be a mapping",
  ],
  [
    "x-sqs: { jobs: { Properties: { RedrivePolicy: { maxReceiveCount: [3] } } } }",
    "missing-key x-sqs.jobs.Properties.RedrivePolicy: deadLetterTargetArn is missing",
    "wrong-type x-sqs.jobs.Properties.RedrivePolicy.maxReceiveCount: must be a number",
  ],
  [
    "x-s3: { data: { Properties: { VersioningConfiguration: '${AWS::Region}' } } }",
    "wrong-type x-s3.data.Properties.VersioningConfiguration: VersioningConfiguration of AWS::S3::Bucket must be a mapping",
  ],
  [
    "x-s3: { data: { Properties: { Tags: { 'Fn::Join': [',', [a, b]] } } } }",
    "wrong-type x-s3.data.Properties.Tags: Tags of AWS::S3::Bucket must be a list",
  ],
  [
    "x-s3: { data: { Properties: { Tags: [{ Key: a, Value: [b] }] } } }",
    "wrong-type x-s3.data.Properties.Tags[0]: Tags[0] of AWS::S3::Bucket must be a mapping with Key and Value",
  ],
  [
    "x-sqs: { jobs: { Properties: { Ref: Nope } } }",
    "function-refused x-sqs.jobs.Properties: Ref cannot stand for all of it (Write the mapping itself.)",
  ],
  [
    "x-kms: { key: { Properties: { KeySpec: RSA_2049 } } }",
    'unknown-value x-kms.key.Properties.KeySpec: KeySpec of AWS::KMS::Key cannot be "RSA_2049" (Did you mean RSA_2048?)',
  ],
  [
    "x-s3: { data: { Properties: { LifecycleConfiguration: { Rules: [{ Id: old, ExpirationInDays: 3 }] } } } }",
    "missing-property x-s3.data.Properties.LifecycleConfiguration.Rules[0]: AWS::S3::Bucket needs LifecycleConfiguration.Rules[0].Status",
  ],
  [
    "x-s3: { data: { Properties: { LifecycleConfiguration: { Rules: [{ Status: Enabled, Prefx: a }] } } } }",
    "unknown-property x-s3.data.Properties.LifecycleConfiguration.Rules[0].Prefx: AWS::S3::Bucket has no property LifecycleConfiguration.Rules[0].Prefx (Did you mean Prefix?)",
  ],
  [
    "x-s3: { data: { Properties: { Tags: [{ Key: a }] } } }",
    "wrong-type x-s3.data.Properties.Tags[0]: Tags[0] of AWS::S3::Bucket must be a mapping with Key and Value",
  ],
  [
    "x-s3: { data: { Properties: { Tags: [{ Key: a, Value: b }, { Key: A, Value: b }, { Key: a, Value: b }] } } }",
    "same-name x-s3.data.Properties.Tags[2]: the tag a is there twice (Lists of several files are put one after the other: keep one of the two.)",
  ],
  [
    "x-dynamodb: { t: { Properties: { KeySchema: { AttributeName: id }, AttributeDefinitions: [] } } }",
    "wrong-type x-dynamodb.t.Properties.KeySchema: KeySchema of AWS::DynamoDB::Table must be a list",
  ],
  [
    "x-rds: { db: { MacroParameters: { Engine: aurora-postgresql, EngineVersion: '16.4', Instances: [{ DBInstanceClas: db.t4g.medium }] } } }",
    "unknown-property x-rds.db.MacroParameters.Instances[0].DBInstanceClas: AWS::RDS::DBInstance has no property DBInstanceClas (Did you mean DBInstanceClass?)",
  ],
  [
    "x-elasticache: { c: { Properties: { Engine: redis, CacheNodeType: cache.t4g.small, NumCacheNodes: one } } }",
    "wrong-type x-elasticache.c.Properties.NumCacheNodes: NumCacheNodes of AWS::ElastiCache::CacheCluster must be a whole number",
  ],
  [
    "volumes: { store: { x-efs: { Properties: { Encrypt: true } } } }",
    "unknown-property volumes.store.x-efs.Properties.Encrypt: AWS::EFS::FileSystem has no property Encrypt (Did you mean Encrypted?)",
  ],
  [
    balanced(
      "DefaultActions: [{ Type: fixed-response, FixedResponseConfig: { StatusCode: 404, Body: a } }]",
    ),
    "unknown-property x-elbv2.lb.Listeners[0].DefaultActions[0].FixedResponseConfig.Body: AWS::ElasticLoadBalancingV2::Listener has no property DefaultActions[0].FixedResponseConfig.Body (Known: ContentType, MessageBody, StatusCode.)",
  ],
  [
    "x-alarms: { lag: { Properties: { Namespace: A, MetricName: b, EvaluationPeriods: 1, Threshold: 1 } } }",
    "missing-key x-alarms.lag: ComparisonOperator is missing",
  ],
  [
    "x-events: { nightly: { Properties: { ScheduleExpression: rate(1 day), State: ON }, Services: { web: { TaskCount: 1 } } } }",
    'unknown-value x-events.nightly.Properties.State: State of AWS::Events::Rule cannot be "ON" (Known: DISABLED, ENABLED, ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS.)',
  ],
  [
    "x-cluster: { Properties: { ClusterSettings: [{ Name: containerInsights, Value: enabled, On: true }] } }",
    "unknown-property x-cluster.Properties.ClusterSettings[0].On: AWS::ECS::Cluster has no property ClusterSettings[0].On (Known: Name, Value.)",
  ],
  [
    "x-cloudmap: { ns: { Name: app.internal, Properties: { Propertys: {} } } }",
    "unknown-property x-cloudmap.ns.Properties.Propertys: AWS::ServiceDiscovery::PrivateDnsNamespace has no property Propertys (Did you mean Properties?)",
  ],
  [
    "x-route53: { z: { Name: example.com, Properties: { HostedZoneConfig: { Coment: a } } } }",
    "unknown-property x-route53.z.Properties.HostedZoneConfig.Coment: AWS::Route53::HostedZone has no property HostedZoneConfig.Coment (Did you mean Comment?)",
  ],
  [
    "x-acm: { cert: { Properties: { DomainName: a.example, ValidationMethod: DNS, DomainValidationOptions: {} } } }",
    "wrong-type x-acm.cert.Properties.DomainValidationOptions: DomainValidationOptions of AWS::CertificateManager::Certificate must be a list",
  ],
];

describe("what CloudFormation would refuse is refused where it stands", () => {
  test.for(refused)("%s", ([definitions, ...said]) => {
    expect(errorsOf(using(definitions))).toEqual(said);
  });
});

test("what a service passes on is held against the same", () => {
  const text = `services:
  web:
    image: "web:1"
    ports: ["80:80"]
    x-network: { x-ecs_connect: { Properties: { Namespce: a, Services: [{ DiscoveryName: web }] } } }
x-vpc: {}
`;
  const at = "services.web.x-network.x-ecs_connect.Properties";
  const of = "AWS::ECS::Service";
  expect(errorsOf(text)).toEqual([
    `unknown-property ${at}.Namespce: ${of} has no property ServiceConnectConfiguration.Namespce (Did you mean Namespace?)`,
    `missing-property ${at}.Services[0]: ${of} needs ServiceConnectConfiguration.Services[0].PortName`,
  ]);
});

describe("what CloudFormation takes is taken", () => {
  test.for([
    "x-sqs: { jobs: { Properties: { VisibilityTimeout: '60', FifoQueue: 'true' } } }",
    "x-sqs: { jobs: { Properties: { RedriveAllowPolicy: { redrivePermission: denyAll } } } }",
    "x-sqs: { jobs: { Properties: { Tags: { 'Fn::Split': [',', 'a'] } } } }",
    "x-sqs: { jobs: { Properties: { VisibilityTimeout: { 'Fn::Select': [0, ['60']] } } } }",
  ])("%s", (definitions) => {
    expect(errorsOf(using(definitions))).toEqual([]);
  });
});

test("a mistake that leaves a hole is not said twice", () => {
  const errors = errorsOf(using("x-sqs: { jobs: { Properties: { VisibilityTimeout: } } }"));
  expect(errors).toEqual([expect.stringContaining("empty-value x-sqs.jobs")]);
});
