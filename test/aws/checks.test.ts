import { describe, expect, test } from "vitest";
import type { Operations } from "../../src/aws/call.ts";
import { checksOf } from "../../src/aws/checks/checks.ts";
import { verdictsIn } from "../../src/aws/verdicts.ts";
import type { Check, Verified } from "../../src/model/verification.ts";
import type { Attempt } from "../../src/ports/ports.ts";
import { awsError, recorder } from "./recorder.ts";

const attempt: Attempt = {
  key: "myapps/test",
  token: "t".repeat(64),
  handle: undefined,
  revision: "abc",
  environment: "test",
  outputs: { PublicUrl: "http://lb" },
  service: { stack: "arn:stack", logicalId: "WebService" },
};

const look = (
  check: Check,
  answers: Parameters<typeof recorder>[0],
  more: Partial<Attempt> = {},
) => {
  const { call, requests } = recorder(answers);
  return { finding: checksOf(call).look(check, { ...attempt, ...more }), requests };
};

const said = (verdict: string, message: unknown = expect.any(String)) => ({
  kind: "said",
  verdict,
  message,
});

describe("a page", () => {
  const page: Check = {
    kind: "http",
    url: "http://lb/",
    status: 200,
    match: "ok",
    retries: 0,
    withinSeconds: 60,
  };

  test.for<[object, string, string]>([
    [{ status: 200, body: "all ok" }, "passed", "answers 200"],
    [{ status: 500, body: "ok" }, "failed", "answers 500 where 200 is asked for"],
    [{ status: 200, body: "no" }, "failed", 'answers 200, and nowhere says "ok"'],
    [awsError("ECONNREFUSED", "refused"), "failed", "no answer: ECONNREFUSED: refused"],
    [awsError("NotPublicError", "private"), "inconclusive", "private"],
  ])("%o: %s", async ([answer, verdict, message]) => {
    const { finding } = look(page, { "http:Get": [answer] });
    expect(await finding).toEqual(said(verdict, message));
  });
});

describe("a function", () => {
  const smoke: Check = { kind: "lambda", function: "smoke" };
  const answer = (payload: string, more: object = {}) => ({
    "lambda:Invoke": [{ Payload: new TextEncoder().encode(payload), ...more }],
  });

  test("is told what runs where, and answers with a verdict", async () => {
    const passed = answer('{"verdict":"passed","message":"7 of 7"}');
    const { finding, requests } = look(smoke, passed);
    expect(await finding).toEqual(said("passed", "7 of 7"));
    const [{ Payload } = { Payload: undefined }] = requests.map(
      ({ input }) => input as { readonly Payload: Uint8Array },
    );
    expect(JSON.parse(new TextDecoder().decode(Payload))).toEqual({
      revision: "abc",
      environment: "test",
      outputs: { PublicUrl: "http://lb" },
    });
  });

  test.for(['{"verdict":"maybe"}', "null", "so so", "[]"])(
    "that answers %s has said nothing, not yes and not no",
    async (payload) => {
      expect(await look(smoke, answer(payload)).finding).toMatchObject({ kind: "errored" });
    },
  );

  test("that throws has said nothing", async () => {
    const thrown = answer('{"errorMessage":"boom"}', { FunctionError: "Unhandled" });
    expect(await look(smoke, thrown).finding).toMatchObject({
      kind: "errored",
      message: 'threw: {"errorMessage":"boom"}',
    });
  });

  test("that is not there will not be there the next time", async () => {
    const gone = { "lambda:Invoke": [awsError("ResourceNotFoundException", "no smoke")] };
    expect(await look(smoke, gone).finding).toEqual(said("inconclusive", "no smoke"));
  });

  test("that it may not be asked yet is no answer: rights take a while to be there", async () => {
    const denied = { "lambda:Invoke": [awsError("AccessDeniedException")] };
    await expect(look(smoke, denied).finding).rejects.toThrow("AccessDenied");
  });

  test("that could not be reached is for the caller to try again", async () => {
    const { finding } = look(smoke, { "lambda:Invoke": [awsError("TimeoutError")] });
    await expect(finding).rejects.toThrow("TimeoutError");
  });
});

