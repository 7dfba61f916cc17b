import { describe, expect, test } from "vitest";
import { isError } from "../../src/model/diagnostic.ts";
import { compiledFrom, errorsOf, graphOf, nodesOf, only } from "./from-text.ts";
import { said, service } from "./one-service.ts";

describe("Services as a list", () => {
  const alarm =
    "Properties: { Namespace: n, MetricName: m, Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold }";
  const balancer =
    "Listeners: [{ Port: 80, Protocol: HTTP, Targets: [{ name: 'web:web', access: / }] }]";
  const check = "port: 80, protocol: HTTP, healthcheck: '80:HTTP:/:200'";
  test.for([
    ["x-sqs", "", "{ name: web, access: Publish }", "web: { Access: Publish }"],
    [
      "x-rds",
      "MacroParameters: { Engine: aurora-mysql }, ",
      "{ name: web, access: RW, GenerateConnectionStringSecret: URL }",
      "web: { Access: RW, GenerateConnectionStringSecret: URL }",
    ],
    [
      "x-events",
      "Properties: { ScheduleExpression: rate(1 hour) }, ",
      "{ name: web, TaskCount: 2 }",
      "web: { TaskCount: 2 }",
    ],
    [
      "x-alarms",
      `${alarm}, `,
      "{ name: web, access: NA, Scaling: { Steps: [{ LowerBound: 0, Count: 2 }] } }",
      "web: { Scaling: { Steps: [{ LowerBound: 0, Count: 2 }] } }",
    ],
    [
      "x-alarms",
      `${alarm}, `,
      "{ name: web, access: NA, scaling: { Steps: [{ LowerBound: 0, Count: 2 }] } }",
      "web: { Scaling: { Steps: [{ LowerBound: 0, Count: 2 }] } }",
    ],
    ["x-elbv2", `${balancer}, `, `{ name: 'web:web', ${check} }`, `'web:web': { ${check} }`],
  ] as const)("of %s is the mapping of the same names", ([kind, more, item, entry]) => {
    const text = (services: string) =>
      service("x-scaling: { Range: 1-3 }", `${kind}: { it: { ${more}Services: ${services} } }`);
    const [list, mapping] = [text(`[${item}]`), text(`{ ${entry} }`)];
    expect(said(list)).toContain(`warning old-spelling ${kind}.it.Services`);
    const made = (of: string) =>
      [...graphOf(of).nodes.values()].map(({ id, properties }) => ({ id, properties }));
    expect(made(list)).toEqual(made(mapping));
  });

  test("names each service, and each once", () => {
    const list =
      "[{ access: Publish }, { name: web }, { name: web }, { name: web, access: Publish }]";
    expect(errorsOf(service("", `x-sqs: { q: { Services: ${list} } }`))).toEqual([
      "missing-key x-sqs.q.Services[0]: name is missing",
      "same-name x-sqs.q.Services[3]: web is in the list already, and wants something else there",
    ]);
  });
});

test("steps of a queue may be written as the documentation of ECS ComposeX writes them", () => {
  const text = (scaling: string) =>
    service(
      "x-scaling: { Range: 1-3 }",
      `x-sqs: { q: { Services: { web: { Scaling: ${scaling} } } } }`,
    );
  const small =
    "{ steps: [{ lower_bound: 0, upper_bound: 9, count: 1 }, { lower_bound: 9, count: 2 }], scaling_in_cooldown: 7, scaling_out_cooldown: 8 }";
  const usual =
    "{ Steps: [{ LowerBound: 0, UpperBound: 9, Count: 1 }, { LowerBound: 9, Count: 2 }], ScaleInCooldown: 7, ScaleOutCooldown: 8 }";
  expect(said(text(small)).map((line) => line.split(" ")[1])).toEqual(
    Array.from({ length: 8 }, () => "old-spelling"),
  );
  const policies = (of: string) =>
    nodesOf(graphOf(of), "AWS::ApplicationAutoScaling::ScalingPolicy").map((one) => one.properties);
  expect(policies(text(small))).toEqual(policies(text(usual)));
  expect(said(text("{ steps: [{ upper_bounds: 9 }] }"))).toContain(
    "error unknown-key x-sqs.q.Services.web.Scaling.Steps[0].upper_bounds",
  );
});

test("what is wrong with a service of a list stands at its item", () => {
  const list = "\n      - { name: other }\n      - { name: web, access: Publihs }";
  const text = service("", `x-sqs:\n  q:\n    Services:${list}\n`);
  const compiled = compiledFrom(text);
  const said = compiled.kind === "failed" ? compiled.diagnostics.filter(isError) : [];
  const line = text.split("\n").findIndex((one) => one.includes("name: other")) + 1;
  expect(said.map(({ column, line: at, path }) => [path, at, column])).toEqual([
    ["x-sqs.q.Services[0]", line, 9],
    ["x-sqs.q.Services[1].access", line + 1, 30],
  ]);
});

