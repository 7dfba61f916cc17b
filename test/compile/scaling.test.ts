import { describe, expect, test } from "vitest";
import { graphOf, nodesOf, only, saidOf } from "./from-text.ts";

const shop = (scaling: string, rest = ""): string => `
services:
  web:
    image: web:1
    expose: ["80"]
    deploy: { replicas: 3 }
    x-scaling: ${scaling}
x-vpc: { Properties: { SingleNat: true } }
${rest}`;

const balancer = (type: string) => `
x-elbv2:
  public:
    Properties: { Type: ${type} }
    Listeners: [{ Port: 80, Protocol: ${type === "network" ? "TCP" : "HTTP"}, Targets: [{ name: "web:web", access: / }] }]
    Services: { "web:web": { port: 80 } }`;

const policies = (text: string) =>
  nodesOf(graphOf(text), "AWS::ApplicationAutoScaling::ScalingPolicy");

const requests = "{ Range: 1-5, TargetScaling: { TgtTargetsCount: 100 } }";

test("what has no target to be at is said to do nothing", () => {
  expect(saidOf(shop("{ Range: 3-5, TargetScaling: { DisableScaleIn: true } }"))).toEqual([
    "warning no-effect services.web.x-scaling.TargetScaling",
  ]);
});

test("who scales says how many, and not replicas", () => {
  const text = shop("{ Range: 1-5 }");
  expect(saidOf(text)).toEqual(["warning no-effect services.web.deploy.replicas"]);
  expect(only(graphOf(text), "AWS::ECS::Service").DesiredCount).toBeUndefined();
  expect(saidOf(shop("{ Range: 3-5 }"))).toEqual([]);
});

describe("what Docker's retired integration says of scaling is told where it stands:", () => {
  const old = (given: string) =>
    saidOf(`
services:
  web: { image: "web:1", deploy: { x-aws-autoscaling: ${given} } }
x-vpc: { Properties: { SingleNat: true } }
`);
  const at = "services.web.deploy.x-aws-autoscaling";

  test.for([
    ["{ min: 5, max: 2, cpu: 50 }", `error out-of-bounds ${at}`],
    ["{ min: -1, max: 2, cpu: 50 }", `error wrong-type ${at}`],
    ["{ max: 2, cpu: 101 }", `warning out-of-bounds ${at}`],
    ["{ max: 2, cpu: 0 }", `error out-of-bounds ${at}`],
    ["{ max: 2 }", `warning no-effect ${at}`],
  ] as const)("%s", ([given, said]) => {
    expect(old(given)).toContain(said);
  });
});

describe("TgtTargetsCount", () => {
  test("is so of each target group behind one load balancer", () => {
    const shared = `${balancer("application").replace("Targets: [", "Targets: [{ name: both, access: /both }, ")}
    TargetGroups: { both: { Port: 80, Services: [{ Name: "web:web" }] } }`;
    const made = policies(shop(requests, shared));
    const specifications = made.map(({ properties }) =>
      JSON.stringify(properties.TargetTrackingScalingPolicyConfiguration),
    );
    expect(new Set(specifications).size).toBe(2);
    expect(new Set(made.map(({ id }) => id)).size).toBe(2);
    const [first] = policies(shop(requests, balancer("application")));
    expect(made.map(({ id }) => id)).toContain(first?.id);
  });

  test("is how many requests each task has of an application load balancer", () => {
    const policy = only(
      graphOf(shop(requests, balancer("application"))),
      "AWS::ApplicationAutoScaling::ScalingPolicy",
    );
    const { PredefinedMetricSpecification: metric, TargetValue } =
      policy.TargetTrackingScalingPolicyConfiguration;
    expect(TargetValue).toBe(100);
    expect(metric).toMatchObject({ PredefinedMetricType: "ALBRequestCountPerTarget" });
    expect(JSON.stringify(metric)).toMatch(/LoadBalancerFullName.*"\/".*TargetGroupFullName/);
  });

  test.for(["", balancer("network")])("does nothing without one", (rest) => {
    expect(policies(shop(requests, rest))).toEqual([]);
    expect(saidOf(shop(requests, rest))).toContain(
      "warning no-effect services.web.x-scaling.TargetScaling",
    );
  });
});

