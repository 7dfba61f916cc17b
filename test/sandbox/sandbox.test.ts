import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import {
  CodeCommitClient,
  CreateCommitCommand,
  CreateRepositoryCommand,
} from "@aws-sdk/client-codecommit";
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/sandbox.ts";
import { holderOf } from "../../src/sandbox/sts.ts";

// Processes are started here: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000 });

let directory: string;
let sandboxes: Sandbox[];
let seen: unknown[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "trueup-sandbox-"));
  sandboxes = [];
  seen = [];
});
afterEach(async () => {
  for (const sandbox of sandboxes) await sandbox.close();
  rmSync(directory, { recursive: true, force: true });
});

const template = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Keys:
    Type: AWS::SQS::Queue
    Properties: { QueueName: keys.fifo, FifoQueue: true, VisibilityTimeout: 360 }
  Push:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: push
      Handler: main.push
      Runtime: nodejs24.x
      Environment: { Variables: { QUEUE_URL: !Ref Keys } }
      Events:
        Pushed:
          Type: EventBridgeRule
          Properties: { Pattern: { source: [aws.codecommit] } }
  Work:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: work
      Handler: main.work
      Runtime: nodejs24.x
      Events:
        Key:
          Type: SQS
          Properties: { Queue: !GetAtt Keys.Arn, BatchSize: 1 }
`;

async function start(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const told = async (event: unknown) => void seen.push(event);
  const handlers = () => ({ push: told, work: told });
  const sandbox = await startSandbox({ directory, port: 0, template, handlers, ...options });
  sandboxes.push(sandbox);
  return sandbox;
}

const as = (url: string) => ({
  endpoint: url,
  region: "eu-west-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolved) => setTimeout(resolved, 10));
};

async function commit(url: string, repositoryName: string): Promise<void> {
  const client = new CodeCommitClient(as(url));
  await client.send(new CreateRepositoryCommand({ repositoryName }));
  const putFiles = [{ filePath: "compose.yaml", fileContent: Buffer.from("services: {}") }];
  const change = { repositoryName, branchName: "main", putFiles };
  await client.send(new CreateCommitCommand(change));
}

test("a commit wakes the function that waits for it", async () => {
  const { url } = await start();
  await commit(url, "apps");
  await until(() => seen.length > 0);
  expect(seen).toMatchObject([
    { source: "aws.codecommit", detail: { event: "referenceCreated", referenceName: "main" } },
  ]);
});

test("functions are given where AWS is and what they are told about it", async () => {
  const given: unknown[] = [];
  const { url, world } = await start({
    handlers: (at, functions) => {
      for (const { environment, name } of functions) given.push([at, name, environment]);
      return {};
    },
  });
  const keys = (name: string) => ({
    AWS_ACCESS_KEY_ID: `AKIA${name}`,
    AWS_SECRET_ACCESS_KEY: "secret",
  });
  expect(given).toEqual([
    [url, "push", { QUEUE_URL: `${url}/123456789012/keys.fifo`, ...keys("PUSH") }],
    [url, "work", keys("WORK")],
  ]);
  expect(holderOf(world, "AKIAWORK")).toEqual({
    account: "123456789012",
    arn: expect.stringMatching(
      /^arn:aws:sts::123456789012:assumed-role\/trueup-WorkRole-[A-Z0-9]{12}\/work$/,
    ),
  });
});

test("a directory is set up once, and again if that was cut short", async () => {
  let times = 0;
  let first = "";
  const setUp = async ({ url }: Sandbox) => {
    first ||= url;
    times += 1;
    if (times === 1) throw new Error("cut short");
  };
  await expect(start({ setUp })).rejects.toThrow("cut short");
  expect(existsSync(join(directory, "lock"))).toBe(false);
  await expect(fetch(first)).rejects.toThrow();
  await (await start({ setUp })).close();
  await start({ setUp });
  expect(times).toBe(2);
});

test("a clock that nobody was there to hear is late once, not for each time it struck", async () => {
  const ticking = `${template}        Tick:
          Type: Schedule
          Properties: { Schedule: rate(1 minute) }
`;
  await (await start({ template: ticking })).close();
  const file = join(directory, "state.json");
  const { agenda, now, ...rest } = JSON.parse(readFileSync(file, "utf8"));
  const day = 24 * 60 * 60 * 1000;
  const earlier = agenda.map((due: { at: number }) => ({ ...due, at: due.at - day }));
  writeFileSync(file, JSON.stringify({ ...rest, now: now - day, agenda: earlier }));

  await start({ template: ticking });
  await until(() => seen.length > 0);
  await new Promise((resolved) => setTimeout(resolved, 300));
  expect(seen).toMatchObject([{ "detail-type": "Scheduled Event" }]);
});

test("what was under way goes on after the process was killed", async () => {
  const script = `
    import { startSandbox } from ${JSON.stringify(resolve("src/sandbox/sandbox.ts"))};
    const never = () => new Promise(() => {});
    const sandbox = await startSandbox({
      directory: ${JSON.stringify(directory)},
      port: 0,
      template: ${JSON.stringify(template)},
      handlers: () => ({ push: never, work: never }),
    });
    console.log(sandbox.url);
  `;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise<string>((told) => {
    child.stdout.on("data", (text: Buffer) => told(text.toString().trim()));
  });
  await new SSMClient(as(url)).send(
    new PutParameterCommand({ Name: "/a", Value: "kept", Type: "String" }),
  );
  const sqs = new SQSClient(as(url));
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "keys.fifo" }));
  const message = { MessageBody: "apps/dev", MessageGroupId: "g", MessageDeduplicationId: "d" };
  await sqs.send(new SendMessageCommand({ QueueUrl, ...message }));
  await commit(url, "apps");
  const gone = new Promise((exited) => child.on("exit", exited));
  child.kill("SIGKILL");
  await gone;
  expect(existsSync(join(directory, "lock"))).toBe(true);

  const sandbox = await start();
  await until(() => seen.length > 1);
  expect(seen).toHaveLength(2);
  expect(seen).toContainEqual(expect.objectContaining({ source: "aws.codecommit" }));
  expect(JSON.stringify(seen)).toContain("apps/dev");
  const read = new GetParameterCommand({ Name: "/a" });
  const { Parameter } = await new SSMClient(as(sandbox.url)).send(read);
  expect(Parameter?.Value).toBe("kept");
});
