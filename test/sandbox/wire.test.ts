import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
} from "@aws-sdk/client-cloudformation";
import { CodeCommitClient, CreateCommitCommand, GetBlobCommand } from "@aws-sdk/client-codecommit";
import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDriver } from "../../src/sandbox/driver.ts";
import { memoryGit } from "../../src/sandbox/git/memory.ts";
import { type SandboxServer, startServer } from "../../src/sandbox/server.ts";
import { AwsError, World } from "../../src/sandbox/world.ts";

// Services that answer what they are told to: here only the way over the wire is looked at.
let answers: Record<string, unknown>;
let inputs: Record<string, unknown>;
let server: SandboxServer;

const operations = (service: string) =>
  new Proxy(
    {},
    {
      get: (_, operation: string) => (input: unknown) => {
        inputs[`${service}:${operation}`] = input;
        const answer = answers[`${service}:${operation}`];
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
  );

const names = ["cloudformation", "codecommit", "ecr", "ecs", "lambda", "s3", "scheduler", "sqs"];

beforeEach(async () => {
  answers = {};
  inputs = {};
  const services = [...names, "ssm", "sts"].map((name) => ({ name, operations: operations(name) }));
  const world = new World({ services, git: memoryGit(), start: Date.now(), seed: 1 });
  server = await startServer({ world, driver: () => createDriver(world, {}), port: 0 });
});
afterEach(() => server.close());

const settings = () => ({
  endpoint: server.url,
  region: "eu-west-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  maxAttempts: 1,
});

// biome-ignore lint/suspicious/noExplicitAny: the clients have nothing in common but this.
const sent = async (client: any, command: any): Promise<Record<string, unknown>> => {
  const { $metadata, ...output } = await client.send(command);
  expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  return output;
};

const failure = (promise: Promise<unknown>): Promise<Record<string, unknown>> =>
  promise.then(
    () => ({}),
    (error) => error,
  );

const time = new Date("2026-01-02T03:04:05.678Z");

const cloudformation = () => new CloudFormationClient(settings());

describe("CloudFormation and STS, in forms", () => {
  test("take lists, numbers, booleans and structures, empty lists and empty text too", async () => {
    answers["cloudformation:CreateChangeSet"] = { Id: "arn:cs", StackId: "arn:st" };
    const input = {
      StackName: "s",
      ChangeSetName: "c",
      TemplateBody: "a: 1 & 2 + ü\n",
      Parameters: [
        ...Array.from({ length: 11 }, (_, n) => ({
          ParameterKey: `P${n}`,
          UsePreviousValue: n === 1,
        })),
        { ParameterKey: "Empty", ParameterValue: "" },
      ],
      Capabilities: ["CAPABILITY_IAM" as const, "CAPABILITY_NAMED_IAM" as const],
      NotificationARNs: [],
      RollbackConfiguration: { RollbackTriggers: [], MonitoringTimeInMinutes: 5 },
      IncludeNestedStacks: false,
    };
    const output = await sent(cloudformation(), new CreateChangeSetCommand(input));
    expect(output).toEqual({ Id: "arn:cs", StackId: "arn:st" });
    expect(inputs["cloudformation:CreateChangeSet"]).toEqual(input);
  });

  test("take lists in the order of their numbers, whatever the order on the wire", async () => {
    const numbers = Array.from({ length: 11 }, (_, n) => n + 1);
    const form = numbers.map((n) => `RetainResources.member.${n}=R${n}`).sort();
    const authorization = "Credential=test/20260102/eu-west-1/cloudformation/aws4_request";
    const body = ["Action=DeleteStack", "Version=2010-05-15", ...form].join("&");
    await fetch(server.url, { method: "POST", headers: { authorization }, body });
    expect(inputs["cloudformation:DeleteStack"]).toEqual({
      RetainResources: numbers.map((n) => `R${n}`),
    });
  });
});

describe("CloudFormation and STS, in XML", () => {
  test("give lists, times, booleans and text that XML has to escape", async () => {
    const stack = {
      StackName: "s",
      CreationTime: time,
      StackStatus: "CREATE_COMPLETE",
      DisableRollback: false,
      NotificationARNs: [],
      Description: ` <a> & "b" &lt;\r\n\té `,
      Outputs: [{ OutputKey: "o", OutputValue: "" }],
      LastUpdatedTime: undefined,
    };
    answers["cloudformation:DescribeStacks"] = { Stacks: [stack] };
    const { LastUpdatedTime: _, ...present } = stack;
    const output = await sent(cloudformation(), new DescribeStacksCommand({}));
    expect(output).toEqual({ Stacks: [present] });

    answers["cloudformation:DescribeStacks"] = { Stacks: [] };
    expect(await sent(cloudformation(), new DescribeStacksCommand({}))).toEqual({ Stacks: [] });
  });

  test("answer with an empty structure where there is nothing to say", async () => {
    answers["cloudformation:ExecuteChangeSet"] = {};
    const command = new ExecuteChangeSetCommand({ ChangeSetName: "arn:c" });
    expect(await sent(cloudformation(), command)).toEqual({});
  });

  test("refuse with code, message and status", async () => {
    const message = "ChangeSet [<c>] does not exist";
    answers["cloudformation:ExecuteChangeSet"] = new AwsError("ChangeSetNotFound", message, 404);
    const command = new ExecuteChangeSetCommand({ ChangeSetName: "c" });
    expect(await failure(cloudformation().send(command))).toMatchObject({
      name: "ChangeSetNotFoundException",
      message,
      $fault: "client",
      $metadata: { httpStatusCode: 404 },
    });
  });

  test("hand over credentials that end", async () => {
    const Credentials = { AccessKeyId: "ASIA", SecretAccessKey: "s", SessionToken: "t" };
    answers["sts:AssumeRole"] = { Credentials: { ...Credentials, Expiration: time } };
    const input = { RoleArn: "arn", RoleSessionName: "s", DurationSeconds: 900 };
    const output = await sent(new STSClient(settings()), new AssumeRoleCommand(input));
    expect(output).toEqual({ Credentials: { ...Credentials, Expiration: time } });
    expect(inputs["sts:AssumeRole"]).toEqual(input);
  });
});

describe("the services that speak JSON", () => {
  test("take and give bytes", async () => {
    const client = new CodeCommitClient(settings());
    const fileContent = new Uint8Array([0, 255, 10]);
    answers["codecommit:CreateCommit"] = { commitId: "c" };
    const input = {
      repositoryName: "r",
      branchName: "b",
      putFiles: [{ filePath: "f", fileContent }],
    };
    expect(await sent(client, new CreateCommitCommand(input))).toEqual({ commitId: "c" });
    expect(inputs["codecommit:CreateCommit"]).toEqual(input);

    answers["codecommit:GetBlob"] = { content: fileContent };
    const blob = await client.send(new GetBlobCommand({ repositoryName: "r", blobId: "b" }));
    expect([...(blob.content ?? [])]).toEqual([...fileContent]);
  });

  test("give times to the millisecond", async () => {
    answers["ecr:DescribeImages"] = { imageDetails: [{ imageTags: ["a"], imagePushedAt: time }] };
    const images = new DescribeImagesCommand({ repositoryName: "r" });
    expect(await sent(new ECRClient(settings()), images)).toEqual(answers["ecr:DescribeImages"]);

    answers["ssm:GetParametersByPath"] = {
      Parameters: [{ Name: "/a", Value: "ü", Version: 2, LastModifiedDate: time }],
    };
    const byPath = new GetParametersByPathCommand({ Path: "/", Recursive: true });
    expect(await sent(new SSMClient(settings()), byPath)).toEqual(
      answers["ssm:GetParametersByPath"],
    );
    expect(inputs["ssm:GetParametersByPath"]).toEqual({ Path: "/", Recursive: true });

    answers["ecs:DescribeServices"] = { services: [{ createdAt: time, desiredCount: 0 }] };
    const services = new DescribeServicesCommand({ services: ["s"] });
    const output = await sent(new ECSClient(settings()), services);
    expect(output).toEqual(answers["ecs:DescribeServices"]);
  });

  test("refuse with the exception's name", async () => {
    answers["ecr:DescribeImages"] = new AwsError("ImageNotFoundException", "There is none");
    const command = new DescribeImagesCommand({ repositoryName: "r" });
    expect(await failure(new ECRClient(settings()).send(command))).toMatchObject({
      name: "ImageNotFoundException",
      message: "There is none",
    });
  });

  test("refuse what is no JSON, and what nobody signed", async () => {
    const authorization =
      "AWS4-HMAC-SHA256 Credential=test/20260102/eu-west-1/ssm/aws4_request, Signature=0";
    const headers = { "x-amz-target": "AmazonSSM.GetParameter", authorization };
    const broken = await fetch(server.url, { method: "POST", headers, body: "{" });
    expect([broken.status, await broken.json()]).toMatchObject([
      400,
      { __type: "SerializationException" },
    ]);
    const unsigned = await fetch(server.url, { method: "POST", body: "{}" });
    expect([unsigned.status, await unsigned.json()]).toMatchObject([
      403,
      { __type: "MissingAuthenticationToken" },
    ]);
  });
});

describe("SQS", () => {
  test("takes attributes of messages as bytes and calls errors by their former names", async () => {
    const client = new SQSClient(settings());
    answers["sqs:SendMessage"] = new AwsError("QueueDoesNotExist", "There is none");
    const input = {
      QueueUrl: `${server.url}/1/q`,
      MessageBody: "b",
      MessageAttributes: { n: { DataType: "Binary", BinaryValue: new Uint8Array([1]) } },
    };
    expect(await failure(client.send(new SendMessageCommand(input)))).toMatchObject({
      name: "QueueDoesNotExist",
      Code: "AWS.SimpleQueueService.NonExistentQueue",
    });
    expect(inputs["sqs:SendMessage"]).toEqual(input);
  });
});

describe("Scheduler", () => {
  const scheduler = () => new SchedulerClient(settings());

  test("takes its input from path, query and body", async () => {
    const schedule = {
      Name: "q-1",
      ScheduleExpression: "at(2026-01-02T03:04:05)",
      FlexibleTimeWindow: { Mode: "OFF" as const },
      Target: { Arn: "arn", RoleArn: "arn", Input: "{}" },
      StartDate: new Date("2026-01-02T03:04:05Z"),
    };
    answers["scheduler:CreateSchedule"] = { ScheduleArn: "arn" };
    expect(await sent(scheduler(), new CreateScheduleCommand(schedule))).toEqual({
      ScheduleArn: "arn",
    });
    expect(inputs["scheduler:CreateSchedule"]).toMatchObject(schedule);

    answers["scheduler:ListSchedules"] = { Schedules: [{ Name: "q-1", CreationDate: time }] };
    const list = new ListSchedulesCommand({ GroupName: "trueup", MaxResults: 5 });
    expect(await sent(scheduler(), list)).toEqual(answers["scheduler:ListSchedules"]);
    expect(inputs["scheduler:ListSchedules"]).toEqual({ GroupName: "trueup", MaxResults: 5 });

    await sent(scheduler(), new DeleteScheduleCommand({ Name: "q-1", GroupName: "trueup" }));
    expect(inputs["scheduler:DeleteSchedule"]).toMatchObject({ Name: "q-1", GroupName: "trueup" });
  });

  test("refuses by a header and a message", async () => {
    const error = new AwsError("ResourceNotFoundException", "Schedule n does not exist.", 404);
    answers["scheduler:GetSchedule"] = error;
    expect(await failure(scheduler().send(new GetScheduleCommand({ Name: "n" })))).toMatchObject({
      name: "ResourceNotFoundException",
      message: "Schedule n does not exist.",
    });
  });
});

const s3 = () => new S3Client(settings());
const at = { Bucket: "b", Key: "a b/ü+&?.json" };

describe("S3, of objects", () => {
  test("takes keys of all characters, conditions, metadata and a checksum", async () => {
    answers["s3:PutObject"] = { ETag: '"e"', ChecksumCRC32: "o6a/Qw==" };
    const input = { ...at, Body: "{}", IfNoneMatch: "*", Metadata: { k: "v" }, ContentType: "x/y" };
    expect(await sent(s3(), new PutObjectCommand(input))).toEqual(answers["s3:PutObject"]);
    expect(inputs["s3:PutObject"]).toEqual({
      ...input,
      Body: new Uint8Array(Buffer.from("{}")),
      ChecksumAlgorithm: "CRC32",
      ChecksumCRC32: "o6a/Qw==",
    });
  });

  test("takes a body in chunks, with the checksum behind it", async () => {
    const authorization =
      "AWS4-HMAC-SHA256 Credential=test/20260102/eu-west-1/s3/aws4_request, Signature=0";
    const headers = {
      authorization,
      "content-encoding": "aws-chunked",
      "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
      "x-amz-decoded-content-length": "5",
      "x-amz-trailer": "x-amz-checksum-crc32",
    };
    const body = "3;x=1\r\nhel\r\n2\r\nlo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
    const put = await fetch(`${server.url}/b/k`, { method: "PUT", headers, body });
    expect(put.status).toBe(200);
    expect(inputs["s3:PutObject"]).toMatchObject({
      Body: new Uint8Array(Buffer.from("hello")),
      ChecksumCRC32: "NhCmhg==",
    });
    expect(inputs["s3:PutObject"]).not.toHaveProperty("ContentEncoding");
  });

  test("gives an object with all that is known of it", async () => {
    const known = {
      ContentLength: 2,
      ContentType: "x/y",
      ETag: '"e"',
      LastModified: new Date("2026-01-02T03:04:05Z"),
      Metadata: { k: "v" },
    };
    answers["s3:GetObject"] = { ...known, Body: new Uint8Array(Buffer.from("{}")) };
    const object = await s3().send(new GetObjectCommand(at));
    expect(object).toMatchObject(known);
    expect(await object.Body?.transformToString()).toBe("{}");
    expect(inputs["s3:GetObject"]).toEqual({ ...at, ChecksumMode: "ENABLED" });

    answers["s3:HeadObject"] = known;
    expect(await s3().send(new HeadObjectCommand(at))).toMatchObject(known);
  });
});

describe("S3, of buckets", () => {
  test("lists flat lists, and buckets in one of their own", async () => {
    const rows = [{ Key: "a", LastModified: time, ETag: '"e"', Size: 1 }];
    const list = { Name: "b", KeyCount: 2, MaxKeys: 7, IsTruncated: false };
    answers["s3:ListObjectsV2"] = { ...list, Contents: rows, CommonPrefixes: [{ Prefix: "p/" }] };
    const command = new ListObjectsV2Command({
      Bucket: "b",
      MaxKeys: 7,
      Prefix: "",
      Delimiter: "/",
    });
    expect(await sent(s3(), command)).toEqual(answers["s3:ListObjectsV2"]);
    expect(inputs["s3:ListObjectsV2"]).toEqual({
      Bucket: "b",
      MaxKeys: 7,
      Prefix: "",
      Delimiter: "/",
    });

    const Buckets = [{ Name: "b", CreationDate: time }];
    answers["s3:ListBuckets"] = { Buckets, Owner: { ID: "o" } };
    expect(await sent(s3(), new ListBucketsCommand({}))).toEqual({ Buckets, Owner: { ID: "o" } });
  });

  test("takes documents", async () => {
    const Delete = { Objects: [{ Key: "a&b" }, { Key: "c" }], Quiet: true };
    answers["s3:DeleteObjects"] = { Deleted: [{ Key: "a&b" }] };
    const command = new DeleteObjectsCommand({ Bucket: "b", Delete });
    expect(await sent(s3(), command)).toEqual({ Deleted: [{ Key: "a&b" }] });
    expect(inputs["s3:DeleteObjects"]).toEqual({ Bucket: "b", Delete });

    const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" as const };
    answers["s3:CreateBucket"] = { Location: "/b" };
    const create = new CreateBucketCommand({ Bucket: "b", CreateBucketConfiguration });
    expect(await sent(s3(), create)).toEqual({ Location: "/b" });
    expect(inputs["s3:CreateBucket"]).toEqual({ Bucket: "b", CreateBucketConfiguration });
  });

  test("refuses in a document, or by status alone", async () => {
    const refused = (status: number, code: string) => new AwsError(code, "No", status);
    answers["s3:PutObject"] = refused(412, "PreconditionFailed");
    expect(await failure(s3().send(new PutObjectCommand({ ...at, Body: "x" })))).toMatchObject({
      name: "PreconditionFailed",
      message: "No",
      $metadata: { httpStatusCode: 412 },
    });
    answers["s3:HeadObject"] = refused(404, "NotFound");
    expect(await failure(s3().send(new HeadObjectCommand(at)))).toMatchObject({ name: "NotFound" });
    answers["s3:DeleteObject"] = {};
    expect(await sent(s3(), new DeleteObjectCommand(at))).toEqual({});
  });

  test("does not take a part of a resource for the whole", async () => {
    const authorization =
      "AWS4-HMAC-SHA256 Credential=test/20260102/eu-west-1/s3/aws4_request, Signature=0";
    for (const path of [
      "/b?versioning",
      "/b?policy",
      "/b/k?tagging",
      "/b/k?uploadId=1&partNumber=1",
    ]) {
      const init = { method: "PUT", headers: { authorization }, body: "<A/>" };
      const { status } = await fetch(server.url + path, init);
      expect([path, status]).toEqual([path, 501]);
    }
    expect(inputs).toEqual({});
  });
});

describe("callers", () => {
  const identity = async (accessKeyId: string) => {
    const credentials = { accessKeyId, secretAccessKey: "x" };
    const client = new STSClient({ ...settings(), credentials });
    return failure(client.send(new GetCallerIdentityCommand({})));
  };

  test("with credentials of a role that nobody handed out are refused", async () => {
    expect(await identity("ASIAXXXXXXXXXXXXXXXX")).toMatchObject({ name: "ExpiredToken" });
  });
});
