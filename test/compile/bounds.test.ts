import { describe, expect, test } from "vitest";
import { graphOf, nodesOf, only, saidOf } from "./from-text.ts";

// What AWS would refuse when a stack is half-way, refused as the file is read.

const web = (own: string, rest = ""): string =>
  `services: { web: { image: "web:1", expose: ["80"], ${own} } }\nx-vpc: { Properties: { SingleNat: true } }\n${rest}\n`;

const action = (given: string): string =>
  `x-scaling: { Range: 1-3, ScheduledActions: [{ ScheduledActionName: a, ${given} }] }`;

describe("is refused", () => {
  test.for([
    ["x-scaling: { Range: 5-2 }", "out-of-bounds services.web.x-scaling.Range"],
    [
      "x-scaling: { Range: 1-3, TargetScaling: { MemoryTarget: 0 } }",
      "out-of-bounds services.web.x-scaling.TargetScaling",
    ],
    [
      action('Schedule: "rate(1 day)", ScalableTargetAction: { MinCapacity: 5, MaxCapacity: 2 }'),
      "out-of-bounds services.web.x-scaling.ScheduledActions[0].ScalableTargetAction",
    ],
    [
      action("Schedule: every day, ScalableTargetAction: { MinCapacity: 5 }"),
      "out-of-bounds services.web.x-scaling.ScheduledActions[0].Schedule",
    ],
    [
      action('Schedule: "cron(0 8 * * *)", ScalableTargetAction: { MinCapacity: 5 }'),
      "out-of-bounds services.web.x-scaling.ScheduledActions[0].Schedule",
    ],
    [
      action('Schedule: "cron(0 8 * * * *)", ScalableTargetAction: { MinCapacity: 5 }'),
      "out-of-bounds services.web.x-scaling.ScheduledActions[0].Schedule",
    ],
    [
      "deploy: { resources: { limits: { memory: 100M }, reservations: { memory: 200M } } }",
      "out-of-bounds services.web.deploy.resources.reservations.memory",
    ],
    [
      "x-ecs: { CapacityProviderStrategy: [{ CapacityProvider: FARGATE, Weight: 1001 }] }",
      "out-of-bounds services.web.x-ecs.CapacityProviderStrategy[0]",
    ],
    [
      "x-network: { Ingress: { ExtSources: [{ IPv4: 10.0.0.0/33 }] } }",
      "wrong-type services.web.x-network.Ingress.ExtSources[0]",
    ],
    [
      "x-network: { Ingress: { ExtSources: [{ IPv4: 10.0.0.256/32 }] } }",
      "wrong-type services.web.x-network.Ingress.ExtSources[0]",
    ],
    [
      'x-network: { Ingress: { ExtSources: [{ IPv6: "::/129" }] } }',
      "wrong-type services.web.x-network.Ingress.ExtSources[0]",
    ],
    [
      "x-network: { Ingress: { AwsSources: [{ Type: SecurityGroup, Id: web }] } }",
      "wrong-type services.web.x-network.Ingress.AwsSources[0].Id",
    ],
    [
      "x-network: { Ingress: { AwsSources: [{ Type: PrefixList, Id: sg-12345678 }] } }",
      "wrong-type services.web.x-network.Ingress.AwsSources[0].Id",
    ],
    [
      "x-network: { AdditionalSecurityGroups: [sg-12345678, web] }",
      "wrong-type services.web.x-network.AdditionalSecurityGroups[1]",
    ],
  ])("%s", ([own = "", expected]) => {
    expect(saidOf(web(own))).toEqual([`error ${expected}`]);
  });
});

test.for([
  ["[{ LowerBound: 10, UpperBound: 5, Count: 1 }]", 0],
  ["[{ LowerBound: 0, UpperBound: 5, Count: 1 }, { LowerBound: 10, Count: 2 }]", 0],
  ["[{ LowerBound: 5, Count: 1 }, { LowerBound: 5, Count: 2 }]", 0],
  ["[{ LowerBound: 9, UpperBound: 5, Count: 2 }, { LowerBound: 0, Count: 1 }]", 0],
] as const)("steps that no policy could have: %s", ([steps, at]) => {
  const own = "x-scaling: { Range: 1-3 }";
  const queue = `x-sqs: { q: { Services: { web: { Access: RO, Scaling: { Steps: ${steps} } } } } }`;
  expect(saidOf(web(own, queue))).toEqual([
    `error out-of-bounds x-sqs.q.Services.web.Scaling.Steps[${at}]`,
  ]);
});

