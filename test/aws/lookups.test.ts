import { describe, expect, test } from "vitest";
import type { Call } from "../../src/aws/call.ts";
import { lookupsIn } from "../../src/aws/lookups.ts";
import type { Lookup } from "../../src/model/lookup.ts";
import { awsError, recorder } from "./recorder.ts";

const target = { account: "123456789012", region: "eu-west-1" };
const arn = (service: string, rest: string, region = "eu-west-1") =>
  `arn:aws:${service}:${region}:123456789012:${rest}`;

const described = (properties: object) => ({
  TypeName: "any",
  ResourceDescription: { Properties: JSON.stringify(properties) },
});

const tagged = (...arns: readonly string[]) => ({
  PaginationToken: "",
  ResourceTagMappingList: arns.map((ResourceARN) => ({ ResourceARN, Tags: [] })),
});

const gone = awsError("ResourceNotFoundException");

function asking(lookup: Omit<Lookup, "id">, answers: Parameters<typeof recorder>[0]) {
  const recorded = recorder(answers);
  const as: unknown[] = [];
  const lookups = lookupsIn(target, (identity) => {
    as.push(identity);
    return recorded.call as Call;
  });
  const inputs = () => recorded.requests.map(({ input }) => input);
  return { answer: lookups.answer({ id: "it", ...lookup }), as, inputs };
}

const vpc = { type: "AWS::EC2::VPC", by: { tags: { Name: "main", team: "net" } } };

describe("by tags", () => {
  test("one resource has all of them, and is asked about", async () => {
    const { answer, inputs } = asking(vpc, {
      "tagging:GetResources": [tagged(arn("ec2", "vpc/vpc-1"))],
      "cloudcontrolapi:GetResource": [described({ VpcId: "vpc-1", CidrBlock: "10.0.0.0/16" })],
    });
    expect(await answer).toEqual({ kind: "found", answer: { VpcId: "vpc-1" } });
    expect(inputs()).toEqual([
      {
        ResourceTypeFilters: ["ec2:vpc"],
        TagFilters: [
          { Key: "Name", Values: ["main"] },
          { Key: "team", Values: ["net"] },
        ],
      },
      { TypeName: "AWS::EC2::VPC", Identifier: "vpc-1" },
    ]);
  });

  test("all pages are read, what was deleted of late does not count, nor what is of another kind", async () => {
    const { answer, inputs } = asking(
      { type: "AWS::SQS::Queue", by: { tags: { a: "b" } } },
      {
        "tagging:GetResources": [
          { ...tagged(arn("sqs", "old")), PaginationToken: "more" },
          tagged(arn("sqs", "new"), arn("sqs", "new:other")),
        ],
        "cloudcontrolapi:GetResource": [
          gone,
          described({ QueueName: "new", Arn: arn("sqs", "new") }),
        ],
      },
    );
    expect(await answer).toEqual({
      kind: "found",
      answer: {
        QueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/new",
        QueueName: "new",
        Arn: arn("sqs", "new"),
      },
    });
    expect(inputs()[1]).toMatchObject({ PaginationToken: "more" });
  });

  test("two are refused by name", async () => {
    const { answer } = asking(vpc, {
      "tagging:GetResources": [tagged(arn("ec2", "vpc/vpc-2"), arn("ec2", "vpc/vpc-1"))],
      "cloudcontrolapi:GetResource": [described({}), described({})],
    });
    expect(await answer).toEqual({
      kind: "refused",
      message: "2 are AWS::EC2::VPC with tags Name=main, team=net: vpc-1, vpc-2",
      help: expect.any(String),
    });
  });

  test("none is refused with what there is instead", async () => {
    const { answer } = asking(vpc, {
      "tagging:GetResources": [
        tagged(),
        tagged(...["7", "6", "5", "4", "3", "2", "1"].map((id) => arn("ec2", `vpc/vpc-${id}`))),
      ],
    });
    expect(await answer).toEqual({
      kind: "refused",
      message: "there is no AWS::EC2::VPC with tags Name=main, team=net in eu-west-1",
      help: "There is vpc-1, vpc-2, vpc-3, vpc-4, vpc-5 and 2 more.",
    });
  });
});