describe("Settings beside MacroParameters", () => {
  test.for([
    ["x-kms", "Alias: a", "Alias: b", ["warning overruled x-kms.it.Settings.Alias"]],
    ["x-kms", "Alias: a", "Alias: a", []],
    [
      "x-s3",
      "NameSeparator: .",
      "NameSeparator: _",
      ["warning overruled x-s3.it.Settings.NameSeparator"],
    ],
    ["x-s3", "NameSeparator: .", "EnableEncryption: true", []],
  ] as const)("are overruled where they differ: %s", ([kind, older, macros, expected]) => {
    const text = service(
      "",
      `${kind}: { it: { Settings: { ${older} }, MacroParameters: { ${macros} } } }`,
    );
    expect(said(text)).toEqual(expected);
  });
});

describe("what two files say alike", () => {
  const sources =
    "[{ IPv4: 0.0.0.0/0, Name: ANY }, { IPv4: 0.0.0.0/0, Name: ANY }, { IPv4: 0.0.0.0/0, Name: all }]";

  test("of who may reach a service, or a load balancer, is one rule", () => {
    const check = "port: 80, protocol: HTTP, healthcheck: '80:HTTP:/:200'";
    const text = service(
      `x-network: { Ingress: { ExtSources: ${sources} } }`,
      `x-elbv2: { lb: { MacroParameters: { Ingress: { ExtSources: ${sources} } }, Listeners: [{ Port: 8080, Protocol: HTTP, Targets: [{ name: 'web:web', access: / }] }], Services: { 'web:web': { ${check} } } } }`,
    );
    const open = nodesOf(graphOf(text), "AWS::EC2::SecurityGroupIngress").filter(
      ({ properties }) => properties.CidrIp === "0.0.0.0/0",
    );
    expect(open.map(({ properties }) => [properties.FromPort, properties.Description])).toEqual([
      [8080, "ANY to lb"],
      [80, "ANY to web"],
    ]);
  });

  test("of what a database may do is one role, with all that either says", () => {
    const features =
      "[{ Name: s3Import, Resources: [a] }, { Name: s3Import, Resources: [a, b] }, { Name: s3Export, Resources: [a] }]";
    const text = service(
      "",
      `x-rds: { main: { MacroParameters: { Engine: aurora-postgresql, RdsFeatures: ${features} } } }`,
    );
    const roles = nodesOf(graphOf(text), "AWS::IAM::Role").filter(({ id }) =>
      id.startsWith("Main"),
    );
    expect(roles.map(({ id }) => id)).toEqual([
      "MainDatabaseS3ImportRole",
      "MainDatabaseS3ExportRole",
    ]);
    const [policy] = roles.map(({ properties }) => JSON.stringify(properties.Policies));
    // The bucket, and what is in it.
    expect(policy?.match(/:s3:::a"/g)).toHaveLength(2);
    expect(policy).toContain(":s3:::b");
  });
});

describe("SetupIAMForKCL", () => {
  const stream = (consumer: string) =>
    service(
      "",
      `x-kinesis: { s: { Services: { web: { Access: Consumer } }, MacroParameters: { SetupIAMForKCL: { web: ${consumer} } } } }`,
    );
  const policyOf = (text: string) =>
    JSON.stringify(
      nodesOf(graphOf(text), "AWS::IAM::Policy").find(({ id }) => id === "WebTaskPolicy"),
    );

  test("lets consumers share the work out in the tables it names, and no others", () => {
    const policy = policyOf(stream("{ DynamoDB: { TableNames: [shares] } }"));
    expect(policy).toContain("table/shares");
    expect(policy).toContain("dynamodb:UpdateItem");
    expect(policy).toContain("cloudwatch:PutMetricData");
    expect(policy).not.toMatch(/dynamodb:(?:Create|Delete)Table|table\/\*/);
  });

  test("lets them make the tables where it says so, and tell no metrics", () => {
    const policy = policyOf(
      stream(
        "{ CloudWatchPutMetricData: false, DynamoDB: { TableNames: [shares], EnableCreateDeleteTables: true } }",
      ),
    );
    expect(policy).toContain("dynamodb:CreateTable");
    expect(policy).not.toContain("cloudwatch");
  });

  test("allows nothing where it is false", () => {
    for (const nothing of ["false", "{ DynamoDB: false, CloudWatchPutMetricData: false }"]) {
      expect(said(stream(nothing))).toEqual([]);
      expect(policyOf(stream(nothing))).not.toMatch(/dynamodb|cloudwatch/);
    }
  });

  test("for a service that there is not is an error", () => {
    const text = stream("{ DynamoDB: false }").replace(
      "SetupIAMForKCL: { web",
      "SetupIAMForKCL: { wbe",
    );
    expect(said(text)).toEqual([
      "error unknown-service x-kinesis.s.MacroParameters.SetupIAMForKCL.wbe",
    ]);
  });
});

describe("tags", () => {
  test("of a lookup may be pairs", () => {
    const queue = (tags: string) =>
      errorsOf(service("", `x-sqs: { q: { Lookup: { Tags: ${tags} } } }`), { lookups: new Map() });
    const [pairs] = queue("[{ Key: team, Value: shop }, { Key: stage, Value: dev }]");
    expect(pairs).toBe(queue("{ team: shop, stage: dev }")[0]);
    expect(queue("[{ Key: team }]")[0]).toContain("Key");
  });

  test("of a group of targets are CloudFormation's, however they are written", () => {
    const balancer = (tags: string) =>
      service(
        "",
        `x-elbv2: { lb: { Listeners: [{ Port: 80, Protocol: HTTP, Targets: [{ name: all, access: / }] }], TargetGroups: { all: { Port: 80, Protocol: HTTP, Tags: ${tags}, HealthCheck: '80:HTTP:/:200', Services: [{ Name: 'web:web' }] } } } }`,
      );
    for (const tags of ["{ a: b }", "[{ Key: a, Value: b }]"])
      expect(
        only(graphOf(balancer(tags)), "AWS::ElasticLoadBalancingV2::TargetGroup").Tags,
      ).toEqual([{ Key: "a", Value: "b" }]);
  });
});

test("a certificate is named by CertificateArn or Arn", () => {
  const arn = "arn:aws:acm:eu-west-1:123456789012:certificate/0";
  const balancer = (key: string) =>
    service(
      "",
      `x-elbv2: { lb: { Listeners: [{ Port: 443, Protocol: HTTPS, Certificates: [{ ${key}: "${arn}" }], Targets: [{ name: 'web:web', access: / }] }], Services: { 'web:web': { port: 80, protocol: HTTP, healthcheck: '80:HTTP:/:200' } } } }`,
    );
  for (const key of ["Arn", "CertificateArn"]) {
    const { Certificates } = only(graphOf(balancer(key)), "AWS::ElasticLoadBalancingV2::Listener");
    expect(Certificates).toEqual([{ CertificateArn: arn }]);
  }
});

test("who is told of an alarm when may be a list", () => {
  const topic = "arn:aws:sns:eu-west-1:123456789012:t";
  const alarm = (when: string) =>
    service(
      "",
      `x-alarms: { a: { Properties: { Namespace: n, MetricName: m, Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold }, Topics: [{ TopicArn: "${topic}", NotifyOn: ${when} }] } }`,
    );
  const told = (when: string) => {
    const { AlarmActions, OKActions } = only(graphOf(alarm(when)), "AWS::CloudWatch::Alarm");
    return [AlarmActions !== undefined, OKActions !== undefined];
  };
  expect(told("[alarm]")).toEqual([true, false]);
  expect(told("[okay]")).toEqual([false, true]);
  for (const both of ["all", "[all]", "[alarm, okay]"]) expect(told(both)).toEqual([true, true]);
  expect(said(alarm("both"))).toEqual(["error unknown-value x-alarms.a.Topics[0].NotifyOn"]);
});

test.for(["mine", "arn:aws:sqs:eu-west-1:123456789012:q", "arn:aws:sns:eu-west-1:123456789012"])(
  "who is told of an alarm is a topic: %s is none",
  (topic) => {
    const text = service(
      "",
      `x-alarms: { a: { Properties: { Namespace: n, MetricName: m, Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold }, Topics: [{ TopicArn: "${topic}" }, { TopicArn: "arn:\${AWS::Partition}:sns:eu-west-1:123456789012:t" }] } }`,
    );
    expect(said(text)).toEqual(["error wrong-type x-alarms.a.Topics[0]"]);
  },
);

test("a lookup of a zone may say that it is private, and is told what counts", () => {
  const zone = (more: string) =>
    service("", `x-route53: { z: { ZoneName: a.example, Lookup: { HostedZoneId: Z1, ${more} } } }`);
  expect(said(zone("IsPrivateZone: false"))).toEqual([]);
  expect(said(zone("IsPrivateZone: true"))).toEqual([
    "warning no-effect x-route53.z.Lookup.IsPrivateZone",
  ]);
});
