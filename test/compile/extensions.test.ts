import { describe, expect, test } from "vitest";
import { compiledFrom, graphOf, nodesOf, only, saidOf } from "./from-text.ts";

const network = "x-vpc: { Properties: { SingleNat: true } }\n";
const web = (lines: string, rest = ""): string =>
  `services:\n  web:\n    image: web:1\n${lines.replaceAll(/^/gm, "    ")}\n${network}${rest}`;

/** Two services in one task. */
const pair = (one: string, other: string): string => {
  const label = "deploy: { labels: { ecs.task.family: shop } }";
  const service = (name: string, lines: string) =>
    `  ${name}:\n    image: ${name}:1\n    ${label}\n    ${lines.replaceAll("\n", "\n    ")}\n`;
  return `services:\n${service("a", one)}${service("b", other)}${network}`;
};

const taskType = "AWS::ECS::TaskDefinition";
const task = (text: string) => only(graphOf(text), taskType);
const containers = (text: string) => task(text).ContainerDefinitions;
// biome-ignore lint/suspicious/noExplicitAny: as a reader sees it.
const named = (text: string, name: string): any =>
  containers(text).find((one: { readonly Name: string }) => one.Name === name);

const statements = (text: string) =>
  nodesOf(graphOf(text), "AWS::IAM::Policy")
    .filter(({ id }) => id.endsWith("TaskPolicy"))
    // biome-ignore lint/suspicious/noExplicitAny: as a reader sees it.
    .flatMap(({ properties }: any) => properties.PolicyDocument.Statement);

describe("x-ecs", () => {
  test("services of a family must be made for one architecture", () => {
    const said = saidOf(
      pair("x-ecs: { CpuArchitecture: ARM64 }", "x-ecs: { CpuArchitecture: X86_64 }"),
    );
    expect(said).toContain("error differs services.b.x-ecs.CpuArchitecture");
  });

  test("platform and CpuArchitecture say the same", () => {
    const said = saidOf(web("platform: linux/amd64\nx-ecs: { CpuArchitecture: ARM64 }"));
    expect(said).toContain("error differs services.web.x-ecs.CpuArchitecture");
  });

  test("another system than Linux is not supported, and says so", () => {
    const said = saidOf(web("x-ecs: { OperatingSystemFamily: WINDOWS_SERVER_2022_CORE }"));
    expect(said).toContain("error not-supported-yet services.web.x-ecs.OperatingSystemFamily");
  });

  test("a provider that the cluster has not is an error", () => {
    const one = "{ CapacityProvider: FARGATE_SPOT, Weight: 1 }";
    const text = web(
      `x-ecs: { CapacityProviderStrategy: [${one}] }`,
      "x-cluster: { Properties: { CapacityProviders: [FARGATE] } }\n",
    );
    const path = "services.web.x-ecs.CapacityProviderStrategy[0]";
    expect(saidOf(text)).toContain(`error unknown-value ${path}`);
  });

  test("two providers with a base are refused before ECS does it", () => {
    const all = ["FARGATE", "FARGATE_SPOT"]
      .map((name) => `{ CapacityProvider: ${name}, Base: 1, Weight: 1 }`)
      .join(", ");
    const path = "services.web.x-ecs.CapacityProviderStrategy";
    const said = saidOf(web(`x-ecs: { CapacityProviderStrategy: [${all}] }`));
    expect(said).toContain(`error contradiction ${path}`);
  });

  test("each provider has the most that any service of the family asks for", () => {
    const wish = (base: number, weight: number) =>
      `x-ecs: { CapacityProviderStrategy: [{ CapacityProvider: FARGATE, Base: ${base}, Weight: ${weight} }] }`;
    const service = only(graphOf(pair(wish(2, 5), wish(1, 3))), "AWS::ECS::Service");
    expect(service.CapacityProviderStrategy).toEqual([
      { CapacityProvider: "FARGATE", Base: 2, Weight: 5 },
    ]);
  });

  test("sessions are recorded where the container's own logs are, unless the cluster says more", () => {
    const text = web("x-ecs: { EnableExecuteCommand: true }");
    const written = statements(text).find(({ Action }) => Action.includes("logs:PutLogEvents"));
    expect(written.Resource).toEqual([{ "Fn::GetAtt": ["WebLogGroup", "Arn"] }]);
    const silent =
      "x-cluster: { Properties: { Configuration: { ExecuteCommandConfiguration: { Logging: NONE } } } }\n";
    const actions = statements(web("x-ecs: { EnableExecuteCommand: true }", silent)).flatMap(
      ({ Action }) => Action,
    );
    expect(actions.every((action: string) => action.startsWith("ssmmessages:"))).toBe(true);
  });
});

