import { describe, expect, test } from "vitest";
import { graphOf, nodesOf, only, saidOf } from "./from-text.ts";
import { said, service } from "./one-service.ts";

// Short and long forms that mean the same.

const shop = (rest: string): string => `
services:
  web: { image: "web:1", expose: ["80"] }
x-vpc: { Properties: { SingleNat: true } }
${rest}`;

const balancer = (lines: string): string => shop(`x-elbv2:\n  lb: { ${lines} }`);
const target = 'Services: { "web:web": { port: 80 } }';

test.for(["RW", "CRUD", "ReadOnly", "StrictWriteOnly"])(
  "access to a bucket by one word, %s, is finding it and that of its objects",
  (level) => {
    const one = graphOf(shop(`x-s3: { b: { Services: { web: { Access: ${level} } } } }`));
    const two = graphOf(
      shop(
        `x-s3: { b: { Services: { web: { Access: { bucket: ListOnly, objects: ${level} } } } } }`,
      ),
    );
    expect(one.nodes.get("WebTaskPolicy")?.properties).toEqual(
      two.nodes.get("WebTaskPolicy")?.properties,
    );
  },
);

test("who asks for the name that a variable has anyway says what it holds", () => {
  const text = shop("x-kms: { key: { Services: { web: { ReturnValues: { Arn: KEY } } } } }");
  const [container] = only(graphOf(text), "AWS::ECS::TaskDefinition").ContainerDefinitions;
  expect(container.Environment).toEqual([
    { Name: "KEY", Value: { "Fn::GetAtt": ["KeyKey", "Arn"] } },
  ]);
});

describe("x-s3::logs", () => {
  const bucket = { Ref: "LogsBucket" };

  test("is a name where a name is taken", () => {
    const text = shop(
      'x-s3:\n  logs: {}\n  b: { Properties: { LoggingConfiguration: { DestinationBucketName: "x-s3::logs" } } }',
    );
    const made = nodesOf(graphOf(text), "AWS::S3::Bucket").find(({ id }) => id === "BBucket");
    expect(made?.properties.LoggingConfiguration).toEqual({ DestinationBucketName: bucket });
  });

  test("is its ARN elsewhere", () => {
    const text = shop(
      'x-s3: { logs: {} }\nx-ssm_parameter: { p: { Properties: { Value: "x-s3::logs" } } }',
    );
    expect(only(graphOf(text), "AWS::SSM::Parameter").Value).toEqual({
      "Fn::GetAtt": ["LogsBucket", "Arn"],
    });
  });
});

describe("a load balancer", () => {
  const listening = `Listeners: [{ Port: 80, Protocol: HTTP, Targets: [{ name: "web:web", access: / }] }], ${target}`;
  const attributes = (written: string) =>
    only(
      graphOf(balancer(`Properties: { LoadBalancerAttributes: ${written} }, ${listening}`)),
      "AWS::ElasticLoadBalancingV2::LoadBalancer",
    ).LoadBalancerAttributes;

  test("has attributes by name as well as in a list", () => {
    const list = attributes('[{ Key: idle_timeout.timeout_seconds, Value: "120" }]');
    expect(attributes("{ idle_timeout.timeout_seconds: 120 }")).toEqual(list);
    expect(list).toContainEqual({ Key: "idle_timeout.timeout_seconds", Value: "120" });
  });

  test("logs to a bucket that an attribute by name tells of", () => {
    const text = `${balancer(
      `Properties: { LoadBalancerAttributes: { access_logs.s3.enabled: true, access_logs.s3.bucket: "x-s3::logs" } }, ${listening}`,
    )}\nx-s3: { logs: {} }`;
    const policy = only(graphOf(text), "AWS::S3::BucketPolicy");
    expect(JSON.stringify(policy)).toContain("logdelivery.elasticloadbalancing.amazonaws.com");
  });

  test.for(["HTTP2Only", "[HTTP2Only]"])("takes AlpnPolicy: %s", (policy) => {
    const text = balancer(
      `Properties: { Type: network }, Listeners: [{ Port: 443, Protocol: TLS, AlpnPolicy: ${policy}, Certificates: [{ CertificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/a" }], Targets: [{ name: "web:web" }] }], ${target}`,
    );
    const listener = only(graphOf(text), "AWS::ElasticLoadBalancingV2::Listener");
    expect(listener.AlpnPolicy).toEqual(["HTTP2Only"]);
  });
});

test("what is wrong with a kind that is not built is not told beside it", () => {
  const text = shop("x-sns: { t: { MacroParameters: { A: 1 } } }");
  expect(saidOf(text)).toEqual(["warning no-effect x-sns.t.MacroParameters"]);
});