describe("what differs from kind to kind", () => {
  test("subnets may be many, and come in one order", async () => {
    const { answer } = asking(
      { type: "AWS::EC2::Subnet", by: { tags: { tier: "app" } } },
      {
        "tagging:GetResources": [
          tagged(...["c", "a", "b"].map((id) => arn("ec2", `subnet/subnet-${id}`))),
        ],
        "cloudcontrolapi:GetResource": [described({}), described({}), described({})],
      },
    );
    expect(await answer).toEqual({
      kind: "found",
      answer: { SubnetIds: "subnet-a,subnet-b,subnet-c" },
    });
  });

  test("a secret is found and not looked into", async () => {
    const secret = arn("secretsmanager", "secret:token-AbCdEf");
    const { answer, inputs } = asking(
      { type: "AWS::SecretsManager::Secret", by: { tags: { for: "web" } } },
      { "tagging:GetResources": [tagged(secret)] },
    );
    expect(await answer).toEqual({ kind: "found", answer: { Arn: secret } });
    expect(inputs()).toHaveLength(1);
  });

  test("tags of what is global are kept in one region", async () => {
    const { answer, as } = asking(
      { type: "AWS::Route53::HostedZone", by: { tags: { a: "b" } } },
      {
        "tagging:GetResources": [tagged("arn:aws:route53:::hostedzone/Z1")],
        "cloudcontrolapi:GetResource": [described({ Id: "Z1", Name: "example.com." })],
      },
    );
    expect(await answer).toEqual({ kind: "found", answer: { HostedZoneId: "Z1" } });
    expect(as).toContainEqual({ region: "us-east-1", role: undefined });
  });
});

describe("by ARN or name", () => {
  test("an ARN says the region, and a role who looks", async () => {
    const role = "arn:aws:iam::210987654321:role/reader";
    const topic = "arn:aws:sns:us-east-1:210987654321:news";
    const { answer, as, inputs } = asking(
      { type: "AWS::SNS::Topic", by: { arn: topic }, role },
      { "cloudcontrolapi:GetResource": [described({ TopicArn: topic })] },
    );
    expect(await answer).toEqual({
      kind: "found",
      answer: { TopicArn: topic, Arn: topic, TopicName: "news" },
    });
    expect(as[0]).toEqual({ region: "us-east-1", role });
    expect(inputs()).toEqual([{ TypeName: "AWS::SNS::Topic", Identifier: topic }]);
  });

  test("a name counts where the lookup says", async () => {
    const { answer, as, inputs } = asking(
      { type: "AWS::SQS::Queue", by: { identifier: "jobs" }, region: "us-west-2" },
      { "cloudcontrolapi:GetResource": [described({})] },
    );
    await answer;
    expect(as[0]).toEqual({ region: "us-west-2", role: undefined });
    expect(inputs()).toEqual([
      {
        TypeName: "AWS::SQS::Queue",
        Identifier: "https://sqs.us-west-2.amazonaws.com/123456789012/jobs",
      },
    ]);
  });

  test("the ARN of something else is refused", async () => {
    const { answer } = asking(
      { type: "AWS::EC2::VPC", by: { arn: arn("ec2", "subnet/subnet-1") } },
      {},
    );
    expect(await answer).toMatchObject({ kind: "refused" });
  });

  test("a zone is found by its name, with or without the dot", async () => {
    const { answer } = asking(
      { type: "AWS::Route53::HostedZone", by: { identifier: "example.com" } },
      {
        "cloudcontrolapi:ListResources": [
          { ResourceDescriptions: [{ Identifier: "Z1", Properties: '{"Id":"Z1"}' }] },
        ],
        "cloudcontrolapi:GetResource": [
          described({ Id: "Z1", Name: "example.com." }),
          described({ Id: "Z1", Name: "example.com." }),
        ],
      },
    );
    expect(await answer).toEqual({ kind: "found", answer: { HostedZoneId: "Z1" } });
  });

  test("what may not be read says so", async () => {
    const denied = awsError("AccessDeniedException", "not authorized to perform ec2:DescribeVpcs");
    const { answer } = asking(
      { type: "AWS::EC2::VPC", by: { identifier: "vpc-1" } },
      { "cloudcontrolapi:GetResource": [denied] },
    );
    expect(await answer).toMatchObject({
      kind: "refused",
      message: "AWS::EC2::VPC vpc-1: not authorized to perform ec2:DescribeVpcs",
    });
  });

  test("so does what EC2 refuses, which Cloud Control calls a general fault", async () => {
    const said =
      "You are not authorized to perform this operation. (Service: Ec2, Status Code: 403, Request ID: 1) (HandlerErrorCode: GeneralServiceException)";
    const { answer } = asking(
      { type: "AWS::EC2::VPC", by: { identifier: "vpc-1" } },
      { "cloudcontrolapi:GetResource": [awsError("GeneralServiceException", said)] },
    );
    expect(await answer).toEqual({
      kind: "refused",
      message: `AWS::EC2::VPC vpc-1: ${said}`,
      help: "Let whoever looks read it, or name a RoleArn.",
    });
  });

  test("a fault of AWS is no answer", async () => {
    const { answer } = asking(
      { type: "AWS::EC2::VPC", by: { identifier: "vpc-1" } },
      { "cloudcontrolapi:GetResource": [awsError("ThrottlingException")] },
    );
    await expect(answer).rejects.toThrow("ThrottlingException");
  });

  test("nor is one that Cloud Control cannot name", async () => {
    const { answer } = asking(
      { type: "AWS::EC2::VPC", by: { identifier: "vpc-1" } },
      { "cloudcontrolapi:GetResource": [awsError("GeneralServiceException", "Status Code: 503")] },
    );
    await expect(answer).rejects.toThrow("503");
  });
});

