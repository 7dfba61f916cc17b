import { describe, expect, test } from "vitest";
import type { DesiredStack } from "../../src/model/bundle.ts";
import type { Change } from "../../src/model/plan.ts";
import {
  getAtt,
  join,
  type Resource,
  ref,
  type Template,
  type Value,
} from "../../src/model/template.ts";
import { answers, diff, foreseen, removal } from "../../src/plan/diff.ts";
import type { Parameters } from "../../src/plan/diff-values.ts";

const template = (
  Resources: Readonly<Record<string, Resource>>,
  ...parameters: readonly string[]
): Template => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Parameters: Object.fromEntries(parameters.map((name) => [name, { Type: "String" }])),
  Resources,
});

const stackOf = (desired: Template): DesiredStack => ({
  name: "trueup-shop-dev-base-0000",
  unit: "base",
  template: desired,
  parameters: {},
  tags: {},
  capabilities: [],
  dependsOn: [],
  origins: { Jobs: { file: "compose.yml", line: 7, column: 3, path: "x-sqs.jobs" } },
});

/** What differs between two templates: `action/risk LogicalId properties`. */
function told(
  before: Template,
  after: Template,
  given: { readonly before?: Readonly<Record<string, string>>; readonly after?: Parameters } = {},
): readonly string[] {
  const deployed = { template: before, parameters: given.before ?? {} };
  return diff(stackOf(after), given.after ?? {}, deployed).map(words);
}

const words = ({ action, logicalId, property, risk }: Change): string =>
  `${action}/${risk} ${logicalId} ${property}`.trim();

const queue = (properties: Resource["Properties"] = {}): Resource => ({
  Type: "AWS::SQS::Queue",
  Properties: properties,
});

const task = (image: Value, role: Value = getAtt("Role", "Arn")): Resource => ({
  Type: "AWS::ECS::TaskDefinition",
  Properties: { ContainerDefinitions: [{ Name: "web", Image: image }], TaskRoleArn: role },
});

const role = (properties: Resource["Properties"] = {}): Resource => ({
  Type: "AWS::IAM::Role",
  Properties: properties,
});

test("everything is new in a stack that isn't there", () => {
  const [change] = diff(stackOf(template({ Jobs: queue() })), {}, undefined);
  expect(change).toEqual({
    stack: "trueup-shop-dev-base-0000",
    logicalId: "Jobs",
    type: "AWS::SQS::Queue",
    action: "add",
    risk: "none",
    property: "",
    cause: { file: "compose.yml", line: 7, column: 3, path: "x-sqs.jobs" },
  });
});