describe("labels for ECS", () => {
  const label = (text: string) => `deploy: { labels: { ${text} } }`;

  test("what others wait for to end is not essential: SUCCESS and COMPLETE alike", () => {
    for (const condition of ["SUCCESS", "COMPLETE"]) {
      const text = `services:
  first: { image: "a:1", deploy: { labels: { ecs.task.family: shop, ecs.depends.condition: ${condition} } } }
  web: { image: "b:1", depends_on: [first], deploy: { labels: { ecs.task.family: shop } } }
${network}`;
      expect(named(text, "first").Essential).toBe(false);
      expect(named(text, "web").DependsOn).toEqual([
        { ContainerName: "first", Condition: condition },
      ]);
    }
  });

  test("ecs.essential says it itself", () => {
    const text = `services:
  extra: { image: "a:1", deploy: { labels: { ecs.task.family: shop, ecs.essential: false } } }
  web: { image: "b:1", deploy: { labels: { ecs.task.family: shop } } }
${network}`;
    expect([named(text, "extra").Essential, named(text, "web").Essential]).toEqual([false, true]);
  });

  test("a task without an essential container would never run", () => {
    expect(saidOf(web(label('ecs.essential: "false"')))).toContain("error never-runs services.web");
  });

  test.for([
    ["ecs.compute.platform: OUTPOST", "unknown-value ecs.compute.platform"],
    ["ecs.depends.condition: DONE", "unknown-value ecs.depends.condition"],
    ["ecs.essential: maybe", "wrong-type ecs.essential"],
  ])("%s", ([text = "", expected = ""]) => {
    const [code, name] = expected.split(" ");
    const said = saidOf(web(label(text)));
    expect(said).toContain(`error ${code} services.web.deploy.labels.${name}`);
  });
});

