import { CloudControlClient, GetResourceCommand } from "@aws-sdk/client-cloudcontrol";
import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
} from "@aws-sdk/client-resource-groups-tagging-api";
import { beforeEach, describe, expect, test } from "vitest";
import { createDriver } from "../../src/sandbox/driver.ts";
import { startServer } from "../../src/sandbox/server.ts";
import type { World } from "../../src/sandbox/world.ts";
import { cloudformation, settle } from "./cloudformation/a-world.ts";
import { aWorld, call, refusal } from "./world-of-services.ts";

const queue = (name: string) => ({
  Type: "AWS::SQS::Queue",
  Properties: { QueueName: name, Tags: [{ Key: "name", Value: name }] },
});

const template = JSON.stringify({
  Resources: {
    Vpc: {
      Type: "AWS::EC2::VPC",
      Properties: { CidrBlock: "10.0.0.0/16", Tags: [{ Key: "name", Value: "main" }] },
    },
    A: queue("a"),
    B: queue("b"),
    C: queue("c"),
    Data: { Type: "AWS::S3::Bucket", Properties: { BucketName: "data" } },
    Zone: { Type: "AWS::Route53::HostedZone", Properties: { Name: "example.com" } },
    Internal: {
      Type: "AWS::ServiceDiscovery::PrivateDnsNamespace",
      Properties: { Name: "internal", Vpc: { Ref: "Vpc" } },
    },
  },
});

let world: World;

beforeEach(() => {
  world = aWorld();
  cloudformation(world, "CreateStack", {
    StackName: "team",
    TemplateBody: template,
    Tags: [{ Key: "team", Value: "net" }],
  });
  settle(world);
});

interface Mapping {
  readonly ResourceARN: string;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
}

const found = (input: object): readonly Mapping[] =>
  call(world, "tagging:GetResources", input).ResourceTagMappingList;

/** The last words of the ARNs. */
const names = (input: object): readonly string[] =>
  found(input).map(({ ResourceARN }) => ResourceARN.split(/[:/]/).at(-1) ?? "");

describe("the tagging API", () => {
  test("finds by all tags and by any of a tag's values, its own and those of the stack", () => {
    const TagFilters = [
      { Key: "team", Values: ["net"] },
      { Key: "name", Values: ["a", "b"] },
    ];
    expect(names({ TagFilters })).toEqual(["a", "b"]);
    expect(names({ TagFilters: [{ Key: "name" }], ResourceTypeFilters: ["sqs"] })).toHaveLength(3);
    expect(names({ TagFilters: [{ Key: "name", Values: ["z"] }] })).toEqual([]);
  });

  test("tells types by the ARN, and adds what CloudFormation tags by itself", () => {
    const [vpc, ...more] = found({ ResourceTypeFilters: ["ec2:vpc"] });
    expect(more).toEqual([]);
    expect(vpc?.ResourceARN).toMatch(/^arn:aws:ec2:eu-west-1:123456789012:vpc\/vpc-/);
    expect(vpc?.Tags).toContainEqual({ Key: "aws:cloudformation:logical-id", Value: "Vpc" });
    expect(names({ ResourceTypeFilters: ["ec2:subnet"] })).toEqual([]);
    expect(names({ ResourceTypeFilters: ["s3"] })).toEqual(["data"]);
  });

  test("hands out pages until there is none", () => {
    const input = { ResourceTypeFilters: ["sqs"], ResourcesPerPage: 2 };
    const { PaginationToken } = call(world, "tagging:GetResources", input);
    expect(names(input)).toEqual(["a", "b"]);
    expect(names({ ...input, PaginationToken })).toEqual(["c"]);
    const last = call(world, "tagging:GetResources", { ...input, PaginationToken });
    expect(last.PaginationToken).toBe("");
  });

  test("refuses what it does not know", () => {
    const refused = (input: object) => refusal(world, "tagging:GetResources", input);
    expect(refused({ PaginationToken: "?" })).toContain("PaginationTokenExpiredException");
    expect(refused({ ResourcesPerPage: 101 })).toContain("InvalidParameterException");
    expect(refused({ ResourceTypeFilters: ["AWS::SQS::Queue"] })).toContain("InvalidParameter");
    expect(refused({ ResourceARNList: [] })).toContain("not emulated");
  });

  test("finds nothing of what was deleted", () => {
    cloudformation(world, "DeleteStack", { StackName: "team" });
    settle(world);
    expect(names({})).toEqual([]);
  });
});

describe("Cloud Control", () => {
  const read = (TypeName: string, Identifier: string) =>
    JSON.parse(
      call(world, "cloudcontrolapi:GetResource", { TypeName, Identifier }).ResourceDescription
        .Properties,
    );

  test("describes a resource with what it was made of and what it became", () => {
    const url = "https://sqs.eu-west-1.amazonaws.com/123456789012/a";
    expect(read("AWS::SQS::Queue", url)).toMatchObject({
      QueueName: "a",
      QueueUrl: url,
      Arn: "arn:aws:sqs:eu-west-1:123456789012:a",
    });
    expect(read("AWS::S3::Bucket", "data")).toMatchObject({ BucketName: "data" });
  });

  test("lists a type by its identifiers", () => {
    const list = (TypeName: string) =>
      call(world, "cloudcontrolapi:ListResources", { TypeName }).ResourceDescriptions;
    const [zone, ...more] = list("AWS::Route53::HostedZone");
    expect(more).toEqual([]);
    expect(JSON.parse(zone.Properties)).toEqual({ Id: zone.Identifier });
    expect(read("AWS::Route53::HostedZone", zone.Identifier)).toMatchObject({
      Name: "example.com",
    });
    const [namespace] = list("AWS::ServiceDiscovery::PrivateDnsNamespace");
    expect(namespace.Identifier).toMatch(/^ns-/);
  });

  test("refuses what is not there, and types that are none", () => {
    const refused = (TypeName: string) =>
      refusal(world, "cloudcontrolapi:GetResource", { TypeName, Identifier: "none" });
    expect(refused("AWS::SQS::Queue")).toContain("ResourceNotFoundException");
    expect(refused("AWS::SQS::Queues")).toContain("TypeNotFoundException");
  });
});

test("both speak over the wire", async () => {
  const server = await startServer({ world, driver: () => createDriver(world, {}), port: 0 });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const as = { endpoint: server.url, region: "eu-west-1", credentials, maxAttempts: 1 };
  try {
    const tagging = new ResourceGroupsTaggingAPIClient(as);
    const filters = { ResourceTypeFilters: ["s3"] };
    const { ResourceTagMappingList } = await tagging.send(new GetResourcesCommand(filters));
    expect(ResourceTagMappingList).toMatchObject([{ ResourceARN: "arn:aws:s3:::data" }]);

    const cloudControl = new CloudControlClient(as);
    const get = (Identifier: string) =>
      cloudControl.send(new GetResourceCommand({ TypeName: "AWS::S3::Bucket", Identifier }));
    expect((await get("data")).ResourceDescription?.Identifier).toBe("data");
    await expect(get("none")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  } finally {
    await server.close();
  }
});