const alarm = (own: string): string =>
  `x-alarms: { a: { Properties: { Namespace: n, MetricName: m, EvaluationPeriods: 1, Threshold: 1, ${own} } } }`;

describe("beside services, is refused", () => {
  test.for([
    [
      "x-events: { e: { Properties: { ScheduleExpression: every hour }, Services: { web: {} } } }",
      "out-of-bounds x-events.e.Properties.ScheduleExpression",
    ],
    [
      alarm("ComparisonOperator: GreaterThanThreshold, Statistic: Sum, Period: 61"),
      "out-of-bounds x-alarms.a.Properties.Period",
    ],
    [
      alarm("ComparisonOperator: Greater, Statistic: Sum, Period: 60"),
      "unknown-value x-alarms.a.Properties.ComparisonOperator",
    ],
    [
      "x-dynamodb: { t: { Properties: { BillingMode: ON_DEMAND, AttributeDefinitions: [{ AttributeName: a, AttributeType: S }], KeySchema: [{ AttributeName: a, KeyType: HASH }] } } }",
      "unknown-value x-dynamodb.t.Properties.BillingMode",
    ],
    ["x-acm: { c: { MacroParameters: { DomainNames: [] } } }", "missing-key x-acm.c"],
    ['x-cloudmap: { ns: { Name: "two words" } }', "bad-name x-cloudmap.ns"],
  ] as const)("%s", ([definitions, expected]) => {
    expect(saidOf(web("", definitions))).toEqual([`error ${expected}`]);
  });

  test("nothing of a cluster that is looked up is changed, and that is said", () => {
    const cluster = "x-cluster: { Lookup: shared, Properties: { CapacityProviders: [FARGATE] } }";
    expect(saidOf(web("", cluster), { lookups: "placeholder" })).toEqual([
      "warning no-effect x-cluster.Properties",
    ]);
  });
});

describe("is taken as near as AWS has it, and said", () => {
  test("a container has two seconds to stop", () => {
    const text = web("stop_grace_period: 0s");
    expect(saidOf(text)).toEqual(["warning lengthened services.web.stop_grace_period"]);
    const { ContainerDefinitions } = only(graphOf(text), "AWS::ECS::TaskDefinition");
    expect(ContainerDefinitions[0].StopTimeout).toBe(2);
  });

  test("a health check of the image is none to ECS", () => {
    expect(saidOf(web("healthcheck: { interval: 10s }"))).toEqual([
      "warning no-effect services.web.healthcheck",
    ]);
    expect(saidOf(web("healthcheck: { disable: true }"))).toEqual([]);
  });
});

test.for([
  ["rate(1 minute)", true],
  ["rate(15 minutes)", true],
  ["cron(0 8 ? * MON-FRI *)", true],
  ["cron(0 8 1 * ? *)", true],
  ["rate(2 minute)", false],
  ["rate(1 minutes)", false],
  ["rate(0 hours)", false],
  ["rate(1h)", false],
  ["cron(0 8 * * *)", false],
  ["cron(0 8 * * MON *)", false],
] as const)("when an event comes is as EventBridge has it: %s", ([time, isOne]) => {
  const event = `x-events: { e: { Properties: { ScheduleExpression: "${time}" }, Services: { web: {} } } }`;
  const said = "error out-of-bounds x-events.e.Properties.ScheduleExpression";
  expect(saidOf(web("", event))).toEqual(isOne ? [] : [said]);
});

describe("a table", () => {
  const table = (more: string) =>
    `x-dynamodb: { t: { Properties: { AttributeDefinitions: [{ AttributeName: k, AttributeType: S }], KeySchema: [{ AttributeName: k, KeyType: HASH }], ${more} }, Scaling: { Table: { ReadCapacityUnits: { MinCapacity: 1, MaxCapacity: 9, TargetValue: 70 } } } } }`;
  const provisions = "ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 }";

  test("that is paid by the request does not scale", () => {
    for (const more of ["", "BillingMode: PAY_PER_REQUEST"]) {
      const text = web("", table(more));
      expect(saidOf(text)).toEqual(["warning no-effect x-dynamodb.t.Scaling"]);
      expect(nodesOf(graphOf(text), "AWS::ApplicationAutoScaling::ScalableTarget")).toEqual([]);
    }
    expect(saidOf(web("", table(provisions)))).toEqual([]);
  });

  test("that scales waits a minute between one change and the next", () => {
    const graph = graphOf(web("", table(provisions)));
    const policy = only(graph, "AWS::ApplicationAutoScaling::ScalingPolicy");
    expect(policy.TargetTrackingScalingPolicyConfiguration).toMatchObject({
      ScaleInCooldown: 60,
      ScaleOutCooldown: 60,
    });
  });
});

