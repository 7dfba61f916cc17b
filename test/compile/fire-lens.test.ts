import { describe, expect, test } from "vitest";
import { graphOf, only, saidOf } from "./from-text.ts";

const service = (fireLens: string) => `services:
  web:
    image: web@sha256:${"0".repeat(64)}
    x-logging: { FireLens: ${fireLens} }
x-vpc: { Properties: { SingleNat: true } }`;

const containerOf = (text: string, name: string) =>
  only(graphOf(text), "AWS::ECS::TaskDefinition").ContainerDefinitions.find(
    ({ Name }: { Name: string }) => Name === name,
  );

const advanced = (lines: string) =>
  service(`{ Advanced: { ComposeXManagedAwsDestinations: [{ log_group_name: /x }], ${lines} } }`);

describe("LogDriverBufferLimit", () => {
  test("is what the container may keep for the router, and room in the task", () => {
    const text = advanced("LogDriverBufferLimit: 67108864");
    expect(containerOf(text, "web").LogConfiguration.Options["log-driver-buffer-limit"]).toBe(
      "67108864",
    );
    const reserved = (of: string) => containerOf(of, "log_router").MemoryReservation;
    expect(reserved(text) - reserved(advanced(""))).toBe(64);
  });

  test.for([-1, 536_870_913])("%d is refused", (bytes) => {
    expect(saidOf(advanced(`LogDriverBufferLimit: ${bytes}`))).toEqual([
      "error out-of-bounds services.web.x-logging.FireLens.Advanced.LogDriverBufferLimit",
    ]);
  });
});

test("variables of the router may be what only CloudFormation knows", () => {
  const text = advanced(
    `EnvironmentVariables: { B: text, A: { 'Fn::Sub': '\${AWS::Region}-a' }, C: { 'Fn::Ref': AWS::AccountId } }`,
  );
  expect(containerOf(text, "log_router").Environment).toEqual([
    { Name: "A", Value: { "Fn::Join": ["", [{ Ref: "AWS::Region" }, "-a"]] } },
    { Name: "B", Value: "text" },
    { Name: "C", Value: { Ref: "AWS::AccountId" } },
  ]);
  expect(saidOf(advanced("EnvironmentVariables: { A: { 'Fn::GetAtt': [A, B] } }"))).toEqual([
    "error function-refused services.web.x-logging.FireLens.Advanced.EnvironmentVariables.A",
  ]);
});

describe("FirelensConfiguration", () => {
  const place = "services.web.x-logging.FireLens.Shorthands.FirelensConfiguration";
  const shorthands = (lines: string) =>
    service(`{ Shorthands: { ReplaceAwsLogs: true, FirelensConfiguration: { ${lines} } } }`);

  test.for([true, false])("metadata: %s", (wanted) => {
    const text = shorthands(`Type: fluentbit, Options: { enable-ecs-log-metadata: ${wanted} }`);
    expect(saidOf(text)).toEqual([]);
    expect(containerOf(text, "log_router").FirelensConfiguration).toEqual({
      Type: "fluentbit",
      Options: { "enable-ecs-log-metadata": String(wanted) },
    });
  });

  test("another router, or a file in a bucket, is refused", () => {
    expect(saidOf(shorthands("Type: fluentd"))).toEqual([`error cannot-honour ${place}.Type`]);
    const file = "config-file-type: s3, config-file-value: 'arn:aws:s3:::b/extra.conf'";
    expect(saidOf(shorthands(`Options: { ${file} }`))).toEqual([
      `error cannot-honour ${place}.Options.config-file-type`,
    ]);
  });

  const inImage = "/fluent-bit/configs/parse-json.conf";
  const ofImage = `Options: { config-file-type: file, config-file-value: ${inImage} }`;

  test("a configuration that its image has is the router's", () => {
    expect(saidOf(shorthands(ofImage))).toEqual([]);
    expect(containerOf(shorthands(ofImage), "log_router").FirelensConfiguration.Options).toEqual({
      "enable-ecs-log-metadata": "true",
      "config-file-type": "file",
      "config-file-value": inImage,
    });
  });

  test("and is included where there are files of the repository, too", () => {
    const own = `EnableApiHealthCheck: true, FirelensConfiguration: { ${ofImage} }`;
    const text = JSON.stringify(only(graphOf(advanced(own)), "AWS::ECS::TaskDefinition"));
    expect(text).toContain(`@INCLUDE ${inImage}`);
    expect(text).toContain('"config-file-value":"/fluent-bit/trueup/main.conf"');
  });
});