test("scaling on two queues is warned of: either takes away what the other has asked for", () => {
  const steps = "Services: { web: { Scaling: { Steps: [{ LowerBound: 0, Count: 2 }] } } }";
  const both = `x-sqs: { one: { ${steps} }, two: { ${steps} } }`;
  expect(saidOf(shop("{ Range: 3-5 }", both))).toEqual([
    "warning disagree x-sqs.two.Services.web.Scaling",
  ]);
  expect(saidOf(shop("{ Range: 3-5 }", `x-sqs: { one: { ${steps} }, two: {} }`))).toEqual([]);
});

test("both CPU and memory are kept, each by a policy", () => {
  const made = policies(shop("{ Range: 1-5, TargetScaling: { CpuTarget: 50, MemoryTarget: 60 } }"));
  expect(made.map(({ id }) => id)).toEqual(["WebCpuScalingPolicy", "WebMemoryScalingPolicy"]);
});

test("without a range there are as many tasks as the file says, and that is said", () => {
  const text = shop("{ TargetScaling: { CpuTarget: 50 } }");
  expect(saidOf(text)).toContain("warning no-effect services.web.x-scaling");
  expect(only(graphOf(text), "AWS::ECS::Service").DesiredCount).toBe(3);
  expect(policies(text)).toEqual([]);
});

test("a scheduled action may have the name of its service in its own", () => {
  const action =
    'ScheduledActionName: up, Schedule: "cron(0 8 * * ? *)", ScalableTargetAction: { MinCapacity: 2 }';
  const text = shop(
    `{ Range: 1-5, ScheduledActions: [{ ${action}, MacroParameters: { AddServiceName: true, AddRandomId: true } }] }`,
  );
  const { ScheduledActions } = only(graphOf(text), "AWS::ApplicationAutoScaling::ScalableTarget");
  expect(ScheduledActions[0].ScheduledActionName).toBe("up-web");
});

describe("a target group as the dimension of an alarm", () => {
  const alarm = (value: string) =>
    shop(
      "{ Range: 1-5 }",
      `${balancer("application")}\nx-alarms: { busy: { Properties: { ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1, MetricName: RequestCountPerTarget, Namespace: AWS/ApplicationELB, Period: 60, Statistic: Sum, Threshold: 9, Dimensions: [{ Name: LoadBalancer, Value: "x-elbv2::public" }, { Name: TargetGroup, Value: "${value}" }] } } }`,
    );

  test.for(["web:web", "web"])("by %s is what metrics call it", (service) => {
    const { Dimensions } = only(
      graphOf(alarm(`x-elbv2::public::${service}::80`)),
      "AWS::CloudWatch::Alarm",
    );
    expect(Dimensions).toEqual([
      {
        Name: "LoadBalancer",
        Value: { "Fn::GetAtt": [expect.any(String), "LoadBalancerFullName"] },
      },
      { Name: "TargetGroup", Value: { "Fn::GetAtt": [expect.any(String), "TargetGroupFullName"] } },
    ]);
  });

  test("has to be one", () => {
    expect(saidOf(alarm("x-elbv2::public::web:web::81"))).toContain(
      "error unknown-resource x-alarms.busy.Properties.Dimensions[1].Value",
    );
  });
});

test.for([
  ["capitalize", "api.token", "API.TOKEN"],
  ["title", "token", "Token"],
  ["java_properties", "spring.data-source.url", "SPRING_DATASOURCE_URL"],
])("a key of a secret with Transform: %s names its variable", ([transform, key, name]) => {
  const graph = graphOf(`
services: { web: { image: "web:1", secrets: [s] } }
secrets: { s: { x-secrets: { Name: /s, JsonKeys: [{ SecretKey: ${key}, Transform: ${transform} }] } } }
x-vpc: { Properties: { SingleNat: true } }`);
  const [container] = only(graph, "AWS::ECS::TaskDefinition").ContainerDefinitions;
  expect(container.Secrets.map(({ Name }: { Name: string }) => Name)).toEqual([name]);
});
