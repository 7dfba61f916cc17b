import { describe, expect, test } from "vitest";
import { readParameter } from "../../src/sandbox/ssm/parameters.ts";
import type { BusEvent } from "../../src/sandbox/world.ts";
import { aWorld, call, principal, refusal } from "./world-of-services.ts";

const put = { Name: "/a/b", Value: "1", Type: "String" };

describe("a parameter", () => {
  test("counts its versions, and keeps who wrote each", () => {
    const world = aWorld();
    expect(call(world, "ssm:PutParameter", put)).toEqual({ Version: 1, Tier: "Standard" });
    call(world, "ssm:PutParameter", { Name: "/a/b", Value: "2", Overwrite: true });
    const { Parameters } = call(world, "ssm:GetParameterHistory", { Name: "/a/b" });
    expect(Parameters).toMatchObject([
      { Version: 1, Value: "1", LastModifiedUser: principal.arn },
      { Version: 2, Value: "2", Type: "String" },
    ]);
    expect(readParameter({ world, ...principal }, "/a/b")).toEqual({ value: "2", version: 2 });
  });

  test("is read by version and by label", () => {
    const world = aWorld();
    call(world, "ssm:PutParameter", put);
    call(world, "ssm:PutParameter", { ...put, Value: "2", Overwrite: true });
    const labels = { Name: "/a/b", ParameterVersion: 1, Labels: ["good", "1st", "aws-x"] };
    expect(call(world, "ssm:LabelParameterVersion", labels)).toEqual({
      InvalidLabels: ["1st", "aws-x"],
      ParameterVersion: 1,
    });
    const read = (Name: string) => call(world, "ssm:GetParameter", { Name }).Parameter;
    expect(read("/a/b")).toMatchObject({ Value: "2", Version: 2 });
    expect(read("/a/b:1")).toMatchObject({ Name: "/a/b", Value: "1", Selector: ":1" });
    expect(read("/a/b:good")).toMatchObject({ Value: "1", Selector: ":good" });
    expect(read("arn:aws:ssm:eu-west-1:123456789012:parameter/a/b")).toMatchObject({ Value: "2" });
    expect(refusal(world, "ssm:GetParameter", { Name: "/a/b:3" })).toMatch(
      /^ParameterVersionNotFound: Systems Manager could not find version 3 of \/a\/b\./,
    );
  });

  test("gives a label up to another of its versions", () => {
    const world = aWorld();
    call(world, "ssm:PutParameter", put);
    call(world, "ssm:PutParameter", { ...put, Value: "2", Overwrite: true });
    for (const ParameterVersion of [1, 2]) {
      const input = { Name: "/a/b", ParameterVersion, Labels: ["good"] };
      call(world, "ssm:LabelParameterVersion", input);
    }
    expect(call(world, "ssm:GetParameter", { Name: "/a/b:good" }).Parameter.Value).toBe("2");
  });

  test("keeps a hundred versions, and those before a label", () => {
    const world = aWorld();
    for (let version = 1; version <= 101; version += 1) {
      call(world, "ssm:PutParameter", { ...put, Overwrite: true });
    }
    expect(refusal(world, "ssm:GetParameter", { Name: "/a/b:1" })).toMatch("VersionNotFound");
    const label = { Name: "/a/b", ParameterVersion: 2, Labels: ["keep"] };
    call(world, "ssm:LabelParameterVersion", label);
    expect(refusal(world, "ssm:PutParameter", { ...put, Overwrite: true })).toMatch(
      /^ParameterMaxVersionLimitExceeded: .*Version 2, the oldest version/,
    );
  });
});

describe("a parameter's value", () => {
  test("is secret until it is decrypted", () => {
    const world = aWorld();
    call(world, "ssm:PutParameter", { Name: "/s", Value: "hush", Type: "SecureString" });
    const read = (input: object) => call(world, "ssm:GetParameter", { Name: "/s", ...input });
    expect(JSON.stringify(read({}))).not.toContain("hush");
    expect(read({ WithDecryption: true }).Parameter.Value).toBe("hush");
  });

  test("is never in the event that tells of a change", () => {
    const heard: BusEvent[] = [];
    const world = aWorld(heard);
    call(world, "ssm:PutParameter", { ...put, Description: "d" });
    call(world, "ssm:PutParameter", { ...put, Overwrite: true });
    call(world, "ssm:DeleteParameter", { Name: "/a/b" });
    expect(heard.map(({ detail }) => detail)).toEqual(
      ["Create", "Update", "Delete"].map((operation) => ({
        operation,
        name: "/a/b",
        type: "String",
        description: "d",
      })),
    );
    expect(heard[0]).toMatchObject({
      source: "aws.ssm",
      "detail-type": "Parameter Store Change",
      resources: ["arn:aws:ssm:eu-west-1:123456789012:parameter/a/b"],
    });
  });
});