describe("options of the router that a file writes itself", () => {
  const role = "arn:aws:iam::210987654321:role/logs";
  const written = (options: string) => {
    const graph = graphOf(`services:
  web:
    image: web@sha256:${"0".repeat(64)}
    logging: { driver: awsfirelens, options: { ${options} } }
x-vpc: { Properties: { SingleNat: true } }`);
    const [web] = only(graph, "AWS::ECS::TaskDefinition").ContainerDefinitions;
    const policy = graph.nodes.get("WebTaskPolicy")?.properties.PolicyDocument as
      | { readonly Statement: readonly { readonly Action: unknown; readonly Resource: unknown }[] }
      | undefined;
    const rights = policy?.Statement.map(({ Action, Resource }) => [Action, Resource]);
    return { options: web.LogConfiguration.Options, rights };
  };

  test("name CloudWatch alone: then it is the family's group", () => {
    const { options, rights } = written("Name: cloudwatch");
    expect(options).toEqual({
      Name: "cloudwatch",
      region: { Ref: "AWS::Region" },
      log_group_name: { Ref: "WebLogGroup" },
      log_stream_prefix: "web/",
    });
    expect(rights).toEqual([
      [["logs:CreateLogStream", "logs:PutLogEvents"], [{ "Fn::GetAtt": ["WebLogGroup", "Arn"] }]],
    ]);
  });

  test("are kept, and have a region", () => {
    const own = 'log_group_name: /shop, log_stream_name: all, auto_create_group: "true"';
    const { options, rights } = written(`Name: cloudwatch_logs, ${own}`);
    expect(options).toEqual({
      Name: "cloudwatch_logs",
      region: { Ref: "AWS::Region" },
      log_group_name: "/shop",
      log_stream_name: "all",
      auto_create_group: "true",
    });
    expect(rights).toMatchObject([
      [
        ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        [{}, {}],
      ],
    ]);
    expect(written("Name: firehose, delivery_stream: d, region: us-east-1").options).toEqual({
      Name: "firehose",
      delivery_stream: "d",
      region: "us-east-1",
    });
  });

  test.for([
    ["kinesis_firehose", "delivery_stream", "firehose", "deliverystream/all", "all"],
    ["kinesis_streams", "stream", "kinesis", "stream/all", "all"],
    ["cloudwatch_logs", "log_group_name", "logs", "log-group:/shop/all:*", "/shop/all"],
  ])("%s: an ARN is a name in a region", ([Name = "", key = "", of = "", what = "", name = ""]) => {
    const { options, rights } = written(
      `Name: ${Name}, ${key}: "arn:aws:${of}:us-east-1:123456789012:${what}"`,
    );
    expect(options).toMatchObject({ Name, region: "us-east-1", [key]: name });
    expect(JSON.stringify(rights)).toContain(`"us-east-1"`);
    expect(JSON.stringify(rights)).not.toContain("arn:aws:");
  });

  test("that name a role have it write: the task may be that role, and nothing else", () => {
    const { options, rights } = written(
      `Name: kinesis_firehose, delivery_stream: "arn:aws:firehose:us-east-1:210987654321:deliverystream/all", role_arn: "${role}"`,
    );
    expect(options).toMatchObject({ delivery_stream: "all", region: "us-east-1", role_arn: role });
    expect(rights).toEqual([[["sts:AssumeRole"], [role]]]);
  });

  test("are another plugin's own affair", () => {
    expect(written("Name: http, host: logs.example.com").options).toEqual({
      Name: "http",
      host: "logs.example.com",
    });
  });
});