describe("a build", () => {
  const build: Check = { kind: "codebuild", project: "tests" };

  test("is started once, with what it has to know", async () => {
    const { finding, requests } = look(build, {
      "codebuild:StartBuild": [{ build: { id: "tests:1" } }],
    });
    expect(await finding).toEqual({ kind: "running", handle: "tests:1" });
    expect(requests[0]?.input).toMatchObject({
      projectName: "tests",
      idempotencyToken: attempt.token,
      environmentVariablesOverride: [
        { name: "TRUEUP_KEY", value: "myapps/test" },
        { name: "TRUEUP_REVISION", value: "abc" },
        { name: "TRUEUP_ENVIRONMENT", value: "test" },
        { name: "TRUEUP_OUTPUT_PUBLICURL", value: "http://lb" },
      ],
    });
  });

  test.for<[string, object]>([
    ["IN_PROGRESS", { kind: "running", handle: "tests:1" }],
    ["SUCCEEDED", said("passed")],
    ["FAILED", said("failed")],
    ["FAULT", { kind: "errored", message: "tests:1 is FAULT" }],
    ["STOPPED", { kind: "errored", message: "tests:1 is STOPPED" }],
    ["TIMED_OUT", { kind: "errored", message: "tests:1 is TIMED_OUT" }],
  ])("that is %s", async ([buildStatus, expected]) => {
    const builds = [{ builds: [{ buildStatus }] }];
    const { finding } = look(build, { "codebuild:BatchGetBuilds": builds }, { handle: "tests:1" });
    expect(await finding).toEqual(expected);
  });
});

const task: Check = { kind: "task", service: "web", command: ["./smoke.sh"] };
const place = {
  "cloudformation:ListStackResources": [
    {
      StackResourceSummaries: [
        {
          LogicalResourceId: "WebService",
          PhysicalResourceId: "arn:aws:ecs:eu-west-1:1:service/main/web",
          ResourceType: "AWS::ECS::Service",
        },
      ],
    },
  ],
  "ecs:DescribeServices": [
    { services: [{ clusterArn: "arn:main", taskDefinition: "web:7", launchType: "FARGATE" }] },
  ],
};

describe("a task", () => {
  test("runs where its service runs, with its command", async () => {
    const { finding, requests } = look(task, {
      ...place,
      "ecs:RunTask": [{ tasks: [{ taskArn: "arn:task" }] }],
    });
    expect(await finding).toEqual({ kind: "running", handle: "arn:task" });
    expect(requests.at(-1)?.input).toMatchObject({
      cluster: "arn:main",
      taskDefinition: "web:7",
      clientToken: attempt.token,
      overrides: { containerOverrides: [{ name: "web", command: ["./smoke.sh"] }] },
    });
  });

  test("runs on the capacity that its service runs on", async () => {
    const capacityProviderStrategy = [{ capacityProvider: "gpu", weight: 1 }];
    const { finding, requests } = look(task, {
      ...place,
      "ecs:DescribeServices": [
        { services: [{ clusterArn: "arn:main", capacityProviderStrategy }] },
      ],
      "ecs:RunTask": [{ tasks: [{ taskArn: "arn:task" }] }],
    });
    await finding;
    expect(requests.at(-1)?.input).toMatchObject({ capacityProviderStrategy });
    expect(requests.at(-1)?.input).not.toHaveProperty("launchType");
  });

  test.for<[object | undefined, object]>([
    [{ lastStatus: "RUNNING" }, { kind: "running", handle: "arn:task" }],
    [{ lastStatus: "STOPPED", containers: [{ name: "web", exitCode: 0 }] }, said("passed")],
    [{ lastStatus: "STOPPED", containers: [{ name: "web", exitCode: 2 }] }, said("failed")],
    [
      { lastStatus: "STOPPED", containers: [{ name: "web" }], stoppedReason: "no image" },
      { kind: "errored", message: "no image" },
    ],
    [undefined, { kind: "errored", message: "the task arn:task is gone" }],
  ])("that is %o", async ([described, expected]) => {
    const tasks = described === undefined ? [] : [described];
    const answers = { ...place, "ecs:DescribeTasks": [{ tasks }] };
    expect(await look(task, answers, { handle: "arn:task" }).finding).toEqual(expected);
  });

  test("of a service that is not deployed will not run the next time either", async () => {
    const { finding } = look(task, {}, { service: undefined });
    expect(await finding).toEqual(said("inconclusive", "no service web is deployed"));
  });

  test("that ECS does not start may start the next time", async () => {
    const failures = [{ reason: "Capacity is unavailable at this time." }];
    const answers = { ...place, "ecs:RunTask": [{ tasks: [], failures }] };
    const message = "Capacity is unavailable at this time.";
    expect(await look(task, answers).finding).toEqual({ kind: "errored", message });
  });
});

