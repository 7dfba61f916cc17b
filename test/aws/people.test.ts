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

  const { call, requests } = recorder({ "ssm:DeleteParameter": [awsError("ParameterNotFound")] });
  await peopleOf(call).release("myapps", "dev");
  expect(requests.map(({ input }) => input)).toEqual([{ Name: "/trueup/myapps/dev/hold" }]);
});