test.for([
  ["logging: { driver: awsfirelens }", ["warning no-way services.web.logging.options"]],
  [
    "logging: { driver: awsfirelens }\n    x-logging: { FireLens: { Advanced: { ComposeXManagedAwsDestinations: [{ log_group_name: /x }] } } }",
    [],
  ],
] as const)("somebody has to say where logs go: %s", ([lines, saidThen]) => {
  const text = `services:
  web:
    image: web@sha256:${"0".repeat(64)}
    ${lines}
x-vpc: { Properties: { SingleNat: true } }`;
  expect(saidOf(text)).toEqual(saidThen);
});

describe("one of two that say where logs go is not used, and is told:", () => {
  const to = "Advanced: { ComposeXManagedAwsDestinations: [{ log_group_name: /x }] }";
  const splunk = '{ driver: splunk, options: { splunk-url: "https://x" } }';
  const both = (logging: string, fireLens: string) => `services:
  web:
    image: web@sha256:${"0".repeat(64)}
    logging: ${logging}
    x-logging: { FireLens: { ${fireLens} } }
x-vpc: { Properties: { SingleNat: true } }`;
  const driverOf = (text: string) => containerOf(text, "web").LogConfiguration?.LogDriver;

  test.for([
    splunk,
    "{ driver: none }",
    "{ driver: awslogs, options: { awslogs-group: /y } }",
    "{ options: { awslogs-group: /y } }",
    "{ driver: awsfirelens, options: { Name: http, host: x } }",
  ])("logging %s, by the destination", (logging) => {
    expect(saidOf(both(logging, to))).toEqual(["warning overruled services.web.logging"]);
    expect(driverOf(both(logging, to))).toBe("awsfirelens");
  });

  test.for([
    ["splunk", splunk, "Shorthands: { ReplaceAwsLogs: true }"],
    ["splunk", splunk, "Advanced: { EnableApiHealthCheck: true }"],
    [undefined, "{ driver: none }", "ShortHands: { ReplaceAwsLogs: true }"],
    ["awslogs", "{ driver: awslogs }", "Advanced: { GracePeriod: 20 }"],
  ] as const)("FireLens, by the driver: %s", ([driver, logging, fireLens]) => {
    expect(saidOf(both(logging, fireLens))).toEqual([
      "warning no-effect services.web.x-logging.FireLens",
    ]);
    expect(driverOf(both(logging, fireLens))).toBe(driver);
  });

  test.for([
    ["{ driver: awslogs }", to],
    ["{ driver: awsfirelens }", to],
    ["{ driver: awslogs, options: { awslogs-group: /y } }", "Shorthands: { ReplaceAwsLogs: true }"],
    [splunk, "Shorthands: { ReplaceAwsLogs: false }"],
  ] as const)("nobody is where %s and %s get along", ([logging, fireLens]) => {
    expect(saidOf(both(logging, fireLens))).toEqual([]);
  });

  test("what one service tells the router of others has its effect", () => {
    const text = `services:
  web:
    image: web@sha256:${"0".repeat(64)}
    logging: { driver: none }
    x-logging: { FireLens: { Advanced: { GracePeriod: 20 } } }
    deploy: { labels: { ecs.task.family: f } }
  side:
    image: side@sha256:${"0".repeat(64)}
    logging: { driver: awsfirelens, options: { Name: http, host: x } }
    deploy: { labels: { ecs.task.family: f } }
x-vpc: { Properties: { SingleNat: true } }`;
    expect(saidOf(text)).toEqual([]);
    expect(JSON.stringify(containerOf(text, "log_router_files"))).toContain("Grace 20");
  });
});