describe("one resource", () => {
  test("is changed in place", () => {
    const before = template({ Jobs: queue({ VisibilityTimeout: 30 }) });
    const after = template({ Jobs: queue({ VisibilityTimeout: 60, DelaySeconds: 1 }) });
    expect(told(before, after)).toEqual(["modify/none Jobs VisibilityTimeout, DelaySeconds"]);
  });

  test("is replaced, and its messages go with it", () => {
    const before = template({ Jobs: queue({ DelaySeconds: 1, QueueName: "a" }) });
    const after = template({ Jobs: queue({ DelaySeconds: 2, QueueName: "b" }) });
    expect(told(before, after)).toEqual(["replace/data Jobs QueueName, DelaySeconds"]);
  });

  test("that holds nothing is replaced at no loss", () => {
    const before = template({ Role: role(), Task: task("app:1") });
    const after = template({ Role: role(), Task: task("app:2") });
    expect(told(before, after)).toEqual(["replace/replace Task ContainerDefinitions"]);
  });

  test("may be replaced where the rules are not known", () => {
    const thing = (Size: number): Resource => ({ Type: "AWS::New::Thing", Properties: { Size } });
    expect(told(template({ Thing: thing(1) }), template({ Thing: thing(2) }))).toEqual([
      "modify/data Thing Size",
    ]);
    expect(told(template({ Jobs: queue() }), template({ Jobs: queue({ New: 1 }) }))).toEqual([
      "modify/data Jobs New",
    ]);
  });

  test("goes, and nobody says why any more", () => {
    const before = template({ Jobs: queue(), Role: role() });
    expect(told(before, template({}))).toEqual(["remove/data Jobs", "remove/none Role"]);
    expect(removal("s", before).map(words)).toEqual(["remove/data Jobs", "remove/none Role"]);
    expect(removal("s", before)[0]?.cause).toBeUndefined();
  });

  test("goes, and it is remembered what asked for it", () => {
    const { origins } = stackOf(template({}));
    const deployed = { template: template({ Jobs: queue() }), parameters: {}, origins };
    const [change] = diff({ ...stackOf(template({})), origins: {} }, {}, deployed);
    expect(change?.cause).toEqual(origins.Jobs);
  });

  test("of another type is another resource", () => {
    const before = template({ Jobs: queue() });
    const after = template({ Jobs: { Type: "AWS::SNS::Topic" } });
    expect(told(before, after)).toEqual(["replace/data Jobs Type"]);
  });

  test("metadata that somebody added by hand, and that goes again", () => {
    const before = template({ Jobs: { ...queue(), Metadata: { By: "hand" } } });
    expect(told(before, template({ Jobs: queue() }))).toEqual(["modify/none Jobs Metadata"]);
  });

  test("changes when what becomes of it does", () => {
    const before = template({ Jobs: queue() });
    const after = template({ Jobs: { ...queue(), DeletionPolicy: "Retain" } });
    expect(told(before, after)).toEqual(["modify/none Jobs DeletionPolicy"]);
  });

  test("leaves what its policies say when it goes or is replaced, and nothing while it stays", () => {
    const table = (policies: Partial<Resource>, properties = {}): Template =>
      template({ T: { Type: "AWS::DynamoDB::Table", ...policies, Properties: properties } });
    const left = (before: Template, after: Template) =>
      diff(stackOf(after), {}, { template: before, parameters: {} }).map((one) => one.left);
    const policies = { DeletionPolicy: "Snapshot", UpdateReplacePolicy: "Retain" } as const;
    expect(left(table(policies), template({}))).toEqual(["snapshot"]);
    expect(left(table({ DeletionPolicy: "RetainExceptOnCreate" }), template({}))).toEqual(["all"]);
    expect(left(table({}), template({}))).toEqual([undefined]);
    expect(left(table(policies), table(policies, { KeySchema: 1 }))).toEqual(["all"]);
    expect(left(table(policies), table(policies, { TableClass: "x" }))).toEqual([undefined]);
    expect(left(template({}), table(policies))).toEqual([undefined]);
  });

  test("loses no logs that are kept", () => {
    const logs: Resource = { Type: "AWS::Logs::LogGroup" };
    expect(told(template({ Logs: logs }), template({}))).toEqual(["remove/data Logs"]);
    const kept = template({ Logs: { ...logs, DeletionPolicy: "RetainExceptOnCreate" } });
    expect(told(kept, template({}))).toEqual(["remove/none Logs"]);
    const table = template({ T: { Type: "AWS::DynamoDB::Table", DeletionPolicy: "Retain" } });
    expect(told(table, template({}))).toEqual(["remove/data T"]);
  });
});

test("a change is caused by the line of the worst that differs, where that is known", () => {
  const line = (path: string) => ({ file: "compose.yml", line: 9, column: 7, path });
  const cause = (before: Resource, after: Resource, known: readonly string[]) => {
    const desired: DesiredStack = {
      ...stackOf(template({ Jobs: after })),
      originOf: (id, property) =>
        known.includes(property.join(".")) ? line(`${id}:${property.join(".")}`) : undefined,
    };
    const deployed = { template: template({ Jobs: before }), parameters: {} };
    return diff(desired, {}, deployed)[0]?.cause?.path;
  };
  const all = ["DelaySeconds", "QueueName", "RedrivePolicy.maxReceiveCount"];
  const before = queue({ DelaySeconds: 1, QueueName: "a" });
  const after = queue({ DelaySeconds: 2, QueueName: "b" });
  expect(cause(before, after, all)).toBe("Jobs:QueueName");
  expect(cause(before, after, [])).toBe("x-sqs.jobs");

  const redriven = (maxReceiveCount: number) =>
    queue({ RedrivePolicy: { deadLetterTargetArn: "arn", maxReceiveCount } });
  expect(cause(redriven(1), redriven(2), all)).toBe("Jobs:RedrivePolicy.maxReceiveCount");
  expect(cause(redriven(1), { ...redriven(1), DeletionPolicy: "Retain" }, all)).toBe("x-sqs.jobs");
});

