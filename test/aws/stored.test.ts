import { expect, test } from "vitest";
import { storedIn } from "../../src/aws/stored.ts";
import { awsError, recorder } from "./recorder.ts";

test("parameters are read ten at a time, and secrets are not", async () => {
  const names = Array.from({ length: 12 }, (_, index) => `/shared/${index}`);
  const { call, requests } = recorder({
    "ssm:GetParameters": [
      {
        Parameters: [
          { Name: "/shared/0", Type: "String", Value: "a" },
          { Name: "/shared/1", Type: "SecureString", Value: "AQICAHg" },
          { Name: "/shared/2", Type: "StringList", Value: "a,b" },
        ],
      },
      { InvalidParameters: ["/shared/10"] },
    ],
  });
  expect([...(await storedIn(call).read(names))]).toEqual([
    ["/shared/0", { text: "a" }],
    ["/shared/1", { isSecret: true }],
    ["/shared/2", { text: "a,b" }],
  ]);
  expect(requests.map(({ input }) => input)).toEqual([
    { Names: names.slice(0, 10) },
    { Names: names.slice(10) },
  ]);
});

test("a parameter that is for others to read takes none of those along that are asked for with it", async () => {
  const denied = awsError("AccessDeniedException", "User: x is not authorized on parameter/own/b");
  const { call, requests } = recorder({
    "ssm:GetParameters": [
      denied,
      { Parameters: [{ Name: "/shared/a", Type: "String", Value: "a" }] },
      denied,
      { InvalidParameters: ["/shared/c"] },
    ],
  });
  const found = await storedIn(call).read(["/shared/a", "/own/b", "/shared/c"]);
  expect([...found]).toEqual([
    ["/shared/a", { text: "a" }],
    ["/own/b", { refused: denied.message }],
  ]);
  expect(requests).toHaveLength(4);
});

test("what fails otherwise is not taken for a refusal", async () => {
  const { call } = recorder({ "ssm:GetParameters": [awsError("ThrottlingException")] });
  await expect(storedIn(call).read(["/shared/a", "/shared/b"])).rejects.toThrow("Throttling");
});