describe("what a task is told", () => {
  type Overrides = NonNullable<Operations["ecs:RunTask"][0]["overrides"]>;

  const toldTo = async (check: Check, outputs: Attempt["outputs"]) => {
    const answers = { ...place, "ecs:RunTask": [{ tasks: [{ taskArn: "arn:task" }] }] };
    const { finding, requests } = look(check, answers, { outputs });
    await finding;
    const sent = requests.at(-1)?.input as { readonly overrides: Overrides } | undefined;
    const [container] = sent?.overrides.containerOverrides ?? [];
    const names = container?.environment?.map(({ name }) => name) ?? [];
    return { names, length: JSON.stringify(sent?.overrides).length };
  };
  const always = ["TRUEUP_KEY", "TRUEUP_REVISION", "TRUEUP_ENVIRONMENT"];

  test("is every output that there is, as long as ECS has room for all", async () => {
    const outputs = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`Queue${n}Ref`, "x"]));
    const { names } = await toldTo(task, outputs);
    expect(names).toHaveLength(always.length + 40);
  });

  test("is those alone that its command names, where ECS has no room for all", async () => {
    const outputs = Object.fromEntries(
      Array.from({ length: 60 }, (_, n) => [`Queue${n}Ref`, "x".repeat(90)]),
    );
    const command = ["sh", "-c", "curl $TRUEUP_OUTPUT_QUEUE7REF"];
    const { length, names } = await toldTo({ ...task, command }, outputs);
    expect(names).toEqual([...always, "TRUEUP_OUTPUT_QUEUE7REF"]);
    expect(length).toBeLessThan(8192);
    expect((await toldTo(task, outputs)).names).toEqual(always);
  });
});

describe("verdicts", () => {
  const verified: Verified = {
    v: 1,
    revision: "abc",
    bundle: "b",
    run: 2,
    verdict: "passed",
    message: "",
    since: "2026-06-01T00:00:00Z",
    at: "2026-06-01T01:00:00Z",
    images: {},
  };

  test("are written once, the newest revision first in S3's order", async () => {
    const { call, requests } = recorder({ "s3:PutObject": [{ ETag: "1" }, { ETag: "2" }] });
    const verdicts = verdictsIn("bucket", call);
    await verdicts.write("myapps", "test", verified);
    await verdicts.write("myapps", "test", { ...verified, since: "2026-06-02T00:00:00Z" });
    const [older, newer] = requests.map(({ input }) => input as { Key: string });
    expect(older).toMatchObject({ Bucket: "bucket", IfNoneMatch: "*" });
    expect(older?.Key).toMatch(/^verdicts\/myapps\/test\/\d{16}-abc-2\.json$/);
    expect((newer?.Key ?? "") < (older?.Key ?? "")).toBe(true);
  });

  test("are dated by S3, whatever the clock said of whoever gave them", async () => {
    const LastModified = new Date("2026-06-01T00:59:00Z");
    const { call } = recorder({
      "s3:ListObjectsV2": [{ Contents: [{ Key: "k", LastModified }] }],
      "s3:GetObject": [{ text: JSON.stringify(verified), ETag: "1" }],
    });
    const at = "2026-06-01T00:59:00.000Z";
    expect(await verdictsIn("bucket", call).newest("a", "test")).toEqual([{ ...verified, at }]);
  });

  test("of another environment whose name begins alike are not read", async () => {
    const { call, requests } = recorder({
      "s3:ListObjectsV2": [{ Contents: [{ Key: "k" }] }],
      "s3:GetObject": [{ text: JSON.stringify(verified), ETag: "1" }],
    });
    expect(await verdictsIn("bucket", call).newest("myapps", "test")).toEqual([verified]);
    expect(requests[0]?.input).toMatchObject({ Prefix: "verdicts/myapps/test/" });
  });
});