test("of several places that are as bad the first is the cause, and the worst of all", () => {
  const line = (path: string) => ({ file: "compose.yml", line: 9, column: 7, path });
  const dns = (TTL: number, NamespaceId: string, RoutingPolicy: string): Resource => ({
    Type: "AWS::ServiceDiscovery::Service",
    Properties: { DnsConfig: { DnsRecords: [{ TTL }], NamespaceId, RoutingPolicy } },
  });
  const cause = (before: Resource, after: Resource) => {
    const desired: DesiredStack = {
      ...stackOf(template({ Dns: after })),
      originOf: (_, property) => line(property.join(".")),
    };
    return diff(desired, {}, { template: template({ Dns: before }), parameters: {} })[0]?.cause;
  };
  const before = dns(15, "ns-1", "WEIGHTED");
  expect(cause(before, dns(60, "ns-2", "WEIGHTED"))?.path).toBe("DnsConfig.NamespaceId");
  expect(cause(before, dns(15, "ns-2", "MULTIVALUE"))?.path).toBe("DnsConfig.NamespaceId");
  const namespaces = (...ids: readonly string[]): Resource => ({
    Type: "AWS::ServiceDiscovery::Service",
    Properties: { DnsConfig: { DnsRecords: [{ TTL: ids.length, Type: ids[0] ?? "" }] } },
  });
  expect(cause(namespaces("A"), namespaces("B", "C"))?.path).toBe("DnsConfig.DnsRecords.TTL");
  expect(cause(before, { ...before, DeletionPolicy: "Retain" })?.path).toBe("DeletionPolicy");
});

test("other tags of a stack are other tags of all that it has", () => {
  const both = template({ Jobs: queue(), Role: role() });
  const tagged = (tags: Readonly<Record<string, string>> | undefined) => {
    const deployed = { template: both, parameters: {}, ...(tags && { tags }) };
    return diff({ ...stackOf(both), tags: { team: "shop" } }, {}, deployed).map(words);
  };
  expect(tagged({ team: "stock" })).toEqual(["modify/none Jobs Tags", "modify/none Role Tags"]);
  expect(tagged({ team: "shop" })).toEqual([]);
  expect(tagged(undefined)).toEqual([]);
});

describe("a property with parts", () => {
  const discovery = (NamespaceId: string, TTL: number): Resource => ({
    Type: "AWS::ServiceDiscovery::Service",
    Properties: { DnsConfig: { NamespaceId, DnsRecords: [{ Type: "A", TTL }] } },
  });
  const table = (...attributes: readonly [string, string][]): Resource => ({
    Type: "AWS::DynamoDB::Table",
    Properties: {
      AttributeDefinitions: attributes.map(([AttributeName, AttributeType]) => ({
        AttributeName,
        AttributeType,
      })),
    },
  });

  test("replaces by the part that does", () => {
    const before = template({ Dns: discovery("ns-1", 15) });
    expect(told(before, template({ Dns: discovery("ns-1", 60) }))).toEqual([
      "modify/none Dns DnsConfig",
    ]);
    expect(told(before, template({ Dns: discovery("ns-2", 15) }))).toEqual([
      "replace/replace Dns DnsConfig",
    ]);
  });

  test("that comes or goes as a whole does so with that part", () => {
    const without = template({ Dns: { Type: "AWS::ServiceDiscovery::Service" } });
    const withDns = template({ Dns: discovery("ns-1", 15) });
    expect(told(without, withDns)).toEqual(["replace/replace Dns DnsConfig"]);
    expect(told(withDns, without)).toEqual(["replace/replace Dns DnsConfig"]);
  });

  test("gets another item in place, but not another kind of one it has", () => {
    const before = template({ Orders: table(["id", "S"]) });
    expect(told(before, template({ Orders: table(["id", "S"], ["day", "N"]) }))).toEqual([
      "modify/none Orders AttributeDefinitions",
    ]);
    expect(told(before, template({ Orders: table(["id", "N"]) }))).toEqual([
      "modify/data Orders AttributeDefinitions",
    ]);
  });
});

