import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { replacementData } from "../../scripts/replacement-data.ts";
import { isFixed, type Replacement, replacementBy } from "../../src/plan/replacement.ts";

const committed = JSON.parse(readFileSync("src/plan/data/replacement.json", "utf8"));

test("the committed rules are those of the installed schema data", () => {
  expect(committed).toEqual(replacementData());
});

test("the committed rules stay small enough for the bundle", () => {
  expect(JSON.stringify(committed).length).toBeLessThan(48_000);
});

test.for<[type: string, path: string, replacement: Replacement]>([
  ["AWS::ECS::TaskDefinition", "ContainerDefinitions.Image", "always"],
  ["AWS::ECS::TaskDefinition", "Tags", "never"],
  ["AWS::ECS::Service", "TaskDefinition", "never"],
  ["AWS::ECS::Service", "LaunchType", "always"],
  ["AWS::RDS::DBInstance", "StorageEncrypted", "always"],
  ["AWS::RDS::DBInstance", "Engine", "maybe"],
  ["AWS::DynamoDB::Table", "KeySchema.AttributeName", "always"],
  // Not in the schemas, but on AWS's pages.
  ["AWS::DynamoDB::Table", "AttributeDefinitions.AttributeType", "maybe"],
  ["AWS::DynamoDB::Table", "AttributeDefinitions", "never"],
  ["AWS::OpenSearchService::Domain", "EngineVersion", "maybe"],
  ["AWS::SecretsManager::Secret", "GenerateSecretString.SecretStringTemplate", "maybe"],
  ["AWS::SecretsManager::Secret", "SecretString", "never"],
  // A rule below a property that is otherwise updated in place.
  ["AWS::ServiceDiscovery::Service", "DnsConfig.NamespaceId", "always"],
  ["AWS::ServiceDiscovery::Service", "DnsConfig.DnsRecords.TTL", "never"],
  // Nobody told us.
  ["AWS::SQS::Queue", "InventedYesterday", "maybe"],
  ["AWS::Invented::Yesterday", "Name", "maybe"],
  ["Custom::Thing", "ServiceToken", "maybe"],
])("another %s %s replaces it: %s", ([type, path, replacement]) => {
  expect(replacementBy(type, path.split("."))).toBe(replacement);
});

test.for<[type: string, attribute: string, fixed: boolean]>([
  ["AWS::SQS::Queue", "Arn", true],
  ["AWS::SQS::Queue", "QueueName", true],
  ["AWS::ElasticLoadBalancingV2::LoadBalancer", "DNSName", true],
  ["AWS::ElasticLoadBalancingV2::LoadBalancer", "SecurityGroups", false],
  ["AWS::ElasticLoadBalancingV2::TargetGroup", "TargetGroupArn", true],
  ["AWS::SSM::Parameter", "Value", false],
  ["AWS::DynamoDB::Table", "StreamArn", false],
  ["AWS::Invented::Yesterday", "Arn", true],
  ["AWS::Invented::Yesterday", "Id", true],
  ["AWS::Invented::Yesterday", "Endpoint", false],
])("%s keeps its %s as long as it lives: %s", ([type, attribute, fixed]) => {
  expect(isFixed(type, attribute)).toBe(fixed);
});
