import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type SdkOptions, sdkCaller } from "../../src/aws/sdk.ts";

interface Received {
  readonly path: string;
  readonly credential: string;
  readonly body: string;
}

/** What is answered, in order; when there is no more: an error of the service. */
let answers: ((response: ServerResponse) => void)[] = [];
let received: Received[] = [];
let options: SdkOptions;

const server = createServer((request: IncomingMessage, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    const [, credential = ""] =
      /Credential=([^/]+)/.exec(request.headers.authorization ?? "") ?? [];
    received.push({ path: request.url ?? "", credential, body });
    const answer = answers.shift() ?? fault;
    answer(response);
  });
});

const fault = (response: ServerResponse) => void response.writeHead(500).end();
const xml = (status: number, body: string) => (response: ServerResponse) =>
  void response.writeHead(status, { "content-type": "text/xml" }).end(body);

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  options = {
    region: "eu-west-1",
    endpoint: `http://localhost:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: "OWN", secretAccessKey: "secret" },
  };
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  answers = [];
  received = [];
});

const region = "eu-west-1";

test("an object is read as text, from a path where the endpoint is given", async () => {
  answers = [(response) => void response.writeHead(200, { etag: '"e1"' }).end("größer")];
  const call = sdkCaller(options)({ region });
  const object = await call("s3:GetObject", { Bucket: "bucket", Key: "records/a.json" });
  expect(object).toEqual({ text: "größer", ETag: '"e1"' });
  expect(received).toMatchObject([{ credential: "OWN" }]);
  expect(received[0]?.path).toMatch(/^\/bucket\/records\/a\.json/);
});

test("an error has the name that the ports look for", async () => {
  const code = "<Error><Code>ChangeSetNotFound</Code><Message>no</Message></Error>";
  answers = [xml(404, `<ErrorResponse>${code}</ErrorResponse>`)];
  const call = sdkCaller(options)({ region });
  const described = call("cloudformation:DescribeChangeSet", { ChangeSetName: "arn:x" });
  await expect(described).rejects.toMatchObject({ name: "ChangeSetNotFoundException" });
});

test("a read is tried three times", async () => {
  const call = sdkCaller(options)({ region });
  await expect(call("ssm:GetParameters", { Names: ["/trueup/a"] })).rejects.toThrow();
  expect(received).toHaveLength(3);
});

test("a write is tried once", async () => {
  const call = sdkCaller(options)({ region });
  const put = call("ssm:PutParameter", { Name: "/trueup/a", Value: "1", Type: "String" });
  await expect(put).rejects.toThrow();
  expect(received).toHaveLength(1);
});

test("a role is assumed once for all calls that are made as it", async () => {
  const credentials =
    "<AccessKeyId>ASSUMED</AccessKeyId><SecretAccessKey>s</SecretAccessKey>" +
    "<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>";
  const stacks = xml(200, "<R><DescribeStacksResult><Stacks/></DescribeStacksResult></R>");
  const user = "<AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/d/s</Arn></AssumedRoleUser>";
  const assumed = `${user}<Credentials>${credentials}</Credentials>`;
  answers = [xml(200, `<R><AssumeRoleResult>${assumed}</AssumeRoleResult></R>`), stacks, stacks];
  const caller = sdkCaller(options);
  const identity = { region, role: "arn:aws:iam::1:role/trueup-deployer", externalId: "x-1" };
  await caller(identity)("cloudformation:DescribeStacks", { StackName: "a" });
  await caller(identity)("cloudformation:DescribeStacks", { StackName: "a" });
  expect(received.map(({ credential }) => credential)).toEqual(["OWN", "ASSUMED", "ASSUMED"]);
  const asked = Object.fromEntries(new URLSearchParams(received[0]?.body));
  expect(asked).toMatchObject({
    RoleArn: identity.role,
    ExternalId: "x-1",
    RoleSessionName: "trueup",
  });
});