describe("the CloudWatch agent", () => {
  const emf = "x-monitoring: { CWAgentCollectEmf: true }";

  test("every container of the family is told where it is, and waits for it", () => {
    const text = pair(emf, "read_only: false");
    for (const name of ["a", "b"]) {
      expect(named(text, name).Environment).toContainEqual({
        Name: "AWS_EMF_AGENT_ENDPOINT",
        Value: "tcp://127.0.0.1:25888",
      });
      expect(named(text, name).DependsOn).toEqual([
        { ContainerName: "cloudwatch-agent", Condition: "START" },
      ]);
    }
  });

  test("gets no secrets and no variables of resources, and its port is opened to nobody", () => {
    const text = web(
      `${emf}\nports: ["80:80"]\nsecrets: [token]\nx-network: { Ingress: { ExtSources: [{ IPv4: 0.0.0.0/0 }] } }`,
      "secrets: { token: { x-secrets: { Name: token } } }\nx-sqs: { jobs: { Services: { web: { Access: RWMessages } } } }\n",
    );
    const agent = named(text, "cloudwatch-agent");
    expect(agent.Secrets).toBeUndefined();
    expect(agent.Environment.map(({ Name }: { readonly Name: string }) => Name)).toEqual([
      "CW_CONFIG_CONTENT",
    ]);
    const ports = nodesOf(graphOf(text), "AWS::EC2::SecurityGroupIngress").map(
      ({ properties }) => properties.FromPort,
    );
    expect(ports).toEqual([80]);
  });

  test("does not make the task bigger", () => {
    const limits = 'deploy: { resources: { limits: { cpus: "0.25", memory: 512M } } }';
    expect(task(web(`${limits}\n${emf}`)).Cpu).toBe("256");
  });

  test("may write to the family's log group alone", () => {
    const [statement, ...others] = statements(web(emf));
    expect(others).toEqual([]);
    expect(statement.Resource).toEqual([{ "Fn::GetAtt": ["WebLogGroup", "Arn"] }]);
  });

  test("false asks for nothing", () => {
    expect(containers(web("x-monitoring: { CWAgentCollectEmf: false }"))).toHaveLength(1);
  });

  test("is one, also where metrics of Prometheus come through it", () => {
    const text = web(
      `${emf}\nx-prometheus: { ContainersInsights: { CustomRules: [{ ExporterPort: 99 }] } }`,
    );
    const { Environment } = named(text, "cloudwatch-agent");
    expect(JSON.stringify(Environment)).toContain("127.0.0.1:99");
    expect(containers(text)).toHaveLength(2);
  });

  test("an exporter without a port is an error", () => {
    const said = (rule: string) => saidOf(web(`x-prometheus: { ContainersInsights: { ${rule} } }`));
    const path = "services.web.x-prometheus.ContainersInsights";
    expect(said("CustomRules: [{ ExporterPath: / }]")).toContain(
      `error missing-key ${path}.CustomRules[0]`,
    );
  });
});

describe("x-logging", () => {
  const fireLens = (text: string) => `x-logging: { FireLens: { ${text} } }`;
  const path = "services.web.x-logging.FireLens.Advanced";

  const routerOf = (text: string) =>
    containers(text).find(({ Name }: { readonly Name: string }) => Name === "log_router");
  const advanced = (settings: string) =>
    `logging: { driver: awsfirelens }\n${fireLens(`Advanced: { ${settings} }`)}`;
  const written = (text: string): string =>
    JSON.stringify(
      containers(text).find(({ Name }: { readonly Name: string }) => Name === "log_router_files"),
    );

  test("a log router that needs no file has none", () => {
    const router = routerOf(web(advanced("EnvironmentVariables: [A=b=c, { Name: B, Value: 1 }]")));
    expect(router.Environment).toEqual([
      { Name: "A", Value: "b=c" },
      { Name: "B", Value: "1" },
    ]);
    expect(router).not.toHaveProperty("MountPoints");
    expect(router.FirelensConfiguration.Options).toEqual({ "enable-ecs-log-metadata": "true" });
  });

  test("a log router waits for its files", () => {
    const text = web(advanced("GracePeriod: 40, EnableApiHeathCheck: true"));
    const router = routerOf(text);
    expect(router.DependsOn).toEqual([{ ContainerName: "log_router_files", Condition: "SUCCESS" }]);
    expect(router.StopTimeout).toBe(45);
    expect(router.HealthCheck.Command[1]).toContain("127.0.0.1:2020");
    expect(written(text)).toContain("Grace 40\\n    HTTP_Server On");
  });

  test("two services of a family have one log router, which does what both ask for", () => {
    const text = pair(
      advanced("GracePeriod: 20"),
      advanced("GracePeriod: 30, EnvironmentVariables: { A: b }"),
    );
    expect(written(text)).toContain("Grace 30");
    expect(routerOf(text).Environment).toEqual([{ Name: "A", Value: "b" }]);
  });

  test("logs go to one destination, the first", () => {
    const two = "ComposeXManagedAwsDestinations: [{ stream: a }, { stream: b }]";
    const text = web(fireLens(`Advanced: { ${two} }`));
    expect(saidOf(text)).toContain(`warning no-effect ${path}.ComposeXManagedAwsDestinations`);
    expect(named(text, "web").LogConfiguration.Options.stream).toBe("a");
  });

  test("the longer of two retentions counts", () => {
    const group = only(
      graphOf(web("x-aws-logs_retention: 7\nx-logging: { RetentionInDays: 90 }")),
      "AWS::Logs::LogGroup",
    );
    expect(group.RetentionInDays).toBe(90);
  });

  test("a family has one log router, which makes a group only where it is told to", () => {
    const to = (more: string) =>
      fireLens(`Advanced: { ComposeXManagedAwsDestinations: [{ log_group_name: g${more} }] }`);
    const text = pair(to(""), to(""));
    expect(containers(text)).toHaveLength(3);
    expect(JSON.stringify(statements(text))).not.toContain("logs:CreateLogGroup");
    const creates = web(to(', auto_create_group: "true"'));
    expect(JSON.stringify(statements(creates))).toContain("logs:CreateLogGroup");
  });

  test("the log router's rights are the task's, on what it is told to write to", () => {
    const to = "ComposeXManagedAwsDestinations: [{ stream: clicks }]";
    const [statement, ...others] = statements(web(fireLens(`Advanced: { ${to} }`)));
    expect(others).toEqual([]);
    expect(statement.Action).toEqual(["kinesis:PutRecords"]);
    expect(JSON.stringify(statement.Resource)).toContain('"stream/","clicks"');
  });
});

