// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are what is tested.
import { describe, expect, test } from "vitest";
import { errorsOf, saidOf } from "./from-text.ts";

const file = (definitions: string): string =>
  `services: { web: { image: "web:1", ports: ["80"] } }\nx-vpc: { Properties: { SingleNat: true } }\n${definitions}\n`;

interface Balanced {
  readonly type?: string;
  readonly listener?: string;
  readonly service?: string;
  readonly more?: string;
}

const balanced = ({ type = "application", listener = "", service = "", more = "" }: Balanced) =>
  `x-elbv2:
  lb:
    Properties: { Scheme: internal, Type: ${type} }
    Listeners: [{ Port: 443, Targets: [{ name: "web:web:80", access: / }], ${listener} }]
    Services: { "web:web:80": { port: 80, ${service} } }
    ${more}`;

const network = (listener: string, service: string): string =>
  balanced({
    type: "network",
    listener: `Protocol: ${listener}`,
    service: `protocol: ${service}`,
  });

const certified = (certificate: string): string =>
  balanced({ listener: `Protocol: HTTPS, Certificates: [${certificate}]` });

const acm = "x-acm: { cert: { Properties: { DomainName: a.example.com } } }\n";

const taken: readonly (readonly [what: string, definitions: string])[] = [
  ["a TCP listener to TCP_UDP targets", network("TCP", "TCP_UDP")],
  ["a UDP listener to TCP_UDP targets", network("UDP", "TCP_UDP")],
  [
    "a network load balancer that waits as long as it pauses",
    balanced({
      type: "network",
      service:
        "healthcheck: { HealthCheckIntervalSeconds: 10, HealthCheckTimeoutSeconds: 10 }, protocol: TCP",
    }),
  ],
  [
    "a certificate of IAM",
    certified("{ CertificateArn: 'arn:aws:iam::123456789012:server-certificate/web' }"),
  ],
  [
    "a certificate in this region, whichever it is",
    certified(
      "{ CertificateArn: 'arn:${AWS::Partition}:acm:${AWS::Region}:${AWS::AccountId}:certificate/a' }",
    ),
  ],
  [
    "a certificate that a function puts together",
    certified(
      "{ CertificateArn: { 'Fn::Sub': 'arn:aws:acm:eu-west-1:${AWS::AccountId}:certificate/a' } }",
    ),
  ],
  ["a certificate of the file by its ARN", `${acm}${certified("{ CertificateArn: x-acm::cert }")}`],
  ["a certificate without a key", certified("'arn:aws:acm:eu-west-1:123456789012:certificate/a'")],
  [
    "listeners that ask clients for a certificate",
    certified(
      "'arn:aws:acm:eu-west-1:123456789012:certificate/a'], MutualAuthentication: { Mode: passthrough }, ListenerAttributes: [{ Key: routing.http.response.server.enabled, Value: false }",
    ),
  ],
  [
    "a pool of users that a function puts together",
    `${balanced({
      listener:
        "Protocol: HTTPS, Certificates: ['arn:aws:acm:eu-west-1:123456789012:certificate/a']",
    })}`.replace(
      "access: /",
      "access: /, AuthenticateCognitoConfig: { UserPoolArn: { 'Fn::Sub': 'arn:aws:cognito-idp:${AWS::Region}:123456789012:userpool/a' }, UserPoolClientId: a, UserPoolDomain: b }",
    ),
  ],
  [
    "an alarm that calls a function",
    "x-alarms: { a: { Properties: { ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1, MetricName: a, Namespace: b, Period: 60, Statistic: Sum, Threshold: 1 }, Topics: ['arn:aws:lambda:eu-west-1:123456789012:function:a'] } }",
  ],
  ["braces of another language", "x-ssm_parameter: { a: { Properties: { Value: '{{' } } }"],
  [
    "braces of another language beside a reference",
    "x-sqs: { a: { Properties: { Tags: [{ Key: a, Value: '{{ .Name }} ${AWS::Region}' }] } } }",
  ],
  [
    "targets of one name for several ports, as a list has them",
    `x-elbv2:
  lb:
    Properties: { Scheme: internal }
    Listeners: [{ Port: 80, Targets: [{ name: "web:web:80", access: / }] }, { Port: 81, Targets: [{ name: "web:web:81", access: / }] }]
    Services: [{ name: "web:web", port: 80, protocol: HTTP }, { name: "web:web", port: 81, protocol: HTTP }]`,
  ],
  [
    "an attribute of a target group that a function puts together",
    balanced({
      service:
        "TargetGroupAttributes: [{ Key: stickiness.app_cookie.cookie_name, Value: { 'Fn::Sub': 'a-${AWS::Region}' } }]",
    }),
  ],
  ["a health check that ends in a colon", balanced({ service: "healthcheck: '80:HTTP:'" })],
  [
    "a namespace by its reference",
    `x-cloudmap: { ns: { Name: a.internal } }
x-elasticache: { c: { Settings: { x-cloudmap: "x-cloudmap::ns" }, MacroParameters: { Engine: redis, EngineVersion: "7.1" } } }`,
  ],
  [
    "a bucket that asks for no encryption of its own",
    "x-s3: { data: { MacroParameters: { EnableEncryption: false } } }",
  ],
  ["every action of every service", policy("Action: '*:*', Resource: '*'")],
  ["True as CloudFormation does", "x-sqs: { a: { Properties: { FifoQueue: 'False' } } }"],
];

