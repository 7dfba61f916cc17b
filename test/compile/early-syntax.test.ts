// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are what is tested.
import { describe, expect, test } from "vitest";
import { compiledFrom, errorsOf, graphOf, nodesOf, only } from "./from-text.ts";
import { said, service } from "./one-service.ts";

describe("what ECS ComposeX passes over does nothing here either, and says so", () => {
  test.for([
    [service("x-configs: { use_xray: true }"), "services.web.x-configs"],
    [service("", "x-configs: { app: {} }"), "x-configs"],
    [service("", "x-dns: { PublicZone: { Name: a.example } }"), "x-dns"],
    [service("x-logging: { CreateLogGroup: false }"), "services.web.x-logging.CreateLogGroup"],
    [
      service("x-network: { Ingress: { Services: [{ Name: web, DependsOn: true }] } }"),
      "services.web.x-network.Ingress.Services[0].DependsOn",
    ],
    [service("", "x-sqs: { q: { Settings: { EnvNames: [Q] } } }"), "x-sqs.q.Settings.EnvNames"],
    [
      service("", "x-s3: { b: { MacroParameters: { BucketPolicy: { Policies: [{}] } } } }"),
      "x-s3.b.MacroParameters.BucketPolicy.Policies",
    ],
    [
      service(
        "",
        "x-acm: { c: { Properties: { DomainName: a.example, ValidationMethod: EMAIL }, Services: [{ name: web, ports: [80] }] } }",
      ),
      "x-acm.c.Services",
    ],
    [
      service("", "x-dashboards: { d: { Resources: { 'x-sqs::q': {} } } }"),
      "x-dashboards.d.Resources",
    ],
  ] as const)("$1", ([text, path]) => {
    expect(said(text)).toEqual([`warning no-effect ${path}`]);
  });

  test("but what is beside it counts", () => {
    const settings = "{ EnvNames: [C], Subnets: AppSubnets }";
    const text = service(
      "",
      `x-elasticache: { c: { MacroParameters: { Engine: redis }, Settings: ${settings} } }`,
    );
    expect(said(text)).toEqual(["warning no-effect x-elasticache.c.Settings.EnvNames"]);
    const { SubnetIds } = only(graphOf(text), "AWS::ElastiCache::SubnetGroup");
    expect(JSON.stringify(SubnetIds)).toContain("App");
  });
});

test("an early label does nothing, and is told with what it is called now", () => {
  const compiled = compiledFrom(service("deploy: { labels: { ecs.launch.type: EC2 } }"));
  const { warnings } = compiled as Extract<typeof compiled, { kind: "compiled" }>;
  expect(warnings.map(({ path, help }) => [path, help])).toEqual([
    [
      "services.web.deploy.labels.ecs.launch.type",
      "Write ecs.compute.platform, as it is called now.",
    ],
  ]);
});

describe("topics that stand in a group", () => {
  const grouped = (lines: string) => errorsOf(service("", `x-sns: { Topics: { ${lines} } }`));

  test("are refused with how they are written", () => {
    expect(grouped("news: { Properties: {} }, alarms: {}")).toEqual([
      "old-spelling x-sns.Topics: what is below Topics stands below x-sns itself (Write x-sns: {alarms: …}.)",
    ]);
  });

  test("are one where the group is a topic of that name", () => {
    expect(grouped("")).toEqual([]);
    expect(grouped("Properties: { DisplayName: all }")).toEqual([]);
  });
});

describe("Access where there is nothing to allow", () => {
  const cache = (access: string) =>
    service(
      "",
      `x-elasticache: { c: { MacroParameters: { Engine: redis }, Services: { web: { Access: ${access} } } } }`,
    );
  const alarm = (access: string) =>
    service(
      "x-scaling: { Range: 1-3 }",
      `x-alarms: { a: { Properties: { Namespace: n, MetricName: m, Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold }, Services: { web: { Access: ${access}, Scaling: { Steps: [{ LowerBound: 0, Count: 2 }] } } } } }`,
    );
  const dashboard = (access: string) =>
    service("", `x-dashboards: { d: { Services: { web: { Access: ${access} } } } }`);

  const event = (access: string) =>
    service(
      "",
      `x-events: { e: { Properties: { ScheduleExpression: rate(1 hour) }, Services: { web: { Access: ${access} } } } }`,
    );

  test.for([cache, alarm, dashboard, event])("is taken where it says so, %#", (text) => {
    for (const access of ["NA", "n/a", "{}", "~"]) expect(said(text(access))).toEqual([]);
  });

  test.for([cache, alarm, dashboard, event])("is warned of where it wants more, %#", (text) => {
    expect(said(text("RW"))).toEqual([expect.stringMatching(/^warning no-effect x-.*\.Access$/)]);
  });

  test("stays an error where there is something", () => {
    const queue = service("", "x-sqs: { q: { Services: { web: { Access: NA } } } }");
    expect(said(queue)).toEqual(["error unknown-access x-sqs.q.Services.web.Access"]);
  });
});

