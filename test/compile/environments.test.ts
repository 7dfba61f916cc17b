// biome-ignore-all lint/suspicious/noTemplateCurlyInString: compose text has them.
import { describe, expect, test } from "vitest";
import { graphOf, nodesOf, only, saidOf } from "./from-text.ts";

// What an environment says of everything that is compiled for it.

const shop = (rest: string): string => `
services:
  web: { image: "web:1", x-iam: { PermissionsBoundary: own } }
x-vpc: { Properties: { EnableFlowLogs: true } }
${rest}`;

const target = { account: "123456789012", region: "eu-west-1" };

describe("a permissions boundary of the environment", () => {
  const permissionsBoundary = "arn:aws:iam::123456789012:policy/boundary";
  const settings = { target: { ...target, permissionsBoundary } };
  const text = shop(`
x-events: { nightly: { Properties: { ScheduleExpression: rate(1 day) }, Services: { web: {} } } }
x-s3: { dumps: {} }
x-rds:
  main: { MacroParameters: { Engine: aurora-mysql, RdsFeatures: [{ Name: s3Export, Resources: ["x-s3::dumps"] }] } }`);

  test("is every role's, whatever the file says", () => {
    const roles = [...graphOf(text, { settings }).nodes.values()].filter(
      ({ type }) => type === "AWS::IAM::Role",
    );
    expect(roles.length).toBe(5);
    for (const { properties } of roles)
      expect(properties.PermissionsBoundary).toBe(permissionsBoundary);
  });

  test("is told to whoever named another", () => {
    expect(saidOf(text, { settings })).toContain("warning overruled services.web");
  });
});

describe("an environment that is made to be deleted", () => {
  const settings = { ephemeral: true, environment: "preview.feature-x-0a1b2c" };
  const data = shop(`
volumes: { v: { x-efs: {} } }
x-kms: { k: {} }
x-sqs: { q: {} }
x-s3: { b: {} }
x-dynamodb: { t: { Properties: { AttributeDefinitions: [{ AttributeName: a, AttributeType: S }], KeySchema: [{ AttributeName: a, KeyType: HASH }] } } }
x-elasticache: { c: { MacroParameters: { Engine: redis } } }
x-rds: { d: { MacroParameters: { Engine: mysql } }, e: { MacroParameters: { Engine: aurora-mysql } } }`);

  test("keeps nothing, neither by the file's word nor by CloudFormation's habit", () => {
    const nodes = [...graphOf(data, { settings }).nodes.values()];
    const kept = nodes.filter(({ deletionPolicy = "Delete", updateReplacePolicy = "Delete" }) =>
      [deletionPolicy, updateReplacePolicy].some((policy) => policy !== "Delete"),
    );
    expect(kept).toEqual([]);
    const databases = nodes.filter(({ type }) => /RDS::DB(?:Cluster|Instance)$/.test(type));
    expect(databases.map(({ deletionPolicy }) => deletionPolicy)).toEqual(Array(3).fill("Delete"));
  });

  test.for([
    ["{ EnableFlowLogs: false }", 0, "ENABLED"],
    ["{ SingleNat: true }", 1, "DISABLED"],
  ] as const)("with x-vpc %s has %i gateways", ([properties, count, address]) => {
    const text = `services: { web: { image: "web:1" } }\nx-vpc: { Properties: ${properties} }`;
    const graph = graphOf(text, { settings });
    const gateways = [...graph.nodes.values()].filter(({ type }) => type.endsWith("NatGateway"));
    expect(gateways).toHaveLength(count);
    const { AwsvpcConfiguration } = only(graph, "AWS::ECS::Service").NetworkConfiguration;
    expect(AwsvpcConfiguration.AssignPublicIp).toBe(address);
  });
});