describe("x-ecr", () => {
  const scanned = (scan: string) =>
    `services: { web: { image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1", x-ecr: { VulnerabilitiesScan: { ${scan} } } } }\n${network}`;
  const limits = (scan: string) => nodesOf(graphOf(scanned(scan)), taskType)[0]?.metadata;

  test.for([
    ["CRITICAL: 0, HIGH: 2", "", { CRITICAL: 0, HIGH: 2 }, "Failure"],
    ["LOW: 0", ", TreatFailedAs: Success", { LOW: 0 }, "Success"],
  ] as const)("limits what a scan may find: %s%s", ([given, more, Most, TreatFailedAs]) => {
    expect(limits(`Thresholds: { ${given} }${more}`)).toEqual({
      ScanLimits: { web: { Most, TreatFailedAs } },
    });
  });

  test("that says no numbers allows nothing that has a severity", () => {
    const Most = { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0 };
    expect(limits("TreatFailedAs: Failure")).toEqual({
      ScanLimits: { web: { Most, TreatFailedAs: "Failure" } },
    });
  });

  test("that holds nothing back is none", () => {
    expect([limits("IgnoreFailure: true"), limits("")]).toEqual([undefined, undefined]);
    expect(saidOf(scanned("IgnoreFailure: true, RoleArn: a"))).toEqual([
      "warning no-effect services.web.x-ecr.VulnerabilitiesScan.RoleArn",
      "warning no-effect services.web.x-ecr.VulnerabilitiesScan.IgnoreFailure",
    ]);
  });
});

describe("what nothing can be made of", () => {
  test.for([
    [
      "x-ecr: { VulnerabilitiesScan: { TreatFailedAs: Failure } }",
      "cannot-honour x-ecr.VulnerabilitiesScan",
    ],
    [
      "x-ecr: { VulnerabilitiesScan: { Thresholds: { SEVERE: 1 } } }",
      "unknown-key x-ecr.VulnerabilitiesScan.Thresholds.SEVERE",
    ],
    [
      "x-environment: { SetAsParameter: { KEY: { Type: AWS::SSM::Parameter::Value<String>, Default: a } } }",
      "cannot-honour x-environment.SetAsParameter.KEY",
    ],
    [
      "x-environment: { SetAsParameter: { KEY: { Type: String, Default: a, NoEcho: true } } }",
      "cannot-honour x-environment.SetAsParameter.KEY",
    ],
    [
      "x-environment: { SetAsParameter: { KEY: { Default: a, AllowedValues: [b] } } }",
      "unknown-value x-environment.SetAsParameter.KEY",
    ],
    [
      "x-alarms: { Predefined: { HighRamUsageAndMaxScaledOut: { Settings: { EvaluationPeriods: 2, DatapointsToAlarm: 3 } } } }",
      "contradiction x-alarms.Predefined.HighRamUsageAndMaxScaledOut",
    ],
    ["x-aws-pull_credentials: secrets::none", "unknown-value x-aws-pull_credentials"],
    ["deploy: { x-aws-autoscaling: { min: 1 } }", "missing-key deploy.x-aws-autoscaling"],
  ])("%s", ([text = "", expected = ""]) => {
    const [code, path] = expected.split(" ");
    expect(saidOf(web(text))).toContain(`error ${code} services.web.${path}`);
  });
});