test("a service runs without the profiler that is not there yet, however it is written", () => {
  for (const key of ["x-codeguru_profiler", "x-codeguru-profiler"])
    expect(said(service(`${key}: true`))).toEqual([
      `warning not-supported-yet services.web.${key}`,
    ]);
});

test.for(["false", '"False"', "~"])("a profiler that is not wanted (%s) is none", (word) => {
  expect(said(service(`x-codeguru-profiler: ${word}`))).toEqual([]);
});

test("what refers to a kind that is not built says no more than that", () => {
  const pool = "x-cognito_userpool: { people: { Lookup: { Tags: { a: b } } } }";
  for (const kind of ["x-cognito", "x-cognito_userpool"])
    expect(errorsOf(service(`environment: { POOL: "${kind}::people::Arn" }`, pool))).toEqual([
      expect.stringContaining("x-cognito_userpool is not supported yet"),
    ]);
});

describe("keys that say the same in other words", () => {
  test("OverrideImage is the daemon's image", () => {
    const text = service("x-xray: { OverrideImage: 'daemon:1' }");
    const { ContainerDefinitions } = only(graphOf(text), "AWS::ECS::TaskDefinition");
    expect(ContainerDefinitions.map(({ Image }: { Image: string }) => Image)).toContain("daemon:1");
  });

  test("a name for what the usual variable holds is in its place, any other beside it", () => {
    const namesOf = (value: string) => {
      const wants = `{ web: { ReturnValues: { ${value}: JOBS } } }`;
      const text = service("", `x-sqs: { q: { Services: ${wants} } }`);
      const [web] = only(graphOf(text), "AWS::ECS::TaskDefinition").ContainerDefinitions;
      return web.Environment.map(({ Name }: { Name: string }) => Name);
    };
    expect(namesOf("QueueUrl")).toEqual(["JOBS"]);
    expect(namesOf("QueueName")).toEqual(["JOBS", "Q"]);
  });

  test("EnvVarName is the variable", () => {
    const wants = "{ web: { ReturnValues: { QueueName: { EnvVarName: JOBS } } } }";
    const text = service("", `x-sqs: { q: { Services: ${wants} } }`);
    const [web] = only(graphOf(text), "AWS::ECS::TaskDefinition").ContainerDefinitions;
    const variable = web.Environment.find(({ Name }: { Name: string }) => Name === "JOBS");
    expect(variable.Value).toEqual({ "Fn::GetAtt": ["QQueue", "QueueName"] });
  });

  test("start is when the graphs of a dashboard begin", () => {
    const text = service(
      "",
      "x-dashboards: { d: { Settings: { start: -PT12H }, Services: { web: {} } } }",
    );
    const body = JSON.stringify(only(graphOf(text), "AWS::CloudWatch::Dashboard").DashboardBody);
    expect(body).toContain(String.raw`{\"start\":\"-PT12H\",\"widgets\":`);
  });
});