describe("a log group that ECS would make, in an environment that is made to be deleted", () => {
  const settings = { ephemeral: true, environment: "preview.feature-x-0a1b2c" };
  const group = "/shop/preview-feature-x-0a1b2c";
  const service = (name: string, more: string) =>
    `  ${name}: { image: "a:1", logging: { driver: awslogs, options: { awslogs-group: ${group}, awslogs-create-group: "true" } }, ${more} }\n`;
  const file = (...services: readonly string[]) =>
    `services:\n${services.join("")}x-vpc: { Properties: { SingleNat: true } }\n`;
  const inFamily = (days: number) =>
    `x-logging: { RetentionInDays: ${days} }, deploy: { labels: { ecs.task.family: f } }`;
  const [a, b, c] = [
    service("a", inFamily(7)),
    service("b", inFamily(14)),
    service("c", "x-logging: { RetentionInDays: 3 }"),
  ];

  test("is the family's where only its services write there", () => {
    const [made, ...others] = nodesOf(graphOf(file(a, b), { settings }), "AWS::Logs::LogGroup");
    expect(others).toEqual([]);
    expect(made?.layer).toEqual({ layer: "family", family: "f" });
    expect(made?.properties).toEqual({ LogGroupName: group, RetentionInDays: 14 });
  });

  test("is there before several families that write there", () => {
    const graph = graphOf(file(a, b, c), { settings });
    const [made, ...others] = nodesOf(graph, "AWS::Logs::LogGroup");
    expect(others).toEqual([]);
    expect(made?.layer).toEqual({ layer: "base" });
    expect(made?.properties).toEqual({ LogGroupName: group, RetentionInDays: 14 });
    for (const id of ["FExecutionPolicy", "CExecutionPolicy"])
      expect(JSON.stringify(graph.nodes.get(id)?.properties)).toContain(
        JSON.stringify({ "Fn::GetAtt": [made?.id, "Arn"] }),
      );
    expect(saidOf(file(c, b, a), { settings })).toEqual([]);
  });
});

describe("a name that the file gives", () => {
  const named = (name: string) => shop(`x-sqs: { q: { Properties: { QueueName: ${name} } } }`);
  const place = "x-sqs.q.Properties.QueueName";

  test.for([
    ["test", "jobs", `warning fixed-name ${place}`],
    ["preview.feature-x-0a1b2c", "jobs", `error fixed-name ${place}`],
    ["preview.feature-x-0a1b2c", "jobs-preview-feature-x-0a1b2c", undefined],
    ["preview.feature-x-0a1b2c", '"jobs-${AWS::Region}"', `error fixed-name ${place}`],
    ["preview.feature-x-0a1b2c", '"${AWS::StackName}-jobs"', undefined],
  ])("in %s: %s", ([environment = "", name = "", said]) => {
    const all = saidOf(named(name), { settings: { environment } });
    expect(all.filter((line) => line.includes("fixed-name"))).toEqual(
      said === undefined ? [] : [said],
    );
  });

  test.for([
    "x-cluster: { Properties: { ClusterName: NAME } }",
    "x-rds: { a: { MacroParameters: { Engine: aurora-mysql }, Properties: { DBClusterIdentifier: NAME } } }",
    "x-rds: { a: { MacroParameters: { Engine: mysql }, Properties: { DBInstanceIdentifier: NAME } } }",
    "x-alarms: { a: { Properties: { AlarmName: NAME, ComparisonOperator: GreaterThanThreshold } } }",
  ])("has the prefix that the role of CloudFormation is bound to: %s", (text) => {
    const refused = (name: string, role: { cloudFormationRole?: string } = {}) =>
      saidOf(shop(text.replace("NAME", name)), {
        settings: { prefix: "trueup", target: { ...target, ...role } },
      }).filter((line) => line.startsWith("error not-permitted"));
    const own = { cloudFormationRole: "arn:aws:iam::123456789012:role/trueup/CloudFormation" };
    const wide = { cloudFormationRole: "arn:aws:iam::123456789012:role/Admin" };
    expect(refused("shop", own)).toHaveLength(1);
    expect(refused("trueup-shop", own)).toEqual([]);
    expect(refused("shop", wide)).toEqual([]);
    expect(refused("shop")).toEqual([]);
  });
});
