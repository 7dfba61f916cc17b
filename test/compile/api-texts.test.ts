import { describe, expect, test } from "vitest";
import { errorsOf, graphOf, nodesOf, only, saidOf } from "./from-text.ts";

const vpc = "x-vpc: { Properties: { SingleNat: true } }\n";
const web = (own: string, rest = ""): string =>
  `services: { web: { image: "web:1", ${own} } }\n${vpc}${rest}\n`;
const errorsIn = (text: string): readonly string[] =>
  saidOf(text).filter((line) => line.startsWith("error"));

describe("a time that comes again", () => {
  test.for([
    ["cron(0 8 ? * MON-FRI *)", true],
    ["cron(0/15 8,20 L * ? 2027-2030)", true],
    ["cron(0 8 LW JAN,jul ? *)", true],
    ["cron(0 8 3W * ? *)", true],
    ["cron(0 8 ? * 2#1 *)", true],
    ["cron(0 8 ? * 6L *)", true],
    ["cron(60 8 ? * MON *)", false],
    ["cron(0 24 ? * MON *)", false],
    ["cron(0 8 32 * ? *)", false],
    ["cron(0 8 1 13 ? *)", false],
    ["cron(0 8 ? * 0-5 *)", false],
    ["cron(0 8 ? * MOON *)", false],
    ["cron(0 8 ? * ? *)", false],
  ] as const)("is as AWS has it: %s", ([time, isOne]) => {
    const event = `x-events: { e: { Properties: { ScheduleExpression: "${time}" }, Services: { web: {} } } }`;
    const said = "error out-of-bounds x-events.e.Properties.ScheduleExpression";
    expect(errorsIn(web("", event))).toEqual(isOne ? [] : [said]);
  });
});

describe("a scheduled action", () => {
  const action = (given: string): string =>
    web(
      `x-scaling: { Range: 1-3, ScheduledActions: [{ ScalableTargetAction: { MinCapacity: 2 }, ${given} }] }`,
    );
  const named = 'ScheduledActionName: "up 1"';
  const daily = `${named}, Schedule: "cron(0 8 * * ? *)"`;

  test.for([
    [`${daily}, Timezone: Europe/Berlin, StartTime: "2027-01-31T20:00:00Z"`],
    [`${named}, Schedule: "at(2027-01-31T20:00:00)"`],
    [`${named}, Schedule: "rate(5 minutes)"`],
    [`${named}, Schedule: "rate(1h)"`],
    [`${daily}, Timezone: Europe/Nowhere`, "Timezone"],
    [`${daily}, StartTime: tomorrow`, "StartTime"],
    [`${daily}, StartTime: "2027-02-01T00:00:00Z", EndTime: "2027-01-01T00:00:00Z"`, "EndTime"],
    [`${named}, Schedule: "at(2027-13-01T00:00:00)"`, "Schedule"],
    [`${named}, Schedule: "rate(soon)"`, "Schedule"],
    [`ScheduledActionName: "a:b", Schedule: "rate(5 minutes)"`, "ScheduledActionName"],
  ] as const)("is one that Application Auto Scaling takes: %s", ([given, key]) => {
    const path = `services.web.x-scaling.ScheduledActions[0].${key}`;
    expect(errorsIn(action(given))).toEqual(
      key === undefined ? [] : [`error out-of-bounds ${path}`],
    );
  });
});

test.for([
  ["{ Sid: A, Effect: Allow, Action: 's3:*', Resource: '*' }", []],
  ["{ Sid: A b, Effect: Allow, Action: 's3:*', Resource: '*' }", ["wrong-name [0].Sid"]],
  [
    "{ Sid: A, Effect: Allow, Action: 's3:*', Resource: '*' }, { Sid: A, Effect: Allow, Action: 'sqs:*', Resource: '*' }",
    ["same-name [1].Sid"],
  ],
] as const)("statements of a role have names that IAM takes: %s", ([statements, said]) => {
  const policy = `{ PolicyName: p, PolicyDocument: { Statement: [${statements}] } }`;
  const path = "services.web.x-iam.Policies[0].PolicyDocument.Statement";
  expect(errorsIn(web(`x-iam: { Policies: [${policy}] }`))).toEqual(
    said.map((one) => `error ${one.replace(" ", ` ${path}`)}`),
  );
});

test.for([
  ["mode: non-blocking, max-buffer-size: 25m, awslogs-create-group: 'true'", []],
  ["mode: fast", ["unknown-value mode"]],
  ["max-buffer-size: much", ["unknown-value max-buffer-size"]],
  [
    "awslogs-datetime-format: '%H', awslogs-multiline-pattern: '^a'",
    ["contradiction awslogs-multiline-pattern"],
  ],
] as const)("what awslogs is told is what it takes: %s", ([options, said]) => {
  const text = web(`logging: { driver: awslogs, options: { ${options} } }`);
  expect(errorsIn(text)).toEqual(
    said.map((one) => `error ${one.replace(" ", " services.web.logging.options.")}`),
  );
});