describe("a bucket that is to be accelerated", () => {
  const bucket = (more: string) =>
    service("", `x-s3: { b: { Settings: { EnableAcceleration: true, ${more} } } }`);

  test("is, whether Settings or MacroParameters say it, and is encrypted anyway", () => {
    for (const key of ["Settings", "MacroParameters"]) {
      const text = bucket("EnableEncryption: AES256").replace("Settings", key);
      const made = only(graphOf(text), "AWS::S3::Bucket");
      expect(made.AccelerateConfiguration).toEqual({ AccelerationStatus: "Enabled" });
      expect(said(text)).toEqual([]);
    }
  });

  test("cannot be with a dot in its name", () => {
    const text = bucket(
      "NameSeparator: ., ExpandRegionToBucket: true }, Properties: { BucketName: b ",
    );
    expect(said(text)).toContain("warning no-effect x-s3.b.Settings.EnableAcceleration");
    expect(only(graphOf(text), "AWS::S3::Bucket").AccelerateConfiguration).toBeUndefined();
  });

  test("is encrypted by no other word", () => {
    expect(said(bucket("EnableEncryption: rot13"))).toEqual([
      "error unknown-value x-s3.b.Settings.EnableEncryption",
    ]);
  });

  test("has what both places say of it", () => {
    const text = service(
      "",
      "x-s3: { b: { Properties: { BucketName: b }, Settings: { ExpandRegionToBucket: true }, MacroParameters: { NameSeparator: '.' } } }",
    );
    const { BucketName } = only(graphOf(text), "AWS::S3::Bucket");
    expect(BucketName).toEqual({ "Fn::Join": ["", ["b", ".", { Ref: "AWS::Region" }]] });
  });
});

test.for([
  ["redis", "6.x", "6.2"],
  // Without quotes 7.0 is the number 7 to YAML.
  ["redis", "7.0", "7.0"],
  ["redis", "'7.0'", "7.0"],
  ["memcached", "1.6.6", "1.6.6"],
] as const)("a version that ElastiCache does not have is the one that is meant: %s %s", (one) => {
  const [engine, written, used] = one;
  const cache = (key: string) =>
    service(
      "",
      `x-elasticache: { c: { ${key}: { Engine: ${engine}, EngineVersion: ${written} } } }`,
    );
  for (const key of ["MacroParameters", "Properties"]) {
    const warning = `warning no-such-version x-elasticache.c.${key}.EngineVersion`;
    const isMeant = written === "6.x" || written === "7.0";
    expect(said(cache(key))).toEqual(isMeant ? [warning] : []);
    expect(only(graphOf(cache(key)), "AWS::ElastiCache::CacheCluster").EngineVersion).toBe(used);
  }
});

test("an endpoint of a mesh may have a port and patience of its own", () => {
  const ports =
    "{ tcp_80: { DnsName: web, IngressPortOverride: 8443, Timeout: { IdleTimeoutSeconds: 5 } } }";
  const connect = `x-network: { x-ecs_connect: { MacroParameters: { x-cloudmap: mesh, service_ports: ${ports} } } }`;
  const text = service(connect, "x-cloudmap: { mesh: { Name: mesh.internal } }");
  const { ServiceConnectConfiguration } = only(graphOf(text), "AWS::ECS::Service");
  expect(ServiceConnectConfiguration.Services).toEqual([
    expect.objectContaining({ IngressPortOverride: 8443, Timeout: { IdleTimeoutSeconds: 5 } }),
  ]);
});