describe("the same value", () => {
  test.for([
    [
      "a reference in a text",
      { "Fn::Sub": `arn:\${Role.Arn}/x` },
      join(["arn:", getAtt("Role", "Arn"), "/x"]),
    ],
    ["a text without references", { "Fn::Sub": "plain" }, "plain"],
    [
      "a text with its own variables",
      { "Fn::Sub": [`\${a}-\${!b}`, { a: ref("Role") }] },
      join([ref("Role"), `-\${b}`]),
    ],
    ["an attribute", { "Fn::GetAtt": "Role.Arn" }, getAtt("Role", "Arn")],
    ["text in text", join(["a", join(["b", ref("Role")])]), join(["ab", ref("Role")])],
    ["joined words", join(["a", "b"], ","), "a,b"],
    ["an item of a list", { "Fn::Select": [1, { "Fn::Split": ["=", "k=v"] }] }, "v"],
    ["a number in a text", join(["port ", 80]), "port 80"],
  ] as const)("may be spelled in two ways: %s", ([, one, other]) => {
    const before = template({ Role: role(), Task: task(one) });
    const after = template({ Role: role(), Task: task(other) });
    expect(told(before, after)).toEqual([]);
    expect(told(after, before)).toEqual([]);
  });

  test("may be written as absent", () => {
    const before = template({ Jobs: queue({ QueueName: ref("AWS::NoValue") }) });
    expect(told(before, template({ Jobs: queue() }))).toEqual([]);
  });

  test("may come from a parameter", () => {
    const before = template({ Jobs: queue({ QueueName: ref("Name") }) }, "Name");
    const after = template({ Jobs: queue({ QueueName: "jobs" }) });
    expect(told(before, after, { before: { Name: "jobs" } })).toEqual([]);
  });

  test("does not come of two values that only read alike", () => {
    const before = template({ Role: role(), Other: role(), Task: task({ "Fn::Sub": `\${Role}` }) });
    const after = template({ Role: role(), Other: role(), Task: task({ "Fn::Sub": `\${!Role}` }) });
    expect(told(before, after)).toEqual(["replace/replace Task ContainerDefinitions"]);
  });
});

describe("a parameter", () => {
  const service = template(
    {
      Role: role(),
      Task: task({ "Fn::Sub": `\${Repository}:1` }),
      Other: { Type: "AWS::ECS::Service", Properties: { DesiredCount: 1 } },
    },
    "Repository",
  );

  test("with another value changes what it feeds and nothing else", () => {
    const given = { before: { Repository: "a" }, after: { Repository: "b" } };
    expect(told(service, service, given)).toEqual(["replace/replace Task ContainerDefinitions"]);
  });

  test("with the same value changes nothing", () => {
    const given = { before: { Repository: "a" }, after: { Repository: "a" } };
    expect(told(service, service, given)).toEqual([]);
  });

  test("that nobody knows yet may change what it feeds", () => {
    const after = { Repository: { output: ["base", "Repository"] as const } };
    expect(told(service, service, { before: { Repository: "a" }, after })).toEqual([
      "modify/may-replace Task ContainerDefinitions",
    ]);
  });

  test("that nobody knows yet hides no change beside it", () => {
    const more = template(
      { Role: role(), Task: task({ "Fn::Sub": `\${Repository}:1` }, "arn:other") },
      "Repository",
    );
    const { Role, Task } = service.Resources;
    if (Role === undefined || Task === undefined)
      throw new Error("the fixture lacks its resources");
    const after = { Repository: { output: ["base", "Repository"] as const } };
    expect(
      told(template({ Role, Task }, "Repository"), more, { before: { Repository: "a" }, after }),
    ).toEqual(["replace/replace Task TaskRoleArn, ContainerDefinitions"]);
  });
});

test("a text is surely another where a part of it is, whatever the rest will be", () => {
  const named = (path: string) =>
    template({ Role: role({ Path: path }), Task: task(join([ref("Role"), ref("Tag")])) }, "Tag");
  const after = { Tag: { output: ["base", "Tag"] as const } };
  expect(told(named("/a/"), named("/b/"), { before: { Tag: "1" }, after })).toEqual([
    "replace/replace Role Path",
    "replace/replace Task ContainerDefinitions, TaskRoleArn",
  ]);
});

