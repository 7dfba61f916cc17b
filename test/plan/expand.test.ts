import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  getAtt,
  join,
  type Output,
  type Parameter,
  type Properties,
  type Resource,
  ref,
  type Template,
  type Value,
} from "../../src/model/template.ts";
import { expand, references } from "../../src/plan/expand.ts";

interface Parts {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs?: Readonly<Record<string, Value>>;
  readonly parameters?: readonly string[];
}

const template = ({ outputs = {}, parameters = [], resources }: Parts): Template => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Parameters: Object.fromEntries(
    parameters.map((name): [string, Parameter] => [name, { Type: "String" }]),
  ),
  Resources: resources,
  Outputs: Object.fromEntries(
    Object.entries(outputs).map(([name, Value]): [string, Output] => [name, { Value }]),
  ),
});

const queue = (properties: Resource["Properties"] = {}): Resource => ({
  Type: "AWS::SQS::Queue",
  Properties: properties,
});

const jobs = template({
  resources: { JobsA1: queue({ DelaySeconds: 1 }), Logs: { Type: "AWS::Logs::LogGroup" } },
  outputs: { JobsArn: getAtt("JobsA1", "Arn"), LogsArn: getAtt("Logs", "Arn") },
});

test("what is kept is kept with what is around it, and no more", () => {
  const of = (...names: readonly string[]): Resource => ({
    Type: "AWS::EFS::MountTarget",
    Properties: { Of: names.map((name) => ref(name)) },
  });
  const volume = { Type: "AWS::EFS::FileSystem" };
  const deployed = template({
    resources: {
      Old: volume,
      Target: of("Old", "Guard"),
      Guard: of("Vpc"),
      Rule: of("Guard"),
      Vpc: { Type: "AWS::EC2::VPC" },
      Beside: of("Vpc"),
      Unused: volume,
    },
    outputs: { OldRef: ref("Old") },
  });
  const desired = template({ resources: { New: volume, Vpc: { Type: "AWS::EC2::VPC" } } });
  const kept = expand(desired, deployed, new Set(["OldRef"]))?.Resources ?? {};
  expect(Object.keys(kept)).toEqual(["New", "Vpc", "Old", "Target", "Guard", "Rule", "Beside"]);
});

describe("a route out of a subnet that stays", () => {
  const of = (type: string, Properties: Resource["Properties"] = {}, DependsOn: string[] = []) => ({
    Type: `AWS::EC2::${type}`,
    ...(DependsOn.length > 0 && { DependsOn }),
    Properties,
  });
  const network = (more: Properties = {}) => ({
    Subnet: of("Subnet"),
    Other: of("Subnet"),
    Table: of("RouteTable", more),
    Link: of("SubnetRouteTableAssociation", { A: ref("Subnet"), B: ref("Table") }),
  });
  const nat = {
    Address: of("EIP"),
    Nat: of("NatGateway", { AllocationId: getAtt("Address", "AllocationId") }),
    Route: of("Route", { To: ref("Table"), NatGatewayId: ref("Nat") }),
    Late: of("Route", {}, ["Route"]),
  };
  const [before, after] = [{ SubnetRef: ref("Subnet") }, { OtherRef: ref("Other") }];
  const deployed = template({
    resources: { ...network(), ...nat, Queue: queue() },
    outputs: before,
  });
  const keptOf = (desired: Parts, imported = ["SubnetRef"]) =>
    expand(template(desired), deployed, new Set(imported));

  test("stays until those have moved that are in it", () => {
    const kept = keptOf({ resources: network(), outputs: after });
    const all = [...Object.keys(network()), ...Object.keys(nat)];
    expect(Object.keys(kept?.Resources ?? {})).toEqual(all);
    expect(kept?.Outputs).toEqual(
      template({ resources: {}, outputs: { ...after, ...before } }).Outputs,
    );
  });

  test("goes at once where nobody is to move, or nobody is there", () => {
    expect(keptOf({ resources: network(), outputs: before })).toBeUndefined();
    expect(keptOf({ resources: network(), outputs: after }, [])).toBeUndefined();
  });

  test("goes with what hangs on it where its table is replaced under its own id", () => {
    const replaced = network({ VpcId: "another" });
    const kept = keptOf({ resources: replaced, outputs: after })?.Resources ?? {};
    expect(Object.keys(kept)).toEqual([...Object.keys(network()), "Address", "Nat"]);
  });

  test("stays though another push comes before they have moved", () => {
    const first = keptOf({ resources: network(), outputs: after });
    const more = template({ resources: { ...network(), More: queue() }, outputs: after });
    const next = expand(more, first ?? more, new Set(["SubnetRef"]));
    expect(Object.keys(next?.Resources ?? {})).toEqual(expect.arrayContaining(["Route", "More"]));
  });
});