test("a file system of one zone is not mounted from others", () => {
  const volume = (subnets: string) =>
    `volumes: { it: { x-efs: { Properties: { AvailabilityZoneName: eu-west-1a }, ${subnets} } } }\n`;
  const update = "deploy: { update_config: { order: stop-first } }";
  const text = web(`volumes: ["it:/it"], ${update}`, volume(""));
  const path = "volumes.it.x-efs.Properties.AvailabilityZoneName";
  expect(errorsIn(text)).toEqual([`error cannot-honour ${path}`]);
  const used =
    "{ Use: { VpcId: vpc-1, AppSubnets: [subnet-1], PublicSubnets: [subnet-2], StorageSubnets: [subnet-1] } }";
  expect(errorsOf(text.replace(/x-vpc: .*/, `x-vpc: ${used}`))).toEqual([]);
});

test.for(["10.0.0.1", "xn--it", "it-s3alias"])("no bucket is called %s", (name) => {
  expect(errorsIn(web("", `x-s3: { it: { Properties: { BucketName: ${name} } } }`))).toEqual([
    "error wrong-name x-s3.it.Properties.BucketName",
  ]);
});

test("a table scales from the fewest units to the most", () => {
  const table = (range: string) =>
    web(
      "",
      `x-dynamodb: { it: { Properties: { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 }, AttributeDefinitions: [{ AttributeName: k, AttributeType: S }], KeySchema: [{ AttributeName: k, KeyType: HASH }] }, Scaling: { Table: { ReadCapacityUnits: { ${range} } } } } }`,
    );
  expect(errorsIn(table("MinCapacity: 1, MaxCapacity: 9"))).toEqual([]);
  for (const range of ["MinCapacity: 10, MaxCapacity: 9", "MinCapacity: 0, MaxCapacity: 9"])
    expect(errorsIn(table(range))).toEqual([
      "error out-of-bounds x-dynamodb.it.Scaling.Table.ReadCapacityUnits",
    ]);
});

test("the description of a security group has the characters that EC2 takes", () => {
  const text = web(
    'ports: ["80"]',
    "x-elasticache: { cäche: { Properties: { Engine: redis }, Services: { web: {} } } }",
  );
  const groups = nodesOf(graphOf(text), "AWS::EC2::SecurityGroup");
  expect(groups.map(({ properties }) => properties.GroupDescription)).toEqual([
    "Tasks of web",
    "Cache c-che",
  ]);
});

test("a mesh calls services in small letters, and in Cloud Map without dots", () => {
  const mesh = (own: string) =>
    web(
      `ports: ["80"], x-network: { x-ecs_connect: { MacroParameters: { x-cloudmap: ns, service_ports: { tcp_80: {${own}} } } } }`,
      "x-cloudmap: { ns: { Name: a.internal } }",
    ).replace("{ web:", "{ Web.App:");
  const served = (own: string) =>
    only(graphOf(mesh(own)), "AWS::ECS::Service").ServiceConnectConfiguration.Services[0];
  expect(served("")).toMatchObject({
    DiscoveryName: "web-app",
    ClientAliases: [{ DnsName: "web.app" }],
  });
  expect(served("DnsName: web.a.internal").DiscoveryName).toBe("web-a-internal");
});

test.for([
  ["{ Team: a b/c }", []],
  ["{ 'a&b': c }", ["error wrong-name x-tags.a&b"]],
  ["{ a: 'b|c' }", ["error wrong-name x-tags.a"]],
  ["{ a: '' }", ["error wrong-name x-tags.a"]],
] as const)("tags are such as all of AWS takes: %s", ([tags, said]) => {
  expect(errorsIn(web("", `x-tags: ${tags}`))).toEqual(said);
});

test.for([
  ["ALARM(a) and not (OK(b) or false)", []],
  ["a and b", ["error unknown-value x-alarms.c.MacroParameters.CompositeExpression"]],
] as const)("an alarm of alarms says their states: %s", ([expression, said]) => {
  const one =
    "{ Properties: { ComparisonOperator: GreaterThanThreshold, Namespace: n, MetricName: m, Threshold: 1, EvaluationPeriods: 1, Period: 60, Statistic: Sum } }";
  const alarms = `x-alarms: { a: ${one}, b: ${one}, c: { MacroParameters: { CompositeExpression: ${expression} } } }`;
  expect(errorsIn(web("", alarms))).toEqual(said);
});
