import { describe, expect, test } from "vitest";
import { graphOf, nodesOf, only, saidOf } from "./from-text.ts";

// What ECS ComposeX calls things by, where CloudFormation and this project have another name.

const shop = (rest: string): string => `
services:
  web: { image: "web:1", expose: ["80"], command: [run, "x-ssm_parameter::settings::ParameterName"] }
x-vpc: { Properties: { SingleNat: true } }
${rest}`;

describe("a parameter", () => {
  const told = (is: string) => {
    const text = shop(
      `x-ssm_parameter: { settings: { ${is}, Services: { web: { ReturnValues: { ParameterArn: WHERE } } } } }`,
    );
    const graph = graphOf(text, { lookups: "placeholder" });
    const [container] = only(graph, "AWS::ECS::TaskDefinition").ContainerDefinitions;
    return { command: container.Command, environment: container.Environment };
  };

  test("is known by ParameterName and ParameterArn", () => {
    const { command, environment } = told("Properties: { Value: a }");
    expect(command).toEqual(["run", { Ref: "SettingsParameter" }]);
    expect(environment.map(({ Name }: { Name: string }) => Name)).toEqual(["SETTINGS", "WHERE"]);
    expect(JSON.stringify(environment[1].Value)).toContain(":ssm:");
  });

  test("and so is one that is there already", () => {
    expect(told("Lookup: { Tags: { for: web } }").command).toEqual(["run", "/settings"]);
  });
});

describe("x-cluster.Use", () => {
  const using = (is: string) => `services: { web: { image: "web:1" } }
x-vpc: { Properties: { SingleNat: true } }
x-cluster: { ${is} }`;

  test("names a cluster that nobody looks up", () => {
    const graph = graphOf(using("Use: shared"));
    expect(only(graph, "AWS::ECS::Service").Cluster).toBe("shared");
    expect(nodesOf(graph, "AWS::ECS::Cluster")).toEqual([]);
  });

  test("leaves no room for properties, nor does a lookup for it", () => {
    expect(saidOf(using("Use: shared, Properties: { ClusterName: own }"))).toContain(
      "warning no-effect x-cluster.Properties",
    );
    const both = saidOf(using("Use: shared, Lookup: other"), { lookups: "placeholder" });
    expect(both).toContain("warning no-effect x-cluster.Use");
  });

  test("has the capacity that its services say, whatever stands beside it", () => {
    const strategy = "DefaultCapacityProviderStrategy: [{ CapacityProvider: own, Weight: 1 }]";
    const text = using(`Use: shared, Properties: { ${strategy} }`);
    expect(only(graphOf(text), "AWS::ECS::TaskDefinition").RequiresCompatibilities).toEqual([
      "FARGATE",
    ]);
  });
});

test.for([
  ["x-cloudmap", "NamespaceId"],
  ["x-route53", "HostedZoneId"],
])("a zone of %s is looked up by its own name where Lookup says only who looks", ([key = ""]) => {
  const role = "arn:aws:iam::123456789012:role/looks";
  const text = shop(
    `${key}: { inside: { Name: app.internal, Lookup: { RoleArn: "${role}" } } }\nx-ssm_parameter: { settings: { Properties: { Value: a } } }`,
  );
  expect(saidOf(text)).toEqual([`error lookup-unanswered ${key}.inside.Lookup`]);
});

test.for([
  ["QueueName", "x-sqs::jobs", { "Fn::GetAtt": ["JobsQueue", "QueueName"] }],
  ["QueueName", "x-sqs::jobs::QueueName", { "Fn::GetAtt": ["JobsQueue", "QueueName"] }],
  ["TopicName", "x-sns::news", { "Fn::GetAtt": ["NewsTopic", "TopicName"] }],
  ["BucketName", "x-s3::data", { Ref: "DataBucket" }],
  ["StreamName", "x-kinesis::events", { Ref: "EventsStream" }],
] as const)("metrics call a resource by its name: %s of %s", ([Name, value, expected]) => {
  const alarm = `Namespace: n, MetricName: m, Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold, Dimensions: [{ Name: ${Name}, Value: "${value}" }]`;
  const text = `services: { web: { image: "web:1" } }
x-vpc: { Properties: { SingleNat: true } }
x-alarms: { a: { Properties: { ${alarm} } } }
x-sqs: { jobs: {} }
x-sns: { news: {} }
x-s3: { data: {} }
x-kinesis: { events: {} }
`;
  const { Dimensions } = only(graphOf(text), "AWS::CloudWatch::Alarm");
  expect(Dimensions).toEqual([{ Name, Value: expected }]);
});

test("what is said of a service in several families is said once", () => {
  const text = `services:
  web: { image: "web:1", ports: ["8080:80"], x-network: { Ingress: { Myself: true } }, deploy: { labels: { ecs.task.family: "a,b" } } }
x-vpc: { Properties: { SingleNat: true } }
`;
  expect(saidOf(text)).toHaveLength(1);
});
