import { expect, test } from "vitest";
import { storedIn } from "../../src/aws/stored.ts";
import { recorder } from "./recorder.ts";

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
