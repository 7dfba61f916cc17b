import { expect, test } from "vitest";
import { secretsOf } from "../../src/aws/secrets.ts";
import { recorder } from "./recorder.ts";

const place = { account: "123456789012", region: "eu-west-1" };
const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:token-AbCdEf";
const named = (name: string) => Object.assign(new Error("x"), { name });

const asked = async (answers: Parameters<typeof recorder>[0], from: string) => {
  const { caller, requests } = recorder(answers);
  const isThere = await secretsOf(caller(place), place).isThere(from);
  return { isThere, requests };
};

test.for([
  [{ TypeName: "x" }, true],
  [named("ResourceNotFoundException"), false],
  [named("GeneralServiceException"), undefined],
  [named("AccessDeniedException"), undefined],
] as const)(
  "a secret is there as far as Cloud Control says so (%#)",
  async ([answer, expected]) => {
    const { isThere, requests } = await asked(
      { "cloudcontrolapi:GetResource": [answer] },
      `${secret}:password::`,
    );
    expect(isThere).toBe(expected);
    expect(requests.map(({ input }) => input)).toEqual([
      { TypeName: "AWS::SecretsManager::Secret", Identifier: secret },
    ]);
  },
);

test("an error that may pass is not taken for an answer", async () => {
  const answers = { "cloudcontrolapi:GetResource": [named("ThrottlingException")] };
  await expect(asked(answers, secret)).rejects.toThrow("x");
});

test.for([
  ["/shop/key", ["/shop/key"]],
  ["arn:aws:ssm:eu-west-1:123456789012:parameter/shop/key", ["/shop/key"]],
  ["arn:aws:ssm:eu-west-1:123456789012:parameter/key", ["/key", "key"]],
  ["key:3", ["key"]],
] as const)("a parameter %s is looked for by name, never read", async ([from, Values]) => {
  const { isThere, requests } = await asked(
    { "ssm:DescribeParameters": [{ Parameters: [{ Name: "x" }] }] },
    from,
  );
  expect(isThere).toBe(true);
  const ParameterFilters = [{ Key: "Name", Option: "Equals", Values }];
  expect(requests).toEqual([
    expect.objectContaining({
      operation: "ssm:DescribeParameters",
      input: { ParameterFilters },
    }),
  ]);
});

test("a parameter is not missing before every page was seen: one may be empty", async () => {
  const pages = (last: object) => ({
    "ssm:DescribeParameters": [{ Parameters: [], NextToken: "1" }, { NextToken: "2" }, last],
  });
  const found = await asked(pages({ Parameters: [{ Name: "/shop/key" }] }), "/shop/key");
  expect(found.isThere).toBe(true);
  expect(found.requests.map(({ input }) => input)).toMatchObject([
    {},
    { NextToken: "1" },
    { NextToken: "2" },
  ]);
  expect((await asked(pages({ Parameters: [] }), "/shop/key")).isThere).toBe(false);
});

test.for([
  secret.replace("eu-west-1", "us-east-1"),
  secret.replace("123456789012", "210987654321"),
  secret.replace("-AbCdEf", ""),
])("of what is elsewhere or not named whole nobody asks: %s", async (from) => {
  const { isThere, requests } = await asked({}, from);
  expect({ isThere, requests }).toEqual({ isThere: undefined, requests: [] });
});
