// biome-ignore-all lint/suspicious/noTemplateCurlyInString: compose and CloudFormation text has them.
import { describe, expect, test } from "vitest";
import { errorsOf, graphOf, only } from "./from-text.ts";
import { said, service } from "./one-service.ts";

// References in what a service says: something takes their place, or they are refused.

const region = { Ref: "AWS::Region" };

test("a working directory and the tags of a service may have them", () => {
  const text = service(
    'working_dir: "/srv/${AWS::Region}"\ndeploy: { labels: { at: "${AWS::Region}", of: "x-sqs::jobs::Arn" } }',
    "x-sqs: { jobs: {} }",
  );
  expect(said(text)).toEqual([]);
  const graph = graphOf(text);
  const [web] = only(graph, "AWS::ECS::TaskDefinition").ContainerDefinitions;
  expect(web.WorkingDirectory).toEqual({ "Fn::Join": ["", ["/srv/", region]] });
  expect(only(graph, "AWS::ECS::Service").Tags).toEqual([
    { Key: "at", Value: region },
    { Key: "of", Value: { "Fn::GetAtt": ["JobsQueue", "Arn"] } },
  ]);
});

test("x-aws is what CloudFormation knows of a stack", () => {
  const text = (name: string) => service(`environment: { IT: "at x-aws::AWS::${name}" }`);
  const [web] = only(graphOf(text("Region")), "AWS::ECS::TaskDefinition").ContainerDefinitions;
  expect(web.Environment).toEqual([{ Name: "IT", Value: { "Fn::Join": ["", ["at ", region]] } }]);
  expect(errorsOf(text("Regoin"))).toEqual([
    "unknown-value services.web.environment.IT: x-aws::AWS has no value Regoin (Did you mean Region?)",
  ]);
});

describe("elsewhere they would stay as they are written", () => {
  const help =
    "(What takes references: command, entrypoint, environment, healthcheck.test, image, labels, logging.options, working_dir.)";
  const refused = (reference: string, path: string) =>
    `cannot-honour services.web.${path}: ${reference} would stay as it is written: nothing takes its place here ${help}`;

  test.for([
    ['volumes: ["/x/${AWS::Region}"]', "volumes[0].target"],
    ['tmpfs: ["/x/${AWS::Region}:size=1m"]', "tmpfs[0]"],
    ['user: "${AWS::AccountId}"', "user"],
    ['sysctls: { net.core.somaxconn: "${AWS::AccountId}" }', "sysctls.net.core.somaxconn"],
    ['sysctls: { net.core.somaxconn: "x-sqs::jobs::Arn" }', "sysctls.net.core.somaxconn"],
  ])("%s", ([lines = "", path = ""]) => {
    const [reference = ""] = /\$\{.*?\}|x-sqs::\w+::\w+/.exec(lines) ?? [];
    expect(errorsOf(service(lines))).toEqual([refused(reference, path)]);
  });

  const onInstances = "deploy: { labels: { ecs.compute.platform: EC2 } }\nnetwork_mode: bridge\n";
  test.for([
    ['hostname: "x-${AWS::Region}"', "hostname"],
    ['extra_hosts: ["a.${AWS::Region}=10.0.0.1"]', "extra_hosts[0]"],
    ['dns_search: ["${AWS::Region}.internal"]', "dns_search[0]"],
  ])("of a container on an instance, %s", ([lines = "", path = ""]) => {
    const text = service(`${onInstances}mem_limit: 64M\n${lines}`, "x-cluster: { Lookup: ours }");
    expect(errorsOf(text, { lookups: "placeholder" })).toEqual([refused("${AWS::Region}", path)]);
    // On Fargate it does nothing, whatever it says.
    expect(errorsOf(service(lines))).toEqual([]);
  });

  test("text that only looks so is text", () => {
    expect(errorsOf(service('volumes: [{ type: volume, target: "/x/y::z" }]'))).toEqual([]);
  });
});

describe("a pseudo parameter that nobody has read", () => {
  const saidOf = (rest: string) => errorsOf(service("", rest)).map((line) => line.split(": ")[0]);

  test.for([
    ['x-cloudmap: { ns: { Name: "${AWS::Region}.internal" } }', "x-cloudmap.ns.Name"],
    [
      'x-rds: { db: { MacroParameters: { Engine: aurora-postgresql, EngineVersion: "14.6", ParametersGroups: { Family: aurora-postgresql14, Parameters: { a: "${AWS::Region}" } } } } }',
      "x-rds.db.MacroParameters.ParametersGroups.Parameters.a",
    ],
    [
      `x-route53: { z: { ZoneName: "\${AWS::Region}.example.com", MacroParameters: {} } }`,
      "x-route53.z.ZoneName",
    ],
  ])("is refused: %s", ([rest = "", path]) => {
    expect(saidOf(rest)).toEqual([`cannot-honour ${path}`]);
    // As text that is asked for it is nobody's business.
    expect(
      saidOf(`${rest}\nx-ssm_parameter: { own: { Properties: { Value: "\${!AWS::Region}" } } }`),
    ).toEqual([]);
  });

  test("is found beside what has no value", () => {
    const rest = `x-rds:
  db:
    Settings:
    MacroParameters: { Engine: aurora-postgresql, EngineVersion: "14.6", ParametersGroups: { Family: aurora-postgresql14, Parameters: { a: "\${AWS::Region}" } } }`;
    expect(saidOf(rest)).toEqual([
      "cannot-honour x-rds.db.MacroParameters.ParametersGroups.Parameters.a",
    ]);
  });

  test("is its value in images of sidecars, aliases of keys and buckets of databases", () => {
    const ours = "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com";
    const text = service(
      `x-xray: { image: "${ours}/xray:1" }\nx-monitoring: { CWAgentCollectEmf: { OverrideImage: "${ours}/agent:1" } }`,
      `x-kms: { k: { MacroParameters: { Alias: "alias/k-\${AWS::Region}" } } }
x-rds: { db: { MacroParameters: { Engine: aurora-postgresql, EngineVersion: "14.6", RdsFeatures: [{ Name: s3Import, Resources: ["arn:\${AWS::Partition}:s3:::b", "c-\${AWS::Region}"] }] } } }`,
    );
    expect(errorsOf(text)).toEqual([]);
    const whole = JSON.stringify([...graphOf(text).nodes.values()].map((node) => node.properties));
    expect(whole).not.toContain("${AWS::");
    expect(only(graphOf(text), "AWS::KMS::Alias").AliasName).toEqual({
      "Fn::Join": ["", ["alias/k-", region]],
    });
  });
});
