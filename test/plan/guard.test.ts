import { describe, expect, test } from "vitest";
import { readApplication } from "../../src/application/read.ts";
import type { Change } from "../../src/model/plan.ts";
import rules from "../../src/plan/data/replacement.json" with { type: "json" };
import { type Consent, guard } from "../../src/plan/guard.ts";
import { holdsData } from "../../src/plan/risk.ts";

const change = (over: Partial<Change> = {}): Change => ({
  stack: "trueup-shop-dev-base-0000",
  logicalId: "Orders",
  type: "AWS::DynamoDB::Table",
  action: "replace",
  risk: "data",
  property: "KeySchema",
  cause: { file: "compose.yml", line: 3, column: 3, path: "x-dynamodb.orders" },
  ...over,
});

const consent = (over: Partial<Consent> = {}): Consent => ({
  action: "replace",
  path: "x-dynamodb.orders",
  until: "2026-11-30",
  ...over,
});

const today = "2026-11-23";
const on = { key: "shop/dev", today };

describe("a change that loses data", () => {
  test("is held, and the message has the line that lets it pass", () => {
    const { blocked, message } = guard([change()], [], on);
    expect(blocked).toEqual([change()]);
    expect(message).toBe(
      "x-dynamodb.orders (AWS::DynamoDB::Table) holds data and would be replaced, for another KeySchema. To let it, put this under the environment in trueup.yaml: allow: [{ replace: x-dynamodb.orders, from: any, until: 2026-11-30 }], or approve the plan: trueup approve shop/dev.",
    );
  });

  test.for<[why: string, over: Partial<Consent>, held: boolean]>([
    ["it is named", {}, false],
    ["it is named until today", { until: today }, false],
    ["it was named until yesterday", { until: "2026-11-22" }, true],
    ["only its removal is named", { action: "remove" }, true],
    ["its neighbour is named", { path: "x-dynamodb.order" }, true],
    ["its neighbour with a longer name is named", { path: "x-dynamodb.orders2" }, true],
    ["a part of it is named", { path: "x-dynamodb.orders.Properties" }, true],
    ["its whole section is named", { path: "x-dynamodb" }, true],
    ["its id is named though it has a path", { path: "trueup-shop-dev-base-0000.Orders" }, true],
  ])("with a consent, when %s: held is %s", ([, over, held]) => {
    expect(guard([change()], [consent(over)], on).blocked.length > 0).toBe(held);
  });

  test("is named by what it is a part of", () => {
    const cause = { file: "compose.yml", line: 4, column: 5, path: "x-rds.main.Properties" };
    const { blocked } = guard([change({ cause })], [consent({ path: "x-rds.main" })], on);
    expect(blocked).toEqual([]);
  });

  test("is named as a whole, whichever of its properties differs", () => {
    const whole = { file: "compose.yml", line: 4, column: 3, path: "x-dynamodb.orders" };
    const cause = { ...whole, line: 7, path: "x-dynamodb.orders.Properties.KeySchema" };
    const origins = { [change().logicalId]: whole };
    const { message } = guard([change({ cause })], [], { ...on, origins });
    expect(message).toContain("allow: [{ replace: x-dynamodb.orders, from: any,");
    expect(guard([change({ cause })], [consent()], { ...on, origins }).blocked).toEqual([]);
  });

  test("is named by its stack and logical id where it is forgotten what asked for it", () => {
    const gone = change({ action: "remove", property: "", cause: undefined });
    const { message } = guard([gone], [], on);
    const path = "trueup-shop-dev-base-0000.Orders";
    expect(message).toContain(`${path} (AWS::DynamoDB::Table) holds data and would be removed.`);
    expect(message).toContain(`allow: [{ remove: ${path}, from: any, until: 2026-11-30 }]`);
    const consents = [consent({ action: "remove", path })];
    expect(guard([gone], consents, on)).toEqual({ blocked: [], message: "" });
  });

  test("only perhaps needs leave to replace all the same", () => {
    const perhaps = change({ action: "modify", property: "Engine" });
    expect(guard([perhaps], [], on).message).toContain(
      "may be replaced, for another Engine. To let it, put this under the environment in trueup.yaml: allow: [{ replace: x-dynamodb.orders,",
    );
    expect(guard([perhaps], [consent()], on).blocked).toEqual([]);
    expect(guard([perhaps], [consent({ action: "remove" })], on).blocked).toEqual([perhaps]);
  });

  test("is asked for once where several resources come of one line", () => {
    const { blocked, message } = guard([change(), change({ logicalId: "Other" })], [], on);
    expect(blocked).toHaveLength(2);
    expect(message.match(/\{ replace:/g)).toHaveLength(1);
  });

  test("keeps its neighbours' consents to themselves", () => {
    const other = change({
      logicalId: "Jobs",
      cause: { file: "compose.yml", line: 9, column: 3, path: "x-sqs.jobs" },
    });
    expect(guard([change(), other], [consent()], on).blocked).toEqual([other]);
  });
});

test("a loss is told once where several resources of one type are of one path", () => {
  const { message } = guard([change(), change({ logicalId: "Other" })], [], on);
  expect(message.match(/holds data/g)).toHaveLength(1);
});

test.for<[over: Partial<Change>, said: string]>([
  [
    { action: "remove", left: "all" },
    "holds data and would be let go: it stays in the account, and is nobody's afterwards. To",
  ],
  [
    { action: "remove", left: "snapshot" },
    "holds data and would be removed: a snapshot is all that stays. To",
  ],
  [
    { left: "all" },
    "replaced, for another KeySchema: the old one stays in the account, and is nobody's afterwards. To",
  ],
  [{ left: "snapshot" }, "replaced, for another KeySchema: a snapshot is all that stays. To"],
])("a loss is told with what a policy leaves: %j", ([over, said]) => {
  expect(guard([change(over)], [], on).message).toContain(said);
});

test("what a section without names made is named by that section and its logical id, in words that trueup.yaml takes", () => {
  const cause = { file: "compose.yml", line: 9, column: 1, path: "x-vpc" };
  const over = { logicalId: "NatAddress1", type: "AWS::EC2::EIP", property: "", cause } as const;
  const gone = change({ ...over, action: "remove" });
  const { message } = guard([gone], [], on);
  const [line = ""] = /allow: \[.*\]/.exec(message) ?? [];
  expect(line).toBe("allow: [{ remove: x-vpc.NatAddress1, from: any, until: 2026-11-30 }]");
  const text = `application: shop\nenvironments: { dev: { on: { branch: main }, ${line} } }\n`;
  const read = readApplication("trueup.yaml", text);
  const { allow = [] } = (read.kind === "read" && read.application.environments.dev) || {};
  expect(guard([gone], allow, on).blocked).toEqual([]);
  expect(guard([gone], [consent({ action: "remove", path: "x-vpc" })], on).blocked).toEqual([gone]);
});

test("what a consent means instead is told, and nothing of other consents", () => {
  const ids = new Map([["Orders", "orders-2"]]);
  const given = [
    consent({ from: "orders-1" }),
    consent({ path: "x-s3.files", from: "files" }),
    consent({ action: "remove", from: "orders-3" }),
  ];
  const { message } = guard([change()], given, { ...on, ids });
  expect(message).toContain(" allow names orders-1, and this is orders-2. To let it");
  expect(message.match(/allow names/g)).toHaveLength(1);
});

test("leave for one resource lets that one pass, and not what takes its place", () => {
  const one = [consent({ from: "orders-1a2b" })];
  const ids = (id: string) => ({ ids: new Map([["Orders", id]]) });
  expect(guard([change()], one, { ...on, ...ids("orders-1a2b") }).blocked).toEqual([]);
  const { blocked, message } = guard([change()], one, { ...on, ...ids("orders-3c4d") });
  expect(blocked).toEqual([change()]);
  expect(message).toContain("allow names orders-1a2b, and this is orders-3c4d.");
  // Nobody knows what it is.
  const unseen = guard([change()], one, on);
  expect(unseen.blocked).toEqual([change()]);
  expect(unseen.message).toContain("and this is something whose id is for others to see.");
});

test("what loses no data needs nobody's leave", () => {
  const changes = (["none", "may-replace", "replace"] as const).map((risk) => change({ risk }));
  expect(guard(changes, [], on)).toEqual({ blocked: [], message: "" });
});

describe("data is held by", () => {
  test.for([
    "AWS::Cognito::UserPool",
    "AWS::DocDB::DBCluster",
    "AWS::DynamoDB::Table",
    "AWS::EFS::FileSystem",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::KMS::Key",
    "AWS::Kinesis::Stream",
    "AWS::Logs::LogGroup",
    "AWS::Neptune::DBCluster",
    "AWS::OpenSearchService::Domain",
    "AWS::RDS::DBInstance",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::SecretsManager::Secret",
    "AWS::Invented::Yesterday",
    "Custom::Anything",
    "",
  ])("%s", (type) => expect(holdsData(type)).toBe(true));
});

describe("nothing is held by", () => {
  test.for([
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::CloudWatch::Alarm",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::ECS::Service",
    "AWS::ECS::TaskDefinition",
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    "AWS::IAM::Policy",
    "AWS::SQS::QueuePolicy",
  ])("%s", (type) => expect(holdsData(type)).toBe(false));
});

test("every type is of one kind or the other by decision", () => {
  const precious = Object.keys(rules).filter(holdsData);
  expect(precious).toMatchInlineSnapshot(`
    [
      "AWS::APS::Workspace",
      "AWS::Backup::BackupVault",
      "AWS::CodeGuruProfiler::ProfilingGroup",
      "AWS::Cognito::UserPool",
      "AWS::Cognito::UserPoolDomain",
      "AWS::DocDB::DBCluster",
      "AWS::DocDB::DBInstance",
      "AWS::DynamoDB::GlobalTable",
      "AWS::DynamoDB::Table",
      "AWS::EC2::EIP",
      "AWS::ECR::Repository",
      "AWS::EFS::FileSystem",
      "AWS::ElastiCache::CacheCluster",
      "AWS::ElastiCache::ReplicationGroup",
      "AWS::ElastiCache::ServerlessCache",
      "AWS::ElastiCache::User",
      "AWS::ElastiCache::UserGroup",
      "AWS::KMS::Key",
      "AWS::Kinesis::Stream",
      "AWS::KinesisFirehose::DeliveryStream",
      "AWS::Lambda::EventSourceMapping",
      "AWS::Logs::LogGroup",
      "AWS::Logs::LogStream",
      "AWS::Neptune::DBCluster",
      "AWS::Neptune::DBInstance",
      "AWS::OpenSearchService::Domain",
      "AWS::RDS::DBCluster",
      "AWS::RDS::DBInstance",
      "AWS::RDS::GlobalCluster",
      "AWS::Route53::HostedZone",
      "AWS::S3::Bucket",
      "AWS::SNS::Topic",
      "AWS::SQS::Queue",
      "AWS::SSM::Parameter",
      "AWS::SecretsManager::Secret",
    ]
  `);
});