test("the fate of a whole module is told to be each resource's own", () => {
  expect(saidOf(shop("x-sqs: { DeletionPolicy: Delete, q: {} }"))).toEqual([
    "warning no-effect x-sqs.DeletionPolicy",
  ]);
});

test("what ECS ComposeX passes over is told to be gone", () => {
  expect(saidOf(shop("x-appmesh: {}"))).toEqual(["warning no-effect x-appmesh"]);
});

test("a shared target group has its Matcher beside its health check or in it", () => {
  const group = (check: string) =>
    only(
      graphOf(
        balancer(
          `Listeners: [{ Port: 80, Protocol: HTTP, Targets: [{ name: shared, access: / }] }], TargetGroups: { shared: { Port: 80, Services: [{ Name: "web:web" }], ${check} } }`,
        ),
      ),
      "AWS::ElasticLoadBalancingV2::TargetGroup",
    );
  const beside = group("Matcher: { HttpCode: 200-299 }, HealthCheck: { HealthCheckPath: /up }");
  expect(beside.Matcher).toEqual({ HttpCode: "200-299" });
  expect(group("HealthCheck: { HealthCheckPath: /up, Matcher: { HttpCode: 200-299 } }")).toEqual(
    beside,
  );
});

test.for([
  ["ENABLED", "ENABLED"],
  ["DISABLED", "DISABLED"],
  ["true", "ENABLED"],
] as const)("AssignPublicIp: %s is CloudFormation's own word too", ([word, is]) => {
  const text = service(`x-network: { AssignPublicIp: ${word} }`);
  expect(said(text)).toEqual([]);
  const { AwsvpcConfiguration } = only(graphOf(text), "AWS::ECS::Service").NetworkConfiguration;
  expect(AwsvpcConfiguration.AssignPublicIp).toBe(is);
});

test("AssignPublicIp in any other word is refused", () => {
  expect(said(service("x-network: { AssignPublicIp: enable }"))).toEqual([
    "error wrong-type services.web.x-network.AssignPublicIp",
  ]);
});

test("x-vpc.Create is Properties", () => {
  const text = (key: string) =>
    shop("").replace("Properties: { SingleNat: true }", `${key}: { VpcCidr: 10.0.0.0/16 }`);
  expect(said(text("Create"))).toContain("warning old-spelling x-vpc.Create");
  const made = (key: string) =>
    [...graphOf(text(key)).nodes.values()].map(({ id, properties }) => [id, properties]);
  expect(made("Create")).toEqual(made("Properties"));
  expect(said(text("Creat"))).toContain("error unknown-key x-vpc.Creat");
});

describe("x-vpc.Use", () => {
  const uses = (own: string, rest = "") =>
    shop("").replace("Properties: { SingleNat: true }", `Use: { ${own} }${rest}`);
  const others = "PublicSubnets: [subnet-3, subnet-4], StorageSubnets: [subnet-5]";

  test.for(["[subnet-1, subnet-2]", '"subnet-1, subnet-2"'])(
    "is a network by its ids, which nobody looks up: %s",
    (ids) => {
      const text = uses(`VpcId: vpc-0a, AppSubnets: ${ids}, ${others}`);
      expect(said(text).filter((line) => line.includes("x-vpc"))).toEqual([]);
      const graph = graphOf(text);
      const { AwsvpcConfiguration } = only(graph, "AWS::ECS::Service").NetworkConfiguration;
      expect(AwsvpcConfiguration.Subnets).toEqual(["subnet-1", "subnet-2"]);
      expect(only(graph, "AWS::EC2::SecurityGroup").VpcId).toBe("vpc-0a");
      expect(nodesOf(graph, "AWS::EC2::VPC")).toEqual([]);
    },
  );

  test("names all of it, by ids", () => {
    expect(
      said(uses("VpcId: main, AppSubnets: [subnet-1, lan], PublicSubnets: [subnet-3]")),
    ).toEqual(
      expect.arrayContaining([
        "error missing-key x-vpc.Use",
        "error wrong-type x-vpc.Use.VpcId",
        "error wrong-type x-vpc.Use.AppSubnets",
      ]),
    );
  });

  test("leaves nothing to make", () => {
    const text = uses(
      `VpcId: vpc-0a, AppSubnets: [subnet-1], ${others}`,
      ", Properties: { SingleNat: true }",
    );
    expect(said(text)).toContain("warning no-effect x-vpc.Properties");
  });
});

test("x-aws-cluster without a name is a cluster of its own", () => {
  const text = shop("x-aws-cluster:\n");
  expect(said(text).filter((line) => line.startsWith("error"))).toEqual([]);
  expect(nodesOf(graphOf(text), "AWS::ECS::Cluster")).toHaveLength(1);
});