describe("a tree of parameters", () => {
  const world = aWorld();
  const names = Array.from({ length: 23 }, (_, index) => `/t/${String(index).padStart(2, "0")}`);
  for (const Name of [...names, "/t/00/deep", "/tx"]) {
    call(world, "ssm:PutParameter", { Name, Value: "v", Type: "String" });
  }

  test.for([
    [true, [...names, "/t/00/deep"].sort()],
    [false, names],
  ] as const)("is read in pages of ten at most (recursive: %s)", ([Recursive, expected]) => {
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const input = { Path: "/t", Recursive, NextToken: token };
      const page = call(world, "ssm:GetParametersByPath", input);
      expect(page.Parameters.length).toBeLessThanOrEqual(10);
      seen.push(...page.Parameters.map(({ Name }: { readonly Name: string }) => Name));
      token = page.NextToken;
    } while (token !== undefined);
    expect(seen).toEqual(expected);
  });

  test("has no next page if it ends with this one", () => {
    const page = call(world, "ssm:GetParametersByPath", { Path: "/t/00", MaxResults: 1 });
    expect(page.Parameters).toHaveLength(1);
    expect(page.NextToken).toBeUndefined();
  });

  test("names what is not there beside what is", () => {
    expect(call(world, "ssm:GetParameters", { Names: ["/tx", "/none", "/tx:9"] })).toMatchObject({
      Parameters: [{ Name: "/tx" }],
      InvalidParameters: ["/none", "/tx:9"],
    });
    expect(call(world, "ssm:DeleteParameters", { Names: ["/tx", "/none"] })).toEqual({
      DeletedParameters: ["/tx"],
      InvalidParameters: ["/none"],
    });
  });
});

test.for<[string, string, object, RegExp]>([
  [
    "a second creation",
    "PutParameter",
    put,
    /^ParameterAlreadyExists: The parameter already exists\. To/,
  ],
  [
    "another type",
    "PutParameter",
    { ...put, Type: "StringList", Overwrite: true },
    /^HierarchyTypeMismatch/,
  ],
  ["no type", "PutParameter", { Name: "/new", Value: "v" }, /A parameter type is required/],
  [
    "a bad type",
    "PutParameter",
    { ...put, Type: "Text" },
    /Value 'Text' at 'type' failed to satisfy/,
  ],
  [
    "a value over 4 KB",
    "PutParameter",
    { ...put, Name: "/n", Value: "x".repeat(4097) },
    /^ValidationException: Standard tier parameters support a maximum parameter value of 4096/,
  ],
  [
    "a value over 8 KB",
    "PutParameter",
    { ...put, Name: "/n", Value: "x".repeat(8193), Tier: "Advanced" },
    /8192/,
  ],
  [
    "a nested reference",
    "PutParameter",
    { ...put, Name: "/n", Value: "a {{b}}" },
    /can't nest another parameter/,
  ],
  ["a relative path", "PutParameter", { ...put, Name: "a/b" }, /must be a fully qualified name/],
  ["a reserved name", "PutParameter", { ...put, Name: "/aws/x" }, /^AccessDeniedException/],
  ["16 levels", "PutParameter", { ...put, Name: "/a".repeat(16) }, /^HierarchyLevelLimitExceeded/],
  [
    "tags on an overwrite",
    "PutParameter",
    { ...put, Overwrite: true, Tags: [{ Key: "a", Value: "b" }] },
    /tags and overwrite can't be used together/,
  ],
  [
    "policies",
    "PutParameter",
    { ...put, Policies: "[]" },
    /^NotImplemented: not emulated: parameter Policies/,
  ],
  ["a missing name", "GetParameter", { Name: "/none" }, /^ParameterNotFound/],
  ["the deletion of nothing", "DeleteParameter", { Name: "/none" }, /^ParameterNotFound/],
  [
    "pages over ten",
    "GetParametersByPath",
    { Path: "/", MaxResults: 11 },
    /less than or equal to 10/,
  ],
  ["a foreign token", "GetParametersByPath", { Path: "/", NextToken: "x" }, /^InvalidNextToken/],
  ["filters", "GetParametersByPath", { Path: "/", ParameterFilters: [] }, /^NotImplemented/],
  ["eleven names", "GetParameters", { Names: Array(11).fill("/a/b") }, /less than or equal to 10/],
])("%s is refused", ([, operation, input, message]) => {
  const world = aWorld();
  call(world, "ssm:PutParameter", put);
  expect(refusal(world, `ssm:${operation}`, input)).toMatch(message);
});

test("an advanced parameter stays advanced", () => {
  const world = aWorld();
  const big = { ...put, Value: "x".repeat(5000) };
  expect(call(world, "ssm:PutParameter", { ...big, Tier: "Intelligent-Tiering" }).Tier).toBe(
    "Advanced",
  );
  expect(call(world, "ssm:PutParameter", { ...put, Overwrite: true }).Tier).toBe("Advanced");
  expect(refusal(world, "ssm:PutParameter", { ...put, Overwrite: true, Tier: "Standard" })).toMatch(
    "You can't downgrade a parameter",
  );
});
