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