test.for([
  ["Name: a b", "TaskCount: 1", ["error out-of-bounds x-events.e.Properties.Name"]],
  ["Name: a.b-c_1", "TaskCount: 0", ["error out-of-bounds x-events.e.Services.web.TaskCount"]],
  ["Name: a.b-c_1", "TaskCount: 1", []],
] as const)("an event is one that EventBridge takes: %s, %s", ([name, count, said]) => {
  const event = `x-events: { e: { Properties: { ${name}, ScheduleExpression: rate(1 hour) }, Services: { web: { ${count} } } } }`;
  expect(saidOf(web("", event))).toEqual(said);
});

test.for([
  ["Settings: { Alias: alias/aws/it }", ["error reserved x-kms.k.Settings.Alias"]],
  ["MacroParameters: { Alias: alias/awsome }", []],
  ["MacroParameters: { Alias: aws/it }", []],
] as const)("an alias of a key is none of AWS's own: %s", ([alias, errors]) => {
  expect(saidOf(web("", `x-kms: { k: { ${alias} } }`))).toEqual(errors);
});

test.for([
  ["", ["error missing-key x-elasticache.c.Properties"]],
  ["TransitEncryptionEnabled: false", []],
] as const)("a group of Valkey says whether it speaks TLS: %s", ([said, expected]) => {
  const cache = `x-elasticache: { c: { Properties: { Engine: valkey, NumCacheClusters: 2, ${said} } } }`;
  expect(saidOf(web("", cache))).toEqual(expected);
});

test.for([
  ["cpus: -1", "out-of-bounds services.web.cpus"],
  [
    'deploy: { resources: { reservations: { cpus: "-0.5" } } }',
    "out-of-bounds services.web.deploy.resources.reservations.cpus",
  ],
  ["deploy: { replicas: -1 }", "out-of-bounds services.web.deploy.replicas"],
  [
    "deploy: { update_config: { failure_action: undo } }",
    "unknown-value services.web.deploy.update_config.failure_action",
  ],
])("what compose says of tasks is refused: %s", ([own = "", expected = ""]) => {
  expect(saidOf(web(own))).toContain(`error ${expected}`);
});

test("a task is in five security groups at most, and in each once", () => {
  const groups = "x-network: { AdditionalSecurityGroups: [sg-1, sg-2, sg-3, sg-4] }";
  const service = (name: string) =>
    `  ${name}: { image: "a:1", deploy: { labels: { ecs.task.family: f } }, ${groups} }\n`;
  const text = `services:\n${service("a")}${service("b")}x-vpc: { Properties: { SingleNat: true } }\n`;
  expect(saidOf(text)).toEqual([]);
  const { AwsvpcConfiguration: made } = only(
    graphOf(text),
    "AWS::ECS::Service",
  ).NetworkConfiguration;
  expect(made.SecurityGroups.slice(1)).toEqual(["sg-1", "sg-2", "sg-3", "sg-4"]);
  const more = web("x-network: { AdditionalSecurityGroups: [sg-1, sg-2, sg-3, sg-4, sg-5] }");
  expect(saidOf(more)).toEqual(["error too-many services.web.x-network.AdditionalSecurityGroups"]);
});

test("a service is behind five target groups at most", () => {
  const balancers = (count: number) =>
    Array.from(
      { length: count },
      (_, index) =>
        `  lb${index}: { Properties: { Type: network }, Listeners: [{ Port: 80, Protocol: TCP, Targets: [{ name: "web:web:80" }] }], Services: { "web:web:80": {} } }\n`,
    ).join("");
  const said = (count: number) =>
    saidOf(web("tty: true", `x-elbv2:\n${balancers(count)}`)).filter((line) =>
      line.startsWith("error"),
    );
  expect(said(5)).toEqual([]);
  expect(said(7)).toEqual(["error too-many x-elbv2.lb5.Services.web:web:80"]);
});