describe("a change is followed", () => {
  const service: Resource = {
    Type: "AWS::ECS::Service",
    Properties: { TaskDefinition: ref("Task") },
  };

  test("from a replaced resource to what uses it", () => {
    const before = template({ Service: service, Task: task("app:1"), Role: role() });
    const after = template({ Service: service, Task: task("app:2"), Role: role() });
    expect(told(before, after)).toEqual([
      "modify/none Service TaskDefinition",
      "replace/replace Task ContainerDefinitions",
    ]);
  });

  test("through create-only properties as far as they go", () => {
    const network = (CidrBlock: string) =>
      template({
        Mount: {
          Type: "AWS::EFS::MountTarget",
          Properties: { SubnetId: ref("Subnet"), FileSystemId: "fs-1" },
        },
        Subnet: { Type: "AWS::EC2::Subnet", Properties: { VpcId: ref("Vpc") } },
        Vpc: { Type: "AWS::EC2::VPC", Properties: { CidrBlock } },
      });
    expect(told(network("10.0.0.0/16"), network("10.1.0.0/16"))).toEqual([
      "replace/replace Mount SubnetId",
      "replace/replace Subnet VpcId",
      "replace/replace Vpc CidrBlock",
    ]);
  });

  test("as no more than a possibility where it is one", () => {
    const thing = (Size: number) =>
      template({
        Role: role(),
        Thing: { Type: "AWS::New::Thing", Properties: { Size } },
        Task: task("a", getAtt("Thing", "Arn")),
      });
    expect(told(thing(1), thing(2))).toEqual([
      "modify/data Thing Size",
      "modify/may-replace Task TaskRoleArn",
    ]);
  });

  test("as no more than a possibility to who asks for what a new one may have too", () => {
    const balanced = (Scheme: string) =>
      template({
        Balancer: { Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", Properties: { Scheme } },
        Task: task("a", getAtt("Balancer", "SecurityGroups")),
      });
    expect(told(balanced("internal"), balanced("internet-facing"))).toEqual([
      "replace/replace Balancer Scheme",
      "modify/may-replace Task TaskRoleArn",
    ]);
  });
});

describe("an update in place", () => {
  const keyed = (rotation: boolean) =>
    template({
      Key: { Type: "AWS::KMS::Key", Properties: { EnableKeyRotation: rotation } },
      Database: { Type: "AWS::RDS::DBInstance", Properties: { KmsKeyId: getAtt("Key", "Arn") } },
    });

  test("changes nothing for who asks for an ARN", () => {
    expect(told(keyed(false), keyed(true))).toEqual(["modify/none Key EnableKeyRotation"]);
  });

  test("leaves open what may come out different, and nothing of what nothing is done to", () => {
    const lagging = (Name: string) =>
      template({
        Lag: { Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", Properties: { Tags: [Name] } },
        Role: role(),
      });
    const deployed = { template: lagging("a"), parameters: {} };
    const answer = answers(stackOf(lagging("b")), {}, deployed);
    expect(answer({ resource: "Lag", attribute: "SecurityGroups" })).toBe("perhaps");
    expect(answer({ resource: "Lag", attribute: "DNSName" })).toBe("no");
    expect(answer({ resource: "Role", attribute: "Arn" })).toBe("no");
    expect(answer({ resource: "AWS::Region", attribute: undefined })).toBe("no");
  });

  test("is exaggerated of nothing that asks for what stays", () => {
    const before = template({ Role: role(), Task: task("app:1"), Jobs: queue() });
    const after = template({ Role: role(), Task: task("app:1"), Jobs: queue({ DelaySeconds: 1 }) });
    const deployed = { template: before, parameters: {} };
    expect(foreseen(stackOf(after), {}, deployed).map(words)).toEqual([
      "modify/none Jobs DelaySeconds",
    ]);
  });

  test("is exaggerated by CloudFormation, as foreseen", () => {
    const deployed = { template: keyed(false), parameters: {} };
    expect(foreseen(stackOf(keyed(true)), {}, deployed).map(words)).toEqual([
      "modify/none Key EnableKeyRotation",
      "replace/data Database KmsKeyId",
    ]);
  });

  test("may change something for who asks for what it changes", () => {
    const setting = (Value: string) =>
      template({
        Setting: { Type: "AWS::SSM::Parameter", Properties: { Value } },
        Task: task(getAtt("Setting", "Value"), "arn:role"),
      });
    expect(told(setting("a"), setting("b"))).toEqual([
      "modify/none Setting Value",
      "modify/may-replace Task ContainerDefinitions",
    ]);
  });
});