describe("a policy that a file writes for a role", () => {
  const policy = (statement: string) => [
    service(`x-aws-role: { Version: "2012-10-17", Statement: [${statement}] }`),
    service(
      `x-iam: { Policies: [{ PolicyName: p, PolicyDocument: { Version: "2012-10-17", Statement: ${statement} } }] }`,
    ),
  ];
  const good = "Effect: Allow, Action: 's3:Get*'";

  test.for([
    [`{ ${good}, 'Resource"': '*' }`, "unknown-key"],
    [`{ ${good}, Resource: '*', Conditions: {} }`, "unknown-key"],
    [`{ ${good} }`, "missing-key"],
    ["{ Effect: Allow, Resource: '*' }", "missing-key"],
    ["{ Action: 's3:Get*', Resource: '*' }", "missing-key"],
    [`{ ${good}, Resource: '*', NotResource: '*' }`, "contradiction"],
    [`{ ${good}, Resource: '*', Principal: '*' }`, "cannot-honour"],
    ["{ Effect: allow, Action: 's3:Get*', Resource: '*' }", "unknown-value"],
    [`{ ${good}, Resource: [] }`, "missing-key"],
    [`{ ${good}, Resource: { nope: 1 } }`, "unknown-value"],
    [`{ ${good}, Resource: everything }`, "unknown-value"],
    ["{ Effect: Allow, Action: [[s3:Get*]], Resource: '*' }", "unknown-value"],
    ["{ Effect: Allow, Action: read, Resource: '*' }", "unknown-value"],
    ["{ Effect: { is: Allow }, Action: 's3:Get*', Resource: '*' }", "unknown-value"],
    ["true", "wrong-type"],
  ] as const)("is refused where IAM would refuse it: %s", ([statement, code]) => {
    for (const text of policy(statement))
      expect(said(text).map((line) => line.split(" ")[1])).toEqual([code]);
  });

  test("is taken as it is where IAM would take it", () => {
    const some = "'x-sqs::jobs::Arn', 'arn:${AWS::Partition}:s3:::b', { 'Fn::Sub': 'arn:a' }";
    for (const statement of [
      "{ Sid: A, Effect: Deny, NotAction: 's3:*', NotResource: '*' }",
      `{ ${good}, Resource: [${some}] }`,
    ])
      for (const text of policy(statement))
        expect(said(`${text}x-sqs: { jobs: {} }\n`)).toEqual([]);
  });

  test("is a mapping, and nothing that CloudFormation works out", () => {
    const function_ = "{ Ref: AWS::Region }";
    for (const own of [
      `x-aws-role: ${function_}`,
      `x-iam: { Policies: [{ PolicyName: p, PolicyDocument: ${function_} }] }`,
    ])
      expect(said(service(own)).map((line) => line.split(" ")[1])).toEqual(["function-refused"]);
    expect(said(service("x-aws-role:"))).toEqual(["error missing-key services.web.x-aws-role"]);
  });
});

test("a scheduled action that several files say is one, and two of one name are refused", () => {
  const action = (max: number) =>
    `{ ScheduledActionName: up, Schedule: "rate(1 hour)", ScalableTargetAction: { MaxCapacity: ${max} } }`;
  const scaling = (...all: readonly string[]) =>
    service(`x-scaling: { Range: 1-4, ScheduledActions: [${all.join(", ")}] }`);
  const target = only(
    graphOf(scaling(action(3), action(3))),
    "AWS::ApplicationAutoScaling::ScalableTarget",
  );
  expect(target.ScheduledActions).toHaveLength(1);
  expect(said(scaling(action(3), action(4)))).toEqual([
    "error same-name services.web.x-scaling.ScheduledActions",
  ]);
});

test("a database tells its ARN by CloudFormation's own name, too", () => {
  const wants = (name: string) => `Services: { web: { ReturnValues: { ${name}: ARN } } }`;
  const made = (engine: string, name: string) =>
    service("", `x-rds: { main: { MacroParameters: { Engine: ${engine} }, ${wants(name)} } }`);
  expect(
    nodesOf(graphOf(made("aurora-postgresql", "DBClusterArn")), "AWS::RDS::DBCluster"),
  ).toHaveLength(1);
  expect(errorsOf(made("postgres", "DBInstanceArn"))).toEqual([]);
  expect(errorsOf(made("postgres", "DBClusterArn"))[0]).toContain("has no value DBClusterArn");
  const found = service(
    "",
    `x-rds: { main: { Lookup: { cluster: { Tags: { a: b } }, secret: { Name: s } }, ${wants("DBClusterArn")} } }`,
  );
  expect(errorsOf(found, { lookups: "placeholder" })).toEqual([]);
});

test("two things of a kind cannot have one name", () => {
  const parameter = (name: string) => `{ Properties: { Name: ${name}, Value: v } }`;
  const two = (other: string) =>
    service("", `x-ssm_parameter: { a: ${parameter("/app/a")}, b: ${parameter(other)} }`);
  expect(said(two("/app/b"))).toEqual([]);
  expect(said(two("/app/a"))).toEqual(["error same-name x-ssm_parameter.b.Properties.Name"]);
});

test("the family's own log group is in its own region, and in no other", () => {
  const logs = (options: string) =>
    service(`logging: { driver: awslogs, options: { awslogs-region: ${options} } }`);
  expect(said(logs("eu-west-2"))).toEqual([
    "warning no-way services.web.logging.options.awslogs-region",
  ]);
  for (const fine of ["eu-west-1", `'\${AWS::Region}'`, "eu-west-2, awslogs-group: there"])
    expect(said(logs(fine))).toEqual([]);
});
