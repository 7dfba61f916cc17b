import { describe, expect, test } from "vitest";
import type { Properties, Resource } from "../../src/model/template.ts";
import { calloutsOf } from "../../src/plan/exposure.ts";

const of = (Type: string, properties: Properties): Resource => ({
  Type: `AWS::${Type}`,
  Properties: properties,
});

const said = (after: Resource, before?: Resource) =>
  calloutsOf(before, after).map(({ kind, message }) => `${kind}: ${message}`);

const policy = (...statements: Properties[]): Resource =>
  of("IAM::Policy", { PolicyDocument: { Version: "2012-10-17", Statement: statements } });

const allow = (Action: string | string[], more: Properties = {}): Properties => ({
  Effect: "Allow",
  Action,
  Resource: { "Fn::GetAtt": ["Jobs", "Arn"] },
  ...more,
});

describe("IAM", () => {
  test("that allows nothing new is not told", () => {
    const before = policy(allow("sqs:SendMessage"), allow("sqs:ReceiveMessage"));
    expect(said(before, before)).toEqual([]);
    expect(said(policy(allow("sqs:ReceiveMessage")), before)).toEqual([]);
  });

  test("is told for what it allows now", () => {
    const before = policy(allow("sqs:SendMessage"));
    expect(said(policy(allow(["sqs:SendMessage", "sqs:*"])), before)).toEqual([
      "iam: allows sqs:SendMessage, sqs:* on <Jobs.Arn>",
    ]);
    expect(said(policy(allow("sqs:SendMessage", { Resource: "*" })), before)).toEqual([
      "iam: allows sqs:SendMessage on *",
    ]);
    expect(said(policy({ Effect: "Allow", NotAction: "iam:*", NotResource: "x" }))).toEqual([
      "iam: allows all but iam:* on all but x",
    ]);
  });

  test("is told for a condition that goes, and a denial", () => {
    const narrow = allow("sqs:SendMessage", { Condition: { Bool: { x: "true" } } });
    const denial = { Effect: "Deny", Action: "iam:*", Resource: "*" };
    expect(said(policy(allow("sqs:SendMessage")), policy(narrow, denial))).toEqual([
      "iam: allows sqs:SendMessage on <Jobs.Arn>",
      "iam: no longer denies iam:* on *",
    ]);
    expect(said(policy(narrow, denial), policy(narrow, denial))).toEqual([]);
  });

  test("is told for roles: who takes it, what it has, what binds it", () => {
    const role = (trusted: string, more: Properties = {}): Resource =>
      of("IAM::Role", {
        AssumeRolePolicyDocument: {
          Statement: [
            { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: trusted } },
          ],
        },
        PermissionsBoundary: "arn:boundary",
        ...more,
      });
    const before = role("ecs-tasks.amazonaws.com");
    const inline = [{ PolicyName: "p", PolicyDocument: { Statement: [allow("s3:*")] } }];
    const after = role("lambda.amazonaws.com", {
      ManagedPolicyArns: ["arn:admin"],
      Policies: inline,
    });
    expect(said(after, before)).toEqual([
      "iam: allows lambda.amazonaws.com sts:AssumeRole",
      "iam: allows s3:* on <Jobs.Arn>",
      "iam: has the policy arn:admin",
    ]);
    const { PermissionsBoundary: _, ...unbound } = before.Properties ?? {};
    expect(said({ ...before, Properties: unbound }, before)).toEqual([
      "iam: no longer has a permissions boundary",
    ]);
  });
});

const rule = (more: Properties): Properties => ({
  IpProtocol: "tcp",
  FromPort: 80,
  ToPort: 80,
  ...more,
});
const safe = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};
const everybody = { Statement: [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage" }] };

describe("the public", () => {
  test.for<[string, Resource, readonly string[]]>([
    [
      "an open rule",
      of("EC2::SecurityGroupIngress", rule({ CidrIp: "0.0.0.0/0" })),
      ["public: 0.0.0.0/0 reaches port 80 to 80 by tcp"],
    ],
    [
      "an open rule of IPv6",
      of("EC2::SecurityGroupIngress", { IpProtocol: "-1", CidrIpv6: "::/0" }),
      ["public: ::/0 reaches every port by -1"],
    ],
    [
      "an open group",
      of("EC2::SecurityGroup", {
        SecurityGroupIngress: [rule({ CidrIp: "10.0.0.0/8" }), rule({ CidrIp: "0.0.0.0/0" })],
      }),
      ["public: 0.0.0.0/0 reaches port 80 to 80 by tcp"],
    ],
    [
      "a rule between groups",
      of("EC2::SecurityGroupIngress", rule({ SourceSecurityGroupId: "x" })),
      [],
    ],
    [
      "a load balancer",
      of("ElasticLoadBalancingV2::LoadBalancer", { Scheme: "internet-facing" }),
      ["public: faces the Internet"],
    ],
    [
      "a load balancer that says nothing",
      of("ElasticLoadBalancingV2::LoadBalancer", {}),
      ["public: faces the Internet"],
    ],
    ["an inner one", of("ElasticLoadBalancingV2::LoadBalancer", { Scheme: "internal" }), []],
    [
      "a database",
      of("RDS::DBInstance", { PubliclyAccessible: true }),
      ["public: has a public address"],
    ],
    ["an inner database", of("RDS::DBInstance", { PubliclyAccessible: false }), []],
    ["a closed bucket", of("S3::Bucket", { PublicAccessBlockConfiguration: safe }), []],
    [
      "a bucket that is half open",
      of("S3::Bucket", {
        AccessControl: "PublicRead",
        PublicAccessBlockConfiguration: { ...safe, BlockPublicAcls: false },
      }),
      ["public: has the access control PublicRead", "public: does not BlockPublicAcls"],
    ],
    [
      "a queue for everybody",
      of("SQS::QueuePolicy", { PolicyDocument: everybody }),
      ["iam: allows * sqs:SendMessage", "public: lets anybody sqs:SendMessage"],
    ],
  ])("%s", ([, resource, expected]) => {
    expect(said(resource)).toEqual(expected);
    expect(said(resource, resource)).toEqual([]);
  });
});

test("a group that opens is told, and one that closes is not", () => {
  const group = (CidrIp: string): Resource =>
    of("EC2::SecurityGroup", { SecurityGroupIngress: [rule({ CidrIp })] });
  expect(said(group("0.0.0.0/0"), group("10.0.0.0/8"))).toHaveLength(1);
  expect(said(group("10.0.0.0/8"), group("0.0.0.0/0"))).toEqual([]);
});