describe("the key that something is encrypted with", () => {
  const keyed = (KMSMasterKeyId: string, ...more: readonly object[]) =>
    asking(
      { type: "AWS::DynamoDB::Table", by: { identifier: "orders" } },
      {
        "cloudcontrolapi:GetResource": [
          described({ Arn: arn("dynamodb", "table/orders"), SSESpecification: { KMSMasterKeyId } }),
          ...more,
        ],
      },
    ).answer;
  const found = (KeyArn?: string) => ({
    kind: "found",
    answer: {
      TableName: "orders",
      Arn: arn("dynamodb", "table/orders"),
      ...(KeyArn === undefined ? {} : { KeyArn }),
    },
  });

  test.for([
    [arn("kms", "key/1-2"), arn("kms", "key/1-2")],
    ["1-2", arn("kms", "key/1-2")],
    ["alias/aws/dynamodb", undefined],
  ] as const)("is an ARN, from %s", async ([given, key]) => {
    expect(await keyed(given)).toEqual(found(key));
  });

  test("is looked up where it goes by an alias", async () => {
    const alias = described({ AliasName: "alias/ours", TargetKeyId: "1-2" });
    expect(await keyed("alias/ours", alias)).toEqual(found(arn("kms", "key/1-2")));
  });
});

describe("load balancing", () => {
  test.for([
    ["LoadBalancer", "loadbalancer/app/shared/1", { DNSName: "shared.example.com" }],
    ["Listener", "listener/app/shared/1/2", { Protocol: "HTTPS" }],
  ] as const)("a %s is found by its ARN", async ([type, resource, properties]) => {
    const found = arn("elasticloadbalancing", resource);
    const SecurityGroups = ["sg-1", "sg-2"];
    const { answer, inputs } = asking(
      { type: `AWS::ElasticLoadBalancingV2::${type}`, by: { tags: { a: "b" } } },
      {
        "tagging:GetResources": [tagged(found, arn("elasticloadbalancing", "targetgroup/a/1"))],
        "cloudcontrolapi:GetResource": [
          described(type === "Listener" ? properties : { ...properties, SecurityGroups }),
        ],
      },
    );
    const groups = type === "Listener" ? {} : { SecurityGroups: "sg-1,sg-2" };
    expect(await answer).toEqual({
      kind: "found",
      answer: { Arn: found, ...properties, ...groups },
    });
    expect(inputs()).toContainEqual({
      TypeName: `AWS::ElasticLoadBalancingV2::${type}`,
      Identifier: found,
    });
  });
});