describe("x-alarms", () => {
  const alarm = (lines: string, operator = "GreaterThanThreshold") => `x-alarms:
  lag:
    Properties:
      { Namespace: Shop, MetricName: Lag, Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 100, ComparisonOperator: ${operator} }
    ${lines}
`;
  const scaled = "Services: { web: { Scaling: { Steps: [{ LowerBound: 10, Count: 2 }] } } }";

  test("scale a family from the first step on, counted from the alarm's threshold", () => {
    const graph = graphOf(web("x-scaling: { Range: 1-4 }", alarm(scaled)));
    expect(graph.nodes.get("WebOnLagAlarm")).toMatchObject({
      layer: { layer: "family", family: "web" },
      properties: { Threshold: 110, ComparisonOperator: "GreaterThanThreshold" },
    });
    expect(graph.nodes.get("LagAlarm")?.layer).toEqual({ layer: "watch" });
  });

  test("cannot scale on less of something, and need a range", () => {
    const less = saidOf(web("x-scaling: { Range: 1-4 }", alarm(scaled, "LessThanThreshold")));
    expect(less).toContain("error cannot-honour x-alarms.lag.Services.web");
    const said = saidOf(web("user: app", alarm(scaled)));
    expect(said).toContain("warning no-effect x-alarms.lag.Services.web");
  });

  test("an alarm, a topic and a service that are not there are errors", () => {
    const rest = (text: string) => saidOf(web("user: app", text));
    expect(
      rest("x-alarms: { both: { MacroParameters: { CompositeExpression: ALARM(none) } } }\n"),
    ).toContain("error unknown-resource x-alarms.both.MacroParameters.CompositeExpression");
    expect(rest(alarm("Topics: [{ x-sns: none }]"))).toContain(
      "error unknown-resource x-alarms.lag.Topics[0]",
    );
    expect(rest(alarm("Services: { wbe: { Scaling: { Steps: [] } } }"))).toContain(
      "error unknown-service x-alarms.lag.Services.wbe",
    );
  });

  test("Predefined: the count of tasks is that of the range, or of the replicas", () => {
    const predefined = "x-alarms: { Predefined: { HighCpuUsageAndMaxScaledOut: {} } }";
    const count = (lines: string) =>
      graphOf(web(`${lines}\n${predefined}`)).nodes.get("WebHighCpuUsageAndMaxScaledOutTasks")
        ?.properties.Threshold;
    expect(count("x-scaling: { Range: 1-7 }")).toBe(7);
    expect(count("deploy: { replicas: 3 }")).toBe(3);
  });
});

