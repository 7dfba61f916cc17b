import { describe, expect, test } from "vitest";
import { principalOf } from "../../src/sandbox/callers.ts";
import { addRole } from "../../src/sandbox/iam/roles.ts";
import { addAccessKey, holderOf } from "../../src/sandbox/sts.ts";
import type { AwsError, World } from "../../src/sandbox/world.ts";
import { aWorld as anEmptyWorld, call, principal, refusal } from "./world-of-services.ts";

const role = { RoleArn: "arn:aws:iam::123456789012:role/path/deployer", RoleSessionName: "one" };

const home = "123456789012";
const there = "210987654321";
const elsewhere = { RoleArn: `arn:aws:iam::${there}:role/deployer`, RoleSessionName: "one" };

const trust = (more: object, AWS: unknown = home) => ({
  Statement: [{ Effect: "Allow", Principal: { AWS }, Action: "sts:AssumeRole", ...more }],
});

/** With a role that everybody of its own account may become. */
function aWorld(): World {
  const world = anEmptyWorld();
  addRole(world, role.RoleArn, trust({}));
  return world;
}

describe("an assumed role", () => {
  test("is who its key stands for, until it runs out", () => {
    const world = aWorld();
    const { AssumedRoleUser, Credentials } = call(world, "sts:AssumeRole", role);
    const arn = "arn:aws:sts::123456789012:assumed-role/deployer/one";
    expect(AssumedRoleUser).toMatchObject({
      Arn: arn,
      AssumedRoleId: expect.stringMatching(/^AROA.{17}:one$/),
    });
    expect(Credentials.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(Credentials.Expiration).toEqual(new Date(world.now + 3_600_000));
    expect(holderOf(world, Credentials.AccessKeyId)).toEqual({ account: "123456789012", arn });
    world.advanceTo(world.now + 3_600_000);
    expect(holderOf(world, Credentials.AccessKeyId)).toBeUndefined();
  });

  test("tells its own identity", () => {
    const world = aWorld();
    const arn = "arn:aws:sts::123456789012:assumed-role/deployer/one";
    expect(world.call("sts:GetCallerIdentity", {}, { ...principal, arn })).toEqual({
      Account: "123456789012",
      Arn: arn,
      UserId: call(world, "sts:AssumeRole", role).AssumedRoleUser.AssumedRoleId,
    });
  });
});

test("a lasting key is known once it was added", () => {
  const world = aWorld();
  expect(holderOf(world, "AKIAEXAMPLE")).toBeUndefined();
  addAccessKey(world, "AKIAEXAMPLE", principal);
  expect(holderOf(world, "AKIAEXAMPLE")).toEqual({
    account: principal.account,
    arn: principal.arn,
  });
});

test.for<[string, object, RegExp]>([
  [
    "a space in the session's name",
    { RoleSessionName: "a b" },
    /^ValidationError: .*'roleSessionName'.*regular expression/,
  ],
  ["a session's name of one letter", { RoleSessionName: "a" }, /greater than or equal to 2/],
  [
    "a session's name of 65 letters",
    { RoleSessionName: "a".repeat(65) },
    /less than or equal to 64/,
  ],
  ["a quarter of an hour less a second", { DurationSeconds: 899 }, /greater than or equal to 900/],
  ["more than twelve hours", { DurationSeconds: 43_201 }, /less than or equal to 43200/],
  [
    "what is no role",
    { RoleArn: "arn:aws:iam::123456789012:user/x" },
    /^ValidationError: .* is invalid$/,
  ],
  [
    "a role that is not there",
    { RoleArn: "arn:aws:iam::210987654321:role/x" },
    /^AccessDenied: User: arn:aws:iam::123456789012:user\/tester is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::210987654321:role\/x$/,
  ],
  ["a session policy", { Policy: "{}" }, /^NotImplemented/],
])("%s is refused", ([, input, message]) => {
  expect(refusal(aWorld(), "sts:AssumeRole", { ...role, ...input })).toMatch(message);
});

test("a role assumed by a role lasts an hour at most", () => {
  const chained = { ...principal, arn: "arn:aws:sts::123456789012:assumed-role/a/b" };
  const assume = (DurationSeconds: number) => () =>
    aWorld().call("sts:AssumeRole", { ...role, DurationSeconds }, chained);
  expect(assume(3601)).toThrow("exceeds the 1 hour session limit");
  expect(assume(3600)).not.toThrow();
});

describe("a role of another account", () => {
  const assumed = (document: object, input: object = {}, arn = principal.arn): string => {
    const world = anEmptyWorld();
    addRole(world, "arn:aws:iam::123456789012:role/trueup/Reconcile", {});
    addRole(world, elsewhere.RoleArn, document);
    try {
      const who = { ...principal, arn };
      world.call("sts:AssumeRole", { ...elsewhere, ...input }, who);
      return "assumed";
    } catch (error) {
      return (error as Error).message;
    }
  };
  const session = `arn:aws:sts::${home}:assumed-role/Reconcile/one`;
  const onlyController = {
    Condition: { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${home}:role/trueup/*` } },
  };
  const withId = { Condition: { StringEquals: { "sts:ExternalId": "shop" } } };

  test.for<[string, string, Parameters<typeof assumed>]>([
    ["its account is trusted", "assumed", [trust({})]],
    ["another account is trusted", "not authorized", [trust({}, there)]],
    ["it is trusted by name", "assumed", [trust({}, principal.arn)]],
    ["it says the external id", "assumed", [trust(withId), { ExternalId: "shop" }]],
    ["it says another external id", "not authorized", [trust(withId), { ExternalId: "show" }]],
    ["it says no external id", "not authorized", [trust(withId)]],
    ["its role is one of those meant", "assumed", [trust(onlyController), {}, session]],
    ["its role is none of those meant", "not authorized", [trust(onlyController)]],
    [
      "its role is trusted by name",
      "assumed",
      [trust({}, `arn:aws:iam::${home}:role/trueup/Reconcile`), {}, session],
    ],
    [
      "a longer session is asked for than the role has",
      "MaxSessionDuration",
      [trust({}), { DurationSeconds: 3601 }],
    ],
  ])("where %s: %s", ([, expected, given]) => {
    expect(assumed(...given)).toContain(expected);
  });

  test("is whoever calls with its credentials, until they run out", () => {
    const world = anEmptyWorld();
    addRole(world, elsewhere.RoleArn, trust({}));
    const { Credentials } = call(world, "sts:AssumeRole", elsewhere);
    const credential = (service: string) => ({
      accessKeyId: Credentials.AccessKeyId,
      region: "us-east-1",
      service,
    });
    expect(principalOf(world, credential("ecs"))).toEqual({
      account: there,
      region: "us-east-1",
      arn: `arn:aws:sts::${there}:assumed-role/deployer/one`,
    });
    world.advanceTo(world.now + 3_600_000);
    const codeOf = (service: string) => {
      try {
        return principalOf(world, credential(service)).arn;
      } catch (error) {
        return (error as AwsError).code;
      }
    };
    expect(codeOf("cloudformation")).toBe("ExpiredToken");
    expect(codeOf("ecs")).toBe("ExpiredTokenException");
  });
});