test("what hangs on it and on what is replaced under its own id goes: it would join two networks", () => {
  const table = (vpc: string) => ({
    Type: "AWS::EC2::RouteTable",
    Properties: { VpcId: ref(vpc) },
  });
  const route = { Type: "AWS::EC2::Route", Properties: { RouteTableId: ref("Table") } };
  const link = { SubnetId: ref("Old"), RouteTableId: ref("Table") };
  const resources = {
    Old: { Type: "AWS::EC2::Subnet", Properties: { VpcId: ref("OldVpc") } },
    OldVpc: { Type: "AWS::EC2::VPC" },
    Link: { Type: "AWS::EC2::SubnetRouteTableAssociation", Properties: link },
    Through: { Type: "A::B::C", Properties: { A: ref("Old"), B: ref("Route") } },
    Table: table("OldVpc"),
    Route: route,
  };
  const deployed = template({ resources, outputs: { OldRef: ref("Old") } });
  const desired = template({
    resources: { NewVpc: { Type: "AWS::EC2::VPC" }, Table: table("NewVpc"), Route: route },
  });
  const kept = expand(desired, deployed, new Set(["OldRef"]))?.Resources ?? {};
  expect(Object.keys(kept)).toEqual(["NewVpc", "Table", "Route", "Old", "OldVpc"]);
});

describe("a queue that is renamed", () => {
  const renamed = template({
    resources: { TasksB2: queue() },
    outputs: { TasksArn: getAtt("TasksB2", "Arn") },
  });

  test("is there beside the new one as long as somebody imports it", () => {
    expect(expand(renamed, jobs, new Set(["JobsArn"]))).toEqual(
      template({
        resources: { TasksB2: queue(), JobsA1: queue({ DelaySeconds: 1 }) },
        outputs: { TasksArn: getAtt("TasksB2", "Arn"), JobsArn: getAtt("JobsA1", "Arn") },
      }),
    );
  });

  test("goes when nobody does", () => {
    expect(expand(renamed, jobs, new Set())).toBeUndefined();
    expect(expand(renamed, jobs, new Set(["SomebodyElsesArn"]))).toBeUndefined();
  });
});

test("a node that stays needs no keeping, though its output goes", () => {
  const desired = template({ resources: jobs.Resources });
  expect(expand(desired, jobs, new Set(["JobsArn", "LogsArn"]))).toBeUndefined();
});

test("a node with another id under the same output stands beside the old one", () => {
  const replaced = template({
    resources: { JobsB2: queue() },
    outputs: { JobsArn: getAtt("JobsB2", "Arn") },
  });
  const expanded = expand(replaced, jobs, new Set(["JobsArn"]));
  expect(Object.keys(expanded?.Resources ?? {})).toEqual(["JobsB2", "JobsA1"]);
  expect(expanded?.Outputs).toEqual({ JobsArn: { Value: getAtt("JobsB2", "Arn") } });
});

test("a node that is replaced under its own id is as desired: one id is one resource", () => {
  const desired = template({ resources: { JobsA1: queue({ QueueName: "x" }) } });
  expect(expand(desired, jobs, new Set(["JobsArn"]))).toBeUndefined();
});

test("every output that is imported is kept with what it tells of, and nothing else", () => {
  const deployed = template({
    resources: { Old: queue(), Stays: queue() },
    outputs: {
      Both: join([ref("Stays"), ref("Old")]),
      Other: ref("Stays"),
      Unused: ref("Stays"),
      Zone: ref("Zone"),
    },
    parameters: ["Zone", "Unused"],
  });
  const desired: Template = {
    AWSTemplateFormatVersion: "2010-09-09",
    Resources: { Stays: queue() },
  };
  const expanded = expand(desired, deployed, new Set(["Both", "Other", "Zone"]));
  const { Unused: _, ...Outputs } = deployed.Outputs ?? {};
  expect(expanded).toEqual({
    ...desired,
    Parameters: { Zone: { Type: "String" } },
    Resources: { Stays: queue(), Old: queue() },
    Outputs,
  });
});

test.for<[value: Value, names: readonly string[]]>([
  ["plain", []],
  [["plain", ref("A")], ["A"]],
  [{ "Fn::GetAtt": "A.Outputs.Url" }, ["A"]],
  [{ "Fn::Sub": `\${A}/\${B.Arn}/\${!C}` }, ["A", "B"]],
  [{ "Fn::Sub": [`\${a}`, { a: getAtt("B", "Arn") }] }, ["a", "B"]],
])("%j refers to %j", ([value, names]) => {
  expect(references(value)).toEqual(names);
});

