import { expect, test } from "vitest";
import { peopleOf } from "../../src/aws/people.ts";
import { registrationsOf } from "../../src/aws/registrations.ts";
import { requestsOf } from "../../src/aws/requests.ts";
import { noRequests } from "../../src/model/requests.ts";
import { awsError, recorder } from "./recorder.ts";

const registration = {
  application: "myapps",
  repository: "myapps",
  branch: "main",
  file: "trueup.yaml",
  environments: { "*": { accounts: ["123456789012"] } },
  ssm: [],
};

/** What was put, as Parameter Store hands it out again. */
const handedOut = (requests: readonly { readonly input: unknown }[]) => ({
  Parameters: requests.map(({ input }) => input as { Name: string; Value: string }),
});

test("what people register is what the controller reads", async () => {
  const people = recorder({ "ssm:PutParameter": [{}] });
  await peopleOf(people.call).register(registration);
  const controller = recorder({ "ssm:GetParameters": [handedOut(people.requests)] });
  const read = await registrationsOf(controller.call, () => {}).read("myapps");
  expect(read).toEqual(registration);
});

test("what people suspend is what the controller reads", async () => {
  const people = recorder({ "ssm:PutParameter": [{}] });
  const request = { reason: "holidays", until: "2026-12-31T00:00:00Z" };
  await peopleOf(people.call).suspend("myapps", "dev", request);
  const controller = recorder({ "ssm:GetParameters": [handedOut(people.requests)] });
  const read = await requestsOf(controller.call).read("myapps", "dev");
  expect(read).toEqual({ ...noRequests, suspended: request });
});

test("what people say in braces, which Parameter Store refuses, is what the controller reads", async () => {
  const people = recorder({ "ssm:PutParameter": [{}] });
  const request = { reason: "waits for {{release}} and {{{more}}}" };
  await peopleOf(people.call).suspend("myapps", "dev", request);
  const written = handedOut(people.requests);
  expect(written.Parameters[0]?.Value).not.toContain("{{");
  const controller = recorder({ "ssm:GetParameters": [written] });
  const { suspended } = await requestsOf(controller.call).read("myapps", "dev");
  expect(suspended?.reason).toBe(request.reason);
});

test("what people want verified again is what the controller reads", async () => {
  const people = recorder({ "ssm:PutParameter": [{}] });
  await peopleOf(people.call).verify("myapps", "dev", "once-more");
  const controller = recorder({ "ssm:GetParameters": [handedOut(people.requests)] });
  const read = await requestsOf(controller.call).read("myapps", "dev");
  expect(read).toEqual({ ...noRequests, verifyAt: "once-more" });
});

test.for(["approve", "reject"] as const)(
  "whom people %s is what the controller counts",
  async (verb) => {
    const people = recorder({ "ssm:PutParameter": [{}] });
    const vote = { digest: "0f".repeat(32), reason: "as agreed" };
    await peopleOf(people.call)[verb]("myapps", "dev", vote);
    const [version] = handedOut(people.requests).Parameters;
    const LastModifiedDate = new Date("2026-01-01T00:00:00Z");
    const leaf = verb === "approve" ? "approval" : "rejection";
    expect(version?.Name).toBe(`/trueup/myapps/dev/${leaf}`);
    const answer = { Parameters: [{ ...version, LastModifiedDate, LastModifiedUser: "ann" }] };
    const absent = awsError("ParameterNotFound");
    const controller = recorder({
      "ssm:GetParameterHistory": verb === "approve" ? [answer, absent] : [absent, answer],
    });
    expect(await requestsOf(controller.call).votes("myapps", "dev")).toEqual([
      {
        ...vote,
        verdict: verb === "approve" ? "approved" : "rejected",
        user: "ann",
        at: "2026-01-01T00:00:00.000Z",
      },
    ]);
  },
);

test("what is not suspended can be resumed all the same", async () => {
  const { call, requests } = recorder({ "ssm:DeleteParameter": [awsError("ParameterNotFound")] });
  await peopleOf(call).resume("myapps", "dev");
  expect(requests.map(({ input }) => input)).toEqual([{ Name: "/trueup/myapps/dev/suspended" }]);
});

test("what people hold is what the controller reads, and what is not held can be released", async () => {
  const people = recorder({ "ssm:PutParameter": [{}] });
  const request = {
    revision: "0123456789".repeat(4),
    reason: "better",
    until: "2026-12-31T00:00:00Z",
  };
  await peopleOf(people.call).hold("myapps", "dev", request);
  const controller = recorder({ "ssm:GetParameters": [handedOut(people.requests)] });
  expect((await requestsOf(controller.call).read("myapps", "dev")).hold).toEqual(request);

  const missing = awsError("ParameterNotFound");
  const { call, requests } = recorder({ "ssm:DeleteParameter": [missing, missing, missing] });
  await peopleOf(call).release("myapps", "dev");
  // Of an instance only what was asked of that one.
  await peopleOf(call).release("myapps", "dev.main-1a2b3c");
  expect(requests.map(({ input }) => input)).toEqual([
    { Name: "/trueup/myapps/dev/hold" },
    { Name: "/trueup/myapps/dev/promote" },
    { Name: "/trueup/myapps/dev.main-1a2b3c/hold" },
  ]);
});

test("what has happened is read once, however often people look", async () => {
  const page = (...keys: readonly string[]) => ({ Contents: keys.map((Key) => ({ Key })) });
  const entry = (at: string) => ({ text: JSON.stringify({ at }) });
  const { call, requests } = recorder({
    "s3:ListObjectsV2": [page("1", "2"), page("1", "2", "3")],
    "s3:GetObject": [entry("one"), entry("two"), entry("three")],
  });
  const people = peopleOf(call, "bucket");
  expect(await people.history("myapps", "dev", 5)).toMatchObject([{ at: "one" }, { at: "two" }]);
  const last = await people.history("myapps", "dev", 2);
  expect(last).toMatchObject([{ at: "two" }, { at: "three" }]);
  expect(requests.filter(({ operation }) => operation === "s3:GetObject")).toHaveLength(3);
});