describe("what AWS takes is not refused:", () => {
  test.each(taken)("%s", (_what, definitions) => {
    expect(errorsOf(file(definitions))).toEqual([]);
  });

  test("yes and no, which YAML took for true and false", () => {
    const text = "services: { web: { image: 'web:1' } }\nx-vpc: { Properties: { SingleNat: yes } }";
    expect(errorsOf(text)).toEqual([]);
  });

  test("a range by one of its addresses", () => {
    const text =
      "services: { web: { image: 'web:1' } }\nx-vpc: { Properties: { SingleNat: true, VpcCidr: 10.42.0.1/16 } }";
    expect(errorsOf(text)).toEqual([]);
  });
});

function policy(statement: string): string {
  return `x-kms: { k: { Properties: { KeyPolicy: { Statement: [{ Effect: Allow, Principal: '*', ${statement} }] } } } }`;
}

const big = "a".repeat(5000);

const warned: readonly (readonly [what: string, definitions: string, warning: string])[] = [
  ["a key that nobody knows", "x-podman: { a: b }", "warning unknown-key x-podman"],
  ["a short key that is near to one of ours", "x-env: { A: b }", "warning unknown-key x-env"],
  ["and another", "x-app: { web: { image: a } }", "warning unknown-key x-app"],
  [
    "a macro that ECS ComposeX passes over",
    balanced({ more: "MacroParameters: { colour_of_the_door: red }" }),
    "warning unknown-key x-elbv2.lb.MacroParameters.colour_of_the_door",
  ],
  [
    "settings of what has none",
    "x-sns: { news: { Settings: { Subnets: AppSubnets } } }",
    "warning no-effect x-sns.news.Settings",
  ],
  [
    "macros of a namespace",
    "x-cloudmap: { ns: { Name: a.internal, MacroParameters: { CreateDefault: true } } }",
    "warning no-effect x-cloudmap.ns.MacroParameters",
  ],
  [
    "scaling on what nothing waits in",
    "x-sns: { news: { Services: { web: { Access: Publish, Scaling: { Steps: [{ LowerBound: 0, Count: 1 }] } } } } }",
    "warning no-effect x-sns.news.Services.web.Scaling",
  ],
  [
    "properties of a load balancer that is looked up",
    "x-elbv2: { lb: { Properties: { Scheme: internal }, Lookup: { loadbalancer: { Tags: { a: b } } } } }",
    "warning no-effect x-elbv2.lb.Properties",
  ],
  [
    "access logs into a bucket with a key",
    `x-s3:
  logs: { Properties: { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } }] } } }
  data: { Properties: { LoggingConfiguration: { DestinationBucketName: x-s3::logs } } }`,
    "warning no-effect x-s3.data.Properties.LoggingConfiguration",
  ],
  [
    "a key's statement about nothing",
    policy("Action: 'kms:*', Resource: '*' }, { Effect: Allow, Principal: '*', Action: 'kms:*'"),
    "warning no-effect x-kms.k.Properties.KeyPolicy.Statement[1]",
  ],
  [
    "instances of what is one",
    "x-rds: { db: { MacroParameters: { Engine: postgres, UseServerless: true } } }",
    "warning no-effect x-rds.db.MacroParameters.UseServerless",
  ],
  [
    "a value beside a file that has one",
    "x-ssm_parameter: { a: { Properties: { Value: b }, MacroParameters: { FromFile: compose.yaml } } }",
    "warning overruled x-ssm_parameter.a.MacroParameters.FromFile",
  ],
  [
    "a value that is to be smaller, and is no JSON",
    "x-ssm_parameter: { a: { Properties: { Value: plain }, MacroParameters: { MinimizeJson: true } } }",
    "warning wrong-type x-ssm_parameter.a.MacroParameters.MinimizeJson",
  ],
  [
    "settings of a key that ECS ComposeX passes over",
    "x-kms: { k: { Settings: { colour_of_the_door: red } } }",
    "warning unknown-key x-kms.k.Settings.colour_of_the_door",
  ],
  [
    "a parameter that is big for the usual tier, which an account may have changed",
    `x-ssm_parameter: { a: { Properties: { Value: ${big} } } }`,
    "warning too-big x-ssm_parameter.a",
  ],
];

describe("what does nothing, or may, is warned of:", () => {
  test.each(warned)("%s", (_what, definitions, warning) => {
    const said = saidOf(file(definitions), { lookups: "placeholder" });
    expect(said.filter((one) => one.startsWith("error"))).toEqual([]);
    expect(said).toContain(warning);
  });

  test("but not a short key that is misspelt", () => {
    const error = ["error unknown-key x-rdb", "error unknown-key x-vcp"];
    const text = "x-rdb: { a: { Properties: { Engine: mysql } } }\nx-vcp: { Lookup: { a: b } }";
    const said = saidOf(file(text)).filter((one) => one.startsWith("error"));
    expect(said).toEqual(error);
  });

  test("nothing is said of a database that is not serverless and has no instances", () => {
    const text =
      "x-rds: { db: { MacroParameters: { Engine: postgres, EngineVersion: '16', Instances: [], UseServerless: false } } }";
    expect(saidOf(file(text)).filter((one) => one.includes("MacroParameters"))).toEqual([]);
  });
});