describe("what a kept node needs is kept", () => {
  const needy = (properties: Resource["Properties"], dependsOn: readonly string[] = []) =>
    template({
      resources: {
        Kept: { Type: "AWS::SNS::Topic", DependsOn: dependsOn, Properties: properties ?? {} },
        First: { Type: "AWS::KMS::Key", Properties: { Description: ref("Second") } },
        Second: { Type: "AWS::KMS::Key" },
        Unneeded: { Type: "AWS::KMS::Key" },
      },
      outputs: { KeptArn: ref("Kept") },
      parameters: ["Zone", "Unused"],
    });

  test.for<[how: string, deployed: Template]>([
    ["Ref", needy({ KmsMasterKeyId: ref("First") })],
    ["GetAtt", needy({ KmsMasterKeyId: getAtt("First", "Arn") })],
    ["GetAtt as text", needy({ KmsMasterKeyId: { "Fn::GetAtt": "First.Arn" } })],
    ["Sub", needy({ KmsMasterKeyId: { "Fn::Sub": `\${First}` } })],
    ["Sub of an attribute", needy({ KmsMasterKeyId: { "Fn::Sub": `a/\${First.Arn}` } })],
    ["Sub's own variable", needy({ X: { "Fn::Sub": [`\${x}`, { x: ref("First") }] } })],
    ["an item not selected", needy({ X: { "Fn::Select": [0, ["a", ref("First")]] } })],
    ["depth", needy({ Tags: [{ Key: "k", Value: join(["a", ref("First")]) }] })],
    ["order", needy({}, ["First"])],
  ])("by %s", ([, deployed]) => {
    const expanded = expand(template({ resources: {} }), deployed, new Set(["KeptArn"]));
    expect(Object.keys(expanded?.Resources ?? {})).toEqual(["Kept", "First", "Second"]);
  });

  test("unless it is desired, then as it is desired", () => {
    const First: Resource = { Type: "AWS::KMS::Key", Properties: { Description: "new" } };
    const deployed = needy({ KmsMasterKeyId: ref("First") });
    const expanded = expand(template({ resources: { First } }), deployed, new Set(["KeptArn"]));
    expect(Object.keys(expanded?.Resources ?? {})).toEqual(["First", "Kept", "Second"]);
    expect(expanded?.Resources.First).toEqual(First);
  });

  test("parameters too, but no others", () => {
    const deployed = needy({ TopicName: { "Fn::Sub": `t-\${Zone}` } });
    const expanded = expand(
      template({ resources: {}, parameters: ["Own"] }),
      deployed,
      new Set(["KeptArn"]),
    );
    expect(Object.keys(expanded?.Parameters ?? {})).toEqual(["Own", "Zone"]);
  });
});

/** Templates of up to six nodes that refer to earlier ones, each with an output. */
const anyTemplate = (version: string): fc.Arbitrary<Template> =>
  fc
    .uniqueArray(fc.integer({ min: 0, max: 5 }), { maxLength: 6 })
    .chain((numbers) =>
      fc.tuple(
        ...[...numbers]
          .sort()
          .map((number, index, all) =>
            fc.subarray(all.slice(0, index)).map((earlier) => ({ earlier, number })),
          ),
      ),
    )
    .map((nodes) =>
      template({
        resources: Object.fromEntries(
          nodes.map(({ earlier, number }) => [
            `N${number}`,
            queue({ Version: version, Uses: earlier.map((one) => ref(`N${one}`)) }),
          ]),
        ),
        outputs: Object.fromEntries(
          nodes.map(({ number }) => [`O${number}`, getAtt(`N${number}`, "Arn")]),
        ),
      }),
    );

const imports = fc
  .subarray([0, 1, 2, 3, 4, 5])
  .map((numbers) => new Set(numbers.map((number) => `O${number}`)));

describe("over any two templates", () => {
  const cases = [anyTemplate("desired"), anyTemplate("deployed"), imports] as const;
  const settings = { numRuns: 500, seed: 20_261_123 };

  test("the expanded one holds all that is desired as it is desired", () => {
    fc.assert(
      fc.property(...cases, (desired, deployed, stillImported) => {
        expect(expand(desired, deployed, stillImported) ?? desired).toMatchObject(desired);
      }),
      settings,
    );
  });

  test("it holds every node that is imported, and refers to none that isn't there", () => {
    fc.assert(
      fc.property(...cases, (desired, deployed, stillImported) => {
        const expanded = expand(desired, deployed, stillImported) ?? desired;
        const ids = Object.keys(expanded.Resources);
        for (const name of stillImported) {
          if (deployed.Outputs?.[name] !== undefined) expect(ids).toContain(name.replace("O", "N"));
        }
        const uses = Object.values(expanded.Resources).flatMap(
          ({ Properties }) => Properties?.Uses as readonly { readonly Ref: string }[],
        );
        expect(ids).toEqual(expect.arrayContaining(uses.map(({ Ref }) => Ref)));
      }),
      settings,
    );
  });

  test("it needs no expanding", () => {
    fc.assert(
      fc.property(...cases, (desired, deployed, stillImported) => {
        const expanded = expand(desired, deployed, stillImported) ?? desired;
        expect(expand(expanded, deployed, stillImported)).toBeUndefined();
      }),
      settings,
    );
  });

  test("it holds nothing that neither is desired nor was deployed", () => {
    fc.assert(
      fc.property(...cases, (desired, deployed, stillImported) => {
        const expanded = expand(desired, deployed, stillImported) ?? desired;
        expect({ ...deployed.Resources, ...desired.Resources }).toMatchObject(expanded.Resources);
      }),
      settings,
    );
  });
});
