import { describe, expect, test } from "vitest";
import { graphOf, nodesOf, only, saidOf } from "./from-text.ts";

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
  expect(saidOf(text)).toEqual(["error not-supported-yet x-sns.t.MacroParameters"]);
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
