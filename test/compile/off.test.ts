import { expect, test } from "vitest";
import { graphOf, nodesOf, saidOf } from "./from-text.ts";
import { service } from "./one-service.ts";

// What the file says of a service whose profile is off.

const check = "port: 80, protocol: HTTP";
const rest = (
  name: string,
): string => `x-sqs: { jobs: { Services: { ${name}: { Access: RWMessages }, web: { Access: Publish } } } }
x-kinesis: { clicks: { MacroParameters: { SetupIAMForKCL: { ${name}: { DynamoDB: false } } } } }
x-events: { nightly: { Properties: { ScheduleExpression: rate(1 day) }, Services: { ${name}: { TaskCount: 1 }, web: { TaskCount: 1 } } } }
x-alarms: { busy: { Properties: { Namespace: n, MetricName: m, Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold }, Services: { ${name}: { Scaling: { Steps: [{ LowerBound: 0, Count: 2 }] } } } } }
x-dashboards: { all: { Services: { ${name}: { UsePredefinedMetrics: true }, web: { UsePredefinedMetrics: true } } } }
x-elbv2:
  lb:
    Properties: { Type: application }
    MacroParameters: { Ingress: { ExtSources: [{ IPv4: 0.0.0.0/0, Name: any }] } }
    Listeners: [{ Port: 80, Protocol: HTTP, Targets: [{ name: "web:web:80", access: / }, { name: "${name}:${name}:80", access: /off }] }]
    Services: { "web:web:80": { ${check} }, "${name}:${name}:80": { ${check} } }
`;
const file = (name: string): string =>
  service(`x-network: { Ingress: { Services: [{ Name: ${name} }] } }`, rest(name)).replace(
    "x-vpc",
    `  debug: { image: "debug:1", profiles: [debug], deploy: { labels: { ecs.task.family: tools } } }\nx-vpc`,
  );
const errors = (name: string): readonly string[] =>
  saidOf(file(name)).filter((line) => line.startsWith("error"));

test.for(["debug", "tools"])("is not done, and is no mistake: %s", (name) => {
  expect(errors(name)).toEqual([]);
  const made = (type: string) => nodesOf(graphOf(file(name)), type).length;
  expect(made("AWS::ECS::Service")).toBe(1);
  expect(made("AWS::ElasticLoadBalancingV2::TargetGroup")).toBe(1);
});

test("is a mistake where there is no such service", () => {
  expect(errors("debgu").filter((line) => line.includes("unknown-service"))).toEqual([
    "error unknown-service services.web.x-network.Ingress.Services[0]",
    "error unknown-service x-sqs.jobs.Services.debgu",
    "error unknown-service x-kinesis.clicks.MacroParameters.SetupIAMForKCL.debgu",
    "error unknown-service x-elbv2.lb.Services.debgu:debgu:80",
    "error unknown-service x-elbv2.lb.Listeners[0].Targets[1]",
    "error unknown-service x-events.nightly.Services.debgu",
    "error unknown-service x-alarms.busy.Services.debgu",
    "error unknown-service x-dashboards.all.Services.debgu",
  ]);
});

const looking = (name: string): string =>
  service(
    "",
    `x-alarms:
  full: { MacroParameters: { ServiceName: ${name} }, Properties: { Namespace: AWS/ECS, MetricName: CPUUtilization, Statistic: Average, Period: 60, EvaluationPeriods: 1, Threshold: 80, ComparisonOperator: GreaterThanThreshold } }
  both: { MacroParameters: { CompositeExpression: "ALARM(full) or ALARM(jobs)" } }
  jobs: { Properties: { Namespace: n, MetricName: m, Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold } }
`,
  ).replace("x-vpc", `  debug: { image: "debug:1", profiles: [debug] }\nx-vpc`);

test("an alarm that looks at it is not made, nor one that looks at that, and it is said", () => {
  expect(saidOf(looking("debug"))).toEqual([
    "warning no-effect x-alarms.both.MacroParameters.CompositeExpression",
    "warning no-effect x-alarms.full.MacroParameters.ServiceName",
  ]);
  const graph = graphOf(looking("debug"));
  expect(nodesOf(graph, "AWS::CloudWatch::Alarm").map(({ id }) => id)).toEqual(["JobsAlarm"]);
  expect(nodesOf(graph, "AWS::CloudWatch::CompositeAlarm")).toEqual([]);
  expect(saidOf(looking("web"))).toEqual([]);
  expect(saidOf(looking("debgu"))).toEqual([
    "error unknown-service x-alarms.full.MacroParameters.ServiceName",
  ]);
});
