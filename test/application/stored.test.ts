import { describe, expect, test } from "vitest";
import type { Environment } from "../../src/application/application.ts";
import {
  deniedNames,
  filledIn,
  lackingNames,
  namesIn,
  refusedNames,
} from "../../src/application/stored.ts";
import { withStandIns } from "../../src/application/stored-environment.ts";
import { wrongTarget } from "../../src/application/target.ts";

const standing = {
  keys: ["environments", "prod", "target"],
  positionOf: (path: readonly unknown[]) => ({ file: "trueup.yaml", line: path.length, column: 1 }),
};
const told = (found: readonly { readonly path?: string; readonly code: string }[]) =>
  found.map(({ code, path }) => `${code} ${path}`);

const texts = {
  account: "ssm:/shared/accounts/prod",
  region: "eu-west-1",
  AppSubnets: "ssm:/shared/a,subnet-2,ssm:/shared/b",
};

test("names are found among the items of lists, each once", () => {
  expect(namesIn({ ...texts, again: "ssm:/shared/a" })).toEqual([
    "/shared/accounts/prod",
    "/shared/a",
    "/shared/b",
  ]);
  expect(namesIn({ plain: "not ssm:/x" })).toEqual([]);
});

test("what is known is filled in, and the rest stays as it is", () => {
  const values = new Map([
    ["/shared/accounts/prod", "210987654321"],
    ["/shared/a", "subnet-0,subnet-1"],
  ]);
  expect(filledIn(texts, values)).toEqual({
    account: "210987654321",
    region: "eu-west-1",
    AppSubnets: "subnet-0,subnet-1,subnet-2,ssm:/shared/b",
  });
});

describe("a name", () => {
  test.for<[string, readonly string[], readonly string[]]>([
    ["ssm:/trueup/shared/a", [], []],
    ["ssm:/shared/a", ["/shared/a"], []],
    ["ssm:/shared/a", ["/shared"], ["not-permitted environments.prod.target.account"]],
    ["ssm:/trueup/myapps/prod/approval", [], ["not-permitted environments.prod.target.account"]],
    ["ssm:/trueup/sharedness", [], ["not-permitted environments.prod.target.account"]],
    ["ssm:trueup/shared/a", [], ["not-permitted environments.prod.target.account"]],
  ])("is below /trueup/shared/ or in the registration: %s, %j", ([account, ssm, refused]) => {
    expect(told(refusedNames({ account }, standing, { ssm }))).toEqual(refused);
  });

  test("that is not for the controller to read is told with the setting that lets it", () => {
    const found = new Map<string, { text: string } | { refused: string }>([
      ["/shared/a", { refused: "User: x is not authorized" }],
      ["/shared/b", { text: "b" }],
    ]);
    const denied = deniedNames(texts, standing, found);
    expect(told(denied)).toEqual(["not-permitted environments.prod.target.AppSubnets"]);
    expect(denied[0]?.message).toBe("the controller may not read the parameter `/shared/a`");
    expect(denied[0]?.help).toContain("`SharedParameters`");
    // It may well be there.
    expect(told(lackingNames({ AppSubnets: texts.AppSubnets }, standing, found))).toEqual([]);
  });

  test("that is not there, or is a secret, is told at its line", () => {
    const found = new Map<string, { text: string } | { isSecret: true }>([
      ["/shared/accounts/prod", { isSecret: true }],
    ]);
    const lacking = lackingNames(texts, standing, found);
    expect(told(lacking)).toEqual([
      "secret-parameter environments.prod.target.account",
      "missing-parameter environments.prod.target.AppSubnets",
      "missing-parameter environments.prod.target.AppSubnets",
    ]);
    expect(lacking[0]).toMatchObject({ file: "trueup.yaml", line: 4, severity: "error" });
    const all = ["/shared/accounts/prod", "/shared/a", "/shared/b"];
    const there = new Map(all.map((name) => [name, { text: "x" }]));
    expect(lackingNames(texts, standing, there)).toEqual([]);
  });
});

test("a target is what its keys ask for when it is all said, and its value is not shown", () => {
  const target = { account: "what", region: "eu-west-1", role: "arn:aws:iam::1:role/x" };
  const wrong = wrongTarget(target, standing);
  expect(told(wrong)).toEqual([
    "wrong-value environments.prod.target.account",
    "wrong-value environments.prod.target.role",
  ]);
  expect(JSON.stringify(wrong)).not.toContain('what"');
  expect(wrongTarget({ account: "210987654321" }, standing)).toEqual([]);
});

test("stand-ins leave a target at home, and are well-formed", () => {
  const environment = {
    name: "prod",
    target: { account: "ssm:/a", region: "us-east-1", cloudFormationRole: "ssm:/r" },
    variables: { A: "ssm:/a", B: "b" },
    parameters: { values: { VpcId: "ssm:/v", ClusterName: "main" } },
  } as unknown as Environment;
  expect(withStandIns(environment)).toEqual({
    name: "prod",
    target: { region: "us-east-1" },
    variables: { A: "placeholder", B: "b" },
    parameters: { values: { VpcId: "vpc-00000000", ClusterName: "main" } },
  });
});
