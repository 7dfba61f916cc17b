import { globSync, readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import type { Call } from "../../src/aws/call.ts";
import { kinds } from "../../src/aws/lookup-kinds.ts";
import { lookupsIn } from "../../src/aws/lookups.ts";
import type { Lookup } from "../../src/model/lookup.ts";
import { callsOf } from "../../src/sandbox/in-process.ts";
import { cloudformation, settle } from "../sandbox/cloudformation/a-world.ts";
import { aWorld, call, principal } from "../sandbox/world-of-services.ts";

// Every kind that can be looked up, made by CloudFormation and then found.

const key = { AttributeName: "id", KeyType: "HASH" };

/** Logical id → a resource of each kind, with what it has to be declared with. */
const resources: Readonly<Record<string, readonly [type: string, properties: object]>> = {
  Bucket: ["AWS::S3::Bucket", { BucketName: "data" }],
  Certificate: ["AWS::CertificateManager::Certificate", { DomainName: "example.com" }],
  Cluster: ["AWS::ECS::Cluster", { ClusterName: "shared" }],
  Database: ["AWS::RDS::DBInstance", { Engine: "postgres", VPCSecurityGroups: ["sg-1"] }],
  FileSystem: ["AWS::EFS::FileSystem", { Encrypted: true }],
  Group: ["AWS::EC2::SecurityGroup", { GroupDescription: "Office", VpcId: { Ref: "Vpc" } }],
  Key: ["AWS::KMS::Key", { KeyPolicy: {} }],
  Listener: [
    "AWS::ElasticLoadBalancingV2::Listener",
    { LoadBalancerArn: { Ref: "Public" }, Port: 80, Protocol: "HTTP", DefaultActions: [] },
  ],
  Namespace: [
    "AWS::ServiceDiscovery::PrivateDnsNamespace",
    { Name: "main.internal", Vpc: { Ref: "Vpc" } },
  ],
  Parameter: ["AWS::SSM::Parameter", { Name: "/team/log-level", Type: "String", Value: "info" }],
  Prefixes: [
    "AWS::EC2::PrefixList",
    { PrefixListName: "office", AddressFamily: "IPv4", MaxEntries: 5 },
  ],
  Public: [
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    { Name: "public", SecurityGroups: ["sg-1", "sg-2"] },
  ],
  Shop: [
    "AWS::RDS::DBCluster",
    { Engine: "aurora-postgresql", VpcSecurityGroupIds: ["sg-2", "sg-3"] },
  ],
  Queue: ["AWS::SQS::Queue", { QueueName: "jobs", KmsMasterKeyId: { Ref: "Key" } }],
  Secret: ["AWS::SecretsManager::Secret", { Name: "token" }],
  Stream: ["AWS::Kinesis::Stream", { Name: "clicks" }],
  Subnet: ["AWS::EC2::Subnet", { VpcId: { Ref: "Vpc" }, CidrBlock: "10.0.0.0/24" }],
  Table: [
    "AWS::DynamoDB::Table",
    {
      TableName: "orders",
      KeySchema: [key],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    },
  ],
  Topic: ["AWS::SNS::Topic", { TopicName: "news" }],
  Vpc: ["AWS::EC2::VPC", { CidrBlock: "10.0.0.0/16" }],
  Zone: ["AWS::Route53::HostedZone", { Name: "example.com" }],
};

const world = aWorld();
const made = new Map<string, string>();
const lookups = lookupsIn(
  { account: principal.account, region: principal.region },
  () => callsOf(world, principal) as Call,
);

beforeAll(() => {
  const declared = Object.entries(resources).map(([id, [Type, Properties]]) => [
    id,
    { Type, Properties },
  ]);
  cloudformation(world, "CreateStack", {
    StackName: "team",
    Tags: [{ Key: "team", Value: "net" }],
    TemplateBody: JSON.stringify({ Resources: Object.fromEntries(declared) }),
  });
  settle(world);
  const { StackResources } = cloudformation(world, "DescribeStackResources", { StackName: "team" });
  for (const { PhysicalResourceId, ResourceType } of StackResources)
    made.set(ResourceType, PhysicalResourceId);
});

const ask = (type: string, by: Lookup["by"]) => lookups.answer({ id: "it", type, by });

test("there is one of each kind", () => {
  const types = Object.values(resources).map(([type]) => type);
  expect(types.sort()).toEqual(Object.keys(kinds).sort());
});

const regional = Object.keys(kinds).filter((type) => kinds[type]?.tagsIn === undefined);

test.for(regional)("%s is found by tags, and by its ARN the same", async (type) => {
  const byTags = await ask(type, { tags: { team: "net" } });
  if (byTags.kind !== "found") throw new Error(byTags.message);
  expect(Object.values(byTags.answer)).toContain(made.get(type));

  const { ResourceTagMappingList } = call(world, "tagging:GetResources", {
    ResourceTypeFilters: [kinds[type]?.tagged],
  });
  expect(await ask(type, { arn: ResourceTagMappingList[0].ResourceARN })).toEqual(byTags);
});

test.for([
  ["AWS::DynamoDB::Table", "orders", "TableName"],
  ["AWS::ECS::Cluster", "shared", "ClusterName"],
  ["AWS::ElasticLoadBalancingV2::LoadBalancer", "public", "Arn"],
  ["AWS::Kinesis::Stream", "clicks", "StreamId"],
  ["AWS::Route53::HostedZone", "example.com", "HostedZoneId"],
  ["AWS::S3::Bucket", "data", "BucketName"],
  ["AWS::SNS::Topic", "news", "TopicArn"],
  ["AWS::SQS::Queue", "jobs", "QueueUrl"],
  ["AWS::SSM::Parameter", "/team/log-level", "Name"],
  ["AWS::ServiceDiscovery::PrivateDnsNamespace", "main.internal", "NamespaceId"],
] as const)("%s is found by the name %s", async ([type, identifier, attribute]) => {
  const found = await ask(type, { identifier });
  expect(found).toMatchObject({ kind: "found", answer: { [attribute]: made.get(type) } });
});

test("a load balancer tells its security groups, and who sends to it what it is called", async () => {
  const found = await ask("AWS::ElasticLoadBalancingV2::LoadBalancer", { identifier: "public" });
  expect(found).toMatchObject({
    answer: {
      SecurityGroups: "sg-1,sg-2",
      DNSName: expect.stringContaining("elb.amazonaws.com"),
      LoadBalancerFullName: expect.stringMatching(/^app\/public\//),
    },
  });
});

test("every kind that compose files may look up is one of them", () => {
  const types = globSync("src/compile/{x,x/rds,extensions}/*.ts").flatMap((path) =>
    [
      ...readFileSync(path, "utf8").matchAll(
        /(?:lookup: \{\s+type: |standIn.*type: |lookupReader\(\S+, |of: |key: "\w+",?\s+type: )"(AWS::\w+::\w+)"/g,
      ),
    ].map(([, type = ""]) => type),
  );
  expect(types.length).toBeGreaterThan(5);
  expect(types.filter((type) => kinds[type] === undefined)).toEqual([]);
});

test("a queue tells the key it is encrypted with", async () => {
  const KeyArn = expect.stringMatching(/^arn:aws:kms:eu-west-1:123456789012:key\//);
  const found = await ask("AWS::SQS::Queue", { identifier: "jobs" });
  expect(found).toMatchObject({ answer: { KeyArn } });
});

test.for(["AWS::CertificateManager::Certificate", "AWS::SecretsManager::Secret"])(
  "%s is not found by a name",
  async (type) => {
    expect(await ask(type, { identifier: "token" })).toMatchObject({ kind: "refused" });
  },
);

test("a database tells where it is reached, and who guards the way", async () => {
  const [database] = [...made].filter(([type]) => type === "AWS::RDS::DBCluster");
  const found = await ask("AWS::RDS::DBCluster", { identifier: database?.[1] ?? "" });
  expect(found).toMatchObject({
    answer: {
      DBCluster: database?.[1],
      Arn: expect.stringContaining(":cluster:"),
      "Endpoint.Address": expect.stringContaining("."),
      "Endpoint.Port": expect.stringMatching(/^\d+$/),
      SecurityGroups: "sg-2,sg-3",
    },
  });
});