describe("x-events", () => {
  const nightly = (uses: string) =>
    `x-events: { nightly: { Properties: { ScheduleExpression: rate(1 day) }, Services: { ${uses} } } }\n`;

  test("a family that has no service of its own has nothing that needs one", () => {
    const lines = "x-scaling: { Range: 1-4 }";
    const graph = graphOf(web(lines, nightly("web: { DeleteDefaultService: true }")));
    expect(nodesOf(graph, "AWS::ECS::Service")).toEqual([]);
    expect(nodesOf(graph, "AWS::ApplicationAutoScaling::ScalableTarget")).toEqual([]);
    expect(nodesOf(graph, "AWS::Events::Rule")).toHaveLength(1);
  });

  test("tasks that an event starts let people in where their services do", () => {
    const asked = (lines: string) =>
      only(graphOf(web(lines, nightly("web: {}"))), "AWS::Events::Rule").Targets[0].EcsParameters;
    expect(asked("x-ecs: { EnableExecuteCommand: true }").EnableExecuteCommand).toBe(true);
    expect(asked("user: app")).not.toHaveProperty("EnableExecuteCommand");
  });

  test("whoever starts tasks may pass their two roles on, to ECS alone", () => {
    const role = graphOf(web("user: app", nightly("web: {}"))).nodes.get("WebOnNightlyRole");
    const text = JSON.stringify(role?.properties.Policies);
    expect(text).toContain('"iam:PassedToService":"ecs-tasks.amazonaws.com"');
    expect(text).toContain('["WebExecutionRole","Arn"]');
    expect(text).toContain('["WebTaskRole","Arn"]');
    expect(text).not.toContain('"NotAction"');
  });

  test("a rule keeps the name the file gives it, unless it is one of several", () => {
    const named = (uses: string) =>
      `x-events: { nightly: { Properties: { Name: n, ScheduleExpression: rate(1 day) }, Services: { ${uses} } } }\n`;
    const rule = only(graphOf(web("user: app", named("web: {}"))), "AWS::Events::Rule");
    expect(rule.Name).toBe("n");
  });

  test("targets of the file's own are told beside the tasks, by one rule", () => {
    const topic = "{ Id: t, Arn: 'arn:aws:sns:eu-west-1:123456789012:t' }";
    const own = `x-events: { nightly: { Properties: { ScheduleExpression: rate(1 day), Targets: [${topic}] }, Services: { web: {}, job: {} } } }\n`;
    const graph = graphOf(`services: { web: { image: a }, job: { image: b } }\n${own}`);
    const targets = nodesOf(graph, "AWS::Events::Rule").map(({ properties }) =>
      (properties.Targets as { readonly Id: string }[]).map(({ Id }) => Id),
    );
    expect(targets).toEqual([["t", "JobOnNightly"], ["WebOnNightly"]]);
  });

  test("a rule that starts nothing is not passed over in silence", () => {
    const said = saidOf(web("user: app", nightly("")));
    expect(said).toContain("warning no-effect x-events.nightly");
  });

  test("an event without a time or a pattern, and a service that is not there, are errors", () => {
    const said = saidOf(web("user: app", "x-events: { never: { Services: { wbe: {} } } }\n"));
    expect(said).toEqual(
      expect.arrayContaining([
        "error missing-key x-events.never",
        "error unknown-service x-events.never.Services.wbe",
      ]),
    );
  });
});

describe("of a family that only events start", () => {
  const alone =
    "x-events: { n: { Properties: { ScheduleExpression: rate(1 day) }, Services: { web: { DeleteDefaultService: true } } } }\n";
  const beside = alone.replace("true", "false");

  test("what only a service could have is told, all together", () => {
    const lines = `ports: ["80"]
deploy: { replicas: 2 }
x-scaling: { Range: 1-4 }
x-alarms: { Predefined: { HighCpuUsageAndMaxScaledOut: {} } }
x-network: { Ingress: { Myself: true }, x-ecs_connect: { MacroParameters: { x-cloudmap: mesh } } }`;
    const mesh = "x-cloudmap: { mesh: { Name: mesh.internal } }\n";
    const compiled = compiledFrom(web(lines, `${mesh}${alone}`));
    const warnings = compiled.kind === "compiled" ? compiled.warnings : [];
    expect(warnings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      "no-service web has no service of its own, so it has no use for replicas and scaling and alarms and a place in a mesh",
    ]);
  });

  test("as is a dashboard of it, which shows figures of services", () => {
    const dashboard =
      "x-dashboards: { d: { Services: { web: { UsePredefinedMetrics: true } } } }\n";
    expect(saidOf(web("user: app", `${dashboard}${alone}`))).toContain(
      "warning no-service x-dashboards.d.Services.web",
    );
    expect(saidOf(web("user: app", `${dashboard}${beside}`))).toEqual([]);
  });
});
